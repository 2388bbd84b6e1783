"""One adapter per engine, all with the interface of `Engine`.

A module here imports its engine, so it is imported by the process that races this engine alone.
"""

import abc
import importlib
import pathlib
from typing import ClassVar

import numpy as np

from .. import files


class Engine(abc.ABC):
    """A network loaded by an engine, made of the folder that `race.models` wrote.

    Neither putting the image in its place nor taking the answer out is part of `run`, which is timed.
    """

    settings: ClassVar[str]
    """What is asked of the engine beyond its defaults; N stands for the thread count."""

    precision = "f32"
    """What the engine says it computes in."""

    @abc.abstractmethod
    def __init__(self, folder: pathlib.Path, threads: int) -> None: ...

    def supply(self) -> None:
        """Puts the input in its place, where the engine does not leave it there from run to run."""

    @abc.abstractmethod
    def run(self) -> None:
        """One inference of the whole batch."""

    @abc.abstractmethod
    def probabilities(self) -> np.ndarray:
        """What the last run answered: [batch, classes]."""


def adapter(name: str) -> type[Engine]:
    module, kind = name.split(":")
    return getattr(importlib.import_module(f"race.engines.{module}"), kind)


def image(folder: pathlib.Path) -> np.ndarray:
    """The input: [batch, rows, columns, 3]."""
    return np.load(folder / files.IMAGE)


def channels_first_image(folder: pathlib.Path) -> np.ndarray:
    return np.ascontiguousarray(image(folder).transpose(0, 3, 1, 2))
