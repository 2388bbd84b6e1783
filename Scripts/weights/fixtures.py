"""Writes Tests/Fixtures/keras: Keras's logits for seeded weights and inputs, a few KB in all.

Neither weights nor inputs are shipped: the tests make them from the same seed. The logits are computed
in float64, so that the whole tolerance of a test belongs to the code under test.
"""

import json
import pathlib
import sys

import numpy as np

from . import networks, seeded

VARIANTS = [
    networks.Network("mobilenet-v1", 32, 0.25),
    networks.Network("mobilenet-v1", 64, 0.25),
    networks.Network("mobilenet-v2", 64, 0.35),
    networks.Network("xception", 71),
]


def main(folder: pathlib.Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    networks.keras.config.set_floatx("float64")
    table = []
    samples = {}
    for variant in VARIANTS:
        model = variant.build()
        networks.seed(model)
        image = seeded.input_image(variant.resolution)
        logits = np.asarray(model(image.astype(np.float64)))[0]
        check_healthy(variant, logits)
        np.save(folder / f"{variant.slug}.npy", logits.astype(np.float32))
        table.append(
            {
                "model": variant.model,
                "width": variant.width,
                "resolution": variant.resolution,
                "seed": 0,
                "logits": f"{variant.slug}.npy",
            }
        )
        for layer in model.layers:
            for variable in layer.weights:
                depthwise = networks.is_depthwise(layer, variable.path)
                key = role(variable.path, depthwise)
                if key not in samples:
                    samples[key] = sample(variable.path, tuple(variable.shape), depthwise)
    write_json(folder / "networks.json", table)
    write_json(folder / "seeded-weights.json", list(samples.values()))


def role(path: str, depthwise: bool) -> str:
    """What a tensor's scale depends on."""
    name = path.rsplit("/", 1)[1]
    if not name.endswith("kernel"):
        return name.removeprefix("moving_")
    suffix = "" if seeded.is_normalised(path) else " without normalisation"
    return ("depthwise kernel" if depthwise else "kernel") + suffix


def sample(path: str, shape: tuple[int, ...], depthwise: bool) -> dict[str, object]:
    """A tensor's description, the bits of its first values, and a hash of all its bytes."""
    values = seeded.tensor(path, shape, depthwise)
    return {
        "name": path,
        "shape": shape,
        "role": role(path, depthwise),
        "first_bits": values.ravel()[:4].view(np.uint32).tolist(),
        "hash": f"{seeded.fnv1a64_bytes(values.tobytes()):016x}",
    }


def check_healthy(variant: networks.Network, logits: np.ndarray) -> None:
    """A fixture whose logits are all alike, or whose softmax is saturated, would test little."""
    probabilities = np.exp(logits - logits.max())
    probabilities /= probabilities.sum()
    if not (np.isfinite(logits).all() and logits.std() > 0.05 and probabilities.max() < 0.9):
        raise ValueError(f"{variant.slug}: degenerate logits, std {logits.std():.3g}")
    spread = f"{logits.min():.3f} to {logits.max():.3f}, std {logits.std():.3f}"
    print(f"{variant.slug}: Keras's logits {spread}", file=sys.stderr)


def write_json(path: pathlib.Path, rows: list[dict[str, object]]) -> None:
    lines = ",\n".join(json.dumps(row) for row in rows)
    path.write_text(f"[\n{lines}\n]\n")
