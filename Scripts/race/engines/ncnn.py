import pathlib

import ncnn
import numpy as np

from .. import files
from ..graph import Graph
from . import Engine, channels_first_image


class NCNN(Engine):
    settings = (
        "opt.num_threads=N, lightmode, packed layout, fp16 and bf16 off; activations fused as by its "
        "optimiser; a batch is that many runs, for ncnn has none"
    )

    def __init__(self, folder: pathlib.Path, threads: int) -> None:
        self._net = ncnn.Net()
        options = self._net.opt
        options.num_threads = threads
        options.lightmode = True
        options.use_packing_layout = True
        options.use_vulkan_compute = False
        for half in ("fp16_packed", "fp16_storage", "fp16_arithmetic", "bf16_packed", "bf16_storage"):
            setattr(options, f"use_{half}", False)
        statuses = [self._net.load_param(str(folder / files.NCNN_LAYERS)),
                    self._net.load_model(str(folder / files.NCNN_WEIGHTS))]
        if any(statuses):
            raise RuntimeError(f"ncnn does not read the model: it returns {statuses}")
        # Cloned, because a Mat of an array neither owns nor keeps it.
        self._images = [ncnn.Mat(image).clone() for image in channels_first_image(folder)]
        self._answers: list[ncnn.Mat] = []

    def run(self) -> None:
        self._answers = [self._answer(image) for image in self._images]

    def _answer(self, image: ncnn.Mat) -> ncnn.Mat:
        with self._net.create_extractor() as extractor:
            extractor.input(Graph.INPUT, image)
            status, answer = extractor.extract(Graph.OUTPUT)
        if status:
            raise RuntimeError(f"ncnn does not run the model: extract returns {status}")
        return answer

    def probabilities(self) -> np.ndarray:
        return np.stack([np.array(answer) for answer in self._answers])
