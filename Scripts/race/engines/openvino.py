import pathlib
from typing import ClassVar

import numpy as np
import openvino

from .. import files
from . import Engine, channels_first_image


class OpenVINO(Engine):
    settings = (
        "PERFORMANCE_HINT=LATENCY, INFERENCE_NUM_THREADS=N, INFERENCE_PRECISION_HINT=f32; "
        "one infer request, input shared"
    )
    precision_hint: ClassVar[dict[str, str]] = {"INFERENCE_PRECISION_HINT": "f32"}

    def __init__(self, folder: pathlib.Path, threads: int) -> None:
        properties = {
            "PERFORMANCE_HINT": "LATENCY", "INFERENCE_NUM_THREADS": str(threads), **self.precision_hint,
        }
        compiled = openvino.Core().compile_model(str(folder / files.ONNX), "CPU", properties)
        self.precision = compiled.get_property("INFERENCE_PRECISION_HINT").get_type_name()
        self._request = compiled.create_infer_request()
        self._image = channels_first_image(folder)  # Shared: it has to live as long as the request.
        self._request.set_input_tensor(openvino.Tensor(self._image, shared_memory=True))

    def run(self) -> None:
        self._request.infer()

    def probabilities(self) -> np.ndarray:
        return self._request.get_output_tensor().data


class OpenVINODefaultPrecision(OpenVINO):
    """What a user gets who asks for nothing: bf16, on a CPU that multiplies it."""

    settings = "PERFORMANCE_HINT=LATENCY, INFERENCE_NUM_THREADS=N; one infer request, input shared"
    precision_hint: ClassVar[dict[str, str]] = {}
