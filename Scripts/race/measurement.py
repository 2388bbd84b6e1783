"""What one process of one contestant measured, and how long it runs."""

import dataclasses

CHECK_RUNS = 3
"""Runs at least, so that what a later run spoils (an input overwritten in place) is noticed."""

WARM_UP_SHARE = 0.3
"""Of the timed seconds, before them."""

ERROR_LIMIT = 1e-4
"""Of a probability, relative to the largest: f32 networks come within 2e-5, bf16 is off by 1e-2."""


@dataclasses.dataclass(frozen=True)
class Measurement:
    milliseconds: float  # median
    runs: int
    precision: str
    settings: str
    error: float | None  # of the probabilities, relative to the largest; None if not looked at
    percent_of_peak: float | None = None  # of the FMA peak of all its threads, where it is known
    percent_done: float | None = None  # the same of the multiply-adds done, where some of the formulas' are not

    @property
    def is_wrong(self) -> bool:
        """Whether the answer is not that of the network in f32. Lower precisions are not compared."""
        return self.precision == "f32" and self.error is not None and not self.error <= ERROR_LIMIT
