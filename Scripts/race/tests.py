"""Tests of what decides who is timed and who wins.

    PYTHONPATH=Scripts .venv-peers/bin/python -m unittest race.tests
"""

import dataclasses
import pathlib
import unittest

from . import report, rotation
from .cases import Case, Network
from .contestants import Absent, Contestant
from .measurement import ERROR_LIMIT, Measurement
from .results import Result, Row, Spread, speed_up

CASE = Case(Network("mobilenet-v1", 1, 224, 1), 1)
FOLDER = pathlib.Path()


def measured(milliseconds: float, error: float = 0, precision: str = "f32") -> Measurement:
    return Measurement(milliseconds, 100, precision, "", error)


class Scripted(Contestant):
    """A contestant whose check and rounds are known beforehand; an Absent among them is raised."""

    version = "1"

    def __init__(self, name: str, checked: Measurement | Absent, *rounds: Measurement | Absent) -> None:
        self.name = self.title = name
        self.checked = checked
        self.rounds = list(rounds)

    def check(self, case: Case, folder: pathlib.Path, cpus: list[int]) -> Measurement:
        return self._said(self.checked)

    def time(self, case: Case, folder: pathlib.Path, cpus: list[int], seconds: float) -> Measurement:
        return self._said(self.rounds.pop(0))

    def _said(self, measurement: Measurement | Absent) -> Measurement:
        if isinstance(measurement, Absent):
            raise measurement
        return measurement


def race(*contestants: Contestant, rounds: int = 2) -> Result:
    return rotation.race(CASE, list(contestants), FOLDER, [0], rounds, 1, lambda text: None)


def row(name: str, *milliseconds: float, is_apart: bool = False) -> Row:
    rounds = [measured(value) for value in milliseconds]
    return Row(name, name, "1", is_apart, measured(1), rounds)


class RotationTests(unittest.TestCase):
    def test_each_round_has_everyone_once(self) -> None:
        for count in range(1, 10):
            for turns in (1, 3, 5, 20):
                orders = [rotation.order(count, turn, turns) for turn in range(turns)]
                for order in orders:
                    self.assertEqual(sorted(order), list(range(count)))
                firsts = {order[0] for order in orders}
                self.assertEqual(len(firsts), min(count, turns))

    def test_wrong_answers_are_not_timed(self) -> None:
        for error in (2 * ERROR_LIMIT, float("inf"), float("nan")):
            wrong = Scripted("wrong", measured(1, error))  # Timing it would fail: it has no rounds.
            result = race(wrong, Scripted("dstune", measured(1), measured(2), measured(2)))
            self.assertIn("wrong answer", result.rows[0].absent or "")
            self.assertEqual([row.name for row in result.raced], ["dstune"])

    def test_lower_precision_may_be_off(self) -> None:
        bf16 = measured(1, 0.01, "bf16")
        self.assertEqual(len(race(Scripted("half", bf16, bf16, bf16)).raced), 1)

    def test_failing_in_a_round_ends_the_race_for_one(self) -> None:
        for failure in (Absent("crashed"), measured(1, 1)):
            failing = Scripted("failing", measured(1), measured(1), failure)
            result = race(failing, Scripted("dstune", measured(1), measured(2), measured(2)))
            self.assertEqual(result.rows[0].rounds, [])
            self.assertIsNotNone(result.rows[0].absent)
            self.assertEqual(len(result.rows[1].rounds), 2)


class ResultTests(unittest.TestCase):
    def test_ratios_are_of_the_same_round(self) -> None:
        result = Result(CASE, [0], [row("dstune", 1, 2, 3), row("peer", 2, 4, 4)])
        self.assertEqual(result.ratio(result.rows[1]), Spread(0.5, 0.5, 0.75))

    def test_the_fastest_peer_is_in_f32(self) -> None:
        rows = [row("dstune", 1), row("a", 3), row("b", 2), row("half", 1.5, is_apart=True)]
        result = Result(CASE, [0], rows)
        self.assertIs(result.fastest_peer, rows[2])
        self.assertIsNone(result.ratio(rows[3]))

    def test_without_a_schedule_ours_is_no_peer(self) -> None:
        rows = [row("dstune", 1, 2), row("dstune-as-written", 1.25, 2.5), row("peer", 3, 3)]
        result = Result(CASE, [0], rows)
        self.assertIs(result.fastest_peer, rows[2])
        self.assertEqual(result.ratio(rows[1]), Spread(0.8, 0.8, 0.8))

    def test_multiply_adds_not_done_are_said(self) -> None:
        rounds = [
            dataclasses.replace(measured(1), percent_of_peak=96.04, percent_done=90.66),
            dataclasses.replace(measured(1), percent_of_peak=96.04)]
        for one, cell in zip(rounds, ("96.0 (90.7)", "96.0"), strict=True):
            self.assertEqual(report.percent(Row("dstune", "dstune", "1", False, one, [one])), cell)

    def test_without_ours_there_is_no_ratio(self) -> None:
        result = Result(CASE, [0], [row("peer", 2)])
        self.assertIsNone(result.ratio(result.rows[0]))
        self.assertIn("| peer", report.case_table(result))

    def test_speed_up_is_over_one_thread(self) -> None:
        two = Result(Case(CASE.network, 2), [0, 1], [row("dstune", 5)])
        one = Result(CASE, [0], [row("dstune", 9)])
        self.assertEqual(speed_up(two, [one, two]), 1.8)
        self.assertIsNone(speed_up(one, [one, two]))

    def test_doubts(self) -> None:
        quiet = Result(CASE, [0], [row("peer", 1, 1.01)])
        self.assertEqual(quiet.doubts, [])
        noisy = Result(CASE, [0], [row("peer", 1, 1.5)], disturbance=0.3)
        self.assertEqual(len(noisy.doubts), 2)

    def test_absence_is_said_in_the_table(self) -> None:
        absent = Row("peer", "Peer", "1", False, absent="No module named 'peer'")
        table = report.case_table(Result(CASE, [0], [absent]))
        self.assertIn("not raced: No module named 'peer'", table)
        self.assertEqual(len({len(line) for line in table.splitlines()}), 1)


if __name__ == "__main__":
    unittest.main()
