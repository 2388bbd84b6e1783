"""README.md of a results folder, and the table in the project's own."""

import json
import math
import pathlib

BEGIN, END = "<!-- results:begin -->", "<!-- results:end -->"
# What a layer on one thread should reach of the roof that binds it, in percent.
GOALS = {"pointwise": 93, "depthwise": 85}
CAPTION = (
    "Default: without a schedule. Gain: of pairs at the end of the tuning; 1.000 where the defaults were kept. The peers "
    "raced at another time, and the last column is of pairs there: it is no quotient of two others. In brackets: the "
    "percentage of the peak of the multiply-adds that are done, where Strassen's algorithm does not do all.")
TITLES = {"mobilenet-v1": "MobileNet v1", "mobilenet-v2": "MobileNet v2", "xception": "Xception"}


class ReadmeError(Exception):
    """Which file cannot be made or changed, and what to do."""


def write_folder(folder: pathlib.Path) -> None:
    """Machine, table, each file with its command, and what notes.md says."""
    manifest = _load(folder / "results.json")
    drawn = " [report.html](report.html) draws it all." if (folder / "report.html").exists() else ""
    lines = [
        f"# {folder.name}", "", _machine_sentence(folder), "",
        f"Measured {manifest['date']} at commit {manifest['commit']} with {manifest['compiler']}, by "
        f"`{manifest['command']}`.{drawn}", "",
        *table(folder), "", CAPTION, "", *shortfalls(folder), "## Files", "", "Run inside this folder; journals are not kept.", "",
        "| file | command | s |", "|---|---|---:|",
    ]
    for entry in manifest["files"]:
        lines.append(f"| [{entry['file']}]({entry['file']}) | `{entry['command']}` | {entry['seconds']:g} |")
    for path in sorted(folder.glob("kernels-*.json")):
        made = path.with_suffix(".md")
        made.write_text("\n".join(kernel_table(path)) + "\n", encoding="utf-8")
        lines.append(f"| [{made.name}]({made.name}) | the same measurement, to read | |")
    notes = folder / "notes.md"
    if notes.exists():
        lines += ["", notes.read_text(encoding="utf-8").strip()]
    (folder / "README.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


def kernel_table(path: pathlib.Path) -> list[str]:
    """The rows of `dsbench compare kernels`, problem by problem, the slowest first."""
    rows = json.loads(path.read_text(encoding="utf-8"))
    # What is undecided has no time, and comes first, as slow rungs do.
    rows.sort(key=lambda row: (row["problem"], -(row["microseconds"]["median"] or math.inf)))
    lines = ["| problem | kernel | threads | µs | GFLOP/s | % of roof | correct |", "|---|---|---:|---:|---:|---:|---|"]
    for row in rows:
        median = row["microseconds"]["median"]
        cells = ["undecided" if median is None else f"{median:.4g}"]
        cells += ["–" if row.get(name) is None else f"{row[name]:.3g}" for name in ("gflops", "percent_of_roof")]
        correct = {True: "yes", False: "**no**"}.get(row.get("correct"), "–")
        lines.append(f"| {row['problem']} | {row['kernel']} | {row['threads']} | {' | '.join(cells)} | {correct} |")
    return lines


def shortfalls(folder: pathlib.Path) -> list[str]:
    """The problems that stay below their goal on one thread with the default kernels. One that occurs several times
    counts as its best occurrence."""
    best: dict[str, tuple[str, dict]] = {}
    for (model, threads), pair in sorted(_runs(folder).items()):
        for layer in pair["default"]["layers"] if threads == 1 and "default" in pair else []:
            problem = layer["problem"]
            before = best[problem][1]["percent_of_roof"] if problem in best else 0
            if problem.split()[0] in GOALS and layer["percent_of_roof"] > before:
                best[problem] = (TITLES.get(model, model), layer)
    short = [(title, layer) for title, layer in best.values() if layer["percent_of_roof"] < _goal(layer)]
    if not best:
        return []
    goals = " and ".join(f"{goal} % ({kind})" for kind, goal in GOALS.items())
    lines = [
        "## Below their roof", "",
        f"On one thread, {len(best) - len(short)} of {len(best)} problems reach {goals} of the roof that binds them. "
        "The others, and Documentation/Performance.md on why:", "",
        "| network | problem | µs | % of roof | roof |", "|---|---|---:|---:|---|",
    ]
    for title, layer in short:
        numbers = f"{layer['microseconds']:.1f} | {layer['percent_of_roof']:.1f} | {layer['bound']}"
        lines.append(f"| {title} | {layer['problem']} | {numbers} |")
    return [*lines, ""]


def _goal(layer: dict) -> int:
    return GOALS[layer["problem"].split()[0]]


def update_project(readme: pathlib.Path, folder: pathlib.Path, name: str) -> None:
    """Puts the table between the markers of the project's README, and touches nothing else."""
    if not folder.is_dir():
        raise ReadmeError(f"{folder}: there are no results of this machine; run Scripts/results")
    try:
        text = readme.read_text(encoding="utf-8")
    except OSError as error:
        raise ReadmeError(f"{readme}: {error.strerror}") from None
    if text.count(BEGIN) != 1 or text.count(END) != 1 or text.index(BEGIN) > text.index(END):
        raise ReadmeError(f"{readme}: wants one line {BEGIN} and below it one line {END}")
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    lines = [
        _machine_sentence(folder), "", *table(folder), "", CAPTION, "",
        f"Files and commands: [Results/{name}](Results/{name}/README.md).",
    ]
    readme.write_text(before + BEGIN + "\n" + "\n".join(lines) + "\n" + END + after, encoding="utf-8")


def table(folder: pathlib.Path) -> list[str]:
    """Every network and thread count: default, tuned, and the fastest peer of the same precision."""
    runs = _runs(folder)
    peers = _fastest_peers(folder)
    heads = ["network", "threads", "default ms", "tuned ms", "gain", "% of peak"]
    if peers:
        heads += ["fastest peer, f32", "peer ms", "tuned ÷ peer"]
    lines = ["| " + " | ".join(heads) + " |", "|---|" + "---:|" * (len(heads) - 1)]
    for (model, threads), pair in sorted(runs.items()):
        cells = [TITLES.get(model, model), str(threads), *_own_cells(folder, model, threads, pair)]
        if peers:
            cells += _peer_cells(peers.get((model, threads)))
        lines.append("| " + " | ".join(cells) + " |")
    return lines


def _own_cells(folder: pathlib.Path, model: str, threads: int, pair: dict) -> list[str]:
    times = [f"{_median(pair[kind]):.3g}" if kind in pair else "–" for kind in ("default", "tuned")]
    # The gain is what dstune found in pairs at the end of its run, not a quotient of two separate runs.
    result = _load(folder / f"{model}-{threads}t.schedule.json").get("network_result") or {}
    gain = f"{result['ratio']:.3f}×" if result.get("ratio") else "–"
    best = pair.get("tuned") or pair["default"]
    percent = best["percent_of_peak"]
    done = best.get("multiply_adds_done", 1) / best.get("multiply_adds", 1)
    return [*times, gain, f"{percent:.1f}" + (f" ({percent * done:.1f})" if done < 1 else "")]


def _peer_cells(peer: dict | None) -> list[str]:
    if peer is None:
        return ["–"] * 3
    # Ours ÷ theirs within the rounds of the race, not a quotient of two separate runs.
    ratio = f"{peer['ratio']['median']:.2f}" if peer.get("ratio") else "–"
    return [f"{peer['title']} {peer['version'] or ''}".strip(), f"{peer['milliseconds']['median']:.3g}", ratio]


def _runs(folder: pathlib.Path) -> dict[tuple[str, int], dict]:
    runs: dict[tuple[str, int], dict] = {}
    for path in folder.glob("*.run.json"):
        run = _load(path)
        kind = "tuned" if run.get("schedule") else "default"
        runs.setdefault((run["model"], run["threads"]), {})[kind] = run
    if not runs:
        raise ReadmeError(f"{folder}: holds no *.run.json; run Scripts/results")
    return runs


def _fastest_peers(folder: pathlib.Path) -> dict[tuple[str, int], dict]:
    """What Scripts/peers found to be the fastest engine in f32, of the networks at their usual size."""
    fastest = {}
    for case in _load(folder / "peers.json").get("cases", []):
        named = [e for e in case["engines"] if e["name"] == case["fastest_peer"] and e["milliseconds"]]
        if named and case["width"] == 1 and case["batch"] == 1:
            fastest[case["model"], case["threads"]] = named[0]
    return fastest


def _machine_sentence(folder: pathlib.Path) -> str:
    machine = _load(folder / "machine.json")
    if not machine:
        return f"Machine: {folder.name}."
    # The peak that the percentages are of: topology measures it too, at another moment.
    (_, threads), pair = min(_runs(folder).items(), key=lambda item: item[0][1])
    peak = next(iter(pair.values())).get("peak_gflops")
    rate = f", {peak / threads:.0f} GFLOP/s measured on one core" if peak else ""
    return (
        f"{machine['modelName']} ({machine['cpu']}), {machine['cores']} cores, {machine['instructionSet']}{rate}.")


def _median(run: dict) -> float:
    return run["latency_ms"]["median"]


def _load(path: pathlib.Path) -> dict:
    """The file's object, or nothing where there is no such file."""
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
