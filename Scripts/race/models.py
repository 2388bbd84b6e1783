"""Writes one network in every format the engines read, with an input and the answer to it.

A process of its own, because TensorFlow leaves threads and memory behind. A format that cannot be
written costs the engines that read it their place in the race, and the report says why.
"""

import argparse
import dataclasses
import json
import pathlib
import subprocess
import sys
from collections.abc import Callable

import numpy as np
import tensorflow

from weights import networks, seeded

from . import files, folding, ncnn_files, onnx_file
from .graph import Graph


@dataclasses.dataclass(frozen=True)
class Source:
    """A network in the two forms that every format is made of."""

    model: networks.keras.Model  # ends in logits
    graph: Graph
    image: np.ndarray


def probabilities(network: networks.Network, image: np.ndarray) -> np.ndarray:
    """Keras's answer in float64, so that an engine's error is its own."""
    networks.keras.config.set_floatx("float64")
    try:
        model = network.build()
        networks.seed(model)
        logits = np.asarray(model(image.astype(np.float64), training=False))
    finally:
        networks.keras.config.set_floatx("float32")
    exponentials = np.exp(logits - logits.max(axis=1, keepdims=True))
    return exponentials / exponentials.sum(axis=1, keepdims=True)


def image(batch: int, resolution: int) -> np.ndarray:
    """The images `dsbench run` takes: one stream of seeded values for the whole batch."""
    values = seeded.unit_values("input", batch * resolution * resolution * 3)
    return values.astype(np.float32).reshape(batch, resolution, resolution, 3)


def write_graph(source: Source, folder: pathlib.Path) -> None:
    source.graph.save(folder / files.GRAPH)


def write_onnx(source: Source, folder: pathlib.Path) -> None:
    onnx_file.write(source.graph, folder / files.ONNX)


def write_ncnn(source: Source, folder: pathlib.Path) -> None:
    ncnn_files.write(source.graph, folder / files.NCNN_LAYERS, folder / files.NCNN_WEIGHTS)


def write_tflite(source: Source, folder: pathlib.Path) -> None:
    """By TensorFlow's converter, in float32, for this batch alone."""
    keras = networks.keras
    batch = keras.Input(batch_shape=source.image.shape)
    model = keras.Model(batch, keras.layers.Softmax()(source.model(batch)))
    converter = tensorflow.lite.TFLiteConverter.from_keras_model(model)
    (folder / files.TFLITE).write_bytes(converter.convert())


def write_mnn(source: Source, folder: pathlib.Path) -> None:
    """By MNN's converter, from ONNX.

    The converter is called where the wheel's `mnnconvert` calls it: that script also installs a
    package with whatever pip is first in the path, and reports each conversion to MNN's makers.
    """
    if not (folder / files.ONNX).is_file():
        write_onnx(source, folder)
    command = [
        sys.executable, "-c", "import sys, _tools; _tools.mnnconvert(sys.argv)", "-f", "ONNX",
        "--modelFile", str(folder / files.ONNX), "--MNNModel", str(folder / files.MNN),
        "--bizCode", "race",
    ]
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode or not (folder / files.MNN).is_file():
        lines = (result.stderr or result.stdout).strip().splitlines() or ["no message"]
        raise RuntimeError(f"MNN's converter: {lines[-1]}")


FORMATS: dict[str, Callable[[Source, pathlib.Path], None]] = {
    "graph": write_graph, "onnx": write_onnx, "ncnn": write_ncnn, "tflite": write_tflite,
    "mnn": write_mnn,
}


def write(network: networks.Network, batch: int, formats: list[str], folder: pathlib.Path) -> None:
    images = image(batch, network.resolution)
    np.save(folder / files.IMAGE, images)
    np.save(folder / files.ANSWER, probabilities(network, images))
    model = network.build()
    networks.seed(model)
    source = Source(model, folding.fold(model, network.model, batch), images)
    report: dict[str, str | None] = {}
    for name, write_format in FORMATS.items():
        if name in formats:
            try:
                write_format(source, folder)
                report[name] = None
            except Exception as error:  # Whatever a foreign converter throws, the others still race.
                report[name] = f"{type(error).__name__}: {error}".splitlines()[0]
    (folder / files.REPORT).write_text(json.dumps(report))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--model", required=True)
    parser.add_argument("--width", type=float, required=True)
    parser.add_argument("--resolution", type=int, required=True)
    parser.add_argument("--batch", type=int, required=True)
    parser.add_argument("--formats", nargs="*", choices=FORMATS, required=True)
    arguments = parser.parse_args()
    network = networks.Network(arguments.model, arguments.resolution, arguments.width)
    write(network, arguments.batch, arguments.formats, arguments.folder)


if __name__ == "__main__":
    main()
