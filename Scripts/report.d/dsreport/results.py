"""Reads result files and sorts them by what they are."""

from __future__ import annotations

import dataclasses
import json
import pathlib

from .journal import Journal
from .text import network_title, threads_text


class ResultsError(Exception):
    """What cannot be read, where, and what to do."""


@dataclasses.dataclass
class Run:
    """One `dsbench run`: a whole network, and its layers."""

    path: pathlib.Path
    data: dict

    @property
    def key(self) -> tuple:
        return network_key(self.data["model"], self.data) + (self.data["threads"],)

    @property
    def is_tuned(self) -> bool:
        return self.data.get("schedule") is not None

    @property
    def kind(self) -> str:
        return "tuned" if self.is_tuned else "default"

    @property
    def network(self) -> str:
        return network_title(*self.key[:3])

    @property
    def title(self) -> str:
        return f"{self.network}, {threads_text(self.key[3])}"

    @property
    def milliseconds(self) -> float:
        return self.data["latency_ms"]["median"]


@dataclasses.dataclass
class Schedule:
    path: pathlib.Path
    data: dict

    @property
    def key(self) -> tuple:
        network = self.data["network"]
        return network_key(network["name"], network) + (self.data.get("threads", 1),)

    def counts(self) -> dict[str, int]:
        """How often the network contains each problem."""
        return {entry["problem"]: entry.get("count", 1) for entry in self.data["entries"]}


def network_key(name: str, data: dict) -> tuple:
    return (name, data.get("width", 1.0), data.get("resolution"))


@dataclasses.dataclass
class Results:
    runs: list[Run] = dataclasses.field(default_factory=list)
    kernels: list[dict] = dataclasses.field(default_factory=list)
    schedules: list[Schedule] = dataclasses.field(default_factory=list)
    journals: list[Journal] = dataclasses.field(default_factory=list)
    peers: list[dict] = dataclasses.field(default_factory=list)
    machine: dict = dataclasses.field(default_factory=dict)
    roofs: dict = dataclasses.field(default_factory=dict)
    manifest: dict = dataclasses.field(default_factory=dict)
    files: list[pathlib.Path] = dataclasses.field(default_factory=list)
    skipped: list[str] = dataclasses.field(default_factory=list)

    @classmethod
    def read(cls, paths: list[pathlib.Path]) -> Results:
        results = cls()
        for path in paths:
            if path.is_dir():
                found = sorted(p for p in path.iterdir() if p.suffix in (".json", ".jsonl"))
                if not found:
                    raise ResultsError(f"{path}: no .json or .jsonl file in this folder")
                for file in found:
                    results._add(file)
            else:
                results._add(path)
        results.runs.sort(key=lambda run: (str(run.key), run.is_tuned))
        return results

    def _add(self, path: pathlib.Path) -> None:
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise ResultsError(f"{path}: cannot be read: {error}") from None
        if path.suffix == ".jsonl":
            journal = Journal.parse(path, text)
            self._keep(path, self.journals, journal)
            return
        try:
            data = json.loads(text)
        except json.JSONDecodeError as error:
            raise ResultsError(f"{path}: is not JSON: {error}; measure it again") from None
        self._sort(path, data)

    def _sort(self, path: pathlib.Path, data: object) -> None:
        if isinstance(data, list):
            rows = [row for row in data if isinstance(row, dict) and {"problem", "kernel"} <= row.keys()]
            if rows:
                self.kernels += rows
                self.files.append(path)
                return
        elif isinstance(data, dict):
            schema = str(data.get("schema", ""))
            if schema.startswith("dstune.schedule/"):
                return self._keep(path, self.schedules, Schedule(path, data))
            if {"latency_ms", "layers", "threads"} <= data.keys():
                return self._keep(path, self.runs, Run(path, data))
            if {"caches", "instructionSet", "signature"} <= data.keys():
                self.machine = data
                self.files.append(path)
                return
            if {"fma_gflops", "fma_gflops_per_core", "levels"} <= data.keys():
                self.roofs = data
                self.files.append(path)
                return
            if schema.startswith("dstune.results/"):
                self.manifest = data
                return
            if schema.startswith("dstune.peers/"):
                self.peers += [case for case in data["cases"] if case.get("batch", 1) == 1]
                self.files.append(path)
                return
        self.skipped.append(f"{path}: holds nothing that the report draws; passed over")

    def _keep(self, path: pathlib.Path, where: list, found: object | None) -> None:
        if found is None:
            self.skipped.append(f"{path}: is no journal of trials; passed over")
        else:
            where.append(found)
            self.files.append(path)

    # What belongs together

    def run_pairs(self) -> dict[tuple, dict[str, Run]]:
        """(network, width, resolution, threads) → {"default": …, "tuned": …}, as far as measured."""
        pairs: dict[tuple, dict[str, Run]] = {}
        for run in self.runs:
            pairs.setdefault(run.key, {})[run.kind] = run
        return pairs

    def schedule(self, key: tuple) -> Schedule | None:
        return next((s for s in self.schedules if s.key == key), None)

    def command(self, path: pathlib.Path) -> str | None:
        """The command that made a file, from the manifest beside it."""
        for entry in self.manifest.get("files", []):
            if entry["file"] == path.name:
                return entry["command"]
        return None
