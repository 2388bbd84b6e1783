"""Sets the page: head, sections, charts and tables, all in one file."""

import datetime
import pathlib
import re

from plotly.offline import get_plotlyjs

from .chart import Panel, Section, Table
from .results import Results
from .text import byte_text, escape, number

HERE = pathlib.Path(__file__).parent


def render(results: Results, sections: list[Section], title: str | None = None) -> str:
    machine = results.machine
    headline = title or machine.get("modelName") or "Measured results"
    template = (HERE / "page.html").read_text(encoding="utf-8")
    parts = {
        "title": escape(headline),
        "style": (HERE / "page.css").read_text(encoding="utf-8"),
        "facts": _facts(results),
        "tiles": _tiles(results),
        "warnings": _warnings(results),
        "contents": "".join(f'<a href="#{s.identifier}">{escape(s.title)}</a>' for s in sections),
        "sections": "".join(_section(section) for section in sections),
        "files": _files(results),
        "plotly": get_plotlyjs().replace("</script", "<\\/script"),
        "script": (HERE / "page.js").read_text(encoding="utf-8"),
    }
    # In one pass, so that nothing put in is taken for a place to put something.
    pieces = template.split("@@")
    return "".join(parts[piece] if index % 2 else piece for index, piece in enumerate(pieces))


# The head


def _facts(results: Results) -> str:
    machine, facts = results.machine, []
    if machine:
        caches = ", ".join(
            f"L{cache['level']} {byte_text(cache['byteCount'])}"
            + (f" for {cache['sharedByCores']} cores" if cache.get("sharedByCores", 1) > 1 else "")
            for cache in machine["caches"])
        facts += [
            ("CPU", f"{machine.get('modelName', '')} ({machine.get('cpu', '')})"),
            ("Cores", f"{machine.get('cores')} cores, {machine.get('processors')} processors"),
            ("Instruction set", machine["instructionSet"]),
            ("Caches", caches),
        ]
        peak = machine.get("measurement", {}).get("fmaGigaflopsPerCore")
        if peak:
            facts.append(("Peak of a core", f"{number(peak)} GFLOP/s, measured"))
    context = next((row["context"] for row in results.kernels if isinstance(row.get("context"), dict)), {})
    manifest = results.manifest
    versions = [
        ("Measured", manifest.get("date") or context.get("date")),
        ("Commit", manifest.get("commit") or context.get("commit")),
        ("Compiler", manifest.get("compiler") or context.get("compiler")),
        ("Page made", datetime.date.today().isoformat()),
        ("Command", manifest.get("command") or context.get("command")),
    ]
    facts += [(name, value) for name, value in versions if value and value != "unknown"]
    return "".join(
        f'<div{" class=wide" if name == "Command" else ""}><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>'
        for name, value in facts)


def _tiles(results: Results) -> str:
    """A network's result in figures: milliseconds, against default, percent of peak."""
    tiles = []
    for pair in results.run_pairs().values():
        run = pair.get("tuned") or pair["default"]
        lines = [f"{number(run.data['percent_of_peak'])} % of peak"]
        schedule = results.schedule(run.key)
        paired = (schedule.data.get("network_result") or {}) if schedule else {}
        if run.is_tuned and paired.get("ratio") == 1:
            lines.append("no gain over the default shown")
        elif run.is_tuned and paired.get("ratio"):
            lines.append(f"{paired['ratio']:.3f}× the default’s speed, in pairs")
        elif run.is_tuned and "default" in pair:
            lines.append(f"{pair['default'].milliseconds / run.milliseconds:.2f}× the default’s speed")
        tiles.append(
            f'<div class="tile"><h3>{escape(run.title)}</h3><p class="figure">{number(run.milliseconds)}'
            f"<span> ms</span></p><p>{'<br>'.join(lines)}</p></div>")
    return "".join(tiles)


def _warnings(results: Results) -> str:
    warnings = [*results.machine.get("warnings", []), *results.roofs.get("warnings", [])]
    for schedule in results.schedules:
        warnings += schedule.data.get("warnings", [])
    for row in results.kernels:
        warnings += row.get("warnings") or []
        context = row.get("context")
        warnings += (context.get("warnings") or []) if isinstance(context, dict) else []
    if not warnings:
        return ""
    # Those that only differ in their numbers are one doubt, told by its first example.
    kinds: dict[str, list[str]] = {}
    for warning in map(str, warnings):
        kinds.setdefault(re.sub(r"\d+(\.\d+)?", "0", warning), []).append(warning)
    items = "".join(
        f"<li>{escape(alike[0])}" + (f" <span>(and {len(alike) - 1} like it)</span>" if alike[1:] else "") + "</li>"
        for alike in sorted(kinds.values(), key=len, reverse=True))
    plural = "s" if len(kinds) > 1 else ""
    return (
        f'<details class="doubts"{"" if len(kinds) > 3 else " open"}><summary>{len(kinds)} doubt{plural} '
        f"about these measurements</summary><ul>{items}</ul></details>")


def _files(results: Results) -> str:
    rows = [[path.name, results.command(path) or ""] for path in results.files]
    return _table(Table(["file", "command"], rows))


# Sections


def _section(section: Section) -> str:
    name = section.identifier
    tabs = ""
    is_tabbed = section.is_tabbed and len(section.panels) > 1
    if is_tabbed:
        buttons = "".join(
            f'<button type="button" role="tab" id="{name}-tab-{i}" aria-controls="{name}-{i}" '
            f'aria-selected="{"true" if i == 0 else "false"}" tabindex="{0 if i == 0 else -1}">'
            f"{escape(panel.title)}</button>"
            for i, panel in enumerate(section.panels))
        tabs = f'<div class="tabs" role="tablist" aria-label="{escape(section.title)}">{buttons}</div>'
    panels = "".join(_panel(panel, f"{name}-{i}", is_tabbed) for i, panel in enumerate(section.panels))
    kind = "tabbed" if is_tabbed else "side-by-side" if len(section.panels) > 1 else "single"
    return (
        f'<section id="{name}"><h2>{escape(section.title)}</h2><p class="lead">{escape(section.lead)}</p>'
        f'{tabs}<div class="panels {kind}">{panels}</div></section>')


def _panel(panel: Panel, identifier: str, is_tabbed: bool) -> str:
    role = f' role="tabpanel" aria-labelledby="{_tab(identifier)}"' if is_tabbed else ""
    heading = f"<h3>{escape(panel.title)}</h3>"
    note = f'<p class="note">{escape(panel.note)}</p>' if panel.note else ""
    # "<" cannot end the script element early when it is written as an escape of JSON.
    specification = panel.figure.to_json().replace("<", "\\u003c")
    return (
        f'<div class="panel" id="{identifier}"{role}>{heading}'
        f'<div class="chart" role="img" aria-label="{escape(panel.title)}: chart; its table follows" '
        f'style="height:{panel.figure.layout.height}px"></div>'
        f'<script type="application/json">{specification}</script>{note}'
        f"<details><summary>Table: {len(panel.table.rows)} rows</summary>{_table(panel.table)}</details></div>")


def _tab(identifier: str) -> str:
    name, index = identifier.rsplit("-", 1)
    return f"{name}-tab-{index}"


def _table(table: Table) -> str:
    flush_right = [
        any(isinstance(row[i], (int, float)) and not isinstance(row[i], bool) for row in table.rows)
        for i in range(len(table.columns))]

    def cell(tag: str, value: object, index: int) -> str:
        kind = ' class="n"' if flush_right[index] else ""
        scope = ' scope="col"' if tag == "th" else ""
        return f"<{tag}{scope}{kind}>{escape(number(value))}</{tag}>"

    head = "".join(cell("th", title, i) for i, title in enumerate(table.columns))
    body = "".join(
        "<tr>" + "".join(cell("td", value, i) for i, value in enumerate(row)) + "</tr>" for row in table.rows)
    return (
        f'<div class="table" tabindex="0"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>')
