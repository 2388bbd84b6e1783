"""The command line of `Scripts/peers`. Standard library only: --help works before anything is installed."""

import argparse
import math
import pathlib
from collections.abc import Callable
from typing import TypeVar

from .cases import MODELS, Case, networks
from .peers import PEERS

ROOT = pathlib.Path(__file__).resolve().parents[2]
OURS = "dstune"
ENGINES = (OURS, f"{OURS}-as-written", *(peer.name for peer in PEERS))

DESCRIPTION = """\
Races dstune against other inference engines, on the same networks, weights and cores. Compares their
answers first, then times all of them in rotation. Writes peers.json and peers.md, after every case.

The engines are installed in .venv-peers on first use: 3 GB to download, 7 GB on disk, most of it PyTorch's
CUDA libraries, which it does not start without. Remove the folder to race newer versions.
"""


Item = TypeVar("Item")
Number = TypeVar("Number", int, float)


def items(
    parse: Callable[[str], Item], fits: Callable[[Item], bool], kind: str
) -> Callable[[str], list[Item]]:
    """Parses a comma-separated list, without repetition, of what `parse` reads and `fits` accepts."""

    def parsed(text: str) -> Item:
        try:
            item = parse(text)
        except ValueError:
            item = None
        if item is None or not fits(item):
            raise argparse.ArgumentTypeError(f"{text!r} is not {kind}")
        return item

    return lambda text: list(dict.fromkeys(parsed(part.strip()) for part in text.split(",")))


def names(choices: tuple[str, ...]) -> Callable[[str], list[str]]:
    return items(str, choices.__contains__, f"one of {', '.join(choices)}")


def positive(parse: Callable[[str], Number], kind: str) -> Callable[[str], list[Number]]:
    return items(parse, lambda value: math.isfinite(value) and value > 0, kind)


def parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="Scripts/peers", description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    counts, numbers = positive(int, "a positive whole number"), positive(float, "a positive number")
    option = parser.add_argument
    option("--models", type=names(MODELS), default=list(MODELS), metavar="A,B", help="networks (all)")
    option("--threads", type=counts, default=[1, 2], metavar="N,M", help="thread counts (1,2)")
    option("--engines", type=names(ENGINES), default=list(ENGINES), metavar="A,B",
           help=f"who races, of {', '.join(ENGINES)} (all)")
    option("--width", type=numbers, default=[1.0], metavar="A,B", help="width multipliers (1)")
    option("--resolution", type=counts, default=[None], metavar="R,S", help="rows and columns (224; 299)")
    option("--batch", type=counts, default=[1], metavar="N,M", help="images in one inference (1)")
    option("--rounds", type=int, default=5, metavar="N", help="rounds of all contestants (5)")
    option("--seconds", type=float, default=1.5, metavar="S", help="timed in each round, after warm-up (1.5)")
    option("--output", type=pathlib.Path, metavar="DIR",
           help="folder of peers.json and peers.md (Results/<machine>)")
    option("--schedules", type=pathlib.Path, metavar="DIR",
           help="folder of <model>-<N>t.schedule.json (Results/<machine>)")
    option("--programs", type=pathlib.Path, default=ROOT / ".build/release", metavar="DIR",
           help="folder of dsbench and dsclassify (.build/release, built first)")
    return parser


def check(parser: argparse.ArgumentParser, arguments: argparse.Namespace) -> None:
    """Ends the program where options do not go together."""
    if arguments.rounds < 1:
        parser.error(f"--rounds {arguments.rounds}: at least one round is needed")
    if not 0.05 <= arguments.seconds <= 3600:
        parser.error(f"--seconds {arguments.seconds:g}: takes 0.05 to 3600")
    if "xception" in arguments.models and arguments.width != [1.0]:
        parser.error("--width: xception has none; name the others with --models")


def cases(arguments: argparse.Namespace) -> list[Case]:
    """Every combination of the options; a network's thread counts follow one another."""
    return [
        Case(network, threads)
        for network in networks(
            arguments.models, arguments.width, arguments.resolution, arguments.batch
        )
        for threads in arguments.threads
    ]
