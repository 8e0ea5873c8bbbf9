"""The page in the browser, opened from the window's menu."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QDesktopServices, QGuiApplication

if TYPE_CHECKING:
    import pytest
    from PySide6.QtCore import QUrl

    from tests.gui.play import Play


async def test_the_menu_opens_the_page_once_or_lets_its_address_be_copied(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)  # which is no success
    play.window.menu.page_chosen.emit()
    await play.until(lambda: len(opened) == 1)
    address, _, code = opened[0].toString().partition("#once=")
    assert address == f"{play.api.backend.url}/monitor/"
    assert len(code) == 64
    (note,) = play.window.notes.shown
    note.link.click()
    assert QGuiApplication.clipboard().text() == f"{address}#once={code}"
