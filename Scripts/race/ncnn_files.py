"""Writes a `Graph` in ncnn's two files: layers as text, weights as they lie in memory.

Activations are put into the convolutions, as ncnn's own optimiser would, and a value that several
layers read is split, because every ncnn blob has one reader.
"""

import collections
import pathlib

import numpy as np

from .graph import (
    Activate, Activation, Add, Convolution, Dense, GlobalAveragePool, Graph, MaxPool, Node, Padding,
    Softmax, inputs,
)

MAGIC = "7767517"
FLOAT32_TAG = np.uint32(0).tobytes()  # In front of every weight tensor that is stored as it is.


def write(graph: Graph, layers: pathlib.Path, weights: pathlib.Path) -> None:
    writer = _Writer(graph)
    for node in graph.nodes:
        writer.add(node)
    head = f"{MAGIC}\n{len(writer.lines)} {writer.blob_count}\n"
    layers.write_text(head + "\n".join(writer.lines) + "\n")
    with open(weights, "wb") as file:
        for block in writer.blocks:
            file.write(block)


def _pads(padding: Padding, left: int, right: int, top: int, bottom: int) -> str:
    """The padding under the parameter numbers that the layer has for its four sides."""
    return (
        f"{left}={padding.left} {right}={padding.right} {top}={padding.top} {bottom}={padding.bottom}"
    )


class _Writer:
    def __init__(self, graph: Graph) -> None:
        self.lines: list[str] = []
        self.blocks: list[bytes] = []
        self.blob_count = 0
        self.readers = collections.Counter(name for node in graph.nodes for name in inputs(node))
        self.unread: dict[str, list[str]] = {}
        self._layer("Input", graph.INPUT, [], f"0={graph.resolution} 1={graph.resolution} 2=3")

    def _layer(self, kind: str, name: str, sources: list[str], parameters: str = "") -> None:
        """A layer whose value has its own name, and a split behind it where several read it."""
        blobs = [self.unread[source].pop(0) for source in sources]
        self._line(kind, name, blobs, [name], parameters)
        copies = [f"{name}/{copy}" for copy in range(self.readers[name])]
        if len(copies) > 1:
            self._line("Split", f"{name}/split", [name], copies)
        self.unread[name] = copies if len(copies) > 1 else [name]

    def _line(
        self, kind: str, name: str, sources: list[str], outputs: list[str], parameters: str = ""
    ) -> None:
        fields = [kind, name, str(len(sources)), str(len(outputs)), *sources, *outputs, parameters]
        self.lines.append(" ".join(fields).rstrip())
        self.blob_count += len(outputs)

    def _store(self, weights: np.ndarray, bias: np.ndarray) -> None:
        self.blocks += [FLOAT32_TAG, weights.astype("<f4").tobytes(), bias.astype("<f4").tobytes()]

    def add(self, node: Node) -> None:
        match node:
            case Convolution():
                self._convolution(node)
            case Activate(activation=Activation.RELU6):
                self._layer("Clip", node.name, [node.input], "0=0.0 1=6.0")
            case Activate():
                self._layer("ReLU", node.name, [node.input])
            case Add():
                self._layer("BinaryOp", node.name, list(node.inputs), "0=0")
            case MaxPool():
                # Mode 1 pads by these numbers alone; the others round up or choose on their own.
                pads = _pads(node.padding, left=3, right=14, top=13, bottom=15)
                self._layer(
                    "Pooling", node.name, [node.input],
                    f"0=0 1={node.size} 2={node.stride} {pads} 5=1",
                )
            case GlobalAveragePool():
                self._layer("Pooling", node.name, [node.input], "0=1 4=1")
            case Dense():
                self._store(node.weights, node.bias)
                self._layer(
                    "InnerProduct", node.name, [node.input],
                    f"0={len(node.bias)} 1=1 2={node.weights.size}",
                )
            case Softmax():
                self._layer("Softmax", node.name, [node.input], "0=0 1=1")

    def _convolution(self, node: Convolution) -> None:
        outputs, _, rows, columns = node.weights.shape
        pads = _pads(node.padding, left=4, right=15, top=14, bottom=16)
        parameters = (
            f"0={outputs} 1={columns} 11={rows} 3={node.stride} {pads} 5=1 6={node.weights.size}"
        )
        match node.activation:
            case Activation.RELU:
                parameters += " 9=1"
            case Activation.RELU6:
                parameters += " 9=3 -23310=2,0.0,6.0"
        kind = "Convolution"
        if node.groups > 1:
            kind, parameters = "ConvolutionDepthWise", f"{parameters} 7={node.groups}"
        self._store(node.weights, node.bias)
        self._layer(kind, node.name, [node.input], parameters)
