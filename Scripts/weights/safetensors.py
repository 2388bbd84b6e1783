"""Writes and reads SafeTensors files; the format is small enough not to need a package."""

import json
import os
import pathlib

import numpy as np


def write(path: pathlib.Path, tensors: dict[str, np.ndarray], metadata: dict[str, str]) -> None:
    """Writes float32 tensors. The file is replaced as a whole or not at all."""
    header: dict[str, object] = {"__metadata__": metadata}
    offset = 0
    for name, tensor in tensors.items():
        if tensor.dtype != np.float32:
            raise ValueError(f"tensor {name!r} is {tensor.dtype}, not float32")
        header[name] = {
            "dtype": "F32",
            "shape": list(tensor.shape),
            "data_offsets": [offset, offset + tensor.nbytes],
        }
        offset += tensor.nbytes
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)  # The data begins aligned, so that it is used in place.
    partial = path.with_name(path.name + ".partial")
    try:
        with open(partial, "wb") as file:
            file.write(len(text).to_bytes(8, "little") + text)
            for tensor in tensors.values():
                file.write(np.ascontiguousarray(tensor).astype("<f4", copy=False).tobytes())
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def read(path: pathlib.Path) -> tuple[dict[str, np.ndarray], dict[str, str]]:
    """The float32 tensors of a file, and its metadata; ValueError or KeyError where it is broken."""
    data = path.read_bytes()
    start = 8 + int.from_bytes(data[:8], "little")
    header = json.loads(data[8:start])
    metadata = header.pop("__metadata__", {})
    tensors = {}
    for name, entry in header.items():
        if entry["dtype"] != "F32":
            raise ValueError(f"tensor {name!r} is {entry['dtype']}, not F32")
        begin, end = entry["data_offsets"]
        values = np.frombuffer(data[start + begin : start + end], "<f4")
        tensors[name] = values.reshape(entry["shape"])
    return tensors, metadata
