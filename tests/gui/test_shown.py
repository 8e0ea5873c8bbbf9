"""The window is there before the rest of the program."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
import shiboken6

from desktop.gui.assembly import AppWindow, ShownWindow
from desktop.settings.paths import DataFolder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from PySide6.QtGui import QPaintEvent
    from PySide6.QtWidgets import QApplication


@pytest.fixture
def shown(qapp: QApplication, tmp_path: Path) -> Iterator[ShownWindow]:
    shown = ShownWindow(qapp, DataFolder(tmp_path))
    yield shown
    for gone in (shown.window, shown.model):
        shiboken6.delete(gone)


def test_it_is_painted_when_the_rest_comes(
    shown: ShownWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    painted: list[AppWindow] = []

    def paint(window: AppWindow, event: QPaintEvent) -> None:
        painted.append(window)
        super(AppWindow, window).paintEvent(event)

    monkeypatch.setattr(AppWindow, "paintEvent", paint, raising=False)
    shown.show()
    assert painted == [shown.window]


def test_one_that_begins_out_of_sight_does_not_keep_the_rest_waiting(
    shown: ShownWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(AppWindow, "show", lambda _: None)
    shown.show()
    assert not shown.window.isVisible()


def test_until_then_nothing_is_imported_that_it_does_not_show() -> None:
    code = """
import sys
from desktop.plain_imports import import_shiboken
import_shiboken()
import desktop.__main__, desktop.cli, desktop.app, desktop.gui.assembly
print(*sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    unwanted = {"asyncio", "email_validator", "httpx", "keyring", "multiprocessing", "qasync"}
    unwanted |= {"sqlite3", "ssl", "tomlkit", "PySide6.QtNetwork", "desktop.client.drafts"}
    unwanted |= {"desktop.gui.batches", "desktop.gui.causes.cause_view", "desktop.sheets"}
    unwanted |= {"desktop.gui.items.item_view", "desktop.gui.items.corrections"}
    unwanted |= {"desktop.gui.overview.overview_view", "desktop.gui.program"}
    assert not unwanted & set(done.stdout.split())
