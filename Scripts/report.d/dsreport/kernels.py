"""The ladder of kernels, operator by operator: what each rung is worth."""

import statistics

import plotly.graph_objects as go

from .chart import Panel, Section, Table, figure, outline
from .palette import INK, MUTED, method_rank, operator_mark
from .results import Results
from .text import method_of, number, operator_of, short_problem


def section(results: Results) -> Section | None:
    by_operator: dict[str, list[dict]] = {}
    for row in results.kernels:
        by_operator.setdefault(operator_of(row["problem"]), []).append(row)
    if not by_operator:
        return None
    ordered = sorted(by_operator.items(), key=lambda item: -len({row["problem"] for row in item[1]}))
    panels = [_panel(operator, rows) for operator, rows in ordered]
    return Section(
        "kernels", "Kernel ladder",
        "From the plain loops to what the tuner may choose from. Each mark is one problem with its best "
        "parameters, a thin line follows it up the ladder, the black diamond is the median of all problems. "
        "100 % is the measured roof that binds the problem.",
        panels)


def _rung(row: dict) -> tuple[int, int, str]:
    method, threads = method_of(row["kernel"]), row.get("threads", 1)
    return method_rank(method), threads, method if threads == 1 else f"{method}<br>{threads} threads"


def _best_rows(rows: list[dict]) -> dict[tuple, dict]:
    """(problem, rung) → its fastest correct row."""
    best: dict[tuple, dict] = {}
    for row in rows:
        key = (row["problem"], _rung(row))
        if row.get("correct") is False or row["microseconds"]["median"] is None:
            continue
        if key not in best or row["microseconds"]["median"] < best[key]["microseconds"]["median"]:
            best[key] = row
    return best


def _panel(operator: str, rows: list[dict]) -> Panel:
    best = _best_rows(rows)
    rungs = sorted({rung for _, rung in best})
    measure, unit = "percent_of_roof", "% of roof"
    if any(row.get(measure) is None for row in best.values()):
        measure, unit = "gflops", "GFLOP/s"
    chart = figure(440, showlegend=False)
    color, symbol = operator_mark(operator)
    for problem in dict.fromkeys(problem for problem, _ in best):
        own = [(rung, best[problem, rung]) for rung in rungs if (problem, rung) in best]
        chart.add_trace(go.Scatter(
            x=[rung[2] for rung, _ in own], y=[row[measure] for _, row in own], mode="lines+markers",
            line={"color": MUTED, "width": 0.6}, opacity=0.8,
            marker={"color": color, "symbol": symbol, "size": 8, "line": outline()},
            customdata=[
                [short_problem(problem), row["kernel"], number(row["microseconds"]["median"]),
                 number(row.get("gflops"))] for _, row in own],
            hovertemplate="<b>%{customdata[0]}</b><br>%{customdata[1]}<br>%{customdata[2]} µs, "
            "%{customdata[3]} GFLOP/s, %{y:.3g} " + unit + "<extra></extra>"))
    medians = [
        statistics.median(row[measure] for (_, other), row in best.items() if other == rung)
        for rung in rungs]
    chart.add_trace(go.Scatter(
        x=[rung[2] for rung in rungs], y=medians, mode="markers+text", textposition="middle right",
        text=["  " + number(value, 2) for value in medians], textfont={"size": 12, "color": INK},
        marker={"color": INK, "symbol": "diamond", "size": 12, "line": outline()},
        hovertemplate="median: %{y:.3g} " + unit + "<extra></extra>"))
    chart.update_xaxes(
        categoryorder="array", categoryarray=[rung[2] for rung in rungs], tickangle=0,
        range=[-0.4, len(rungs) - 0.3])
    chart.update_yaxes(type="log", title_text=unit, dtick="D2")
    return Panel(operator, chart, _table(rows))


def _table(rows: list[dict]) -> Table:
    ordered = sorted(rows, key=lambda row: (row["problem"], _rung(row)))
    return Table(
        ["problem", "kernel", "threads", "parameters", "µs", "low", "high", "samples", "GFLOP/s",
         "% of roof", "max error", "correct"],
        [[
            row["problem"], row["kernel"], row.get("threads", 1), _parameters(row),
            row["microseconds"]["median"], row["microseconds"].get("low"),
            row["microseconds"].get("high"), row["microseconds"].get("samples"), row.get("gflops"),
            row.get("percent_of_roof"), row.get("max_error"), row.get("correct")] for row in ordered])


def _parameters(row: dict) -> str:
    parameters = row.get("parameters") or {}
    if isinstance(parameters, str):
        return parameters
    return " ".join(f"{name}={value}" for name, value in sorted(parameters.items()))
