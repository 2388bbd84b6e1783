"""Tests of what Scripts/benchmark-coverage computes; the standard library only."""

import math
import random
import statistics
import unittest

from repeated import Interval, coverage, fastest_kernels, ratios, self_comparisons, times, total, wilson


def simulated(runs: int, drift: float, seed: int) -> list[Interval]:
    """Runs of 40 samples with 2 % of noise, whose true time differs by `drift` between runs."""
    generator = random.Random(seed)
    intervals = []
    for _ in range(runs):
        centre = generator.gauss(0, drift)
        sample = sorted(math.exp(generator.gauss(centre, 0.02)) for _ in range(40))
        intervals.append(Interval(statistics.median(sample), sample[13], sample[26]))
    return intervals


def row(
    kernel: str, median: float, ratio: float, verdict: str, samples: int = 40, passes: list[int] | None = None
) -> dict:
    return {
        "passes": passes,
        "problem": "p", "kernel": kernel, "parameters": {"rows": 4}, "verdict": verdict,
        "microseconds": {"median": median, "low": median * 0.99, "high": median * 1.01, "samples": samples},
        "relative_speed": {"ratio": ratio, "low": ratio * 0.99, "high": ratio * 1.01},
    }


class Rates(unittest.TestCase):
    def test_correct_intervals_reach_what_is_expected_of_them(self):
        parts = [coverage(simulated(10, 0, seed)) for seed in range(200)]
        whole = total(parts)
        # Order statistics 14 and 27 of 40 have the true median in 96.15 % of cases and, as 2Φ(2.07 / √2) − 1, another one in 85.7.
        self.assertAlmostEqual(whole.covered / whole.pairs, 0.857, delta=0.03)
        self.assertGreater(whole.covered_centres / sum(part.runs for part in parts), 0.92)
        self.assertAlmostEqual(whole.half_width, 2.07 * whole.spread, delta=0.2 * whole.half_width)

    def test_drift_between_runs_is_seen(self):
        whole = total([coverage(simulated(10, 0.03, seed)) for seed in range(50)])
        self.assertLess(whole.covered / whole.pairs, 0.5)
        self.assertGreater(whole.spread, 3 * whole.half_width)

    def test_known_intervals_of_rates(self):
        low, high = wilson(95, 100)
        self.assertAlmostEqual(low, 0.8882, places=4)
        self.assertAlmostEqual(high, 0.9785, places=4)
        self.assertEqual(wilson(5, 5)[1], 1)

    def test_identical_runs_cover_each_other(self):
        same = coverage([Interval(1, 1, 1)] * 3)
        self.assertEqual((same.pairs, same.covered, same.spread, same.half_width), (6, 6, 0, 0))


class Rows(unittest.TestCase):
    def test_rows_meet_their_like_of_other_runs(self):
        runs = [[row("a", 10, 1, "fastest"), row("b", 20, 0.5, "slower")] for _ in range(3)]
        self.assertEqual({name: len(found) for name, found in times(runs).items()},
                         {("p", "a rows=4"): 3, ("p", "b rows=4"): 3})
        found, left_out = ratios(runs)
        self.assertEqual((list(found), left_out), ([("p", "b rows=4")], 0))

    def test_ratios_to_another_kernel_are_left_out(self):
        usual = [row("a", 10, 1, "fastest"), row("b", 11, 0.9, "slower")]
        other = [row("a", 11, 0.9, "slower"), row("b", 10, 1, "fastest")]
        found, left_out = ratios([usual, other, usual])
        self.assertEqual((len(found["p", "b rows=4"]), left_out), (2, 1))

    def test_few_samples_have_no_interval(self):
        runs = [[row("a", 10, 1, "fastest", samples=5)] for _ in range(2)]
        self.assertEqual(times(runs), {})

    def test_few_passes_have_no_interval_however_many_samples(self):
        def runs(passes: list[int]) -> list[list[dict]]:
            return [[row("a", 10, 1, "fastest", passes=[8] * 5), row("b", 20, 0.5, "slower", passes=passes)]] * 2

        self.assertEqual((times(runs([8, 0, 8, 8, 8, 8])), ratios(runs([8] * 5))), ({}, ({}, 0)))
        self.assertEqual(list(times(runs([8, 0, 8, 8, 8, 8, 1]))), [("p", "b rows=4")])

    def test_of_two_copies_one_is_judged(self):
        copies = [row("a", 10, 1, "fastest"), row("a", 10, 0.999, "no difference shown")]
        others = [row("b", 20, 0.5, "slower"), row("b", 20, 0.5, "slower")]
        (judged,) = self_comparisons([copies + others])
        self.assertEqual((judged.verdict, judged.ratio, judged.has_one), ("no difference shown", 0.999, True))
        self.assertEqual(fastest_kernels(copies + others), ["a"])


if __name__ == "__main__":
    unittest.main()
