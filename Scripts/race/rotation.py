"""Checks every contestant's answer, then times all of them in turn, round after round."""

import pathlib
import subprocess
import sys
from collections.abc import Callable, Iterable

from .cases import Case, Network
from .contestants import Absent, Contestant
from .machine import Interference
from .results import Result, Row

Talk = Callable[[str], None]


class NoModels(Exception):
    """One sentence on why a network cannot be raced at all."""


def make_models(network: Network, formats: Iterable[str], folder: pathlib.Path) -> None:
    """Writes the network in every format, in a process of its own; raises NoModels."""
    command = [
        sys.executable, "-m", "race.models", str(folder), "--model", network.model,
        "--width", str(network.width), "--resolution", str(network.resolution),
        "--batch", str(network.batch), "--formats", *sorted(set(formats)),
    ]
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode:
        lines = result.stderr.strip().splitlines() or ["no message"]
        raise NoModels(f"{network.slug}: its models cannot be made: {lines[-1]}")


def order(count: int, turn: int, turns: int) -> list[int]:
    """The contestants' order in one round: rotated, so that over all rounds each runs early and late."""
    first = turn * count // turns
    return [(first + position) % count for position in range(count)]


def race(
    case: Case, contestants: list[Contestant], folder: pathlib.Path, cpus: list[int],
    rounds: int, seconds: float, talk: Talk,
) -> Result:
    rows = {
        one.name: Row(one.name, one.title, one.version, one.is_apart) for one in contestants
    }
    for contestant in contestants:
        talk(f"{case.title}: checking {contestant.title}")
        _check(contestant, case, folder, cpus, rows[contestant.name])
    interference = Interference()
    for turn in range(rounds):
        running = [one for one in contestants if rows[one.name].absent is None]
        for index in order(len(running), turn, rounds):
            contestant = running[index]
            talk(f"{case.title}: round {turn + 1} of {rounds}, {contestant.title}")
            _time(contestant, case, folder, cpus, seconds, rows[contestant.name])
    return Result(case, cpus, list(rows.values()), interference.share())


def _check(
    contestant: Contestant, case: Case, folder: pathlib.Path, cpus: list[int], row: Row
) -> None:
    try:
        row.checked = contestant.check(case, folder, cpus)
    except Absent as absence:
        row.absent = str(absence)
    else:
        if row.checked.is_wrong:
            row.absent = _wrong(row.checked.error)


def _time(
    contestant: Contestant, case: Case, folder: pathlib.Path, cpus: list[int], seconds: float,
    row: Row,
) -> None:
    """Adds a round to the row, or takes the contestant out of the race."""
    try:
        measurement = contestant.time(case, folder, cpus, seconds)
    except Absent as absence:
        row.absent = str(absence)
    else:
        if measurement.is_wrong:
            row.absent = _wrong(measurement.error)
        row.rounds.append(measurement)
    if row.absent is not None:
        row.rounds.clear()  # Ratios need every round.


def _wrong(error: float | None) -> str:
    return f"wrong answer, off by {error:.1e} of the largest probability: not timed"
