"""The real window while items are typed into its form: ``… window.typing_probe DATA_DIR``."""

from __future__ import annotations

import argparse
import asyncio
import os
import time
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from desktop import app
from desktop.cli import SENDOFF
from desktop.client.items import ItemQuery
from desktop.gui import program
from sendoff_tasks.model.program import PROGRAM
from tests.benchmarks.figures import quantile
from tests.benchmarks.window.gui_thread import Gaps
from tests.benchmarks.window.window_probe import Probe

PACE = 0.05
"""Seconds between two keys."""
PATIENCE = 10.0
"""Seconds until a letter or an item counts as lost."""


def focus() -> QWidget:
    """Return what gets the keys."""
    here = QApplication.focusWidget()
    assert here is not None
    return here


class Painted(QObject):
    """Tells how long after its key a character was painted (ms)."""

    def __init__(self) -> None:
        super().__init__()
        self._pressed = 0.0
        self.delays: list[float] = []

    def press(self, editor: QWidget) -> None:
        self._pressed = time.perf_counter()
        editor.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and self._pressed:
            self.delays.append((time.perf_counter() - self._pressed) * 1000)
            self._pressed = 0.0
        return False


class Typist(Probe):
    """Types so many ``items`` by name, Tab, address and Ctrl+Enter."""

    items: int

    async def measure(self) -> dict[str, Any]:
        form, painted, gaps = self.window.form, Painted(), Gaps()
        await self.until(lambda: self.source.api is not None and self.model.is_loaded)
        form.message.choose("Long")
        form.begin()
        await self._until(lambda: form.letter.mail is not None)
        behind, emptied, wanted = list[float](), list[float](), dict[str, str]()
        gaps.start()
        for number in range(self.items):
            name, address = f"Ada Lovelace {number}", f"a{number}@example.org"
            wanted[address] = name
            for text in (name, "\t", address):
                for letter in text:
                    editor = focus()
                    painted.press(editor)
                    QTest.keyClick(editor, Qt.Key.Key_Tab) if letter == "\t" else QTest.keyClicks(
                        editor, letter
                    )
                    await asyncio.sleep(PACE)
            began = time.perf_counter() - PACE
            await self._until(lambda: not (form.letter._is_old or form.letter._is_asked))
            behind.append((time.perf_counter() - began) * 1000)
            began = time.perf_counter()
            QTest.keyClick(focus(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
            if form.is_empty():
                emptied.append((time.perf_counter() - began) * 1000)
        told = gaps.stop()
        await self._until(lambda: self.rooms.services.outbox.unanswered == 0)
        await asyncio.sleep(1)
        return {
            "keys lost": await asyncio.to_thread(self._lost, wanted),
            "key to painted character, p99": quantile(painted.delays, 0.99),
            "letter behind the last key, p95": quantile(behind, 0.95),
            "Ctrl+Enter to the empty form": max(emptied),
            "gap, max": told["max"],
        }

    def _lost(self, wanted: dict[str, str]) -> int:
        """Count the letters of names and addresses that no item has."""
        api = self.source.api
        assert api is not None
        found = list[tuple[str, str]]()
        for number in range(0, len(wanted), 100):
            assert number < 100, "one page has them"
            page = api.items.page(ItemQuery(text="Lovelace"), limit=100)
            people = [each["recipient"] for each in page["items"]]
            found += [(each["email"], each.get("name", "")) for each in people if each]
        return sum(len(k) + len(v) for k, v in wanted.items() if (k, v) not in found)

    async def _until(self, ready: Any) -> None:
        until = time.perf_counter() + PATIENCE
        while not ready() and time.perf_counter() < until:  # noqa: ASYNC110 - it has no event
            await asyncio.sleep(0.002)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.window.typing_probe")
    parser.add_argument("data_dir", type=Path)
    parser.add_argument("--items", type=int, default=50)
    options = parser.parse_args()
    Typist.items, Typist.seconds = options.items, 4.0
    program.Program = Typist  # type: ignore[misc]
    PROGRAM.runs_as(SENDOFF)
    app.run(str(options.data_dir))
    os._exit(0)  # as in window_probe


if __name__ == "__main__":
    main()
