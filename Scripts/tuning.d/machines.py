"""Made-up machines for `Scripts/tuning-plans`: hwloc notations, and XML where those cannot say it."""

import dataclasses
import itertools
from xml.etree import ElementTree

# What a notation can say: one core, no third level, no caches at all, 384 processing units.
NOTATIONS = {
    "one core": "pack:1 l3:1 l2:1 l1:1 core:1 pu:1",
    "two cores, no caches": "core:2 pu:1",
    "four cores in pairs, no L3": "pack:1 l2:2 l1:2 core:1 pu:1",
    "two packages, SMT": "pack:2 l3:2 l2:4 l1:1 core:1 pu:2",
    "eight memory nodes": "numa:8 l3:1 core:6 pu:1",
    "384 processing units": "pack:2 l3:12 l2:8 l1:1 core:1 pu:2",
}


@dataclasses.dataclass(frozen=True)
class Core:
    """One core of a made-up machine, with caches of its own."""

    node: int
    units: int = 1
    kind: int | None = None
    # How many of its processing units the system has switched off, and how many the process may not use.
    offline: int = 0
    forbidden: int = 0


# What a notation cannot say.
CORES = {
    "hybrid": [Core(0, 2, kind=1)] * 6 + [Core(0, 1, kind=0)] * 8,
    "processing units offline": [Core(0, 2, offline=n % 2) for n in range(4)] + [Core(1, 2, offline=2), Core(1, 2)],
    "cgroup with five of sixteen": [Core(0, 2, forbidden=int(n > 1) * 2) for n in range(4)]
    + [Core(1, 2, forbidden=1 if n == 0 else 2) for n in range(4)],
    "memory nodes of two and six cores": [Core(0)] * 2 + [Core(1)] * 6,
}


def xml(cores: list[Core]) -> str:
    """The machine as hwloc 2 exports it: one package and one L3 for each memory node."""
    return _Writer(cores).text()


class _Writer:
    def __init__(self, cores: list[Core]):
        self.cores = cores
        self.index = itertools.count(1)
        first = itertools.accumulate((core.units for core in cores), initial=0)
        self.complete = [range(start, start + core.units) for start, core in zip(first, cores)]
        self.online = [units[: len(units) - core.offline] for units, core in zip(self.complete, cores)]
        self.allowed = [units[: len(units) - core.forbidden] for units, core in zip(self.online, cores)]
        self.nodes = sorted({core.node for core in cores})

    def text(self) -> str:
        root = ElementTree.Element("topology", version="2.0")
        everything = list(range(len(self.cores)))
        machine = self._object(root, "Machine", everything, os_index="0")
        machine.set("allowed_cpuset", _mask(itertools.chain(*self.allowed)))
        machine.set("allowed_nodeset", _mask(self.nodes))
        for node in self.nodes:
            self._package(machine, node, [n for n in everything if self.cores[n].node == node])
        for kind in sorted({core.kind for core in self.cores if core.kind is not None}):
            units = (self.online[n] for n in everything if self.cores[n].kind == kind)
            ElementTree.SubElement(
                root, "cpukind", cpuset=_mask(itertools.chain(*units)), forced_efficiency=str(kind))
        return '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE topology SYSTEM "hwloc2.dtd">\n' + ElementTree.tostring(
            root, encoding="unicode")

    def _package(self, machine, node: int, members: list[int]) -> None:
        package = self._object(machine, "Package", members, os_index=str(node))
        memory = self._object(package, "NUMANode", members, os_index=str(node))
        memory.set("local_memory", str(8 << 30))
        third = self._cache(package, 3, 16 << 20, members)
        for n in members:
            second = self._cache(third, 2, 1 << 20, [n])
            first = self._cache(second, 1, 32 << 10, [n])
            core = self._object(first, "Core", [n], os_index=str(n))
            for unit in self.online[n]:
                pu = self._object(core, "PU", [n], os_index=str(unit))
                pu.set("cpuset", _mask([unit]))
                pu.set("complete_cpuset", _mask([unit]))

    def _cache(self, parent, level: int, size: int, members: list[int]):
        cache = self._object(parent, f"L{level}Cache", members)
        for name, value in (
            ("cache_size", size), ("depth", level), ("cache_linesize", 64), ("cache_associativity", 8),
            ("cache_type", 1 if level == 1 else 0),
        ):
            cache.set(name, str(value))
        return cache

    def _object(self, parent, kind: str, members: list[int], **attributes: str):
        nodes = _mask(sorted({self.cores[n].node for n in members}))
        element = ElementTree.SubElement(
            parent, "object", type=kind, cpuset=_mask(itertools.chain(*(self.online[n] for n in members))),
            complete_cpuset=_mask(itertools.chain(*(self.complete[n] for n in members))), nodeset=nodes,
            complete_nodeset=nodes, gp_index=str(next(self.index)), **attributes)
        return element


def _mask(bits) -> str:
    """hwloc's form of a set: 32 bits a word, the highest first."""
    value = sum(1 << bit for bit in bits)
    words = []
    while value or not words:
        words.append(f"0x{value & 0xFFFFFFFF:08x}")
        value >>= 32
    return ",".join(reversed(words))
