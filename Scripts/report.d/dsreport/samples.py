"""How the samples spread: what a median stands for."""

import dataclasses
import statistics

import plotly.graph_objects as go

from .chart import Panel, Section, Table, figure
from .journal import WHOLE_NETWORK, Journal, Race
from .palette import operator_mark
from .results import Results
from .text import network_title, operator_of, short_problem, threads_text

MOST_GROUPS = 24


@dataclasses.dataclass
class Group:
    """Samples of one thing, measured in one way."""

    title: str
    problem: str
    kernel: str
    microseconds: list[float]

    @property
    def median(self) -> float:
        return statistics.median(self.microseconds)


def section(results: Results) -> Section | None:
    panels = [_panel(title, groups) for title, groups in _groups(results) if groups]
    if not panels:
        return None
    return Section(
        "samples", "Distribution of samples",
        "Every sample as a multiple of its own median, so that fast and slow problems share an axis: box from "
        "quartile to quartile, whiskers to 1.5 times its length, samples beyond as points. A long tail to the right "
        "is other work on the machine.",
        panels)


def _groups(results: Results) -> list[tuple[str, list[Group]]]:
    found = []
    for journal in results.journals:
        title = f"{network_title(*journal.key[:3])}, {threads_text(journal.key[3])}"
        found.append((title, _journal_groups(journal)))
    kernels = [
        Group(short_problem(row["problem"]), row["problem"], row["kernel"],
              [time / 1000 for time in row["samples_ns"]])
        for row in results.kernels if len(row.get("samples_ns") or []) >= 5]
    fastest: dict[str, Group] = {}
    for group in kernels:
        if group.problem not in fastest or group.median < fastest[group.problem].median:
            fastest[group.problem] = group
    found.append(("Kernels, the fastest of each problem", list(fastest.values())))
    return found


def _journal_groups(journal: Journal) -> list[Group]:
    """The whole network's candidates, then each problem's best."""
    groups = []
    for race in journal.races.values():
        if race.name == WHOLE_NETWORK:
            chosen = range(len(race.candidates))
        else:
            chosen = [race.best_so_far()[-1][2]] if race.rounds else []
        groups += [g for candidate in chosen if (g := _race_group(race, candidate))]
    return groups


def _race_group(race: Race, candidate: int) -> Group | None:
    samples = race.samples(candidate)
    if len(samples) < 5:
        return None
    label = race.label(candidate)
    is_network = race.name == WHOLE_NETWORK
    title = f"whole network, {label}" if is_network else short_problem(race.name)
    return Group(title, race.name, label, samples)


def _panel(title: str, groups: list[Group]) -> Panel:
    shown = sorted(groups, key=lambda g: -len(g.microseconds))[:MOST_GROUPS]
    chart = figure(90 + 26 * len(shown), showlegend=False)
    for group in reversed(shown):
        color, _ = operator_mark(operator_of(group.problem))
        chart.add_trace(go.Box(
            x=[time / group.median for time in group.microseconds], name=group.title, orientation="h",
            boxpoints="outliers", marker={"color": color, "size": 4}, line={"width": 1.5},
            hovertemplate="%{x:.3f} × median<extra>%{fullData.name}</extra>"))
    spread = sorted(t / group.median for group in shown for t in group.microseconds)
    limit = max(1.1, spread[int(0.97 * (len(spread) - 1))])
    chart.update_xaxes(
        title_text="time ÷ median", range=[max(0.0, min(0.95, spread[0] - 0.01)), min(limit * 1.05, 4)])
    beyond = sum(value > min(limit * 1.05, 4) for value in spread)
    notes = [f"{beyond} of {len(spread)} samples lie right of the edge."] if beyond else []
    if len(groups) > len(shown):
        notes.append(f"The {MOST_GROUPS} with most samples of {len(groups)}; all are in the table.")
    return Panel(title, chart, _table(groups), note=" ".join(notes))


def _table(groups: list[Group]) -> Table:
    rows = []
    for group in groups:
        ordered = sorted(group.microseconds)
        quarters = statistics.quantiles(ordered, n=4)
        deviation = statistics.median(abs(time - group.median) for time in ordered)
        rows.append([
            group.problem, group.kernel, len(ordered), group.median, ordered[0], quarters[0], quarters[2],
            ordered[int(0.9 * (len(ordered) - 1))], ordered[-1], 100 * deviation / group.median])
    return Table(
        ["problem", "kernel", "samples", "median µs", "min", "quarter", "three quarters", "p90", "max",
         "MAD, % of median"], rows)
