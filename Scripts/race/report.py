"""The race as Markdown, for people, and as JSON, for programs."""

import dataclasses
import json
import pathlib
import textwrap

from .measurement import ERROR_LIMIT
from .results import Result, Row, Spread, speed_up

SCHEMA = "dstune.peers/1.0"
NOTHING = "–"

EXPLANATION = """\
Median milliseconds of single inferences in f32. Every engine runs in a process of its own, bound to the same
cores, on the same seeded weights and image; all take turns, round after round, in rotated order. Spreads are
those of the rounds' medians. The ratio is dstune ÷ engine in the same round, its median and spread: below 1,
dstune is faster. The error is the largest difference of a probability from Keras's in float64, relative to
the largest probability; in f32 an engine beyond {limit:g} is not timed. Being called from
Python costs a peer 1 to 20 µs an inference, as a network that does nothing shows. The percentage of the FMA peak counts
the formulas' multiply-adds; where a schedule has products by Strassen's algorithm, which does seven of eight, the
percentage of those that are done follows in brackets, and dstune without a schedule, which does all, races too."""


@dataclasses.dataclass(frozen=True)
class Setting:
    """What all results of one run share."""

    command: str
    date: str
    commit: str
    machine: dict[str, object]
    rounds: int
    seconds: float


def markdown(setting: Setting, results: list[Result]) -> str:
    machine = setting.machine
    virtual = ", virtual" if machine["virtual"] else ""
    parts = [
        f"# {machine['name']}: dstune and its peers",
        f"{machine['cpu']}, {machine['cores']} cores{virtual}, {machine['system']}; {setting.date}, "
        f"commit {setting.commit}; {setting.rounds} rounds of {setting.seconds:g} s.",
        f"    {setting.command}",
        EXPLANATION.format(limit=ERROR_LIMIT),
        summary(results),
        *(f"## {result.case.title}\n\n{case_table(result)}" for result in results),
        f"## Settings\n\n{settings(results)}",
    ]
    return "\n\n".join(parts) + "\n"


def summary(results: list[Result]) -> str:
    rows = []
    for result in results:
        ours, peer = result.ours, result.fastest_peer
        ratio = result.ratio(peer) if peer else None
        gain = speed_up(result, results)
        rows.append([
            result.case.title,
            f"{ours.milliseconds.median:.2f}" if ours else NOTHING,
            percent(ours),
            f"{gain:.2f}" if gain else NOTHING,
            f"{peer.milliseconds.median:.2f}" if peer else NOTHING,
            *ratio_cells(ratio),
            peer.title if peer else NOTHING,
        ])
    head = ["network", "dstune ms", "% of FMA peak", "speed-up", "peer ms", "ratio", "spread", "fastest peer"]
    return table(head, rows)


def percent(ours: Row | None) -> str:
    if ours is None or ours.percent_of_peak is None:
        return NOTHING
    done = f" ({ours.percent_done:.1f})" if ours.percent_done is not None else ""
    return f"{ours.percent_of_peak:.1f}{done}"


def case_table(result: Result) -> str:
    rows = sorted(result.rows, key=place)
    head = ["engine", "version", "ms", "spread", "ratio", "spread", "error", "remark"]
    lines = table(head, [case_cells(result, row) for row in rows])
    return "\n\n".join([lines, *(f"Doubt: {doubt}." for doubt in result.doubts)])


def place(row: Row) -> tuple[bool, bool, float]:
    """Fastest first; then those not compared; then the absent."""
    return (not row.rounds, row.is_apart, row.milliseconds.median if row.rounds else 0)


def case_cells(result: Result, row: Row) -> list[str]:
    error = row.checked.error if row.checked else None
    return [
        row.title, row.version, *time_cells(row), *ratio_cells(result.ratio(row)),
        f"{error:.0e}" if error is not None else NOTHING, remark(row),
    ]


def time_cells(row: Row) -> list[str]:
    if not row.rounds:
        return [NOTHING, NOTHING]
    spread = row.milliseconds
    return [f"{spread.median:.2f}", f"{spread.low:.2f}–{spread.high:.2f}"]


def ratio_cells(ratio: Spread | None) -> list[str]:
    if ratio is None:
        return [NOTHING, NOTHING]
    return [f"{ratio.median:.3f}", f"{ratio.low:.3f}–{ratio.high:.3f}"]


def remark(row: Row) -> str:
    if row.absent is not None:
        return f"not raced: {textwrap.shorten(row.absent, 100)}"
    if row.is_apart and row.checked:
        return f"{row.checked.precision}, not compared"
    return ""


def settings(results: list[Result]) -> str:
    """Each contestant's settings, once for all cases where they are the same."""
    lines = {
        f"- {row.title}: {row.checked.settings}": None
        for result in results for row in result.rows if row.checked
    }
    return "\n".join(lines)


def table(head: list[str], rows: list[list[str]]) -> str:
    """A Markdown table that is aligned as text too: numbers right, the first and last column left."""
    lines = [head, *rows]
    widths = [max(3, *(len(line[column]) for line in lines)) for column in range(len(head))]
    texts = (0, len(head) - 1)

    def text(cells: list[str]) -> str:
        padded = [
            cell.ljust(width) if column in texts else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(cells, widths, strict=True))
        ]
        return f"| {' | '.join(padded)} |"

    rule = [
        "-" * width if column in texts else "-" * (width - 1) + ":"
        for column, width in enumerate(widths)
    ]
    return "\n".join(map(text, [head, rule, *rows]))


def record(setting: Setting, results: list[Result]) -> dict[str, object]:
    return {
        "schema": SCHEMA, **dataclasses.asdict(setting),
        "cases": [
            {
                **dataclasses.asdict(result.case.network), "threads": result.case.threads,
                "cpus": result.cpus, "disturbance": result.disturbance, "doubts": result.doubts,
                "fastest_peer": result.fastest_peer.name if result.fastest_peer else None,
                "speed_up": speed_up(result, results),
                "engines": [row_record(result, row) for row in result.rows],
            }
            for result in results
        ],
    }


def row_record(result: Result, row: Row) -> dict[str, object]:
    ratio, checked = result.ratio(row), row.checked
    return {
        "name": row.name, "title": row.title, "version": row.version, "absent": row.absent,
        "precision": checked.precision if checked else None,
        "settings": checked.settings if checked else None,
        "error": checked.error if checked else None,
        "milliseconds": dataclasses.asdict(row.milliseconds) if row.rounds else None,
        "rounds": [
            {"milliseconds": one.milliseconds, "runs": one.runs} for one in row.rounds
        ],
        "percent_of_peak": row.percent_of_peak, "percent_done": row.percent_done,
        "ratio": dataclasses.asdict(ratio) if ratio else None,
    }


def write(setting: Setting, results: list[Result], folder: pathlib.Path) -> None:
    """Replaces both files of the folder, each as a whole."""
    texts = {
        "peers.json": json.dumps(record(setting, results), indent=2) + "\n",
        "peers.md": markdown(setting, results),
    }
    for name, text in texts.items():
        partial = folder / f"{name}.partial"
        partial.write_text(text)
        partial.replace(folder / name)
