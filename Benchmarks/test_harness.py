"""Tests of what the harness decides by itself: `python3 -m unittest` in this folder; standard library only."""

import os
import sys
import tempfile
import unittest

from harness import HarnessError, comparing, figures
from harness.contest import Entry
from harness.measuring import Measurement, Series, measure


class Comparing(unittest.TestCase):
    def compared(self, left, right):
        with tempfile.TemporaryDirectory() as folder:
            paths = [os.path.join(folder, name) for name in ("left", "right")]
            for path, data in zip(paths, (left, right)):
                with open(path, "wb") as file:
                    file.write(data)
            return comparing.compare(*paths)

    def test_quotes_do_not_matter(self):
        result = self.compared(b'a,b\n1,""\n', b"a,b\n1,\n")
        self.assertTrue(result.is_equal)
        self.assertFalse(result.same_bytes)

    def test_same_bytes(self):
        self.assertTrue(self.compared(b"a\n1\n", b"a\n1\n").same_bytes)

    def test_a_cell_is_named_by_row_and_column(self):
        result = self.compared(b"a,b\n1,2\n3,4\n", b"a,b\n1,2\n3,5\n")
        self.assertEqual(result.differing, {"b": 1})
        self.assertEqual(result.places, ((3, "b"),))
        self.assertNotIn("5", result.described().replace("3 rows", ""))

    def test_a_missing_row_and_a_missing_cell_differ(self):
        self.assertFalse(self.compared(b"a\n1\n", b"a\n").is_equal)
        self.assertEqual(self.compared(b"a,b\n1,2\n", b"a,b\n1\n").differing, {"b": 1})

    def test_a_line_end_within_a_cell_counts(self):
        self.assertFalse(self.compared(b'a\n"1\r\n2"\n', b'a\n"1\n2"\n').is_equal)


class Measuring(unittest.TestCase):
    def test_memory_is_that_of_the_command(self):
        mebibytes = 64
        program = f"import time; kept = bytearray(b'x') * ({mebibytes} << 20); print('done')"
        done = measure([sys.executable, "-I", "-S", "-c", program])
        self.assertEqual(done.output, "done\n")
        self.assertGreater(done.peak, mebibytes << 20)
        self.assertLess(done.peak, (mebibytes + 40) << 20)

    def test_a_large_parent_does_not_count(self):
        kept = bytearray(b"x") * (200 << 20)
        done = measure([sys.executable, "-I", "-S", "-c", "pass"])
        self.assertLess(done.peak, 40 << 20)
        self.assertEqual(len(kept), 200 << 20)

    def test_a_failing_command_stops_the_harness_with_its_last_line(self):
        with self.assertRaisesRegex(HarnessError, "ended with 3: the reason"):
            measure(["sh", "-c", "echo noise >&2; echo the reason >&2; exit 3"], memory=False)

    def test_a_missing_command_is_named(self):
        with self.assertRaisesRegex(HarnessError, "no-such-program"):
            measure(["no-such-program"], memory=False)

    def test_a_command_smaller_than_the_meter_is_refused(self):
        with self.assertRaisesRegex(HarnessError, "peak is unknown"):
            measure(["true"])

    def test_best_and_median(self):
        series = Series(tuple(Measurement(wall, 0, peak) for wall, peak in ((3.0, 1), (1.0, 9), (2.0, 4))))
        self.assertEqual((series.best.wall, series.median, series.peak), (1.0, 2.0, 9))


class Figures(unittest.TestCase):
    def results(self, ours, duckdb):
        results = figures.Results()
        for name, wall in (("Exhaust, run", ours), ("DuckDB, threads 2", 20.0), ("DuckDB, threads 1", duckdb)):
            results.add(name, Entry(Measurement(wall, wall, 1 << 20), {"query": wall}, ""))
        return results

    def test_the_faster_duckdb_counts(self):
        text = figures.ratios(self.results(7.0, 10.0))
        self.assertIn("| DuckDB, threads 1 | 0.700 | 0.700 | at most 0.8 | met |", text)

    def test_a_missed_bar_is_said(self):
        self.assertIn("**missed**", figures.ratios(self.results(8.1, 10.0)))


if __name__ == "__main__":
    unittest.main()
