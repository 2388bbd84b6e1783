"""One engine, one network, one process: runs it, times it, and says how far its answer is off.

The answer compared is that of the last run, so what was timed is what was checked. Prints a JSON
object of the fields of `Measurement`.
"""

import argparse
import dataclasses
import json
import pathlib
import statistics
import time

import numpy as np

from . import engines, files
from .answers import error
from .measurement import CHECK_RUNS, WARM_UP_SHARE, Measurement


def run_for(engine: engines.Engine, seconds: float) -> list[int]:
    """Nanoseconds of each of the inferences that fit, at least CHECK_RUNS of them."""
    clock = time.perf_counter_ns
    nanoseconds: list[int] = []
    end = clock() + int(seconds * 1e9)
    while clock() < end or len(nanoseconds) < CHECK_RUNS:
        engine.supply()
        start = clock()
        engine.run()
        nanoseconds.append(clock() - start)
    return nanoseconds


def measure(adapter: str, folder: pathlib.Path, threads: int, seconds: float) -> Measurement:
    engine = engines.adapter(adapter)(folder, threads)
    run_for(engine, WARM_UP_SHARE * seconds)
    nanoseconds = run_for(engine, seconds)
    return Measurement(
        milliseconds=statistics.median(nanoseconds) / 1e6,
        runs=len(nanoseconds),
        precision=engine.precision,
        settings=engine.settings,
        error=error(engine.probabilities(), np.load(folder / files.ANSWER)),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("adapter")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--seconds", type=float, required=True)
    arguments = parser.parse_args()
    measurement = measure(
        arguments.adapter, arguments.folder, arguments.threads, arguments.seconds
    )
    print(json.dumps(dataclasses.asdict(measurement)))


if __name__ == "__main__":
    main()
