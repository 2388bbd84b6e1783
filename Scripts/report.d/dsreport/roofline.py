"""The roofline: every layer's rate against what arithmetic and bandwidth allow.

After Williams, Waterman and Patterson, "Roofline", CACM 52(4), 2009, doi:10.1145/1498765.1498785.
"""

import math

import plotly.graph_objects as go

from .chart import Panel, Section, Table, figure, outline
from .labels import label_heights
from .palette import INK, MUTED, PAPER, operator_mark
from .results import Results, Run
from .text import number, operator_of

# The upper end of the chart ÷ the peak.
TOP = 1.7


def section(results: Results) -> Section | None:
    pairs = results.run_pairs().values()
    runs = [pair.get("tuned") or pair["default"] for pair in pairs]
    panels = [panel for run in runs if (panel := _panel(run, results))]
    if not panels:
        return None
    return Section(
        "roofline", "Roofline",
        "Each mark is a layer; its area is the time it takes. Left of the bend memory limits, right of it "
        "arithmetic. Intensity counts the bytes that every implementation must move, so a layer whose "
        "input is still in a cache may lie above the line of slower memory.",
        panels)


def bandwidths(results: Results, run: Run) -> list[tuple[str, float]]:
    """(level, GB/s of the run's threads together), nearest first: from `dsbench roofline`, or one core's of the
    topology or of a schedule times the threads."""
    threads = run.key[3]
    if results.roofs.get("threads") == threads:
        return _rates(results.roofs["levels"], "gbps", results.roofs.get("dram_gbps"), 1)
    if results.roofs:
        memory = results.roofs.get("dram_gbps_per_core")
        return _rates(results.roofs["levels"], "gbps_per_core", memory, threads)
    if measured := results.machine.get("measurement"):
        memory = measured.get("memoryGigabytesPerSecond")
        return _rates(measured.get("levels", []), "gigabytesPerSecond", memory, threads)
    schedule = results.schedule(run.key)
    rates = schedule.data["machine"].get("measured", {}) if schedule else {}
    levels = [{"level": n, "gbps": rates.get(f"l{n}_gbps")} for n in (1, 2, 3)]
    return _rates(levels, "gbps", rates.get("dram_gbps"), threads)


def _rates(levels: list[dict], field: str, memory: float | None, factor: int) -> list[tuple[str, float]]:
    rates = [(f"L{level['level']}", level.get(field)) for level in levels] + [("DRAM", memory)]
    return [(name, rate * factor) for name, rate in rates if rate]


def _panel(run: Run, results: Results) -> Panel | None:
    layers = [l for l in run.data["layers"] if l.get("gflops") and l.get("gbps")]
    peak = run.data.get("peak_gflops")
    if not layers or not peak:
        return None
    chart = figure(480)
    intensities = [layer["gflops"] / layer["gbps"] for layer in layers]
    low, high = min(intensities) / 4, max(intensities) * 2.5
    bottom = min(*(layer["gflops"] for layer in layers), peak / 20) / 1.5
    marks = list(zip(intensities, (layer["gflops"] for layer in layers)))
    _add_roofs(chart, peak, bandwidths(results, run), (low, high), bottom, marks)
    longest = max(layer["microseconds"] for layer in layers)
    for operator in dict.fromkeys(operator_of(layer["problem"]) for layer in layers):
        own = [layer for layer in layers if operator_of(layer["problem"]) == operator]
        chart.add_trace(_marks(operator, own, longest))
    chart.update_xaxes(
        type="log", title_text="FLOP per byte", range=_decades(low, high), dtick="D2")
    chart.update_yaxes(
        type="log", title_text="GFLOP/s", range=_decades(bottom, peak * TOP),
        dtick="D2")
    return Panel(f"{run.title}, {run.kind}", chart, _table(run))


def _decades(low: float, high: float) -> list[float]:
    return [math.log10(low), math.log10(high)]


def _add_roofs(
    chart: go.Figure, peak: float, rates: list[tuple[str, float]], intensities: tuple[float, float],
    bottom: float, marks: list[tuple[float, float]],
) -> None:
    low, high = intensities
    for name, rate in rates:
        bend = peak / rate
        chart.add_trace(go.Scatter(
            x=[low, bend], y=[low * rate, peak], mode="lines", showlegend=False,
            line={"color": MUTED, "width": 1, "dash": "dot" if name != "DRAM" else "solid"},
            hovertemplate=f"{name}: {number(rate)} GB/s<extra></extra>"))
    heights = label_heights([rate for _, rate in rates], intensities, (bottom, peak), marks)
    for (name, rate), height in zip(rates, heights):
        _label(chart, height / rate, height, f"{name} {number(rate)} GB/s", anchor="left")
    chart.add_trace(go.Scatter(
        x=[low, high], y=[peak, peak], mode="lines", showlegend=False, line={"color": INK, "width": 1.5},
        hovertemplate=f"peak: {number(peak)} GFLOP/s<extra></extra>"))
    _label(chart, high, peak * 1.15, f"peak {number(peak)} GFLOP/s", anchor="right")


def _label(chart: go.Figure, x: float, y: float, text: str, anchor: str) -> None:
    chart.add_annotation(
        x=math.log10(x), y=math.log10(y), text=text, showarrow=False, xanchor=anchor,
        font={"size": 11, "color": MUTED}, bgcolor=PAPER, borderpad=1)


def _marks(operator: str, layers: list[dict], longest: float) -> go.Scatter:
    color, symbol = operator_mark(operator)
    return go.Scatter(
        x=[layer["gflops"] / layer["gbps"] for layer in layers], y=[layer["gflops"] for layer in layers],
        name=operator, mode="markers",
        marker={
            "color": color, "symbol": symbol, "opacity": 0.85, "line": outline(),
            "size": [7 + 17 * (layer["microseconds"] / longest) ** 0.5 for layer in layers]},
        customdata=[
            [layer["name"], layer["problem"], layer["kernel"], number(layer["microseconds"]),
             number(layer["percent_of_roof"]), layer.get("bound", "")] for layer in layers],
        hovertemplate="<b>%{customdata[0]}</b><br>%{customdata[1]}<br>%{customdata[2]}<br>%{customdata[3]} µs, "
        "%{y:.3g} GFLOP/s, %{x:.3g} FLOP/B<br>%{customdata[4]} % of its roof (%{customdata[5]})"
        "<extra></extra>")


def _table(run: Run) -> Table:
    rows = []
    for layer in run.data["layers"]:
        intensity = layer["gflops"] / layer["gbps"] if layer.get("gbps") else None
        rows.append([
            layer["name"], layer["problem"], layer["kernel"], layer["microseconds"], layer["gflops"],
            layer.get("gbps"), intensity, layer["percent_of_roof"], layer.get("bound")])
    return Table(
        ["layer", "problem", "kernel", "µs", "GFLOP/s", "GB/s", "FLOP/B", "% of roof", "bound"], rows)
