"""Older items on a shelf, to be looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.gui.items.item_table import ItemModel
from desktop.gui.items.older_items import OlderItems
from desktop.gui.kit.rights import ALL_RIGHTS
from desktop.gui.link.jobs import ApiSource
from desktop.gui.tasks.acting.pending_actions import Delivery, PendingActions
from tests.gui.items.test_item_table import Later, Shelf, item

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.gui.kit.look.appearance import ThemeSource


class Watched:
    """Older items on a shelf."""

    def __init__(self, qtbot: QtBot, themes: ThemeSource) -> None:
        self.shelf, self.jobs = Shelf(), Later()
        for number in (1, 2, 3):
            self.shelf.kept[number] = item(number, "no" if number == 2 else "yes")
        source = ApiSource(self.jobs, self.shelf)  # type: ignore[arg-type]
        self.view = OlderItems(ItemModel(source), ALL_RIGHTS, PendingActions(Delivery()))
        qtbot.addWidget(self.view)
        qtbot.addWidget(self.view.card)
        for each in (self.view, self.view.card):
            each.resize(900, 400)

    def show(self) -> None:
        self.view.show()
        self.view.card.show()
        self.jobs.go()

    @property
    def numbers(self) -> list[int]:
        return [each["item_id"] for each in self.view.model.rows]
