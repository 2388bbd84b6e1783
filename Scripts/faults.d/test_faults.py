"""That faults are met, and that what they spoil is found."""

import pathlib
import subprocess
import sys
import tempfile
import types
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import injector  # noqa: E402
import scene  # noqa: E402


class LibraryTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.root = pathlib.Path(cls.folder.name).resolve()
        cls.library = injector.library(cls.root)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def run_with(self, fault, program):
        """What a Python program prints with a fault; `folder` is where faults are met."""
        work = self.root / "work"
        work.mkdir(exist_ok=True)
        done = subprocess.run(
            [sys.executable, "-c", f"import os, time\nfolder = {str(work)!r}\n" + program], capture_output=True, text=True,
            env={"FAULT": fault, "FAULT_FOLDER": str(work), "LD_PRELOAD": str(self.library), "PATH": "/usr/bin:/bin"})
        return done.stdout.strip() + done.stderr.strip().splitlines()[-1] if done.stderr else done.stdout.strip()

    def test_the_nth_call_fails_and_no_other(self):
        writes = """
handle = os.open(folder + '/file', os.O_CREAT | os.O_WRONLY)
for number in range(1, 5):
    try: os.write(handle, b'x')
    except OSError as error: os.write(2, b'%d %d' % (number, error.errno))
"""
        self.assertEqual(self.run_with("write:3:ENOSPC", writes), "3 28")
        self.assertEqual(self.run_with("write:3+:EIO", writes), "3 54 5")
        self.assertEqual(self.run_with("write:9:EIO", writes), "")

    def test_every_call_can_fail(self):
        calls = {
            "open": "os.open(folder + '/file', os.O_CREAT)", "read": "os.read(handle, 1)", "sync": "os.fsync(handle)",
            "rename": "os.rename(folder + '/file', folder + '/other')", "close": "os.close(handle)",
            "truncate": "os.ftruncate(handle, 0)", "map": "__import__('mmap').mmap(handle, 1)",
        }
        for name, call in calls.items():
            begin = "" if name == "open" else "handle = os.open(folder + '/file', os.O_CREAT | os.O_RDWR)\n"
            begin += "os.write(handle, b'x')\n" if begin else ""
            self.assertIn("[Errno 5]", self.run_with(f"{name}:1:EIO", begin + call), name)

    def test_other_folders_are_left_alone(self):
        self.assertEqual(self.run_with("open:1+:EIO", "print(len(open('/proc/self/comm').read()) > 0)"), "True")

    def test_calls_that_do_less(self):
        self.assertEqual(
            self.run_with("short", "os.write(2, b'%d' % os.write(os.open(folder + '/s', os.O_CREAT | os.O_WRONLY), b'x' * 99))"),
            "7")

    def test_large_allocations_fail(self):
        self.assertEqual(self.run_with("allocate:1+", "bytes(2 << 20)"), "MemoryError")
        self.assertEqual(self.run_with("allocate:1+", "print(len(bytes(1000)))"), "1000")

    def test_clocks(self):
        look = "a = time.monotonic()\ntime.sleep(0.03)\nb = time.monotonic()\nprint(%s)"
        self.assertEqual(self.run_with("clock:stands", look % "a == b"), "True")
        self.assertEqual(self.run_with("clock:fast", look % "b - a > 2"), "True")
        self.assertEqual(self.run_with("clock:coarse", look % "all(abs(t * 100 - round(t * 100)) < 1e-6 for t in (a, b))"), "True")
        self.assertEqual(
            self.run_with("clock:back", "times = [time.monotonic() for _ in range(200)]\nprint(times != sorted(times))"), "True")


class JudgementTests(unittest.TestCase):
    """What each way of ending badly is called."""

    command = scene.Command("writer", ("writer",), ("out",))

    def judge(self, code=0, talk="", files=None, command=None):
        judge = injector.Injector.__new__(injector.Injector)
        judge.scene = types.SimpleNamespace(before={"out": b"old"})
        judge.trapped = 0
        reference = {"output": b"", "files": {"out": b"new", "in": b"i"}, "inputs": {"in": b"i"}}
        files = {"out": b"new", "in": b"i"} if files is None else files
        command = command or self.command
        return [*judge.wrong_end(command, code, talk, b"", reference), *judge.wrong_files(command, files, code, reference)]

    def test_a_good_end_is_none_of_them(self):
        self.assertEqual(self.judge(), [])
        self.assertEqual(self.judge(4, "writer: error: no room\nhint: make room", {"out": b"old", "in": b"i"}), [])

    def test_bad_ends(self):
        old = {"out": b"old", "in": b"i"}
        for code, talk, files in (
                (None, "", old), (-11, "", old), (77, "", old), (4, "", old),
                (4, "writer: error: a\nwriter: error: b", old), (0, "", old), (0, "", {"out": b"ne", "in": b"i"}),
                (4, "writer: error: a", {"in": b"i"}), (4, "writer: error: a", {"out": b"old", "in": b""}),
                (4, "writer: error: a", {"out": b"old", "in": b"i", ".x.partial": b""})):
            self.assertTrue(self.judge(code, talk, files), (code, talk, files))


if __name__ == "__main__":
    unittest.main()
