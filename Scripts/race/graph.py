"""A network as every engine's model is written from it: batch normalisation folded, channels first."""

import dataclasses
import enum
import pathlib
import pickle
from typing import ClassVar

import numpy as np


class Activation(enum.Enum):
    NONE = "none"
    RELU = "relu"
    RELU6 = "relu6"


@dataclasses.dataclass(frozen=True)
class Padding:
    """Rows and columns of zeros (of -inf before a maximum) around an image."""

    top: int = 0
    left: int = 0
    bottom: int = 0
    right: int = 0

    @property
    def is_symmetric(self) -> bool:
        return self.top == self.bottom and self.left == self.right


@dataclasses.dataclass(frozen=True)
class Convolution:
    name: str
    input: str
    weights: np.ndarray  # [out, in / groups, rows, columns]
    bias: np.ndarray  # [out]
    stride: int
    padding: Padding
    groups: int
    activation: Activation = Activation.NONE


@dataclasses.dataclass(frozen=True)
class Activate:
    """An activation whose input something else needs as well, so that it cannot be fused."""

    name: str
    input: str
    activation: Activation


@dataclasses.dataclass(frozen=True)
class Add:
    name: str
    inputs: tuple[str, str]


@dataclasses.dataclass(frozen=True)
class MaxPool:
    name: str
    input: str
    size: int
    stride: int
    padding: Padding


@dataclasses.dataclass(frozen=True)
class GlobalAveragePool:
    """[batch, channels, rows, columns] to [batch, channels]."""

    name: str
    input: str


@dataclasses.dataclass(frozen=True)
class Dense:
    name: str
    input: str
    weights: np.ndarray  # [out, in]
    bias: np.ndarray  # [out]


@dataclasses.dataclass(frozen=True)
class Softmax:
    name: str
    input: str


Node = Convolution | Activate | Add | MaxPool | GlobalAveragePool | Dense | Softmax


def inputs(node: Node) -> tuple[str, ...]:
    return node.inputs if isinstance(node, Add) else (node.input,)


@dataclasses.dataclass(frozen=True)
class Graph:
    """Nodes in an order in which they can run; the last one's value is the answer."""

    INPUT: ClassVar = "input"
    OUTPUT: ClassVar = "probabilities"

    name: str
    batch: int
    resolution: int
    nodes: list[Node]

    def save(self, path: pathlib.Path) -> None:
        path.write_bytes(pickle.dumps(self))

    @staticmethod
    def load(path: pathlib.Path) -> "Graph":
        """Reads a file that `save` wrote in this run; pickle is for files of one's own only."""
        graph = pickle.loads(path.read_bytes())
        assert isinstance(graph, Graph)
        return graph
