import pathlib

import numpy as np
from ai_edge_litert.interpreter import Interpreter

from .. import files
from . import Engine, image


class LiteRT(Engine):
    settings = "interpreter, num_threads=N; the XNNPACK delegate is its default"

    def __init__(self, folder: pathlib.Path, threads: int) -> None:
        self._interpreter = Interpreter(str(folder / files.TFLITE), num_threads=threads)
        self._interpreter.allocate_tensors()
        self._interpreter.set_tensor(self._interpreter.get_input_details()[0]["index"], image(folder))

    def run(self) -> None:
        self._interpreter.invoke()

    def probabilities(self) -> np.ndarray:
        return self._interpreter.get_tensor(self._interpreter.get_output_details()[0]["index"])
