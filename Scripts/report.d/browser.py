"""Headless Chromium over the DevTools protocol's pipe: no port, no WebSocket, nothing but the standard library."""

from __future__ import annotations

import base64
import json
import os
import select
import subprocess
import tempfile
import time

COMPLAINTS = {"error", "warning", "assert"}


class BrowserError(Exception):
    """The browser did not start, died or did not answer."""


class Browser:
    """One window. The network is off from the start, and every complaint and request is kept."""

    def __init__(self, program: str, patience_seconds: float = 60):
        self.patience_seconds = patience_seconds
        self._profile = tempfile.TemporaryDirectory(prefix="check-report-", ignore_cleanup_errors=True)
        self._complaints: list[str] = []
        self._requests: list[str] = []
        self._loaded = False
        self._next = 0
        self._pending = b""
        self._start(program)
        target = self._send("Target.createTarget", url="about:blank")["targetId"]
        self._session = None
        self._session = self._send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self._send(f"{domain}.enable")
        self._send(
            "Network.emulateNetworkConditions", offline=True, latency=0, downloadThroughput=0, uploadThroughput=0)

    _session: str | None = None

    def _start(self, program: str) -> None:
        """Chromium reads commands from descriptor 3 and writes answers to 4."""
        read_commands, self._commands = os.pipe()
        self._answers, write_answers = os.pipe()
        arguments = [
            program, "--headless=new", "--remote-debugging-pipe", "--no-sandbox", "--disable-gpu",
            "--disable-dev-shm-usage", "--hide-scrollbars", "--no-first-run", "--disable-background-networking",
            "--host-resolver-rules=MAP * ~NOTFOUND", f"--user-data-dir={self._profile.name}", "about:blank",
        ]
        self._process = subprocess.Popen(
            ["bash", "-c", f'exec 3<&{read_commands} 4>&{write_answers}; exec "$@"', "bash", *arguments],
            pass_fds=(read_commands, write_answers), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(read_commands)
        os.close(write_answers)

    def __enter__(self) -> Browser:
        return self

    def __exit__(self, *_: object) -> None:
        self._session = None
        try:
            self._send("Browser.close")
            self._process.wait(10)
        except (BrowserError, subprocess.TimeoutExpired):
            self._process.kill()
            self._process.wait()
        os.close(self._commands)
        os.close(self._answers)
        self._profile.cleanup()

    # What a check does

    def resize(self, width: int, height: int, scale: float, is_phone: bool) -> None:
        self._size = {"width": width, "height": height, "deviceScaleFactor": scale, "mobile": is_phone}
        self._send("Emulation.setDeviceMetricsOverride", **self._size)

    def prefer(self, scheme: str) -> None:
        """`scheme` is "light" or "dark"."""
        self._send("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def open(self, address: str) -> None:
        self._loaded = False
        self._send("Page.navigate", url=address)
        deadline = time.monotonic() + self.patience_seconds
        while not self._loaded:
            self._take(self._receive(deadline))

    def evaluate(self, expression: str) -> object:
        answer = self._send("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in answer:
            raise BrowserError(answer["exceptionDetails"].get("exception", {}).get("description", "exception"))
        return answer["result"].get("value")

    def screenshot(self) -> bytes:
        """PNG of the whole page, which is laid out at its full height first so that every chart is drawn."""
        height = self.evaluate("document.documentElement.scrollHeight")
        self._send("Emulation.setDeviceMetricsOverride", **{**self._size, "height": height})
        self.evaluate("new Promise((done) => setTimeout(done, 500))")
        picture = base64.b64decode(self._send("Page.captureScreenshot", format="png")["data"])
        self._send("Emulation.setDeviceMetricsOverride", **self._size)
        return picture

    def print(self) -> bytes:
        """PDF on A4."""
        answer = self._send("Page.printToPDF", paperWidth=8.27, paperHeight=11.69, printBackground=False)
        return base64.b64decode(answer["data"])

    def take_complaints(self) -> list[str]:
        complaints, self._complaints = self._complaints, []
        return complaints

    def take_requests(self) -> list[str]:
        requests, self._requests = self._requests, []
        return requests

    # The protocol: JSON messages, each ended by a zero byte

    def _send(self, method: str, **parameters: object) -> dict:
        self._next += 1
        message = {"id": self._next, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        try:
            os.write(self._commands, json.dumps(message).encode() + b"\0")
        except BrokenPipeError:
            raise BrowserError("the browser has ended") from None
        deadline = time.monotonic() + self.patience_seconds
        while True:
            answer = self._receive(deadline)
            if answer.get("id") == self._next:
                if "error" in answer:
                    raise BrowserError(f"{method}: {answer['error']['message']}")
                return answer["result"]
            self._take(answer)

    def _receive(self, deadline: float) -> dict:
        while b"\0" not in self._pending:
            remaining = deadline - time.monotonic()
            if remaining <= 0 or not select.select([self._answers], [], [], remaining)[0]:
                raise BrowserError(f"the browser did not answer in {self.patience_seconds:g} s")
            chunk = os.read(self._answers, 1 << 20)
            if not chunk:
                raise BrowserError("the browser has ended")
            self._pending += chunk
        message, self._pending = self._pending.split(b"\0", 1)
        return json.loads(message)

    def _take(self, event: dict) -> None:
        parameters = event.get("params", {})
        match event.get("method"):
            case "Page.loadEventFired":
                self._loaded = True
            case "Runtime.exceptionThrown":
                details = parameters["exceptionDetails"]
                self._complaints.append(details.get("exception", {}).get("description", details["text"]))
            case "Runtime.consoleAPICalled" if parameters["type"] in COMPLAINTS:
                words = [str(a.get("value", a.get("description"))) for a in parameters["args"]]
                self._complaints.append(f"console {parameters['type']}: " + " ".join(words))
            case "Log.entryAdded" if parameters["entry"]["level"] in COMPLAINTS:
                self._complaints.append(f"log {parameters['entry']['level']}: {parameters['entry']['text']}")
            case "Network.requestWillBeSent":
                address = parameters["request"]["url"]
                if not address.startswith(("data:", "blob:", "about:")):
                    self._requests.append(address)
