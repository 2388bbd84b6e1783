import os
import pathlib
from collections.abc import Callable

# Read once, when OpenMP starts: each thread stays on its core.
os.environ.setdefault("OMP_PROC_BIND", "close")

import numpy as np
import torch
import torch._inductor.config
from torch.nn import functional

from .. import files
from ..graph import (
    Activate, Activation, Add, Convolution, Dense, GlobalAveragePool, Graph, MaxPool, Node, Padding,
    Softmax, inputs,
)
from . import Engine, channels_first_image

ACTIVATIONS: dict[Activation, Callable[[torch.Tensor], torch.Tensor]] = {
    Activation.NONE: lambda values: values,
    Activation.RELU: functional.relu,
    Activation.RELU6: functional.relu6,
}


class Step(torch.nn.Module):
    """One node of the graph, with its weights."""

    def __init__(self, node: Node) -> None:
        super().__init__()
        self.node = node
        if isinstance(node, Convolution | Dense):
            self.weights = torch.nn.Parameter(torch.from_numpy(node.weights), requires_grad=False)
            self.bias = torch.nn.Parameter(torch.from_numpy(node.bias), requires_grad=False)

    def forward(self, *values: torch.Tensor) -> torch.Tensor:
        node = self.node
        match node:
            case Convolution():
                image, padding = _padded(values[0], node.padding, 0.0)
                image = functional.conv2d(
                    image, self.weights, self.bias, node.stride, padding, groups=node.groups
                )
                return ACTIVATIONS[node.activation](image)
            case Activate():
                return ACTIVATIONS[node.activation](values[0])
            case Add():
                return values[0] + values[1]
            case MaxPool():
                image, padding = _padded(values[0], node.padding, -torch.inf)
                return functional.max_pool2d(image, node.size, node.stride, padding)
            case GlobalAveragePool():
                return values[0].mean((2, 3))
            case Dense():
                return functional.linear(values[0], self.weights, self.bias)
            case Softmax():
                return functional.softmax(values[0], 1)


def _padded(
    image: torch.Tensor, padding: Padding, value: float
) -> tuple[torch.Tensor, tuple[int, int]]:
    """The image, padded where an operator's own symmetric padding, also returned, cannot do it."""
    if padding.is_symmetric:
        return image, (padding.top, padding.left)
    sides = (padding.left, padding.right, padding.top, padding.bottom)
    return functional.pad(image, sides, value=value), (0, 0)


class Network(torch.nn.Module):
    def __init__(self, graph: Graph) -> None:
        super().__init__()
        self.steps = torch.nn.ModuleList(Step(node) for node in graph.nodes)
        self.reads = [inputs(node) for node in graph.nodes]
        self.names = [node.name for node in graph.nodes]

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        values = {Graph.INPUT: image}
        for step, reads, name in zip(self.steps, self.reads, self.names, strict=True):
            values[name] = step(*(values[read] for read in reads))
        return values[Graph.OUTPUT]


class Eager(Engine):
    settings = "set_num_threads(N), channels_last, inference_mode, OMP_PROC_BIND=close"

    def __init__(self, folder: pathlib.Path, threads: int) -> None:
        torch.set_num_threads(threads)
        torch.set_num_interop_threads(1)
        network = Network(Graph.load(folder / files.GRAPH)).eval()
        self._network = self._prepared(network.to(memory_format=torch.channels_last))
        image = torch.from_numpy(channels_first_image(folder))
        self._image = image.to(memory_format=torch.channels_last)
        self._answer = torch.empty(0)

    def _prepared(self, network: torch.nn.Module) -> Callable[[torch.Tensor], torch.Tensor]:
        return network

    def run(self) -> None:
        with torch.inference_mode():
            self._answer = self._network(self._image)

    def probabilities(self) -> np.ndarray:
        return self._answer.numpy()


class Compiled(Eager):
    settings = f"{Eager.settings}; torch.compile with inductor's freezing"

    def _prepared(self, network: torch.nn.Module) -> Callable[[torch.Tensor], torch.Tensor]:
        torch._inductor.config.freezing = True
        return torch.compile(network)
