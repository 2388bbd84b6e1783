"""What the scripts tuning-* share: programs, folders, the table they print and save."""

import argparse
import datetime
import json
import math
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
NETWORKS = ("mobilenet-v1", "mobilenet-v2", "xception")


class Failure(Exception):
    """A program that did not do what the experiment needs."""


def arguments(name, description, measures=True, **defaults):
    """The parser of one script, with the flags that all have, or that all have which measure."""
    parser = argparse.ArgumentParser(
        prog=f"Scripts/{name}", description=description,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--networks", nargs="+", metavar="NETWORK", default=list(NETWORKS))
    if measures:
        parser.add_argument("--threads", nargs="+", type=int, default=[1, 2])
        parser.add_argument(
            "--network-flags", default="", metavar="FLAGS",
            help="more flags of dstune that choose the network, such as '-w 0.25 -r 32'")
        parser.add_argument(
            "--time", help="time limit of each tuning, such as 3s: only to try the script")
        parser.add_argument(
            "--race", default="20s", help="time of each race of schedules (default: 20s)")
    parser.add_argument("--add", action="store_true", help="keep what the output file has, and add to it")
    parser.add_argument("--output", type=pathlib.Path, help="folder (default: Results/MACHINE)")
    parser.add_argument(
        "--programs", type=pathlib.Path, help="folder of dstune and dsbench (default: builds them)")
    parser.set_defaults(**defaults)
    return parser


class Experiment:
    """One run of a script: what it prints is also in NAME.txt of the machine's results."""

    def __init__(self, name, options):
        self.name = name
        self.options = options
        self.folder = options.output or ROOT / "Results" / one_line("machine-slug")
        self.programs = (options.programs or build()).resolve()
        self.failures = 0
        self.lines = []
        self.say(f"# {' '.join(['Scripts/' + name] + sys.argv[1:])}")
        self.say(f"# {datetime.date.today()}, commit {one_line('commit-name')}")

    def say(self, line=""):
        print(line, flush=True)
        self.lines.append(line)

    def verdict(self, is_met, sentence):
        """Says whether a goal is met; one that is not makes the script fail."""
        self.failures += not is_met
        self.say(f"{'met' if is_met else 'MISSED'}: {sentence}")

    def finish(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / f"{self.name}.txt"
        before = path.read_text() + "\n" if self.options.add and path.exists() else ""
        path.write_text(before + "\n".join(self.lines) + "\n")
        print(f"{self.name}: written to {path}", file=sys.stderr)
        return 1 if self.failures else 0

    # Running

    def run(self, program, words, codes=(0,), **keywords):
        command = [str(self.programs / program), *map(str, words)]
        result = subprocess.run(command, capture_output=True, text=True, **keywords)
        if result.returncode not in codes:
            raise Failure(f"{' '.join(command)} ended with {result.returncode}:\n{result.stderr}")
        return result

    def tuning(self, network, threads, output, *more):
        """Flags of one tuning."""
        limit = ["--time", self.options.time] if self.options.time else []
        return [
            "-m", network, *self.options.network_flags.split(), "-t", threads, "-o", output, *limit,
            *more,
        ]

    def tune(self, network, threads, output, *more):
        """Tunes; the schedule, and the seconds that took."""
        start = time.monotonic()
        self.run("dstune", self.tuning(network, threads, output, *more))
        return json.loads(output.read_text()), time.monotonic() - start

    def race(self, schedules):
        """Speeds of the schedules relative to the first, from one interleaved race: (ratio, low, high)."""
        model = []
        if "default" in map(str, schedules):
            named = next(path for path in schedules if str(path) != "default")
            network = json.loads(pathlib.Path(named).read_text())["network"]
            model = ["-m", network["name"], "-w", network["width"], "-r", network["resolution"]]
            model += ["-t", json.loads(pathlib.Path(named).read_text())["threads"]]
        # 1: noise left every row undecided.
        result = self.run(
            "dsbench",
            ["compare", "schedules", *schedules, *model, "--time", self.options.race, "-f", "json"], codes=(0, 1))
        rows = json.loads(result.stdout)["schedules"]
        return [_speed(rows[0], row) for row in rows]


def _speed(first, row):
    """(ratio, low, high) of a race; where noise left that undecided, the medians' ratio, known no better than anything."""
    speed = row["relative_speed"]
    if speed["ratio"] is not None:
        return speed["ratio"], speed["low"], speed["high"]
    return statistics.median(first["samples_ns"]) / statistics.median(row["samples_ns"]), 0.0, math.inf


def one_line(script):
    """What a script that names something prints."""
    return subprocess.run([ROOT / "Scripts" / script], capture_output=True, text=True, check=True).stdout.strip()


def build():
    for program in ("dstune", "dsbench"):
        command = ["swift", "build", "--package-path", str(ROOT), "-c", "release", "--product", program]
        subprocess.run(command, check=True, stdout=sys.stderr)
    return ROOT / ".build" / "release"


def choices(schedule):
    """The choice of every problem, as text."""
    return {
        entry["problem"]: " ".join(
            [entry["kernel"]] + [f"{k}={v}" for k, v in sorted(entry["parameters"].items())]
            + [entry["cores"]])
        for entry in schedule["entries"]
    }


def geometric_mean(ratios):
    return math.exp(sum(map(math.log, ratios)) / len(ratios))


def main(name, options, body):
    """Runs `body(experiment, scratch folder)` and says how it ended."""
    try:
        experiment = Experiment(name, options)
        with tempfile.TemporaryDirectory() as scratch:
            body(experiment, pathlib.Path(scratch))
        return experiment.finish()
    except (Failure, subprocess.CalledProcessError) as error:
        print(f"{name}: error: {error}", file=sys.stderr)
        return 4
