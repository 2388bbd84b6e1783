"""Draws the results of dstune, dsbench and Scripts/peers as one HTML page that needs no network.

Takes files and folders: runs (`dsbench run -f json`), kernels (`dsbench compare kernels -f json`),
schedules and journals of dstune, the machine (`dstune topology -f json`) and peers.json. What a file is,
is told from its content.
"""

import argparse
import pathlib
import sys

from . import kernels, layers, page, roofline, samples, speed, tuning
from .results import Results, ResultsError

SECTIONS = (speed, roofline, layers, kernels, tuning, samples)


def main() -> int:
    parser = argparse.ArgumentParser(prog="Scripts/report", description=__doc__)
    parser.add_argument("results", nargs="+", type=pathlib.Path, help="files, or folders of them")
    parser.add_argument(
        "-o", "--output", type=pathlib.Path, default=pathlib.Path("report.html"),
        help="page to write (default: report.html)",
    )
    parser.add_argument("--title", help="headline (default: the machine's name)")
    arguments = parser.parse_args()
    try:
        results = Results.read(arguments.results)
    except ResultsError as error:
        print(f"report: error: {error}", file=sys.stderr)
        return 3
    for skipped in results.skipped:
        print(f"report: {skipped}", file=sys.stderr)
    sections = [found for module in SECTIONS if (found := module.section(results))]
    if not sections:
        print("report: error: none of these files holds anything to draw", file=sys.stderr)
        return 3
    text = page.render(results, sections, title=arguments.title)
    try:
        arguments.output.write_text(text, encoding="utf-8")
    except OSError as error:
        print(f"report: error: {arguments.output}: {error.strerror}", file=sys.stderr)
        return 3
    panels = sum(len(section.panels) for section in sections)
    print(f"{arguments.output}: {panels} charts, {len(text.encode()) / 1e6:.1f} MB", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
