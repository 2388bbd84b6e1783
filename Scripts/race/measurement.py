"""What one process of one engine measured."""

import dataclasses

CHECK_RUNS = 3
"""Runs at least, so that what a later run spoils (an input overwritten in place) is noticed."""

WARM_UP_SHARE = 0.3
"""Of the timed seconds, before them."""


@dataclasses.dataclass(frozen=True)
class Measurement:
    milliseconds: float  # median
    runs: int
    precision: str
    settings: str
    error: float | None  # of the probabilities, relative to the largest; None if not looked at
