"""The machine under the race: its name, its cores, and who else was using them."""

import os
import pathlib
import platform
import resource
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


def slug() -> str:
    """The machine's folder below Results/."""
    return _output([str(ROOT / "Scripts/machine-slug")])


def results_folder() -> pathlib.Path:
    return ROOT / "Results" / slug()


def commit() -> str:
    """The checked-out commit, with a plus where files differ from it."""
    return _output([str(ROOT / "Scripts/commit-name")])


def _output(command: list[str]) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def cores() -> list[int]:
    """The first processing unit of every core this process may run on."""
    allowed = os.sched_getaffinity(0)
    firsts = set()
    for cpu in allowed:
        path = pathlib.Path(f"/sys/devices/system/cpu/cpu{cpu}/topology/thread_siblings")
        siblings = allowed
        if path.is_file():
            mask = int(path.read_text().replace(",", ""), 16)
            siblings = {sibling for sibling in allowed if mask >> sibling & 1}
        firsts.add(min(siblings) if path.is_file() else cpu)
    return sorted(firsts)


def description() -> dict[str, object]:
    lines = pathlib.Path("/proc/cpuinfo").read_text().splitlines()
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return {
        "name": slug(), "cpu": names[0] if names else platform.machine(), "cores": len(cores()),
        "virtual": any(" hypervisor" in line for line in lines if line.startswith("flags")),
        "system": f"{platform.system()} {platform.release()}", "python": platform.python_version(),
    }


class Interference:
    """Measures what share of all CPUs went to processes that are not ours, and to other machines."""

    def __init__(self) -> None:
        self._start = time.monotonic()
        self._busy, self._own = _busy_seconds(), _own_seconds()

    def share(self) -> float:
        """Since it was made, from 0 to 1."""
        others = (_busy_seconds() - self._busy) - (_own_seconds() - self._own)
        available = (time.monotonic() - self._start) * (os.cpu_count() or 1)
        return max(others, 0) / available


def _busy_seconds() -> float:
    user, nice, system, _, _, irq, soft, steal = map(
        int, pathlib.Path("/proc/stat").read_text().splitlines()[0].split()[1:9]
    )
    return (user + nice + system + irq + soft + steal) / TICKS_PER_SECOND


def _own_seconds() -> float:
    usages = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)
