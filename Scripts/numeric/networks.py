"""Networks of network files as NumPy computes them."""

import json
import pathlib

import numpy

from numeric import operators
from numeric.operators import Map, Window
from weights import safetensors

WITH_CHANNELS = ("standard", "pointwise", "dense")
WITH_WINDOW = ("standard", "depthwise", "maxpool", "avgpool")


def padding(rule, shape, kernel, stride):
    """[top, bottom, left, right]."""
    if rule == "valid":
        return [0, 0, 0, 0]
    if rule != "same":
        return rule
    sides = []
    for extent, size in zip(shape[:2], kernel):
        total = max(0, (-(-extent // stride) - 1) * stride + size - extent)
        sides += [total // 2, total - total // 2]
    return sides


def window(layer, shape):
    """A layer's window over an input of that shape [height, width, channels]."""
    if layer["kind"] not in WITH_WINDOW:
        return Window()
    if "kernel" not in layer:
        return Window(shape[0], shape[1])
    kernel = layer["kernel"]
    kernel = [kernel, kernel] if isinstance(kernel, int) else kernel
    stride = layer.get("stride", 1)
    return Window(*kernel, stride, *padding(layer.get("padding", "valid"), shape, kernel, stride))


def output_shape(layer, shape):
    return (*window(layer, shape).extent(*shape[:2]), layer.get("channels", shape[2]))


def weight_shapes(layer, shape):
    """Of the kernel as files store it, and of the bias; None for a layer without weights."""
    frame = window(layer, shape)
    kind = layer["kind"]
    if kind == "depthwise":
        return (frame.height, frame.width, shape[2], 1), (shape[2],)
    if kind in WITH_CHANNELS:
        kernel = (shape[2], layer["channels"])
        return kernel if kind == "dense" else (frame.height, frame.width, *kernel), (layer["channels"],)
    return None


def evaluate_layer(layer, tensor, weights, residual, by_strassen=False):
    frame = window(layer, tensor.values.shape[1:])
    tensor = operators.clamp(tensor, layer.get("inputActivation", "none"))
    ending = residual, layer.get("activation", "none")
    kind = layer["kind"]
    if kind == "softmax":
        return operators.softmax(tensor)
    if kind == "maxpool":
        return operators.maximum(tensor, frame, *ending)
    if kind == "avgpool":
        return operators.average(tensor, frame, *ending)
    kernel, bias = (array.astype(numpy.float64) for array in weights)
    if kind == "depthwise":
        return operators.depthwise(tensor, kernel[..., 0], bias, frame, *ending)
    kernel = kernel.reshape(frame.height, frame.width, *kernel.shape[-2:])
    if by_strassen:
        return operators.strassen(tensor, kernel, bias, *ending)
    return operators.convolution(tensor, kernel, bias, frame, *ending)


def scores(network, tensors, images, strassen=()):
    """Before a softmax at the end, [image][class]; `strassen` names the layers that run by Strassen's algorithm."""
    maps = {"image": Map.exact(images)}
    before = "image"
    layers = network["layers"]
    layers = layers[:-1] if layers[-1]["kind"] == "softmax" else layers
    with numpy.errstate(invalid="ignore", over="ignore"):
        for layer in layers:
            name = layer["name"]
            weights = [tensors[key] for key in (f"{name}/kernel", f"{name}/bias") if key in tensors]
            maps[name] = evaluate_layer(
                layer, maps[layer.get("input", before)], weights, maps.get(layer.get("residual")),
                name in strassen)
            before = name
    last = maps[before]
    return Map(last.values[:, 0, 0], last.bounds[:, 0, 0])


def write(folder, network, tensors, images):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "network.json").write_text(json.dumps(network, indent=1) + "\n")
    safetensors.write(folder / "w.safetensors", tensors, {})
    numpy.save(folder / "in.npy", images)


def read(folder):
    folder = pathlib.Path(folder)
    network = json.loads((folder / "network.json").read_text())
    return network, safetensors.read(folder / "w.safetensors")[0], numpy.load(folder / "in.npy")
