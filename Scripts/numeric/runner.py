"""Runs networks by the project's own code, many in one process, and by its command."""

import json
import subprocess
import threading
from dataclasses import dataclass

import numpy

SECONDS_A_JOB = 300


class RunFailure(Exception):
    """A program that ended, or did not, where it had to give scores."""


@dataclass(frozen=True)
class Run:
    """One way to run a network, and its scores [image][class]."""

    isa: str
    threads: int
    batch: int
    micro_batch: int
    schedule: str | None
    chains: int
    strassen: tuple
    # Whether all kernels round as those that run without a schedule.
    usual: bool
    scores: numpy.ndarray

    @staticmethod
    def read(line, images):
        record = json.loads(line)
        bits = numpy.array(record.pop("bits"), numpy.uint32)
        record["strassen"] = tuple(record["strassen"])
        return Run(scores=bits.view(numpy.float32).reshape(images, -1), **record)

    def __str__(self):
        words = [self.isa, f"{self.threads} threads", f"batch {self.batch}"]
        words += [f"{self.micro_batch} at a time"] if self.micro_batch != self.batch else []
        words += [f"{self.chains} chains in bands"] if self.chains else []
        return ", ".join(words + [self.schedule or "no schedule"])


class Runner:
    """Tests/RandomNetworks, started again where it ended."""

    def __init__(self, programs, options):
        self.command = [str(programs / "RandomNetworks"), ",".join(options.isa),
                        ",".join(map(str, options.threads)), str(options.schedules)]
        self.process = None

    def runs(self, folder, seed, images):
        if self.process is None:
            self.process = subprocess.Popen(
                self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.process.stdin.write(f"{folder} {seed}\n")
        self.process.stdin.flush()
        # One that hangs ends, and with it its output.
        limit = threading.Timer(SECONDS_A_JOB, self.process.kill)
        limit.start()
        lines = []
        while (line := self.process.stdout.readline()) not in ("done\n", ""):
            lines.append(line)
        limit.cancel()
        if not line:
            talk = self.process.stderr.read().strip().splitlines()[-3:]
            status = self.process.wait()
            self.process = None
            raise RunFailure(" ".join([f"RandomNetworks ended with {status} after {len(lines)} runs:", *talk]))
        return [Run.read(line, images) for line in lines]

    def close(self):
        if self.process:
            self.process.stdin.close()
            self.process.wait()
            self.process = None


def classify(programs, folder, run, image):
    """The scores of one image by dsclassify, in the way of a run."""
    numpy.save(f"{folder}/image.npy", image)
    command = [str(programs / "dsclassify"), "-m", f"{folder}/network.json", "-W", f"{folder}/w.safetensors",
               "-t", str(run.threads), "--isa", run.isa, "--logits", "-o", f"{folder}/scores.npy"]
    command += ["-s", run.schedule] if run.schedule else []
    result = subprocess.run([*command, f"{folder}/image.npy"], capture_output=True, text=True)
    if result.returncode != 0:
        raise RunFailure(f"{' '.join(command)}: ended with {result.returncode}: {result.stderr.strip()}")
    return numpy.load(f"{folder}/scores.npy")[0] + numpy.float32(0)
