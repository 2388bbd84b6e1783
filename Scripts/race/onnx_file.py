"""Writes a `Graph` as ONNX, operator by operator, so that no converter stands between."""

import pathlib
from typing import Any

import numpy as np
import onnx
from onnx import helper, numpy_helper

from .graph import (
    Activate, Activation, Add, Convolution, Dense, GlobalAveragePool, Graph, MaxPool, Node, Padding,
    Softmax,
)

# Old enough for every reader; nothing newer changes these operators' meaning.
OPSET = 17
IR_VERSION = 8


def write(graph: Graph, path: pathlib.Path) -> None:
    writer = _Writer()
    for node in graph.nodes:
        writer.add(node)
    image = [graph.batch, 3, graph.resolution, graph.resolution]
    model = helper.make_model(
        helper.make_graph(
            writer.operators, graph.name,
            [helper.make_tensor_value_info(graph.INPUT, onnx.TensorProto.FLOAT, image)],
            [helper.make_tensor_value_info(graph.OUTPUT, onnx.TensorProto.FLOAT, [graph.batch, None])],
            writer.initializers,
        ),
        opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION,
    )
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, path)


def _pads(padding: Padding) -> list[int]:
    return [padding.top, padding.left, padding.bottom, padding.right]


class _Writer:
    def __init__(self) -> None:
        self.operators: list[onnx.NodeProto] = []
        self.initializers: list[onnx.TensorProto] = []

    def _constant(self, name: str, values: np.ndarray) -> str:
        self.initializers.append(numpy_helper.from_array(values, name))
        return name

    def _operator(self, kind: str, inputs: list[str], output: str, **attributes: Any) -> None:
        self.operators.append(helper.make_node(kind, inputs, [output], name=output, **attributes))

    def _activate(self, activation: Activation, source: str, output: str) -> None:
        if activation is Activation.RELU:
            self._operator("Relu", [source], output)
        else:
            limits = [
                self._constant(f"{output}/{end}", np.array(value, np.float32))
                for end, value in (("low", 0), ("high", 6))
            ]
            self._operator("Clip", [source, *limits], output)

    def add(self, node: Node) -> None:
        match node:
            case Convolution():
                self._convolution(node)
            case Activate():
                self._activate(node.activation, node.input, node.name)
            case Add():
                self._operator("Add", list(node.inputs), node.name)
            case MaxPool():
                self._operator(
                    "MaxPool", [node.input], node.name, kernel_shape=[node.size] * 2,
                    strides=[node.stride] * 2, pads=_pads(node.padding),
                )
            case GlobalAveragePool():
                self._operator("GlobalAveragePool", [node.input], f"{node.name}/mean")
                self._operator("Flatten", [f"{node.name}/mean"], node.name)
            case Dense():
                weights = self._constant(f"{node.name}/weights", node.weights)
                bias = self._constant(f"{node.name}/bias", node.bias)
                self._operator("Gemm", [node.input, weights, bias], node.name, transB=1)
            case Softmax():
                self._operator("Softmax", [node.input], node.name, axis=1)

    def _convolution(self, node: Convolution) -> None:
        weights = self._constant(f"{node.name}/weights", node.weights)
        bias = self._constant(f"{node.name}/bias", node.bias)
        activated = node.activation is not Activation.NONE
        output = f"{node.name}/linear" if activated else node.name
        self._operator(
            "Conv", [node.input, weights, bias], output, kernel_shape=list(node.weights.shape[2:]),
            strides=[node.stride] * 2, pads=_pads(node.padding), group=node.groups,
        )
        if activated:
            self._activate(node.activation, output, node.name)
