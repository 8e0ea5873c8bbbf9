"""A virtual screen (Xvfb) with a person's hands on it (xdotool)."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from dataclasses import dataclass, field
from typing import Self

from tests import WITHIN

PROGRAMS = ("Xvfb", "xdotool")


def missing() -> list[str]:
    """Name what this machine lacks for a journey."""
    return [program for program in PROGRAMS if shutil.which(program) is None]


@dataclass
class Screen:
    """One Xvfb server; use it as a context manager.

    ``size`` is in pixels, ``dots`` the screen's dots per inch.
    """

    size: str = "1440x900"
    dots: int = 96
    display: str = ""
    _server: subprocess.Popen[str] = field(init=False, repr=False)

    def __enter__(self) -> Self:
        """Start the server; it picks its own display number."""
        command = ["Xvfb", "-displayfd", "1", "-screen", "0", f"{self.size}x24", "-nolisten", "tcp"]
        command += ["-dpi", str(self.dots)]
        command += ["-r"]  # a busy machine lets go of a key late: held keys do not repeat
        self._server = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        assert self._server.stdout is not None
        self.display = f":{self._server.stdout.readline().strip()}"
        return self

    def __exit__(self, *_: object) -> None:
        """Switch the screen off."""
        self._server.terminate()
        self._server.wait()
        assert self._server.stdout is not None
        self._server.stdout.close()

    def environment(self) -> dict[str, str]:
        """Give the environment of a program that shows its windows here."""
        others = {name: value for name, value in os.environ.items() if name != "WAYLAND_DISPLAY"}
        return {**others, "DISPLAY": self.display, "QT_QPA_PLATFORM": "xcb"}

    def window(self, title: str, within: float = WITHIN) -> str:
        """Wait until a window whose title matches is shown; returns its id.

        Raises:
            subprocess.TimeoutExpired: none came within this many seconds.
        """
        search = ("search", "--sync", "--onlyvisible", "--name", title)
        while True:
            # It stops at a window that closes while it looks.
            with contextlib.suppress(subprocess.CalledProcessError):
                return self._hands(*search, within=within)
            assert self._server.poll() is None

    def keys(self, window: str, *keys: str) -> None:
        """Press keys, each by its X name (``Tab``, ``ctrl+Return``)."""
        self._hands("windowfocus", "--sync", window, "key", "--delay", "30", *keys)

    def type(self, window: str, text: str) -> None:
        """Type text where the focus is."""
        self._hands("windowfocus", "--sync", window, "type", "--delay", "15", text)

    def click(self, window: str, x: int, y: int) -> None:
        """Click with the left button, at pixels from the window's corner."""
        self._hands("mousemove", "--sync", "--window", window, str(x), str(y), "click", "1")

    def _hands(self, *command: str, within: float = WITHIN) -> str:
        done = subprocess.run(
            ["xdotool", *command],
            env=self.environment(),
            capture_output=True,
            text=True,
            check=True,
            timeout=within,
        )
        return (done.stdout.split() or [""])[-1]
