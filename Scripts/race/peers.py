"""The table of all engines that race."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Peer:
    name: str  # on the command line and in results
    title: str
    distribution: str  # on PyPI
    adapter: str  # module and class below race.engines
    model: str  # which of race.models's formats it reads
    is_apart: bool = False  # races only in less than f32, and is not compared


PEERS = (
    Peer("litert", "LiteRT (XNNPACK)", "ai-edge-litert", "litert:LiteRT", "tflite"),
    Peer("openvino", "OpenVINO", "openvino", "openvino:OpenVINO", "onnx"),
    Peer("onnxruntime", "ONNX Runtime", "onnxruntime", "onnxruntime:ONNXRuntime", "onnx"),
    Peer("ncnn", "ncnn", "ncnn", "ncnn:NCNN", "ncnn"),
    Peer("mnn", "MNN", "MNN", "mnn:MNN", "mnn"),
    Peer("torch-compiled", "PyTorch, compiled", "torch", "torch:Compiled", "graph"),
    Peer("torch-eager", "PyTorch, eager", "torch", "torch:Eager", "graph"),
    Peer(
        "openvino-default", "OpenVINO, its default precision", "openvino",
        "openvino:OpenVINODefaultPrecision", "onnx", is_apart=True,
    ),
)
