"""Where a network's time goes: kernel by kernel, layer by layer."""

import plotly.graph_objects as go

from .chart import Panel, Section, Table, figure, outline
from .palette import INK, method_pattern, method_rank, operator_mark
from .results import Results, Run
from .text import method_of, number, operator_of


def section(results: Results) -> Section | None:
    if not results.runs:
        return None
    panels = [_overview(results.runs)]
    for pair in results.run_pairs().values():
        panels.append(_network(pair.get("tuned") or pair["default"], pair.get("default")))
    return Section(
        "layers", "Time by layer and kernel",
        "The layers are timed in runs of their own, between those that give the latency. A dash marks the "
        "default kernel's time where a tuned run is shown.",
        panels)


def _family(layer: dict) -> tuple[str, str]:
    return operator_of(layer["problem"]), method_of(layer["kernel"])


def _families(layers: list[dict]) -> list[tuple[str, str]]:
    """Those that take most time first."""
    times: dict[tuple[str, str], float] = {}
    for layer in layers:
        times[_family(layer)] = times.get(_family(layer), 0) + layer["microseconds"]
    return sorted(times, key=lambda f: (-times[f], method_rank(f[1])))


def _marker(operator: str, method: str) -> dict:
    color, _ = operator_mark(operator)
    return {
        "color": color, "line": outline(),
        "pattern": {
            "shape": method_pattern(method), "bgcolor": color, "fgcolor": INK, "fgopacity": 0.6, "size": 7,
            "solidity": 0.12}}


def _overview(runs: list[Run]) -> Panel:
    """One bar a run, each 100 % wide: a slow network must not shrink a fast one to nothing."""
    bars = list(reversed(runs))
    chart = figure(110 + 30 * len(bars), barmode="stack")
    every = [layer for run in runs for layer in run.data["layers"]]
    rows: list[list] = []
    for operator, method in _families(every):
        shares, times = [], []
        for run in bars:
            layers = run.data["layers"]
            own = sum(l["microseconds"] for l in layers if _family(l) == (operator, method))
            shares.append(100 * own / sum(layer["microseconds"] for layer in layers))
            times.append(own)
        chart.add_trace(go.Bar(
            y=[f"{run.title}, {run.kind}" for run in bars], x=shares, orientation="h",
            name=f"{operator} {method}", marker=_marker(operator, method),
            customdata=[number(time / 1000) for time in times],
            hovertemplate="%{y}<br>%{fullData.name}: %{customdata} ms, %{x:.1f} %<extra></extra>"))
        rows += [
            [run.title, run.kind, operator, method, time / 1000, share]
            for run, time, share in zip(bars, times, shares) if time > 0]
    rows.sort(key=lambda row: (row[0], row[1], -row[4]))
    chart.update_xaxes(ticksuffix=" %", range=[0, 100])
    return Panel(
        "All runs", chart, Table(["network", "run", "operator", "kernel", "ms", "% of layers"], rows))


def _network(run: Run, default: Run | None) -> Panel:
    layers = run.data["layers"]
    names = [layer["name"] for layer in layers]
    chart = figure(430, barmode="stack", meta={"denseX": len(layers) > 20})
    for family in _families(layers):
        own = [layer for layer in layers if _family(layer) == family]
        chart.add_trace(go.Bar(
            x=[layer["name"] for layer in own], y=[layer["microseconds"] for layer in own],
            name=" ".join(family), marker=_marker(*family),
            customdata=[
                [layer["problem"], layer["kernel"], number(layer["gflops"]),
                 number(layer["percent_of_roof"])] for layer in own],
            hovertemplate="<b>%{x}</b>: %{y:.1f} µs<br>%{customdata[0]}<br>%{customdata[1]}<br>"
            "%{customdata[2]} GFLOP/s, %{customdata[3]} % of its roof<extra></extra>"))
    before = {layer["name"]: layer["microseconds"] for layer in default.data["layers"]} if default else {}
    if run.is_tuned and before:
        kept = [name for name in names if name in before]
        chart.add_trace(go.Scatter(
            x=kept, y=[before[name] for name in kept], name="default", mode="markers",
            marker={"symbol": "line-ew", "size": 9, "line": {"color": INK, "width": 2}},
            hovertemplate="%{x}, default: %{y:.1f} µs<extra></extra>"))
    chart.update_xaxes(categoryorder="array", categoryarray=names, tickangle=-90, tickfont_size=10, showgrid=False)
    chart.update_yaxes(title_text="µs", rangemode="tozero")
    return Panel(f"{run.title}, {run.kind}", chart, _table(layers, before))


def _table(layers: list[dict], before: dict[str, float]) -> Table:
    total = sum(layer["microseconds"] for layer in layers)
    rows, sum_so_far = [], 0.0
    for layer in layers:
        sum_so_far += layer["microseconds"]
        rows.append([
            layer["name"], layer["problem"], layer["kernel"], layer["microseconds"],
            before.get(layer["name"]), 100 * layer["microseconds"] / total, 100 * sum_so_far / total,
            layer["gflops"], layer["percent_of_roof"]])
    return Table(
        ["layer", "problem", "kernel", "µs", "default µs", "%", "cumulative %", "GFLOP/s", "% of roof"], rows)
