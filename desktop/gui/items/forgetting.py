"""*Forget this person…*: asks first, then names what may still have the person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject

from desktop.gui.frame.notices.bars import BarText
from desktop.gui.items.item_words import headline
from desktop.gui.kit.words.states import sentences
from desktop.gui.link.jobs import Asker, Job

if TYPE_CHECKING:
    from desktop.client.api import ApiSource
    from desktop.contract.items import ForgottenPerson, Item
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.items.item_view import ItemView
    from desktop.gui.link.jobs import Jobs

ASKED: Final = "forget"
TOLD: Final = "forgotten"
KEEP: Final = "keep"
FORGET: Final = "forget"


class Forgetting(QObject):
    """Asks before a person is forgotten; the question goes when another item is chosen."""

    def __init__(self, window: MainWindow, view: ItemView, source: ApiSource, jobs: Jobs) -> None:
        super().__init__(window)
        self._window, self._view = window, view
        self._ask = Asker(source, jobs, window.toasts.warn)
        self._item: int | None = None
        view.card.forget_chosen.connect(self.ask)
        view.table.chosen_changed.connect(self.withdraw)
        window.switch.view_chosen.connect(self.withdraw)
        window.notices.action_chosen.connect(self._on_chosen)

    def ask(self, item: Item) -> None:
        """Ask whether to forget the person of an item."""
        self._item = item["item_id"]
        words = sentences(
            self.tr("Forget the person of “{}”?").format(headline(item)),
            self.tr(
                "Name, address, fields and messages of this and of all items with the same address"
                " are deleted for good. What waits is not sent."
            ),
        )
        ways_out = (KEEP, self.tr("Keep")), (FORGET, self.tr("Forget"))
        self._window.notices.say(ASKED, BarText("warning", words, ways_out, refusal=KEEP))
        self._window.notices.focus(ASKED)

    def withdraw(self) -> None:
        """Remove the question."""
        self._item = None
        self._window.notices.take_back(ASKED)

    def _on_chosen(self, name: str, action: str) -> None:
        if name == TOLD:
            self._window.notices.take_back(TOLD)
        if name != ASKED:
            return
        number = self._item
        self.withdraw()
        if action == FORGET and number is not None:
            self._ask(lambda api: Job(api.items.forget, number).then(self._on_done))

    def _on_done(self, forgotten: ForgottenPerson) -> None:
        self._view.rereading.note()
        self._window.toasts.show(self.tr("The person is forgotten"), icon="check")
        if forgotten["backups"]:
            words = self.tr(
                "Backups that were made before may still have the person, the newest is {}. Newer"
                " ones replace them within days, or delete them yourself."
            )
            newest = forgotten["backups"][0]["file"]
            bar = BarText("info", words.format(newest), dismissible=True)
            self._window.notices.say(TOLD, bar)
