"""The commands that meet faults, and the folder each of them runs in."""

import dataclasses
import json
import pathlib
import shutil
import struct
import subprocess

NETWORK = """{"schema": "dstune.network/1.0", "name": "tiny", "input": [8, 8, 3], "classes": 4, "layers": [
{"kind": "standard", "name": "stem", "kernel": 3, "stride": 2, "padding": "same", "channels": 8},
{"kind": "depthwise", "name": "filter", "kernel": 3, "padding": "same", "activation": "relu6"},
{"kind": "pointwise", "name": "mix", "channels": 16}, {"kind": "avgpool", "name": "mean"},
{"kind": "dense", "name": "scores", "channels": 4}, {"kind": "softmax", "name": "chances"}]}
"""


@dataclasses.dataclass(frozen=True)
class Command:
    """One command line in a folder that holds `Scene`'s files."""

    name: str
    words: tuple[str, ...]
    # What it writes besides standard output; each may be there before, as `Scene.before` has it.
    outputs: tuple[str, ...] = ()
    # Whether it writes the same bytes every time.
    repeats: bool = True
    # Files that may be there afterwards and need not be.
    leaves: tuple[str, ...] = ()


COMMANDS = (
    Command("estimate", ("dstune", "-m", "net.json", "-t", "1", "--effort", "estimate", "-o", "out.schedule.json"),
            ("out.schedule.json",)),
    Command("replay", ("dstune", "replay", "a.trials.jsonl", "-m", "net.json", "-o", "out.schedule.json"),
            ("out.schedule.json",)),
    Command("merge", ("dstune", "merge", "a.schedule.json", "b.schedule.json", "-o", "out.schedule.json"),
            ("out.schedule.json",)),
    Command("diff", ("dstune", "diff", "a.schedule.json", "a.schedule.json")),
    Command("check", ("dstune", "check", "a.schedule.json", "-m", "net.json", "-t", "1")),
    Command("plan", ("dstune", "plan", "-m", "net.json", "-t", "1", "--shards", "2", "-o", "out.plan.json"),
            ("out.plan.json",)),
    Command("cost", ("dsbench", "cost", "-m", "net.json")),
    Command("list", ("dsbench", "list", "kernels")),
    Command("run", ("dsbench", "run", "-m", "net.json", "-t", "1", "--seconds", "0.05", "-f", "json", "-o", "out.json"),
            ("out.json",), repeats=False),
    Command("compare", ("dsbench", "compare", "runs", "run.json", "run.json", "-f", "json", "-o", "out.json"),
            ("out.json",), repeats=False),
    Command("classify", ("dsclassify", "-m", "net.json", "-W", "seed:0", "-l", "labels.txt", "-t", "1", "-o", "out.npy",
                         "image.ppm"), ("out.npy",)),
    Command("weights", ("dsclassify", "-m", "net.json", "-W", "net.safetensors", "-t", "1", "-o", "out.npy", "in.npy"),
            ("out.npy",)),
    Command("tune", ("dstune", "-m", "net.json", "-t", "1", "--time", "1s", "-o", "out.schedule.json"),
            ("out.schedule.json",), repeats=False, leaves=("out.trials.jsonl", "out.trials.jsonl.old")),
)


class Scene:
    """A folder of inputs, made once; every command gets a copy of it."""

    def __init__(self, root, programs):
        self.root = root
        self.programs = programs
        self.inputs = root / "inputs"
        self.inputs.mkdir()
        (self.inputs / "net.json").write_text(NETWORK)
        (self.inputs / "labels.txt").write_text("ant\nbee\ncat\ndog\n")
        (self.inputs / "image.ppm").write_bytes(b"P6 9 9 255\n" + bytes(range(243)))
        self._write_tensors()
        self._make("dstune", "-m", "net.json", "-t", "1", "--time", "1s", "-o", "a.schedule.json")
        other = json.loads((self.inputs / "a.schedule.json").read_text()) | {"warnings": ["of another run"]}
        (self.inputs / "b.schedule.json").write_text(json.dumps(other))
        self._make("dsbench", "run", "-m", "net.json", "-t", "1", "--seconds", "0.05", "-f", "json", "-o", "run.json")
        self._make("dstune", "plan", "-m", "net.json", "-t", "1", "--shards", "1", "-o", "a.plan.json")
        # What an output holds before: the commands replace what is theirs, and nothing else.
        self.before = {
            "out.schedule.json": (self.inputs / "b.schedule.json").read_bytes(),
            "out.plan.json": (self.inputs / "a.plan.json").read_bytes(),
            "out.json": (self.inputs / "run.json").read_bytes(),
            "out.npy": (self.inputs / "in.npy").read_bytes(),
        }

    def _make(self, program, *words):
        done = subprocess.run([self.programs / program, *words], cwd=self.inputs, capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(f"{program} {' '.join(words)}: {done.stderr}")

    def _write_tensors(self):
        """Weights and an input of the network, all of one value."""
        shapes = {"stem/kernel": [3, 3, 3, 8], "stem/bias": [8], "filter/kernel": [3, 3, 8, 1], "filter/bias": [8],
                  "mix/kernel": [1, 1, 8, 16], "mix/bias": [16], "scores/kernel": [16, 4], "scores/bias": [4]}
        header, data = {}, b""
        for name, shape in shapes.items():
            count = 1
            for extent in shape:
                count *= extent
            header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [len(data), len(data) + 4 * count]}
            data += struct.pack("<f", 0.125) * count
        text = json.dumps(header).encode()
        (self.inputs / "net.safetensors").write_bytes(struct.pack("<Q", len(text)) + text + data)
        text = b"{'descr': '<f4', 'fortran_order': False, 'shape': (8, 8, 3), }".ljust(117) + b"\n"
        (self.inputs / "in.npy").write_bytes(
            b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text + struct.pack("<f", 0.5) * 192)

    def folder(self, command):
        """A fresh folder for one run, with its outputs as they were before."""
        folder = self.root / "work"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.inputs, folder)
        for name in command.outputs:
            (folder / name).write_bytes(self.before[name])
        return folder


def contents(folder):
    """Every file below a folder with its bytes."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(pathlib.Path(folder).rglob("*"))
            if path.is_file()}
