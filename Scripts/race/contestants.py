"""Those who race: every engine in a process of its own, and this project's commands."""

import abc
import dataclasses
import importlib.metadata
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile

import numpy as np

from . import files
from .answers import error
from .cases import Case
from .measurement import Measurement
from .peers import PEERS, Peer

CHECK_TIMEOUT_SECONDS = 900  # PyTorch compiles the network in it.
CHECK_SECONDS = 0.05  # The least that dsbench takes.


class Absent(Exception):
    """One sentence on why a contestant does not race."""


class Contestant(abc.ABC):
    name: str
    title: str
    version: str
    is_apart = False
    """Shown, but not compared: it computes in less than f32."""

    @abc.abstractmethod
    def check(self, case: Case, folder: pathlib.Path, cpus: list[int]) -> Measurement:
        """A few runs whose answer is compared with Keras's."""

    @abc.abstractmethod
    def time(
        self, case: Case, folder: pathlib.Path, cpus: list[int], seconds: float
    ) -> Measurement:
        """The median of single inferences, warmed up."""


def run(command: list[str], cpus: list[int], timeout: float, **environment: str) -> str:
    """The output of a command that runs on `cpus` alone."""
    pinned = ["taskset", "--cpu-list", ",".join(map(str, cpus)), *command]
    try:
        result = subprocess.run(
            pinned, capture_output=True, text=True, timeout=timeout, env=os.environ | environment
        )
    except subprocess.TimeoutExpired:
        raise Absent(f"no answer within {timeout:g} s") from None
    if result.returncode < 0:
        raise Absent(f"ended by {signal.Signals(-result.returncode).name}")
    if result.returncode:
        lines = result.stderr.strip().splitlines() or [f"exit code {result.returncode}"]
        raise Absent(lines[-1])
    return result.stdout


class PeerProcess(Contestant):
    """An engine in a Python process, `race.worker`."""

    def __init__(self, peer: Peer) -> None:
        self.peer = peer
        self.name, self.title, self.is_apart = peer.name, peer.title, peer.is_apart
        try:
            self.version = importlib.metadata.version(peer.distribution)
        except importlib.metadata.PackageNotFoundError:
            self.version = "not installed"

    def check(self, case: Case, folder: pathlib.Path, cpus: list[int]) -> Measurement:
        problem = json.loads((folder / files.REPORT).read_text())[self.peer.model]
        if problem:
            raise Absent(f"its model could not be made: {problem}")
        measurement = self.time(case, folder, cpus, 0)
        if self.is_apart and measurement.precision == "f32":
            raise Absent("its default is f32 on this CPU, as in the other row")
        return measurement

    def time(
        self, case: Case, folder: pathlib.Path, cpus: list[int], seconds: float
    ) -> Measurement:
        command = [
            sys.executable, "-m", "race.worker", self.peer.adapter, str(folder),
            "--threads", str(case.threads), "--seconds", str(seconds),
        ]
        output = run(
            command, cpus, CHECK_TIMEOUT_SECONDS + 3 * seconds,
            TORCHINDUCTOR_CACHE_DIR=str(folder / "inductor"),
        )
        return Measurement(**json.loads(output.strip().splitlines()[-1]))  # Some engines print too.


class Ours(Contestant):
    """`dsclassify` for the answer, `dsbench run` for the time."""

    name = "dstune"
    title = "dstune"

    def __init__(self, programs: pathlib.Path, schedules: pathlib.Path) -> None:
        self.programs = programs
        self.schedules = schedules
        dsbench = programs / "dsbench"
        self.version = "not built"
        if dsbench.is_file():
            text = subprocess.run([dsbench, "--version"], capture_output=True, text=True).stdout
            self.version = text.split()[1]

    def _program(self, name: str) -> pathlib.Path:
        path = self.programs / name
        if not path.is_file():
            raise Absent(f"{path} is missing; run: swift build -c release --product {name}")
        return path

    def _schedule(self, case: Case) -> pathlib.Path | None:
        return case.schedule(self.schedules)

    def _options(self, case: Case) -> list[str]:
        schedule = self._schedule(case)
        options = ["--threads", str(case.threads)]
        return options if schedule is None else [*options, "--schedule", str(schedule)]

    def _settings(self, case: Case) -> str:
        schedule = self._schedule(case)
        text = f"schedule {schedule.name}" if schedule else "no schedule: its cache model chooses"
        return text if case.network.batch == 1 else f"{text}; only the first image's answer compared"

    def check(self, case: Case, folder: pathlib.Path, cpus: list[int]) -> Measurement:
        # Of a batch the first image, for dsclassify takes one.
        with tempfile.TemporaryDirectory() as scratch:
            image, answer = pathlib.Path(scratch) / "image.npy", pathlib.Path(scratch) / "answer.npy"
            np.save(image, np.load(folder / files.IMAGE)[:1])
            command = [
                str(self._program("dsclassify")), *case.network.image_arguments,
                "--weights", "seed:0", *self._options(case), "--output", str(answer), str(image),
            ]
            run(command, cpus, CHECK_TIMEOUT_SECONDS)
            expected = np.load(folder / files.ANSWER)[:1]
            difference = error(np.load(answer).reshape(expected.shape), expected)
        return dataclasses.replace(self.time(case, folder, cpus, CHECK_SECONDS), error=difference)

    def time(
        self, case: Case, folder: pathlib.Path, cpus: list[int], seconds: float
    ) -> Measurement:
        command = [
            str(self._program("dsbench")), "run", *case.network.arguments, *self._options(case),
            "--seconds", str(seconds), "--format", "json",
        ]
        result = json.loads(run(command, cpus, CHECK_TIMEOUT_SECONDS + 3 * seconds))
        percent, done = result["percent_of_peak"], result["multiply_adds_done"] / result["multiply_adds"]
        return Measurement(
            milliseconds=result["latency_ms"]["median"], runs=result["latency_ms"]["samples"],
            precision="f32", settings=self._settings(case), error=None, percent_of_peak=percent,
            percent_done=percent * done if percent is not None and done < 1 else None,
        )


class OursAsWritten(Ours):
    """The kernels that run without a schedule: they multiply as the formulas say, by no other algorithm."""

    name = "dstune-as-written"
    title = "dstune, no schedule"

    def check(self, case: Case, folder: pathlib.Path, cpus: list[int]) -> Measurement:
        if case.schedule(self.schedules) is None:
            raise Absent("there is no schedule: dstune's own row has none either")
        return super().check(case, folder, cpus)

    def _schedule(self, case: Case) -> pathlib.Path | None:
        return None


def enter(names: list[str], programs: pathlib.Path, schedules: pathlib.Path) -> list[Contestant]:
    """The contestants of these names, ours first."""
    ours: list[Contestant] = [
        kind(programs, schedules) for kind in (Ours, OursAsWritten) if kind.name in names]
    return ours + [PeerProcess(peer) for peer in PEERS if peer.name in names]
