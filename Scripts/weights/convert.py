"""Converts trained weights to SafeTensors with the names and layouts of Keras Applications.

Reads Keras files (.keras, .weights.h5, .h5 of Keras 2 or 3, whole models or weights alone) of any of
the networks, and torchvision's mobilenet_v2 (a state dict as .safetensors, or as .pth where torch is
installed). ONNX is not read: export to one of these.
"""

import argparse
import pathlib
import pickle
import sys
import zipfile

import numpy as np

from . import networks, safetensors

# What stands in a torchvision batch normalisation, by its Keras name.
TORCH_NORMALISATION = {
    "gamma": "weight", "beta": "bias", "moving_mean": "running_mean", "moving_variance": "running_var",
}


class Refusal(Exception):
    """One sentence on why the weights cannot be converted."""


def from_keras(source: pathlib.Path, model: networks.keras.Model) -> dict[str, np.ndarray]:
    try:
        model.load_weights(source)
    except (ValueError, KeyError, OSError, TypeError, zipfile.BadZipFile) as error:
        first_line = next(iter(str(error).strip().splitlines()), type(error).__name__)
        raise Refusal(
            f"{source}: does not fit {model.name}: {first_line} (check --model, --width and --classes)"
        ) from error
    return networks.tensors(model)


def torchvision_mobilenet_v2_names() -> dict[str, str]:
    """Keras layer -> torchvision module, without the variable's own name."""
    names = {
        "Conv1": "features.0.0", "bn_Conv1": "features.0.1",
        "expanded_conv_depthwise": "features.1.conv.0.0",
        "expanded_conv_depthwise_BN": "features.1.conv.0.1",
        "expanded_conv_project": "features.1.conv.1",
        "expanded_conv_project_BN": "features.1.conv.2",
        "Conv_1": "features.18.0", "Conv_1_bn": "features.18.1",
        "predictions": "classifier.1",
    }
    parts = {
        "expand": "0.0", "expand_BN": "0.1", "depthwise": "1.0", "depthwise_BN": "1.1",
        "project": "2", "project_BN": "3",
    }
    for block in range(1, 17):
        for keras_part, torch_part in parts.items():
            names[f"block_{block}_{keras_part}"] = f"features.{block + 1}.conv.{torch_part}"
    return names


def keras_layout(tensor: np.ndarray, depthwise: bool) -> np.ndarray:
    """PyTorch's [out, in, kh, kw], depthwise [C, 1, kh, kw] and [out, in] in Keras's order."""
    if tensor.ndim == 4:
        return tensor.transpose((2, 3, 0, 1) if depthwise else (2, 3, 1, 0))
    return tensor.T if tensor.ndim == 2 else tensor


def torch_state(source: pathlib.Path) -> dict[str, np.ndarray]:
    if source.suffix == ".safetensors":
        try:
            return safetensors.read(source)[0]
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise Refusal(f"{source}: is no SafeTensors file of float32: {error}") from error
    try:
        import torch
    except ImportError:
        raise Refusal(
            f"{source}: needs PyTorch to be read; install it in .venv-keras, or save the state dict "
            "with safetensors.torch.save_file"
        ) from None
    try:
        state = torch.load(source, map_location="cpu", weights_only=True)
        return {name: tensor.float().numpy() for name, tensor in state.items()}
    except (RuntimeError, AttributeError, EOFError, pickle.UnpicklingError) as error:
        raise Refusal(f"{source}: is no PyTorch state dict: {error}") from error


def from_torchvision(source: pathlib.Path, model: networks.keras.Model) -> dict[str, np.ndarray]:
    state = {
        name: tensor for name, tensor in torch_state(source).items()
        if not name.endswith("num_batches_tracked")
    }
    modules = torchvision_mobilenet_v2_names()
    result = {}
    for path, expected in networks.tensors(model).items():
        layer, variable = path.split("/")
        name = f"{modules[layer]}.{TORCH_NORMALISATION.get(variable, variable)}"
        name = name.removesuffix("kernel") + "weight" if name.endswith(".kernel") else name
        if name not in state:
            raise Refusal(f"{source}: has no tensor {name!r}; is it torchvision's mobilenet_v2?")
        tensor = keras_layout(state.pop(name), layer.endswith("_depthwise"))
        if tensor.shape != expected.shape:
            raise Refusal(
                f"{source}: tensor {name!r} is {tensor.shape} in Keras's order where {path!r} is "
                f"{expected.shape}; check --width and --classes"
            )
        result[path] = np.ascontiguousarray(tensor, dtype=np.float32)
    if state:
        raise Refusal(f"{source}: has tensors no layer takes: {', '.join(sorted(state)[:3])}")
    return result


def check_values(source: pathlib.Path, tensors: dict[str, np.ndarray]) -> None:
    for name, tensor in tensors.items():
        if not np.isfinite(tensor).all():
            raise Refusal(f"{source}: tensor {name!r} holds NaN or infinity")
        if name.endswith("/moving_variance") and (tensor < 0).any():
            raise Refusal(f"{source}: tensor {name!r} holds a negative variance")


def convert(arguments: argparse.Namespace) -> None:
    source, output = arguments.source, arguments.output
    if not source.is_file():
        raise Refusal(f"{source}: is no file")
    model_name = arguments.model
    if arguments.torchvision and model_name != "mobilenet-v2":
        raise Refusal(f"torchvision has no {model_name}: only mobilenet-v2 can be converted from it")
    resolution = 299 if model_name == "xception" else 224  # No tensor's shape depends on it.
    try:
        network = networks.Network(model_name, resolution, arguments.width)
        model = network.build(arguments.classes)
    except ValueError as error:
        raise Refusal(f"{model_name}: Keras refuses these multipliers: {error}") from error
    if arguments.torchvision:
        tensors, epsilon = from_torchvision(source, model), 1e-5
        print(
            "note: torchvision trained with other input values (per-channel mean and deviation of "
            "ImageNet instead of x / 127.5 - 1) and pads stride-2 convolutions on both sides where "
            "Keras pads the far side only; run as Keras's mobilenet-v2, these weights lose accuracy",
            file=sys.stderr,
        )
    else:
        tensors, epsilon = from_keras(source, model), networks.epsilon(model)
    check_values(source, tensors)
    metadata = {"epsilon": f"{epsilon:g}", "model": model_name, "width": f"{arguments.width:g}",
                "source": source.name}
    try:
        safetensors.write(output, tensors, metadata)
    except OSError as error:
        raise Refusal(f"{output}: cannot be written: {error.strerror}") from error
    count = sum(tensor.size for tensor in tensors.values())
    print(f"{output}: {len(tensors)} tensors, {count:,} parameters", file=sys.stderr)


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="Scripts/convert-weights", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("source", type=pathlib.Path, help="the trained weights")
    parser.add_argument("output", type=pathlib.Path, help="the .safetensors file to write")
    parser.add_argument(
        "--model", required=True, choices=["mobilenet-v1", "mobilenet-v2", "xception"]
    )
    parser.add_argument("--width", type=float, default=1.0, help="width multiplier")
    parser.add_argument("--classes", type=int, default=1000, help="classes of the last layer")
    parser.add_argument("--torchvision", action="store_true", help="the source is torchvision's")
    try:
        convert(parser.parse_args())
    except Refusal as refusal:
        print(f"convert-weights: error: {refusal}", file=sys.stderr)
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
