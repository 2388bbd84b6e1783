"""What a race ended with, and the figures drawn from it."""

import dataclasses
import statistics

from .cases import Case
from .measurement import Measurement

UNSTEADY = 1.05
"""The slowest round over the fastest, from where on a row is doubted."""

DISTURBED = 0.02
"""The share of the CPUs others used, from where on a case is doubted."""


@dataclasses.dataclass(frozen=True)
class Spread:
    median: float
    low: float
    high: float

    @staticmethod
    def of(values: list[float]) -> "Spread":
        return Spread(statistics.median(values), min(values), max(values))


@dataclasses.dataclass
class Row:
    """One contestant in one case. Absent contestants have no rounds, and a reason."""

    name: str
    title: str
    version: str
    is_apart: bool
    checked: Measurement | None = None
    rounds: list[Measurement] = dataclasses.field(default_factory=list)
    absent: str | None = None

    @property
    def is_own(self) -> bool:
        """Whether it is this project's, with or without a schedule."""
        return self.name.startswith("dstune")

    @property
    def medians(self) -> list[float]:
        """The median of each round, in milliseconds."""
        return [measurement.milliseconds for measurement in self.rounds]

    @property
    def milliseconds(self) -> Spread:
        return Spread.of(self.medians)

    @property
    def percent_of_peak(self) -> float | None:
        return self._known_median([one.percent_of_peak for one in self.rounds])

    @property
    def percent_done(self) -> float | None:
        return self._known_median([one.percent_done for one in self.rounds])

    @staticmethod
    def _known_median(values: list[float | None]) -> float | None:
        known = [value for value in values if value is not None]
        return statistics.median(known) if known else None


@dataclasses.dataclass
class Result:
    """One case. Ratios are of the same round, ours over theirs: below 1, ours is faster."""

    case: Case
    cpus: list[int]
    rows: list[Row]
    disturbance: float = 0

    @property
    def raced(self) -> list[Row]:
        return [row for row in self.rows if row.rounds]

    @property
    def ours(self) -> Row | None:
        return next((row for row in self.raced if row.name == "dstune"), None)

    @property
    def fastest_peer(self) -> Row | None:
        """By the median of its rounds, among those in f32."""
        peers = [row for row in self.raced if not row.is_own and not row.is_apart]
        return min(peers, key=lambda row: row.milliseconds.median, default=None)

    def ratio(self, row: Row) -> Spread | None:
        if self.ours is None or row is self.ours or row.is_apart or not row.rounds:
            return None
        pairs = zip(self.ours.medians, row.medians, strict=True)
        return Spread.of([mine / theirs for mine, theirs in pairs])

    @property
    def doubts(self) -> list[str]:
        """What makes the figures less than certain, and what to do."""
        doubts = []
        if self.disturbance > DISTURBED:
            doubts.append(
                f"other processes took {self.disturbance:.0%} of the CPUs: repeat it on a quiet machine"
            )
        unsteady = [
            f"{row.title} by {row.milliseconds.high / row.milliseconds.low - 1:.0%}"
            for row in self.raced
            if row.milliseconds.high > UNSTEADY * row.milliseconds.low
        ]
        if unsteady:
            doubts.append(f"rounds differ, so take more --rounds: {', '.join(unsteady)}")
        return doubts


def speed_up(result: Result, others: list[Result]) -> float | None:
    """How much faster ours is than with one thread."""
    for other in others:
        if other.case.network == result.case.network and other.case.threads == 1:
            if other.ours and result.ours and result.case.threads > 1:
                return other.ours.milliseconds.median / result.ours.milliseconds.median
    return None
