"""``python -m tests.screenreader``: the main job, done by names and roles of controls alone.

Starts the window on a virtual screen with a session bus of its own, and a mail server that
refuses one message at first. ``walk.py`` then types an item, submits it, sees it sent, and
retries the one that failed, through AT-SPI: what a screen reader reads and does.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.journeys import screen as screens
from tests.screenshots.mail_server import MailServer, Manners

if TYPE_CHECKING:
    from aiosmtpd.smtp import SMTP, Envelope, Session

SYSTEM_PYTHON: Final = "/usr/bin/python3"
"""The Python that Debian's bindings belong to."""
PACKAGES: Final = "at-spi2-core dbus python3-pyatspi xvfb xdotool"
LAUNCHERS: Final = (
    "/usr/libexec/at-spi-bus-launcher",
    "/usr/lib/at-spi2-core/at-spi-bus-launcher",
)
WITHIN: Final = 300
"""Seconds the whole walk may take."""


def main() -> int:
    """Walk; returns 0 where every step was found and done."""
    lacking = missing()
    if lacking:
        print(f"This machine has no {' and no '.join(lacking)}.", file=sys.stderr)
        print(f"On Debian: apt-get install {PACKAGES}", file=sys.stderr)
        return 1
    with (
        MailServer(RefusesFirst()) as server,
        screens.Screen() as screen,
        tempfile.TemporaryDirectory(prefix="sendoff-") as folder,
    ):
        return walk(screen, Path(folder), server.port)


def missing() -> list[str]:
    """Name what this machine lacks for the walk."""
    lacking = screens.missing()
    if shutil.which("dbus-run-session") is None:
        lacking.append("dbus-run-session")
    if not any(Path(each).exists() for each in LAUNCHERS):
        lacking.append("accessibility bus (at-spi-bus-launcher)")
    if not _has_bindings():
        lacking.append(f"pyatspi for {SYSTEM_PYTHON}")
    return lacking


def walk(screen: screens.Screen, folder: Path, port: int) -> int:
    """Start window and walker on a bus of their own; returns the walker's code."""
    settings = (
        '[mail]\ntransport = "smtp"\nhost = "127.0.0.1"\n'
        f'port = {port}\nsecurity = "none"\nsender = "Desk <desk@example.org>"\n'
        "[window]\ngrace_seconds = 0\n"
    )
    folder.chmod(0o700)
    (folder / "settings.toml").write_text(settings, encoding="utf-8")
    environment = screen.environment() | {"QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1"}
    walker = [SYSTEM_PYTHON, str(Path(__file__).with_name("walk.py"))]
    window = [sys.executable, "-m", "desktop", "--data-dir", str(folder)]
    command = ["dbus-run-session", "--", *walker, *window]
    return subprocess.run(command, env=environment, check=False, timeout=WITHIN).returncode


class RefusesFirst(Manners):
    """Refuses one recipient twice, and takes every other message.

    A message that is refused over a connection of another one is tried over a new one at once.
    """

    def __init__(self) -> None:
        self._refused = 0

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _: SMTP, __: Session, envelope: Envelope, address: str, ___: list[str]
    ) -> str:
        """Refuse ``first-refused`` twice."""
        if address.startswith("first-refused") and self._refused < 2:
            self._refused += 1
            return "554 5.7.1 Not now"
        envelope.rcpt_tos.append(address)
        return "250 OK"


def _has_bindings() -> bool:
    if not Path(SYSTEM_PYTHON).exists():
        return False
    look = [SYSTEM_PYTHON, "-c", "import pyatspi"]
    return subprocess.run(look, capture_output=True, check=False).returncode == 0


if __name__ == "__main__":
    argparse.ArgumentParser(prog="python -m tests.screenreader", description=__doc__).parse_args()
    sys.exit(main())
