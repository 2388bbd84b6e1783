"""`Scripts/peers`: makes the models, races everyone, and prints and writes the result."""

import argparse
import datetime
import itertools
import pathlib
import shlex
import sys
import tempfile
import time

from . import machine, options
from .cases import Case
from .peers import PEERS
from .results import Result

EXIT_UNABLE = 4


def talk(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


def race_all(
    arguments: argparse.Namespace, cases: list[Case], cores: list[int], output: pathlib.Path
) -> list[Result]:
    # Imported here because they need numpy, which --help must do without.
    from . import contestants, report, rotation

    setting = report.Setting(
        command=shlex.join(["Scripts/peers", *sys.argv[1:]]),
        date=datetime.datetime.now().astimezone().isoformat(timespec="minutes"),
        commit=machine.commit(), machine=machine.description(),
        rounds=arguments.rounds, seconds=arguments.seconds,
    )
    schedules = arguments.schedules or machine.results_folder()
    entered = contestants.enter(arguments.engines, arguments.programs.resolve(), schedules.resolve())
    formats = {peer.model for peer in PEERS if peer.name in arguments.engines}
    results: list[Result] = []
    for network, group in itertools.groupby(cases, key=lambda case: case.network):
        with tempfile.TemporaryDirectory(prefix="peers-") as scratch:
            folder = pathlib.Path(scratch)
            talk(f"{network.slug}: making the models")
            try:
                rotation.make_models(network, formats, folder)
            except rotation.NoModels as problem:
                talk(str(problem))
                continue
            for case in group:
                # The last cores: the first one serves most interrupts.
                cpus = cores[-case.threads :]
                results.append(
                    rotation.race(
                        case, entered, folder, cpus, arguments.rounds, arguments.seconds, talk
                    )
                )
                report.write(setting, results, output)
                print(f"\n{case.title}\n\n{report.case_table(results[-1])}\n", flush=True)
    print(report.summary(results))
    return results


def main() -> int:
    parser = options.parser()
    arguments = parser.parse_args()
    options.check(parser, arguments)
    cases = options.cases(arguments)
    cores = machine.cores()
    if max(arguments.threads) > len(cores):
        print(f"Scripts/peers: error: {max(arguments.threads)} threads, but this process may use "
              f"{len(cores)} cores; name fewer with --threads", file=sys.stderr)
        return EXIT_UNABLE
    output = arguments.output or machine.results_folder()
    try:
        output.mkdir(parents=True, exist_ok=True)  # Refused now, not after the first case.
        results = race_all(arguments, cases, cores, output)
    except OSError as error:
        print(f"Scripts/peers: error: {error}", file=sys.stderr)
        return EXIT_UNABLE
    except KeyboardInterrupt:
        print(f"Scripts/peers: interrupted; finished cases are in {output}", file=sys.stderr)
        return 130
    if results:
        talk(f"written: {output}/peers.json and peers.md")
    return 0 if len(results) == len(cases) and all(result.raced for result in results) else 1


if __name__ == "__main__":
    sys.exit(main())
