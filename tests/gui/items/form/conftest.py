"""The form in a window of its own, and what it submits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from desktop.gui.items.form.item_form import ItemForm

if TYPE_CHECKING:
    from PySide6.QtCore import QSettings
    from pytestqt.qtbot import QtBot

    from desktop.gui.kit.look.appearance import ThemeSource


@pytest.fixture
def form(qtbot: QtBot, themes: ThemeSource, settings: QSettings) -> ItemForm:
    made = ItemForm(settings)
    qtbot.addWidget(made)
    made.resize(600, 700)
    made.show()
    made.begin()
    made.propose(1211)
    qtbot.waitUntil(made.isActiveWindow)
    return made


@pytest.fixture
def submitted(form: ItemForm) -> list[tuple[int | None, Any]]:
    """Everything the form submits."""
    seen: list[tuple[int | None, Any]] = []
    form.submitted.connect(lambda number, body, _: seen.append((number, body)))
    return seen
