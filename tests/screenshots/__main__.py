"""``python -m tests.screenshots [FOLDER]``: the window's pictures, light and dark.

Starts the program with a real backend on an empty data folder, and a mail server that refuses
some, delays others and breaks off; so every state in the pictures came about as it would.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import tempfile
from pathlib import Path

SCALE = "1.5"
FONTS = ("Inter", "Noto Sans", "DejaVu Sans")
POINTS = 10
SIZE = (1280, 800)


def main() -> None:
    """Make all pictures."""
    parser = argparse.ArgumentParser(prog="python -m tests.screenshots", description=__doc__)
    default = Path(__file__).parents[2] / "resources" / "screenshots"
    parser.add_argument("folder", nargs="?", type=Path, default=default)
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    os.environ |= {"QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": SCALE}
    from tests.screenshots.scenes import WRONG_PASSWORD

    os.environ["SENDOFF_MAIL_PASSWORD"] = WRONG_PASSWORD
    with tempfile.TemporaryDirectory(prefix="sendoff-") as data_dir:
        _take_all(Path(data_dir), folder)


def _take_all(data_dir: Path, folder: Path) -> None:
    from PySide6.QtGui import QFont, QFontDatabase
    from PySide6.QtWidgets import QApplication
    from qasync import QEventLoop

    from desktop.client.child import spawn
    from desktop.gui import plurals
    from desktop.gui.one_window import OneWindow
    from desktop.gui.program import Program
    from desktop.qtpool import QtExecutor
    from desktop.settings.paths import DataFolder
    from tests.screenshots.mail_server import MailServer

    app = QApplication([])
    app.setQuitOnLastWindowClosed(False)
    plurals.install(app)
    there = set(QFontDatabase.families())
    app.setFont(QFont(next(name for name in FONTS if name in there), POINTS))
    data = DataFolder(data_dir)
    data.create()
    lock = OneWindow(data.window_lock)
    lock.take()
    with MailServer() as server, QEventLoop(app) as loop:
        program = Program(app, data, lock, spawn(data))
        loop.set_default_executor(QtExecutor(program.pool))
        loop.run_until_complete(_follow(program, server, folder))


async def _follow(program, server, folder: Path) -> None:  # type: ignore[no-untyped-def]
    from desktop.gui.look.theme import Appearance
    from tests.screenshots.scenes import Stage, play

    program.window.resize(*SIZE)
    living = asyncio.create_task(program.main())
    async for scene in play(Stage(program, server)):
        for appearance in (Appearance.LIGHT, Appearance.DARK):
            program.window.themes.choose(appearance)
            await asyncio.sleep(0.3)
            path = folder / f"{scene}-{appearance}.png"
            program.window.grab().save(str(path))
            print(path)
    program.window.quit_requested.emit()
    await living


if __name__ == "__main__":
    main()
