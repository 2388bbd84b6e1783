import pathlib

import MNN as mnn
import numpy as np

from .. import files
from . import Engine, channels_first_image


class MNN(Engine):
    settings = "session with backend CPU, numThread=N, precision high, memory and power high"

    def __init__(self, folder: pathlib.Path, threads: int) -> None:
        self._interpreter = mnn.Interpreter(str(folder / files.MNN))
        self._session = self._interpreter.createSession(
            {"backend": "CPU", "numThread": threads, "precision": "high", "memory": "high",
             "power": "high"}
        )
        image = channels_first_image(folder)
        self._image = mnn.Tensor(
            image.shape, mnn.Halide_Type_Float, image, mnn.Tensor_DimensionType_Caffe
        )

    def supply(self) -> None:
        # Every time: a session gives its input's memory to later layers.
        self._interpreter.getSessionInput(self._session).copyFrom(self._image)

    def run(self) -> None:
        self._interpreter.runSession(self._session)

    def probabilities(self) -> np.ndarray:
        answer = self._interpreter.getSessionOutput(self._session)
        shape = answer.getShape()
        host = mnn.Tensor(
            shape, mnn.Halide_Type_Float, np.zeros(shape, np.float32), mnn.Tensor_DimensionType_Caffe
        )
        answer.copyToHostTensor(host)
        return np.array(host.getData(), np.float32).reshape(shape)
