"""Reads the trials of dstune's journal, race by race."""

from __future__ import annotations

import dataclasses
import json
import pathlib
import statistics

WHOLE_NETWORK = "whole network"
NETWORK_CANDIDATES = ["default", "tuned", "tuned and fused"]


@dataclasses.dataclass
class Race:
    """Candidates of one problem, timed side by side; the first one is what runs without a schedule."""

    name: str
    candidates: list[str] = dataclasses.field(default_factory=list)
    rounds: list[dict[int, float]] = dataclasses.field(default_factory=list)  # candidate → µs
    first_trials: list[int] = dataclasses.field(default_factory=list)  # of the journal, per round
    dropped: int = 0
    is_finished: bool = False

    def samples(self, candidate: int) -> list[float]:
        return [times[candidate] for times in self.rounds if candidate in times]

    def label(self, candidate: int) -> str:
        if candidate < len(self.candidates):
            return self.candidates[candidate]
        return f"candidate {candidate}"

    def best_so_far(self) -> list[tuple[int, float, int]]:
        """After each round: (trials so far, time of the best ÷ time of the first, the best).

        A candidate counts from its third pair on, by the median of ratios taken in one round, so that a lucky
        sample is not credited.
        """
        ratios: dict[int, list[float]] = {}
        curve, trials = [], 0
        for start, times in zip(self.first_trials, self.rounds):
            trials = start + len(times)
            if 0 in times:
                for candidate, time in times.items():
                    ratios.setdefault(candidate, []).append(time / times[0])
            known = {c: statistics.median(r) for c, r in ratios.items() if len(r) >= 3 and c != 0}
            best = min(known, key=known.__getitem__, default=0)
            ratio = min(known.get(best, 1.0), 1.0)
            curve.append((trials, ratio, best if ratio < 1 else 0))
        return curve

    @property
    def reference_microseconds(self) -> float:
        samples = self.samples(0)
        return statistics.median(samples) if samples else 0.0


@dataclasses.dataclass
class Journal:
    path: pathlib.Path
    header: dict
    races: dict[str, Race]
    trials: int
    noise: float | None

    @property
    def key(self) -> tuple:
        h = self.header
        return (h["network"], h.get("width", 1.0), h.get("resolution"), h.get("threads", 1))

    @classmethod
    def parse(cls, path: pathlib.Path, text: str) -> Journal | None:
        """`None` if this is no journal. A torn last line ends it, as it does for dstune."""
        records = []
        for line in text.splitlines():
            try:
                records.append(json.loads(line))
            except json.JSONDecodeError:
                break
        if not records or not str(records[0].get("schema", "")).startswith("dstune.trials/"):
            return None
        journal = cls(path, records[0], {}, 0, None)
        for record in records[1:]:
            journal._take(record)
        return journal

    def _take(self, record: dict) -> None:
        self.noise = record.get("noise", self.noise)
        name = record.get("race")
        if name is None:
            return
        race = self.races.setdefault(name, Race(name))
        if record.get("candidates", race.candidates) != race.candidates:
            # Begun again with other candidates: what was timed before says nothing about these.
            race = self.races[name] = Race(name)
        if name == WHOLE_NETWORK and not race.candidates:
            race.candidates = NETWORK_CANDIDATES
        race.candidates = record.get("candidates", race.candidates)
        race.is_finished = race.is_finished or record.get("finished", False)
        blocks = record.get("blocks", [])
        if not blocks:
            return
        # [candidate, round, iterations, ns, CPUs, switches, faults…, reason if dropped]
        kept = {block[0]: block[3] / block[2] / 1000 for block in blocks if len(block) < 10}
        race.dropped += len(blocks) - len(kept)
        race.rounds.append(kept)
        race.first_trials.append(self.trials)
        self.trials += len(blocks)
