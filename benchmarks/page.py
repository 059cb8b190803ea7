"""How large a page of `--output-format html` is, and how soon Chromium paints it.

Run as `python benchmarks/page.py PAGE...`; with `--shots FOLDER` pictures of each page are
saved, wide and as on a phone, dark and light, the first findings open. Needs `chromium`
(another program: `--chromium PATH`), which is driven by its own protocol through two pipes.
"""

import argparse
import base64
import contextlib
import fcntl
import json
import os
import statistics
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROUNDS = 5
SIZES = {"wide": (1440, 900, 1, False), "phone": (390, 844, 1.5, True)}
PAINTED = "first-contentful-paint"
PAINTS = f"""new Promise((done) => {{
  const paints = () => performance.getEntriesByName({PAINTED!r})[0];
  const look = () => (paints() ? done(paints().startTime) : setTimeout(look, 20));
  look();
}})"""
OPEN = "[...document.querySelectorAll('.finding')].slice(0, {}).forEach((item) => item.open = true)"


class Browser:
    """A Chromium without a window, and one tab of it."""

    def __init__(self, program: str, profile: str) -> None:
        asked, ask = os.pipe()
        answered, answer = os.pipe()
        reading, writing = (fcntl.fcntl(end, fcntl.F_DUPFD, 10) for end in (asked, answer))
        self._number = 0
        self._process = subprocess.Popen(
            [
                *(program, "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"),
                *(f"--user-data-dir={profile}", "--remote-debugging-pipe", "about:blank"),
            ],
            stderr=subprocess.DEVNULL,
            preexec_fn=lambda: (os.dup2(reading, 3), os.dup2(writing, 4)),
            close_fds=False,
        )
        for end in (asked, answer, reading, writing):
            os.close(end)
        self._out = os.fdopen(ask, "wb", buffering=0)
        self._in = os.fdopen(answered, "rb")
        self._session: str | None = None
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        tab = self.ask("Target.attachToTarget", targetId=target, flatten=True)
        self._session = tab["sessionId"]
        self.ask("Page.enable")

    def ask(self, method: str, **arguments: Any) -> Any:
        """Return the answer to one command."""
        self._number += 1
        body = {"id": self._number, "method": method, "params": arguments}
        if self._session:
            body["sessionId"] = self._session
        self._out.write(json.dumps(body).encode() + b"\0")
        while True:
            told = self._read()
            if told.get("id") == self._number:
                if "error" in told:
                    raise SystemExit(f"{method}: {told['error']['message']}")
                return told["result"]

    def _read(self) -> Any:
        data = bytearray()
        while (byte := self._in.read(1)) != b"\0":
            if not byte:
                raise SystemExit("Chromium has ended")
            data += byte
        return json.loads(data)

    def run(self, script: str) -> Any:
        """Return what a script in the page comes to."""
        answer = self.ask(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True
        )
        if "exceptionDetails" in answer:
            raise SystemExit(json.dumps(answer["exceptionDetails"]))
        return answer["result"].get("value")

    def open(self, page: Path) -> float:
        """Open a page and return after how many milliseconds something of it was painted."""
        self.ask("Page.navigate", url="about:blank")
        self.ask("Page.navigate", url=page.resolve().as_uri())
        return self.run(PAINTS)

    def looks(self, size: str, scheme: str) -> None:
        """Set the size of the window, and whether the user wants it dark or light."""
        width, height, scale, mobile = SIZES[size]
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=height,
                 deviceScaleFactor=scale, mobile=mobile)  # fmt: skip
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.ask("Emulation.setEmulatedMedia", features=features)

    def shot(self) -> bytes:
        """Return a picture of what the window shows."""
        return base64.b64decode(self.ask("Page.captureScreenshot", format="png")["data"])

    def close(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.wait()


@contextlib.contextmanager
def browser(program: str) -> Iterator[Browser]:
    with tempfile.TemporaryDirectory() as profile:
        found = Browser(program, profile)
        try:
            yield found
        finally:
            found.close()


def save_shots(window: Browser, page: Path, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for size in SIZES:
        for scheme in ("light", "dark"):
            window.looks(size, scheme)
            window.open(page)
            window.run(OPEN.format(3))
            window.run("document.querySelector('#findings').scrollIntoView()")
            (folder / f"{page.stem}-{size}-{scheme}.png").write_bytes(window.shot())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pages", nargs="+", type=Path)
    parser.add_argument("--shots", type=Path)
    parser.add_argument("--chromium", default="chromium")
    given = parser.parse_args()
    with browser(given.chromium) as window:
        for page in given.pages:
            for size in SIZES:
                window.looks(size, "light")
                times = [window.open(page) for _ in range(ROUNDS)]
                print(
                    f"{page.name}: {page.stat().st_size / 1e6:.2f} MB, first paint {size}: "
                    f"{statistics.median(times):.0f} ms ({min(times):.0f} to {max(times):.0f})"
                )
            if given.shots:
                save_shots(window, page, given.shots)


if __name__ == "__main__":
    main()
