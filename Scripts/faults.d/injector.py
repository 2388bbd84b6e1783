"""Runs commands with faults and says what is wrong with how they ended."""

import json
import pathlib
import subprocess

import scene

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
EXIT_CODES = {0, 1, 2, 3, 4, 130}
SECONDS = 60

# Each at every call that meets it.
COUNTED = (
    "open:EMFILE", "open:EIO", "read:EIO", "write:ENOSPC", "write:EIO", "sync:EIO", "rename:EIO", "rename:ENOSPC",
    "close:ENOSPC", "close:EIO", "map:ENOMEM", "truncate:EIO", "allocate",
)
# Each for a whole run.
LASTING = ("short", "interrupted", "clock:stands", "clock:back", "clock:coarse", "clock:fast")
# What CI has the time for.
QUICK = (
    "open:EMFILE", "read:EIO", "write:ENOSPC", "sync:EIO", "rename:EIO", "close:ENOSPC", "map:ENOMEM", "short",
    "interrupted",
)


class Unable(Exception):
    """This machine, or what is built on it, does not allow an injection."""


def library(folder):
    """Compiles the library to preload."""
    path = folder / "libfaults.so"
    done = subprocess.run(
        ["clang", "-shared", "-fPIC", "-O1", "-Wall", "-Werror",
         *map(str, (ROOT / "Tests/FaultInjection").glob("*.c")), "-o", str(path)], capture_output=True, text=True)
    if done.returncode != 0:
        raise Unable(f"the library cannot be compiled: {done.stderr}")
    return path


class Injector:
    def __init__(self, options, root):
        self.options = options
        self.root = root
        self.library = library(root)
        self.scene = scene.Scene(root, options.programs.resolve())
        self.runs = self.met = self.trapped = 0
        self.findings = []

    def run(self, command, fault=None):
        """One run with a fault: how it ended, what it left, and how often the fault was met."""
        folder = self.scene.folder(command)
        notes = self.root / "notes"
        notes.unlink(missing_ok=True)
        environment = {
            "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": str(folder), "XDG_CACHE_HOME": str(self.root / "cache"),
            "SWIFT_BACKTRACE": "enable=no",
        }
        if fault:
            environment |= {"FAULT": fault, "FAULT_FOLDER": str(folder), "FAULT_NOTES": str(notes),
                            "LD_PRELOAD": str(self.library)}
        words = [str(self.options.programs.resolve() / command.words[0]), *command.words[1:]]
        output = self.root / "output"
        try:
            with open(output, "wb") as file:
                done = subprocess.run(
                    words, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.PIPE,
                    timeout=SECONDS)
            code, talk = done.returncode, done.stderr.decode(errors="replace")
        except subprocess.TimeoutExpired as error:
            code, talk = None, (error.stderr or b"").decode(errors="replace")
        met = len(notes.read_text().splitlines()) if notes.exists() else 0
        return code, talk, output.read_bytes(), scene.contents(folder), met

    def check(self, command, fault, reference):
        """Runs with a fault and notes what is wrong; whether the fault was met."""
        code, talk, output, files, met = self.run(command, fault)
        if not met:
            return False
        self.runs += 1
        self.met += met
        wrong = [*self.wrong_end(command, code, talk, output, reference), *self.wrong_files(command, files, code, reference)]
        if self.options.verbose:
            print(f"{command.name} {fault}: {code} {talk.strip()!r}")
        for sentence in wrong:
            finding = f"{command.name} {fault}: {sentence}"
            self.findings.append(finding)
            print(f"FOUND {finding}", flush=True)
        return True

    def wrong_end(self, command, code, talk, output, reference):
        if code is None:
            yield f"no end within {SECONDS} s"
            return
        if code < 0 and "failed to allocate" in talk:
            self.trapped += 1
            return
        if code < 0:
            yield f"ended by signal {-code}: {talk.strip()[-200:]!r}"
            return
        if code not in EXIT_CODES:
            yield f"exit code {code}: {talk.strip()[-200:]!r}"
        sentences = [line for line in talk.splitlines() if ": error: " in line]
        if code in (2, 3, 4) and len(sentences) != 1:
            yield f"{len(sentences)} sentences of error with exit code {code}: {talk.strip()[-300:]!r}"
        if "Fatal error" in talk:
            yield f"a trap: {talk.strip()[-200:]!r}"
        # Where a command writes a file, its talk of it may hold times.
        if code == 0 and not command.outputs and output != reference["output"]:
            yield f"exit code 0 with another output: {output[-200:]!r}"

    def wrong_files(self, command, files, code, reference):
        for name, bytes_ in files.items():
            if name in command.outputs:
                whole = reference["files"].get(name)
                is_old = bytes_ == self.scene.before[name]
                is_complete = bytes_ == whole if command.repeats else self.is_complete(name, bytes_)
                if not is_old and not is_complete:
                    yield f"{name} is neither old nor complete ({len(bytes_)} bytes)"
                if code == 0 and command.repeats and bytes_ != whole:
                    yield f"exit code 0, and {name} is not written"
            elif name in reference["inputs"]:
                if bytes_ != reference["inputs"][name]:
                    yield f"{name}, an input, was changed"
            elif name in reference["files"]:
                # Where it writes beside an output that it keeps.
                if bytes_ != reference["files"][name]:
                    yield f"{name} is not complete ({len(bytes_)} bytes)"
            elif name not in command.leaves:
                yield f"{name} is left behind"
        for name in (*command.outputs, *reference["inputs"]):
            if name not in files:
                yield f"{name} is gone"

    @staticmethod
    def is_complete(name, bytes_):
        try:
            json.loads(bytes_)
            return bytes_.endswith(b"\n")
        except ValueError:
            return False

    def reference(self, command):
        """How the command ends where nothing fails."""
        inputs = scene.contents(self.scene.inputs)
        code, talk, output, files, _ = self.run(command)
        if code not in (0, 1):
            raise Unable(f"{command.name} ends with {code} where nothing fails: {talk}")
        return {"output": output, "files": files, "inputs": inputs}

    def walk(self, command, faults):
        reference = self.reference(command)
        is_slow = command.name == "tune"
        limit = 3 if self.options.quick else 10_000
        for fault in faults:
            if fault in LASTING:
                self.check(command, fault, reference)
                continue
            call, _, error = fault.partition(":")
            number = 1
            while number <= limit and self.check(command, f"{call}:{number}" + (f":{error}" if error else ""), reference):
                # The journal has hundreds of lines, and each run takes a second.
                number += max(1, number // 2) if is_slow else 1
            self.check(command, f"{call}:1+" + (f":{error}" if error else ""), reference)
