"""The steps of a measurement session: one table of files and the commands that make them."""

import argparse
import dataclasses
import datetime
import json
import os
import pathlib
import shlex
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
NETWORKS = ["mobilenet-v1", "mobilenet-v2", "xception"]
MANIFEST = "results.json"


@dataclasses.dataclass
class Step:
    """A file of the folder, and the command that makes it: on stdout, or by itself."""

    file: str
    program: str
    arguments: list[str]
    writes_itself: bool = False

    @property
    def command(self) -> str:
        return shlex.join([self.program, *self.arguments])


def machine_slug() -> str:
    return _output([str(ROOT / "Scripts" / "machine-slug")])


def build() -> pathlib.Path | None:
    """Release programs; `None` if they do not build."""
    for product in ("dstune", "dsbench"):
        command = ["swift", "build", "--package-path", str(ROOT), "-c", "release", "--product", product]
        if subprocess.run(command, stdout=sys.stderr).returncode:
            return None
    return ROOT / ".build" / "release"


def core_count() -> int:
    listing = _output(["lscpu", "--parse=socket,core"]).splitlines()
    cores = {line for line in listing if not line.startswith("#")}
    return max(1, min(len(cores), len(os.sched_getaffinity(0))))


def _output(command: list[str]) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


class Session:
    def __init__(
        self, folder: pathlib.Path, programs: pathlib.Path, journals: pathlib.Path,
        arguments: argparse.Namespace,
    ):
        self.folder = folder
        self.programs = programs
        self.journals = journals
        self.networks = arguments.networks
        self.threads = arguments.threads or sorted({1, core_count()})
        self.with_peers = arguments.peers
        self.is_quick = arguments.quick
        self.done: list[dict] = []

    # What there is to do

    def steps(self) -> list[Step]:
        tune = ["--time", "3s"] if self.is_quick else []
        run = ["--seconds", "0.5"] if self.is_quick else []
        compare = ["--time", "5s"] if self.is_quick else []
        steps = [
            Step("machine.json", "dstune", ["topology", "--format", "json"]),
            Step("roofline.json", "dsbench", ["roofline", "--format", "json"]),
        ]
        for network in self.networks:
            for count in self.threads:
                which = ["--model", network, "--threads", str(count)]
                stem, schedule = f"{network}-{count}t", f"{network}-{count}t.schedule.json"
                measured = [*run, "--format", "json"]
                steps += [
                    Step(schedule, "dstune", [*which, *tune, "--output", schedule], writes_itself=True),
                    Step(f"{stem}.default.run.json", "dsbench", ["run", *which, *measured]),
                    Step(f"{stem}.tuned.run.json", "dsbench", ["run", *which, "--schedule", schedule, *measured]),
                ]
        kernels = ["compare", "kernels", "--model", self.networks[0], *compare, "--format", "json"]
        steps.append(Step(f"kernels-{self.networks[0]}.json", "dsbench", kernels))
        if self.with_peers:
            steps.append(Step("peers.json", "Scripts/peers", self._peer_arguments(), writes_itself=True))
        return steps

    def _peer_arguments(self) -> list[str]:
        lists = ["--models", ",".join(self.networks), "--threads", ",".join(map(str, self.threads))]
        brief = ["--rounds", "1", "--seconds", "0.2"] if self.is_quick else []
        return [*lists, *brief, "--output", str(self.folder), "--schedules", str(self.folder)]

    # Doing it

    def run(self) -> int:
        """Takes every step; returns how many failed."""
        failures = 0
        steps = self.steps()
        for index, step in enumerate(steps, 1):
            print(f"[{index}/{len(steps)}] {step.command}", file=sys.stderr, flush=True)
            started = time.monotonic()
            fault = self._take(step)
            if fault:
                failures += 1
                print(f"results: {step.file}: {fault}", file=sys.stderr)
            else:
                seconds = round(time.monotonic() - started, 1)
                self.done.append({"file": step.file, "command": step.command, "seconds": seconds})
        self._write_manifest()
        return failures

    def _take(self, step: Step) -> str | None:
        """What went wrong, or `None`. A file that is there stays as it is until its successor is whole."""
        arguments = list(step.arguments)
        if step.program == "dstune" and step.writes_itself:
            arguments += ["--journal", str(self.journals / step.file.replace(".schedule.json", ".trials.jsonl"))]
        program = ROOT / step.program if "/" in step.program else self.programs / step.program
        try:
            done = subprocess.run(
                [str(program), *arguments], cwd=self.folder, stdin=subprocess.DEVNULL, capture_output=True,
                text=True)
        except OSError as error:
            return f"{program}: {error.strerror}"
        # A comparison of which noise left nothing decided is one to take again, as any failure.
        if done.returncode:
            words = (done.stderr.strip() or "no message").splitlines()
            return f"exit code {done.returncode}: {words[0]}"
        if not step.writes_itself:
            partial = self.folder / f"{step.file}.partial"
            partial.write_text(done.stdout, encoding="utf-8")
            partial.replace(self.folder / step.file)
        return None

    def report(self) -> int:
        command = [
            str(ROOT / "Scripts" / "report"), str(self.folder), *map(str, sorted(self.journals.glob("*.jsonl"))),
            "--output", str(self.folder / "report.html"),
        ]
        return 1 if subprocess.run(command).returncode else 0

    def _write_manifest(self) -> None:
        """Which command made which file. Files of an earlier session keep their lines."""
        path = self.folder / MANIFEST
        earlier = json.loads(path.read_text())["files"] if path.exists() else []
        fresh = {entry["file"] for entry in self.done}
        kept = [e for e in earlier if e["file"] not in fresh and (self.folder / e["file"]).exists()]
        manifest = {
            "schema": "dstune.results/1.0",
            "date": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
            "commit": _output([str(ROOT / "Scripts" / "commit-name")]),
            "compiler": _output(["swiftc", "--version"]).splitlines()[0],
            "command": "Scripts/results" + (" --quick" if self.is_quick else "") + (" --peers" if self.with_peers else ""),
            "files": sorted(kept + self.done, key=lambda entry: entry["file"]),
        }
        path.write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
