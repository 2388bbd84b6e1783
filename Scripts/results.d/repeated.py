"""How well intervals hold from run to run: pure functions over the rows of repeated `dsbench` comparisons."""

import dataclasses
import itertools
import math
import statistics

NORMAL = statistics.NormalDist()
# Passes, or samples where there are no passes, that an interval needs; with fewer dsbench gives the range.
FEWEST_UNITS = 6


@dataclasses.dataclass(frozen=True)
class Interval:
    """A median with its interval."""

    median: float
    low: float
    high: float

    def covers(self, value: float) -> bool:
        return self.low <= value <= self.high

    @property
    def half_width(self) -> float:
        """As a part of the median."""
        return math.log(self.high / self.low) / 2


@dataclasses.dataclass(frozen=True)
class Coverage:
    """What the intervals of one quantity, one from every run, say about each other."""

    runs: int
    # Ordered pairs of runs, and in how many the first one's interval has the second one's median.
    pairs: int
    covered: int
    # Runs whose interval has the middle of the other runs' medians.
    covered_centres: int
    # Standard deviation between the runs' medians, and half the width of a usual interval, as parts of the median.
    spread: float
    half_width: float


def coverage(intervals: list[Interval]) -> Coverage:
    """Of at least two runs."""
    pairs = list(itertools.permutations(intervals, 2))
    centres = 0
    for index, interval in enumerate(intervals):
        others = [other.median for place, other in enumerate(intervals) if place != index]
        centres += interval.covers(statistics.median(others))
    return Coverage(
        runs=len(intervals), pairs=len(pairs), covered=sum(a.covers(b.median) for a, b in pairs),
        covered_centres=centres,
        spread=statistics.stdev(math.log(interval.median) for interval in intervals),
        half_width=statistics.median(interval.half_width for interval in intervals))


def total(parts: list[Coverage]) -> Coverage:
    """All quantities together; spread and half width are the middle one's."""
    def added(field: str) -> int:
        return sum(getattr(part, field) for part in parts)

    return Coverage(
        max(part.runs for part in parts), added("pairs"), added("covered"), added("covered_centres"),
        statistics.median(part.spread for part in parts), statistics.median(part.half_width for part in parts))


def wilson(successes: int, trials: int) -> tuple[float, float]:
    """95 % interval of a rate (Wilson, JASA 22, 1927)."""
    quantile = NORMAL.inv_cdf(0.975)
    rate, share = successes / trials, quantile**2 / trials
    centre = (rate + share / 2) / (1 + share)
    half = math.sqrt(rate * (1 - rate) * share + share**2 / 4) / (1 + share)
    return max(0, centre - half), min(1, centre + half)


# Rows of `dsbench compare kernels`

def row_name(row: dict) -> str:
    values = " ".join(f"{name}={value}" for name, value in sorted(row["parameters"].items()))
    return f"{row['kernel']} {values}".strip()


def by_problem(rows: list[dict]) -> dict[str, list[dict]]:
    problems: dict[str, list[dict]] = {}
    for row in rows:
        problems.setdefault(row["problem"], []).append(row)
    return problems


def times(runs: list[list[dict]]) -> dict[tuple[str, str], list[Interval]]:
    """Of every row, the interval of its time in every run that has enough samples of it."""
    found: dict[tuple[str, str], list[Interval]] = {}
    for row in itertools.chain.from_iterable(runs):
        time = row["microseconds"]
        if _units(row) >= FEWEST_UNITS and time["median"] is not None:
            found.setdefault((row["problem"], row_name(row)), []).append(
                Interval(time["median"], time["low"], time["high"]))
    return found


def ratios(runs: list[list[dict]]) -> tuple[dict[tuple[str, str], list[Interval]], int]:
    """Of every row, the intervals of its speed relative to the problem's fastest, and how many problems of
    how many runs were left out because another kernel was the fastest than in most runs."""
    references: dict[str, list[str]] = {}
    for rows in runs:
        for problem, own in by_problem(rows).items():
            references.setdefault(problem, []).append(_reference(own))
    usual = {problem: statistics.mode(names) for problem, names in references.items()}
    found: dict[tuple[str, str], list[Interval]] = {}
    left_out = 0
    for rows in runs:
        for problem, own in by_problem(rows).items():
            if _reference(own) != usual[problem]:
                left_out += 1
                continue
            for row in own:
                speed = row["relative_speed"]
                enough = _units(row) >= FEWEST_UNITS
                if row["verdict"] != "fastest" and speed["ratio"] is not None and enough:
                    found.setdefault((problem, row_name(row)), []).append(
                        Interval(speed["ratio"], speed["low"], speed["high"]))
    return found, left_out


def _reference(rows: list[dict]) -> str:
    return next((row_name(row) for row in rows if row["verdict"] == "fastest"), "")


def _units(row: dict) -> int:
    """What a row's intervals take for independent: passes with a sample, or samples where there are no passes."""
    passes = row.get("passes")
    return row["microseconds"]["samples"] if passes is None else sum(1 for samples in passes if samples)



def fastest_kernels(rows: list[dict]) -> list[str]:
    """Ids, one for each problem, each only once."""
    return sorted({row["kernel"] for row in rows if row["verdict"] == "fastest"})


@dataclasses.dataclass(frozen=True)
class SelfComparison:
    """What dsbench said of something beside its copy."""

    verdict: str
    ratio: float
    low: float
    high: float

    @classmethod
    def of(cls, row: dict) -> "SelfComparison":
        return cls(row["verdict"], **row["relative_speed"])

    @property
    def has_one(self) -> bool:
        return self.low <= 1 <= self.high


def self_comparisons(runs: list[list[dict]]) -> list[SelfComparison]:
    """Of kernels entered twice, the copies of each problem's fastest."""
    found = []
    for rows in runs:
        for own in by_problem(rows).values():
            found += [
                SelfComparison.of(row) for row in own
                if row["verdict"] not in ("fastest", None) and row_name(row) == _reference(own)
                and row["relative_speed"]["ratio"] is not None
            ]
    return found
