"""``python -m tests.screenshots [FOLDER]``: the window's pictures, light and dark.

``--closer`` goes on with sheets, tabs and rarer states; ``--sizes 1280x800 1024x640`` takes each
picture in several sizes, ``--scale 2`` at 200 %, ``--points 13`` with larger text of the system,
``--texts 100 200`` with text that a person has enlarged with Ctrl and plus.

Starts the program with a real backend on an empty data folder, and a mail server that refuses
some, delays others and breaks off; so every state in the pictures came about as it would.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import os
import tempfile
from pathlib import Path
from typing import Any

SCALE = "1.5"
FONT = "Inter"
POINTS = 10
SIZE = "1280x800"
FRAME = 40  # of the window, in its own pixels
TEXT = 100  # percent of the system's


def main() -> None:
    """Make all pictures."""
    parser = argparse.ArgumentParser(prog="python -m tests.screenshots", description=__doc__)
    default = Path(__file__).parents[2] / "resources" / "screenshots"
    parser.add_argument("folder", nargs="?", type=Path, default=default)
    parser.add_argument("--closer", action="store_true")
    parser.add_argument("--sizes", nargs="+", default=[SIZE], metavar="WIDTHxHEIGHT")
    parser.add_argument("--scale", default=SCALE)
    parser.add_argument("--points", type=float, default=POINTS)
    parser.add_argument("--texts", nargs="+", type=int, default=[TEXT], metavar="PERCENT")
    wanted = parser.parse_args()
    wanted.folder.mkdir(parents=True, exist_ok=True)
    from tests.screenshots.scenes import WRONG_PASSWORD

    os.environ["SENDOFF_MAIL_PASSWORD"] = WRONG_PASSWORD
    with tempfile.TemporaryDirectory(prefix="sendoff-") as made:
        data_dir, screen = Path(made) / "data", Path(made) / "screen.json"
        screen.write_text(json.dumps({"screens": [_screen(wanted)]}))
        os.environ |= {
            "QT_QPA_PLATFORM": f"offscreen:configfile={screen}",
            "QT_SCALE_FACTOR": wanted.scale,
        }
        _take_all(data_dir, wanted)


def _screen(wanted: argparse.Namespace) -> dict[str, Any]:
    """Describe a screen on which the window opens in the first of the sizes."""
    width, height = _pixels(wanted.sizes[0])
    scale = float(wanted.scale)
    size = {"width": round((width + FRAME) * scale), "height": round((height + FRAME) * scale)}
    dots = {"logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}
    return {"name": "screen", "x": 0, "y": 0, **size, **dots}


def _take_all(data_dir: Path, wanted: argparse.Namespace) -> None:
    from PySide6.QtGui import QFont, QFontDatabase
    from PySide6.QtWidgets import QApplication
    from qasync import QEventLoop

    from desktop.cli import SENDOFF
    from desktop.client.child import spawn
    from desktop.gui.assembly import ShownWindow
    from desktop.gui.kit.words import plurals
    from desktop.gui.one_window import OneWindow
    from desktop.gui.program import Program
    from desktop.qtpool import QtExecutor
    from desktop.settings.office_folder import OfficeFolder
    from sendoff_tasks.model.program import PROGRAM
    from tests.screenshots.mail_server import MailServer

    PROGRAM.runs_as(SENDOFF)
    app = QApplication([])
    app.setQuitOnLastWindowClosed(False)
    plurals.install(app)
    if FONT not in QFontDatabase.families():
        raise SystemExit(f"The pictures are taken with {FONT}: install it (Debian: fonts-inter).")
    font = QFont(FONT)
    font.setPointSizeF(wanted.points)
    app.setFont(font)
    data = OfficeFolder(data_dir)
    data.create()
    lock = OneWindow(data.window_lock)
    lock.take()
    with MailServer() as server, QEventLoop(app) as loop:
        program = Program(ShownWindow(app, data, None), data, lock, spawn(data), None, data)
        loop.set_default_executor(QtExecutor(program.pool))
        loop.run_until_complete(_follow(program, server, wanted))


async def _follow(program: Any, server: Any, wanted: argparse.Namespace) -> None:
    from tests.screenshots.scenes import play
    from tests.screenshots.stage import Stage

    program.window.resize(*_pixels(wanted.sizes[0]))
    living = asyncio.create_task(program.main())
    stage = Stage(program, server)
    async for scene in play(stage, closer=wanted.closer):
        windows = [program.window, *([stage.shown] if stage.shown else [])]
        await _take(windows, scene, wanted)
    program.window.quit_requested.emit()
    await living


async def _take(windows: list[Any], scene: str, wanted: argparse.Namespace) -> None:
    """Take the last window's pictures; all wear one look, as they share the application's."""
    from desktop.gui.kit.look.theme import Appearance

    looks = itertools.product(wanted.texts, wanted.sizes, (Appearance.LIGHT, Appearance.DARK))
    for text, size, appearance in looks:
        windows[-1].resize(*_pixels(size))
        for window in windows:
            window.themes.set_text_size(text)
            window.themes.choose(appearance)
        await asyncio.sleep(0.3)
        of_several = ((size, wanted.sizes), (str(text), wanted.texts))
        named = [scene, appearance, *(each for each, all_ in of_several if len(all_) > 1)]
        path = wanted.folder / f"{'-'.join(named)}.png"
        _picture(windows[-1]).save(str(path))
        print(path, flush=True)
    for window in windows:
        window.themes.set_text_size(wanted.texts[0])
    windows[-1].resize(*_pixels(wanted.sizes[0]))


def _picture(window: Any) -> Any:
    """Paint a window, and the menus and dialogs that lie over it."""
    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QApplication

    picture = window.grab()
    painter = QPainter(picture)
    for over in QApplication.topLevelWidgets():
        if over.isVisible() and (over.inherits("QMenu") or over.inherits("QDialog")):
            painter.drawPixmap(window.mapFromGlobal(over.pos()), over.grab())
    painter.end()
    return picture


def _pixels(size: str) -> tuple[int, int]:
    width, _, height = size.partition("x")
    return int(width), int(height)


if __name__ == "__main__":
    main()
