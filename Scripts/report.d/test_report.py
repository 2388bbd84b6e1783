"""Tests of what the report computes. Run by Scripts/test-report; needs the standard library only."""

import json
import pathlib
import tempfile
import unittest

from dsreport.journal import Journal, Race
from dsreport.labels import label_heights
from dsreport.results import Results, ResultsError
from dsreport.text import in_lines, method_of, number, short_candidate, short_problem

HEADER = {"schema": "dstune.trials/1.0", "network": "mobilenet-v1", "width": 1.0, "resolution": 224, "threads": 2}


def block(candidate: int, nanoseconds: int, *reason: str) -> list:
    return [candidate, 0, 10, nanoseconds, 0, 0, 0, 0, 0, *reason]


class Journals(unittest.TestCase):
    def parse(self, *records: object, tail: str = "") -> Journal | None:
        lines = "".join(json.dumps(record) + "\n" for record in records)
        return Journal.parse(pathlib.Path("x.trials.jsonl"), lines + tail)

    def test_times_are_microseconds_of_one_iteration(self):
        journal = self.parse(
            HEADER, {"noise": 1.02}, {"race": "p", "candidates": ["a", "b"]},
            {"race": "p", "blocks": [block(1, 40_000), block(0, 50_000)]})
        self.assertEqual(journal.races["p"].rounds, [{1: 4.0, 0: 5.0}])
        self.assertEqual(journal.noise, 1.02)
        self.assertEqual(journal.key, ("mobilenet-v1", 1.0, 224, 2))

    def test_a_torn_last_line_is_ignored(self):
        journal = self.parse(HEADER, {"race": "p", "blocks": [block(0, 10)]}, tail='{"race": "p", "blo')
        self.assertEqual(journal.trials, 1)

    def test_dropped_blocks_are_counted_and_not_used(self):
        journal = self.parse(HEADER, {"race": "p", "blocks": [block(0, 10_000), block(1, 10, "migrated")]})
        self.assertEqual(journal.races["p"].rounds, [{0: 1.0}])
        self.assertEqual((journal.races["p"].dropped, journal.trials), (1, 2))

    def test_a_race_of_other_candidates_begins_anew(self):
        journal = self.parse(
            HEADER, {"race": "p", "candidates": ["a", "b"]}, {"race": "p", "blocks": [block(0, 10_000)]},
            {"race": "p", "finished": True}, {"race": "p", "candidates": ["a", "c"]},
            {"race": "p", "blocks": [block(0, 20_000), block(1, 30_000)]})
        self.assertEqual(journal.races["p"].rounds, [{0: 2.0, 1: 3.0}])
        self.assertEqual(journal.races["p"].candidates, ["a", "c"])
        self.assertFalse(journal.races["p"].is_finished)
        self.assertEqual(journal.trials, 3)

    def test_other_files_are_no_journals(self):
        self.assertIsNone(self.parse({"schema": "other"}))
        self.assertIsNone(Journal.parse(pathlib.Path("x"), ""))


class BestSoFar(unittest.TestCase):
    def test_one_lucky_sample_is_not_credited(self):
        rounds = [{0: 10.0, 1: 1.0}, {0: 10.0, 1: 12.0}, {0: 10.0, 1: 12.0}]
        race = Race("p", ["a", "b"], rounds, [0, 2, 4])
        self.assertEqual(race.best_so_far(), [(2, 1.0, 0), (4, 1.0, 0), (6, 1.0, 0)])

    def test_ratios_are_taken_within_a_round(self):
        # The machine slows down by half; the second candidate is a tenth faster all along.
        rounds = [{0: 10.0, 1: 9.0}, {0: 15.0, 1: 13.5}, {0: 20.0, 1: 18.0}]
        trials, ratio, best = Race("p", ["a", "b"], rounds, [0, 2, 4]).best_so_far()[-1]
        self.assertEqual((trials, best), (6, 1))
        self.assertAlmostEqual(ratio, 0.9)


class Files(unittest.TestCase):
    def read(self, **files: object) -> Results:
        with tempfile.TemporaryDirectory() as folder:
            for name, content in files.items():
                text = content if isinstance(content, str) else json.dumps(content)
                (pathlib.Path(folder) / f"{name}.json").write_text(text)
            return Results.read([pathlib.Path(folder)])

    def test_files_are_told_by_content(self):
        run = {
            "model": "xception", "threads": 1, "width": 1.0, "resolution": 299, "schedule": None,
            "latency_ms": {"median": 80.0}, "layers": []}
        results = self.read(a=run, b={**run, "schedule": "x.schedule.json"}, c={"what": "is this"})
        self.assertEqual([r.kind for r in results.runs], ["default", "tuned"])
        self.assertEqual(results.runs[0].title, "Xception, 1 thread")
        self.assertEqual(len(results.skipped), 1)

    def test_broken_json_is_an_error_that_names_the_file(self):
        with self.assertRaisesRegex(ResultsError, "bad.json: is not JSON"):
            self.read(bad="{")


class Roofline(unittest.TestCase):
    def test_labels_of_close_lines_keep_apart(self):
        heights = label_heights([233.0, 213.0, 197.0, 6.0], (0.125, 125), (8, 400), [])
        self.assertEqual(heights, sorted(heights, reverse=True))
        apart = [upper / lower for upper, lower in zip(heights, heights[1:])]
        self.assertTrue(all(factor >= 50**0.06 - 1e-9 for factor in apart), apart)
        # The slowest two stay where their lines enter: at the left edge, and at the bottom.
        self.assertAlmostEqual(heights[2], 0.125 * 197)
        self.assertAlmostEqual(heights[3], 1.15 * 8)

    def test_labels_do_not_hide_marks(self):
        chart = (0.125, 125), (8, 400)
        (free,) = label_heights([200.0], *chart, [(60, 25)])
        (higher,) = label_heights([200.0], *chart, [(0.5, 25)])
        self.assertAlmostEqual(free, 0.125 * 200)
        self.assertGreaterEqual(higher, 25 * 50**0.06)
        # Where no place is free it stays where it would be.
        everywhere = [(0.2 * 1.1**step, 8 * 1.02**up) for step in range(40) for up in range(250)]
        self.assertEqual(label_heights([200.0], *chart, everywhere), [free])


class Words(unittest.TestCase):
    def test_numbers_keep_three_digits(self):
        shown = {5.789: "5.79", 0.00123: "0.00123", 1234.5: "1234", 0.0: "0", float("nan"): "–", None: "–", 7: "7"}
        for value, text in shown.items():
            self.assertEqual(number(value), text)
        self.assertEqual(number(3.2e-7), "3.20e-07")
        self.assertEqual(number(True), "yes")

    def test_names_are_shortened_to_what_differs(self):
        self.assertEqual(method_of("f32-depthwise-3x3s1-simd__avx512"), "simd")
        self.assertEqual(short_candidate("f32-pointwise-simd__avx512 rows=9 stripTiles=0"), "simd rows=9")
        self.assertEqual(short_problem("depthwise 3x3 s1 p1,1 14x14x512 relu6 f32"), "depthwise 3x3 s1 14x14x512")
        self.assertEqual(short_problem("pointwise 7x7x96->24 none residual f32"), "pointwise 7x7x96->24 residual")
        self.assertEqual(in_lines("one two three", 8), "one two<br>three")


if __name__ == "__main__":
    unittest.main()
