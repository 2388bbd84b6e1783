"""How the tuner got there: best so far, over the trials of a journal."""

import plotly.graph_objects as go

from .chart import Panel, Section, Table, figure
from .journal import WHOLE_NETWORK, Journal, Race
from .palette import BLUE, MUTED
from .results import Results
from .text import network_title, short_candidate, short_problem, threads_text


def section(results: Results) -> Section | None:
    panels = [panel for journal in results.journals if (panel := _panel(journal, results))]
    if not panels:
        return None
    return Section(
        "tuning", "Tuning curve",
        "Time of the best candidates so far, in percent of the default kernels', as trials go by. A thin line "
        "is one problem; the thick one is all of them, weighted by the time they take in the network. A "
        "candidate counts from its third pair with the default on, by the median of paired ratios.",
        panels)


def _panel(journal: Journal, results: Results) -> Panel | None:
    schedule = results.schedule(journal.key)
    counts = schedule.counts() if schedule else {}
    races = [r for name, r in journal.races.items() if name != WHOLE_NETWORK and r.rounds]
    # A fused block stands beside the problems it replaces, and would count them twice.
    weights = {race.name: race.reference_microseconds * counts.get(race.name, 0 if counts else 1) for race in races}
    if not races or sum(weights.values()) == 0:
        weights = {race.name: race.reference_microseconds for race in races}
    if sum(weights.values()) == 0:
        return None
    chart = figure(420, showlegend=False)
    steps: list[tuple[int, str, float]] = []
    for race in races:
        curve = race.best_so_far()
        steps += [(trials, race.name, ratio) for trials, ratio, _ in curve]
        chart.add_trace(_race_line(race, curve))
    chart.add_trace(_network_line(sorted(steps), weights))
    chart.update_xaxes(title_text="trials", rangemode="tozero")
    chart.update_yaxes(title_text="% of default time", ticksuffix=" %")
    title = f"{network_title(*journal.key[:3])}, {threads_text(journal.key[3])}"
    noise = f"Noise floor of this run: {100 * (journal.noise - 1):.1f} %." if journal.noise else ""
    return Panel(title, chart, _table(races, weights), note=noise)


def _race_line(race: Race, curve: list[tuple[int, float, int]]) -> go.Scatter:
    return go.Scatter(
        x=[race.first_trials[0], *(point[0] for point in curve)],
        y=[100, *(100 * point[1] for point in curve)], mode="lines",
        line={"color": MUTED, "width": 1, "shape": "hv"}, opacity=0.7,
        customdata=[race.label(0), *(short_candidate(race.label(point[2])) for point in curve)],
        hovertemplate=f"<b>{short_problem(race.name)}</b><br>%{{customdata}}: %{{y:.1f}} %<extra></extra>")


def _network_line(steps: list[tuple[int, str, float]], weights: dict[str, float]) -> go.Scatter:
    total = sum(weights.values())
    ratios = dict.fromkeys(weights, 1.0)
    x, y = [0], [100.0]
    for trials, name, ratio in steps:
        ratios[name] = ratio
        x.append(trials)
        y.append(100 * sum(weights[n] * r for n, r in ratios.items()) / total)
    return go.Scatter(
        x=x, y=y, mode="lines", line={"color": BLUE, "width": 3, "shape": "hv"},
        hovertemplate="after %{x} trials: %{y:.1f} % of the default's time<extra></extra>")


def _table(races: list[Race], weights: dict[str, float]) -> Table:
    rows = []
    for race in sorted(races, key=lambda race: -weights[race.name]):
        _, ratio, best = race.best_so_far()[-1]
        rows.append([
            race.name, len(race.candidates), len(race.rounds), sum(len(times) for times in race.rounds),
            race.dropped, race.reference_microseconds, 100 * ratio, short_candidate(race.label(best)),
            race.is_finished])
    return Table(
        ["problem", "candidates", "rounds", "trials", "dropped", "default µs", "best, % of default", "best",
         "finished"], rows)
