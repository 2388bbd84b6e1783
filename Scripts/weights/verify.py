"""Compares `dsclassify` with Keras: same weights, same input, on every path through the program."""

import argparse
import os
import pathlib
import platform
import subprocess
import sys
import tempfile

import numpy as np

from . import fixtures, networks, safetensors, seeded

NETWORKS = [
    networks.Network("mobilenet-v1", 224),
    networks.Network("mobilenet-v2", 224),
    networks.Network("xception", 299),
    networks.Network("mobilenet-v1", 128, 0.25),
]
LIMIT = 1e-4


def instruction_sets() -> list[str]:
    """What `--isa` may be told on this machine."""
    if platform.machine() != "x86_64":
        return ["baseline"]
    lines = pathlib.Path("/proc/cpuinfo").read_text().splitlines()
    flags = set(next((line for line in lines if line.startswith("flags")), "").split())
    sets = ["baseline"]
    if {"avx2", "fma"} <= flags:
        sets.append("avx2")
    if {"avx512f", "avx512bw", "avx512dq", "avx512vl", "avx512cd"} <= flags:
        sets.append("avx512")
    return sets


def thread_counts() -> list[int]:
    return [1, 2] if len(os.sched_getaffinity(0)) > 1 else [1]


class Reference:
    """Keras's answer for one network, and the files that put the same question to the program."""

    def __init__(self, network: networks.Network, seed: int, folder: pathlib.Path) -> None:
        self.network = network
        self.weights = folder / f"{network.slug}.safetensors"
        self.input = folder / f"{network.slug}-input.npy"
        model = network.build()
        networks.seed(model, seed)
        image = seeded.input_image(network.resolution, seed)
        self.logits = np.asarray(model(image, training=False))[0]
        fixtures.check_healthy(network, self.logits)
        exponentials = np.exp(self.logits - self.logits.max())
        self.probabilities = exponentials / exponentials.sum()
        metadata = {"epsilon": f"{networks.epsilon(model):g}", "source": "seeded"}
        safetensors.write(self.weights, networks.tensors(model), metadata)
        np.save(self.input, image)


class Failure(Exception):
    """One sentence on why a run gave no answer."""


def run(command: list[str], timeout: float) -> str:
    """Runs a program to its good end; what it said on standard error."""
    try:
        result = subprocess.run(command, capture_output=True, text=True, timeout=timeout)
    except subprocess.TimeoutExpired:
        raise Failure(f"no answer within {timeout:g} s: {' '.join(command)}") from None
    if result.returncode != 0:
        lines = result.stderr.strip().splitlines() or ["no message"]
        raise Failure(f"exit {result.returncode}: {lines[-1]}  ({' '.join(command)})")
    return result.stderr


def classify(program: pathlib.Path, reference: Reference, options: list[str], logits: bool) -> np.ndarray:
    with tempfile.TemporaryDirectory() as folder:
        output = pathlib.Path(folder) / "output.npy"
        talk = run(
            [
                str(program / "dsclassify"), *reference.network.arguments,
                "--weights", str(reference.weights), *options, "--output", str(output),
                *(["--logits"] if logits else []), str(reference.input),
            ],
            timeout=300,
        )
        # Entries that were dropped run the default kernels, which another row is about.
        if "--schedule" in options and ("entries used" not in talk or "dropped" in talk):
            raise Failure(f"the schedule was not used as a whole: {talk.strip()}")
        try:
            values = np.load(output)
        except (OSError, ValueError) as error:
            raise Failure(f"dsclassify wrote no readable output: {error}") from None
    if values.size != reference.logits.size or values.dtype != np.float32:
        raise Failure(f"output of shape {values.shape} and type {values.dtype}")
    return values.reshape(-1)


def compare(values: np.ndarray, expected: np.ndarray) -> tuple[float, bool]:
    """The largest difference relative to the largest value, and whether the best five agree."""
    if not np.isfinite(values).all():
        return float("inf"), False
    difference = float(np.abs(values - expected).max() / np.abs(expected).max())
    best = [np.argsort(-scores, kind="stable")[:5].tolist() for scores in (values, expected)]
    return difference, best[0] == best[1]


def tune(
    program: pathlib.Path, network: networks.Network, threads: int, isa: str, seconds: float,
    schedule: pathlib.Path,
) -> None:
    run(
        [
            str(program / "dstune"), *network.arguments, "--threads", str(threads), "--isa", isa,
            "--time", f"{seconds:g}s", "--output", str(schedule),
        ],
        timeout=20 * seconds + 120,
    )


def verify(arguments: argparse.Namespace, folder: pathlib.Path) -> bool:
    print(f"{'network':24} {'isa':9} {'threads':>7} {'schedule':9} {'logits':>9} {'softmax':>9}  top 5")
    agrees = True
    for network in NETWORKS:
        reference = Reference(network, arguments.seed, folder)
        for isa in arguments.isa:
            for threads in arguments.threads:
                schedules: list[pathlib.Path | None] = [None]
                if not arguments.no_schedule:
                    schedules.append(folder / f"{network.slug}-{isa}-{threads}.schedule.json")
                for schedule in schedules:
                    name = "default" if schedule is None else "tuned"
                    line = f"{network.slug:24} {isa:9} {threads:7} {name:9}"
                    try:
                        passed, text = one_row(arguments, reference, isa, threads, schedule)
                    except Failure as failure:
                        passed, text = False, f" FAILED: {failure}"
                    print(line + text, flush=True)
                    agrees = agrees and passed
    print(f"limit {LIMIT:g} of the largest value: " + ("all agree" if agrees else "NOT all agree"))
    return agrees


def one_row(
    arguments: argparse.Namespace, reference: Reference, isa: str, threads: int,
    schedule: pathlib.Path | None,
) -> tuple[bool, str]:
    program = arguments.programs
    options = ["--isa", isa, "--threads", str(threads)]
    if schedule is not None:
        tune(program, reference.network, threads, isa, arguments.tune_seconds, schedule)
        options += ["--schedule", str(schedule)]
    scores = classify(program, reference, options, logits=True)
    probabilities = classify(program, reference, options, logits=False)
    score_error, same_best = compare(scores, reference.logits)
    probability_error, _ = compare(probabilities, reference.probabilities)
    passed = score_error <= LIMIT and probability_error <= 10 * LIMIT and same_best
    best = "same" if same_best else "DIFFER"
    text = f" {score_error:9.1e} {probability_error:9.1e}  {best}"
    return passed, text + ("" if passed else "  FAILED")


def main() -> int:
    parser = argparse.ArgumentParser(prog="Scripts/verify-keras", description=__doc__)
    root = pathlib.Path(__file__).resolve().parents[2]
    parser.add_argument(
        "--programs", type=pathlib.Path, default=root / ".build/release",
        help="folder of dsclassify and dstune (default: .build/release)",
    )
    parser.add_argument("--isa", nargs="+", default=instruction_sets(), help="instruction sets")
    parser.add_argument("--threads", nargs="+", type=int, default=thread_counts(), help="thread counts")
    parser.add_argument("--seed", type=int, default=0, help="seed of weights and input")
    parser.add_argument("--no-schedule", action="store_true", help="do not tune: default kernels only")
    parser.add_argument("--tune-seconds", type=float, default=3, help="time for each schedule")
    parser.add_argument("--keep", type=pathlib.Path, help="keep weights, inputs and schedules here")
    parser.add_argument("--fixtures", action="store_true", help="rewrite Tests/Fixtures/keras instead")
    arguments = parser.parse_args()
    if arguments.fixtures:
        fixtures.main(root / "Tests/Fixtures/keras")
        return 0
    for program in ["dsclassify"] + ([] if arguments.no_schedule else ["dstune"]):
        if not (arguments.programs / program).is_file():
            parser.error(f"{arguments.programs / program} is missing; run: swift build -c release")
    if arguments.keep:
        arguments.keep.mkdir(parents=True, exist_ok=True)
        return 0 if verify(arguments, arguments.keep) else 1
    with tempfile.TemporaryDirectory() as folder:
        return 0 if verify(arguments, pathlib.Path(folder)) else 1


if __name__ == "__main__":
    sys.exit(main())
