"""Keras's three networks with seeded weights: what the project's own inference is compared with."""

import dataclasses
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")

import keras
import numpy as np

from . import seeded


@dataclasses.dataclass(frozen=True)
class Network:
    """One variant of a network, named as on the command line."""

    model: str
    resolution: int
    width: float = 1.0

    @property
    def slug(self) -> str:
        return f"{self.model}-{self.width:g}-{self.resolution}"

    @property
    def arguments(self) -> list[str]:
        """What the commands take to mean this variant."""
        arguments = ["--model", self.model, "--resolution", str(self.resolution)]
        return arguments if self.model == "xception" else [*arguments, "--width", f"{self.width:g}"]

    def build(self, classes: int = 1000) -> keras.Model:
        """Keras Applications' network without the softmax, its weights not yet seeded."""
        keras.backend.clear_session()  # The names of Xception's shortcuts count from here.
        shape = (self.resolution, self.resolution, 3)
        options = {"weights": None, "input_shape": shape, "classes": classes,
                   "classifier_activation": None}
        match self.model:
            case "mobilenet-v1":
                return keras.applications.MobileNet(alpha=self.width, **options)
            case "mobilenet-v2":
                return keras.applications.MobileNetV2(alpha=self.width, **options)
            case "xception":
                return keras.applications.Xception(**options)
        raise ValueError(f"no network {self.model!r}")


def is_depthwise(layer: keras.layers.Layer, path: str) -> bool:
    return path.endswith("/depthwise_kernel") or isinstance(layer, keras.layers.DepthwiseConv2D)


def seed(model: keras.Model, value: int = 0) -> None:
    """Gives every variable of `model` its seeded values."""
    for layer in model.layers:
        for variable in layer.weights:
            shape = tuple(variable.shape)
            depthwise = is_depthwise(layer, variable.path)
            variable.assign(seeded.tensor(variable.path, shape, depthwise, value))


def tensors(model: keras.Model) -> dict[str, np.ndarray]:
    """Every variable by its Keras 3 path, as float32."""
    return {variable.path: np.asarray(variable, dtype=np.float32) for variable in model.weights}


def epsilon(model: keras.Model) -> float:
    """The one epsilon of all batch normalisations, written in decimal as it was meant."""
    found = {
        layer.epsilon for layer in model.layers if isinstance(layer, keras.layers.BatchNormalization)
    }
    if len(found) != 1:
        raise ValueError(f"batch normalisation with several epsilons: {sorted(found)}")
    return found.pop()
