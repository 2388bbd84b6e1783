"""Whole networks: tuned against default against peers."""

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from .chart import Panel, Section, Table, figure
from .palette import BLUE, GREY, INK, SKY
from .results import Results, network_key
from .text import in_lines, network_title, number, threads_text

ROW_PIXELS = 30
RACED_NAME = "dstune"  # among the engines of peers.json
OURS = {"tuned": ("dstune, tuned", BLUE), "default": ("dstune, default", SKY)}


def section(results: Results) -> Section | None:
    networks: dict[tuple, dict[int, list[dict]]] = {}
    for row in _rows(results):
        networks.setdefault(row["network"], {}).setdefault(row["threads"], []).append(row)
    panels = [_panel(key, by_threads) for key, by_threads in sorted(networks.items(), key=str)]
    if not panels:
        return None
    peers = " against other engines on the same weights" if results.peers else ""
    return Section(
        "networks", "Whole networks",
        f"Median time of one inference, tuned against default{peers}; shorter is better. The dotted line is "
        "the floor: all multiply-adds of the network at the machine's measured peak.",
        panels, is_tabbed=False)


def _rows(results: Results) -> list[dict]:
    rows = []
    for run in results.runs:
        data, (title, color) = run.data, OURS[run.kind]
        latency = data["latency_ms"]
        floor = None
        if data.get("peak_gflops") and data.get("gflops"):
            floor = latency["median"] * data["gflops"] / data["peak_gflops"]
        rows.append({
            "network": run.key[:3], "threads": run.key[3], "engine": title, "color": color,
            "median": latency["median"], "low": latency.get("min"), "high": latency.get("p90"),
            "percent": data.get("percent_of_peak"), "floor": floor, "precision": "f32", "version": None})
    for case in results.peers:
        rows = _with_race(rows, case)
    return rows


def _with_race(rows: list[dict], case: dict) -> list[dict]:
    """Adds a race's engines. Its own time of the tuned network, taken in turn with theirs, takes the place of a
    separate run's."""
    network, threads = network_key(case["model"], case), case["threads"]
    same = [row for row in rows if row["network"] == network and row["threads"] == threads]
    floor = next((row["floor"] for row in same if row["floor"]), None)
    for engine in case["engines"]:
        if engine["milliseconds"] is None:
            continue
        title, color = OURS["tuned"] if engine["name"] == RACED_NAME else (_engine_title(engine), GREY)
        rows = [row for row in rows if not (row in same and row["engine"] == title)]
        rows.append({
            "network": network, "threads": threads, "engine": title, "color": color,
            **engine["milliseconds"], "percent": engine.get("percent_of_peak"), "floor": floor,
            "precision": engine["precision"], "version": engine.get("version")})
    return rows


def _engine_title(engine: dict) -> str:
    return engine["title"] if engine["precision"] == "f32" else f"{engine['title']} ({engine['precision']})"


def _panel(network: tuple, by_threads: dict[int, list[dict]]) -> Panel:
    counts = sorted(by_threads)
    for rows in by_threads.values():
        rows.sort(key=lambda row: -row["median"])
    bars = [len(by_threads[count]) for count in counts]
    chart = _facets(counts, bars)
    longest = max(row["median"] for rows in by_threads.values() for row in rows)
    for index, count in enumerate(counts, 1):
        rows = by_threads[count]
        chart.add_trace(_bars(rows), row=index, col=1)
        floor = next((row["floor"] for row in rows if row["floor"]), None)
        if floor:
            chart.add_vline(x=floor, line={"color": INK, "width": 1.5, "dash": "dot"}, row=index, col=1)
    chart.update_xaxes(range=[0, longest * 1.35], nticks=5, tickangle=0)
    chart.update_xaxes(title_text="ms", row=len(counts), col=1)
    chart.update_yaxes(type="category", ticks="")
    return Panel(network_title(*network), chart, _table(counts, by_threads))


def _facets(counts: list[int], bars: list[int]) -> go.Figure:
    titles = [threads_text(count) for count in counts]
    chart = make_subplots(
        rows=len(counts), cols=1, shared_xaxes=True, row_heights=bars, subplot_titles=titles,
        vertical_spacing=0.28 if sum(bars) < 6 else 0.12)
    base = figure(sum(bars) * ROW_PIXELS + 70 * len(counts), showlegend=False)
    chart.update_layout(base.layout)
    chart.update_layout(margin_t=30)
    chart.update_xaxes(automargin=True, zeroline=False)
    chart.update_yaxes(automargin=True)
    # Titles flush left, where reading begins.
    chart.update_annotations(x=0, xanchor="left", font_size=13)
    return chart


def _bars(rows: list[dict]) -> go.Bar:
    return go.Bar(
        x=[row["median"] for row in rows], y=[in_lines(row["engine"], 26) for row in rows], orientation="h",
        marker={"color": [row["color"] for row in rows]},
        text=[number(row["median"]) for row in rows], textposition="outside", cliponaxis=False,
        hovertemplate="%{y}: %{text} ms<extra></extra>")


def _table(counts: list[int], by_threads: dict[int, list[dict]]) -> Table:
    rows = []
    for count in counts:
        tuned = next((r["median"] for r in by_threads[count] if r["engine"] == OURS["tuned"][0]), None)
        for row in reversed(by_threads[count]):
            rows.append([
                count, row["engine"], row["version"], row["precision"], row["median"], row["low"], row["high"],
                row["percent"], row["median"] / tuned if tuned else None])
    return Table(
        ["threads", "engine", "version", "type", "median ms", "min or low", "p90 or high", "% of peak",
         "÷ tuned"], rows)
