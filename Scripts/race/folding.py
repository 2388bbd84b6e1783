"""Makes a `Graph` of a Keras model: batch normalisation folded in float64, activations fused."""

import collections
import dataclasses

import keras
import numpy as np

from .graph import (
    Activate, Activation, Add, Convolution, Dense, GlobalAveragePool, Graph, MaxPool, Node, Padding,
    Softmax, inputs,
)

# Layers that change nothing about the values, in inference.
TRANSPARENT = (keras.layers.Dropout, keras.layers.Reshape)


def fold(model: keras.Model, name: str, batch: int) -> Graph:
    """The graph of a Keras Applications network that ends in logits, with a softmax behind them."""
    walk = _Walk(model)
    for layer in model.layers:
        walk.visit(layer)
    nodes = [_rounded(node) for node in walk.nodes.values()]
    nodes.append(Softmax(Graph.OUTPUT, nodes[-1].name))
    return Graph(name, batch, model.input_shape[1], nodes)


def _rounded(node: Node) -> Node:
    """The one rounding of folded weights to float32."""
    if not isinstance(node, Convolution | Dense):
        return node
    return dataclasses.replace(
        node, weights=np.ascontiguousarray(node.weights, np.float32), bias=node.bias.astype(np.float32)
    )


def _tensors(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _same(size: int, kernel: int, stride: int) -> tuple[int, int]:
    """TensorFlow's "same" padding before and behind: what is odd goes behind."""
    total = max((-(-size // stride) - 1) * stride + kernel - size, 0)
    return total // 2, total - total // 2


class _Walk:
    def __init__(self, model: keras.Model) -> None:
        self.nodes: dict[str, Node] = {}
        self.values: dict[int, str] = {}  # Keras tensor -> the node that computes it
        self.zeros: dict[str, Padding] = {}  # node -> padding that a layer put behind it
        self.readers = collections.Counter(
            id(tensor) for layer in model.layers if not isinstance(layer, keras.layers.InputLayer)
            for tensor in _tensors(layer.input)
        )

    def visit(self, layer: keras.layers.Layer) -> None:
        if isinstance(layer, keras.layers.InputLayer):
            self.values[id(layer.output)] = Graph.INPUT
            return
        sources = [self.values[id(tensor)] for tensor in _tensors(layer.input)]
        self.values[id(layer.output)] = self._value(layer, sources)

    def _append(self, node: Node) -> str:
        unread = [name for name in inputs(node) if name != Graph.INPUT and name not in self.nodes]
        assert not unread, f"{node.name} reads {unread}, which no node computes"
        self.nodes[node.name] = node
        return node.name

    def _value(self, layer: keras.layers.Layer, sources: list[str]) -> str:
        """Adds the layer to the graph, or folds it into its source; the node that computes it."""
        source, name = sources[0], layer.name
        match layer:
            case keras.layers.ZeroPadding2D():
                (top, bottom), (left, right) = layer.padding
                self.zeros[source] = Padding(top, left, bottom, right)
                return source
            case keras.layers.BatchNormalization():
                return self._normalise(layer, source)
            case keras.layers.ReLU() | keras.layers.Activation():
                return self._activate(layer, source)
            case keras.layers.SeparableConv2D():
                kernel = np.asarray(layer.depthwise_kernel, np.float64)
                middle = self._convolution(f"{name}_depthwise", layer, source, kernel, True)
                kernel = np.asarray(layer.pointwise_kernel, np.float64)
                return self._append(_pointwise(name, middle, kernel))
            case keras.layers.DepthwiseConv2D():
                return self._convolution(name, layer, source, np.asarray(layer.kernel, np.float64), True)
            case keras.layers.Conv2D():
                return self._convolution(name, layer, source, np.asarray(layer.kernel, np.float64), False)
            case keras.layers.MaxPooling2D():
                padding = self._padding(layer, source, layer.pool_size[0])
                return self._append(
                    MaxPool(name, source, layer.pool_size[0], layer.strides[0], padding)
                )
            case keras.layers.GlobalAveragePooling2D():
                return self._append(GlobalAveragePool(name, source))
            case keras.layers.Add():
                return self._append(Add(name, (sources[0], sources[1])))
            case keras.layers.Dense():
                kernel = np.asarray(layer.kernel, np.float64)
                return self._append(Dense(name, source, kernel.T, np.asarray(layer.bias, np.float64)))
        if isinstance(layer, TRANSPARENT):
            return source
        raise ValueError(f"{name}: no rule for the Keras layer {type(layer).__name__}")

    def _padding(self, layer: keras.layers.Layer, source: str, kernel: int) -> Padding:
        if layer.padding == "same":
            _, rows, columns, _ = layer.input.shape
            top, bottom = _same(rows, kernel, layer.strides[0])
            left, right = _same(columns, kernel, layer.strides[1])
            return Padding(top, left, bottom, right)
        return self.zeros.pop(source, Padding())

    def _convolution(
        self, name: str, layer: keras.layers.Layer, source: str, kernel: np.ndarray, depthwise: bool
    ) -> str:
        """A layer with a kernel of [rows, columns, in, out], or [rows, columns, channels, 1]."""
        weights = kernel.transpose((2, 3, 0, 1) if depthwise else (3, 2, 0, 1))
        outputs = weights.shape[0]
        bias = np.zeros(outputs)
        if layer.use_bias and not isinstance(layer, keras.layers.SeparableConv2D):
            bias = np.asarray(layer.bias, np.float64)
        if isinstance(self.nodes.get(source), GlobalAveragePool):  # v1's classifier, on one pixel
            return self._append(Dense(name, source, weights[:, :, 0, 0], bias))
        padding = self._padding(layer, source, kernel.shape[0])
        groups = outputs if depthwise else 1
        return self._append(
            Convolution(name, source, weights, bias, layer.strides[0], padding, groups)
        )

    def _normalise(self, layer: keras.layers.BatchNormalization, source: str) -> str:
        gamma, beta, mean, variance = (
            np.asarray(variable, np.float64)
            for variable in (layer.gamma, layer.beta, layer.moving_mean, layer.moving_variance)
        )
        node = self.nodes[source]
        assert isinstance(node, Convolution), f"{layer.name} normalises {source}, no convolution"
        scale = gamma / np.sqrt(variance + layer.epsilon)
        self.nodes[source] = dataclasses.replace(
            node, weights=node.weights * scale[:, None, None, None],
            bias=(node.bias - mean) * scale + beta,
        )
        return source

    def _activate(self, layer: keras.layers.Layer, source: str) -> str:
        activation = _activation(layer)
        if activation is Activation.NONE:
            return source
        node = self.nodes[source]
        if isinstance(node, Convolution) and self.readers[id(layer.input)] == 1:
            self.nodes[source] = dataclasses.replace(node, activation=activation)
            return source
        return self._append(Activate(layer.name, source, activation))


def _activation(layer: keras.layers.ReLU | keras.layers.Activation) -> Activation:
    if isinstance(layer, keras.layers.ReLU):
        capped = {None: Activation.RELU, 6: Activation.RELU6}
        if layer.max_value in capped and not layer.negative_slope and not layer.threshold:
            return capped[layer.max_value]
    elif layer.activation is keras.activations.relu:
        return Activation.RELU
    elif layer.activation is keras.activations.linear:
        return Activation.NONE
    raise ValueError(f"{layer.name}: no rule for the activation {layer.get_config()}")


def _pointwise(name: str, source: str, kernel: np.ndarray) -> Convolution:
    weights = kernel.transpose(3, 2, 0, 1)
    return Convolution(name, source, weights, np.zeros(weights.shape[0]), 1, Padding(), 1)
