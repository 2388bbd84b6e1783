import pathlib

import numpy as np
import onnxruntime

from .. import files
from . import Engine, channels_first_image


class ONNXRuntime(Engine):
    settings = (
        "intra_op_num_threads=N, inter_op_num_threads=1, sequential, all graph optimisations, "
        "spinning allowed; input and output bound"
    )

    def __init__(self, folder: pathlib.Path, threads: int) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
        options.add_session_config_entry("session.intra_op.allow_spinning", "1")
        self._session = onnxruntime.InferenceSession(
            folder / files.ONNX, options, providers=["CPUExecutionProvider"]
        )
        self._binding = self._session.io_binding()
        self._binding.bind_cpu_input(self._session.get_inputs()[0].name, channels_first_image(folder))
        self._binding.bind_output(self._session.get_outputs()[0].name)

    def run(self) -> None:
        self._session.run_with_iobinding(self._binding)

    def probabilities(self) -> np.ndarray:
        return self._binding.copy_outputs_to_cpu()[0]
