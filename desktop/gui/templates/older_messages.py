"""Which messages keep the old text of a template; they may take the new one."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, QTimer

from desktop.gui.frame.cases import CaseFact
from desktop.gui.kit.words.ages import until
from desktop.gui.kit.words.states import template_word
from desktop.gui.kit.words.table import say
from desktop.gui.link.jobs import Asker, Job
from desktop.gui.link.outbox import Wish
from sendoff_tasks.model.times import epoch

if TYPE_CHECKING:
    from desktop.client.api import Api
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.frame.room import RoomServices


OLDER: Final = "older_text"
"""The case that messages keep the old text of a template."""
REMEMBERED: Final = "window/older_texts"
AGAIN_MS: Final = 1000
"""Milliseconds from a change of tasks or batches until the messages are read again."""


class OlderMessages(QObject):
    """Tells which messages keep the old text of a saved template, until a person has answered.

    The templates are remembered when the window ends.
    """

    def __init__(self, window: MainWindow, services: RoomServices) -> None:
        super().__init__(window)
        self._cases, self._settings = window.cases, window.settings
        self._ask = Asker(services.source, lambda _: None)  # the next change asks
        self._outbox = services.outbox
        remembered = self._settings.value(REMEMBERED, [])
        self._said = {str(each) for each in remembered} if isinstance(remembered, list) else set()
        self._soon = QTimer(self, singleShot=True, interval=AGAIN_MS)
        self._soon.timeout.connect(self._read_again)
        self._cases.lead("use_new", self._take)
        self._cases.on_put_away(OLDER, self._forget)
        for changed in (services.live.stats_changed, services.live.batches_changed):
            changed.connect(self._on_changed)

    def offer(self, template: str, messages: dict[str, Any] | None) -> None:
        """Offer the newest text to the messages of a template that keep an older one."""
        older = [] if messages is None else messages["older"]
        if messages is None or not older:
            self._forget(template)
            return
        self._said.add(template)
        self._remember()
        count = sum(each["count"] for each in older)
        why = say("older", "letter", name=template_word(template))
        moments = [at for each in older if (at := epoch(each["at"])) is not None]
        if moments:
            when = until(min(moments), time.time())
            why = say("older", "letter_at", name=template_word(template), when=when)
        stuck = sum(each["stuck"] for each in older)
        if stuck:
            why = f"{why} {say('older', 'stuck', n=stuck, why=self._why(messages))}"
        if not messages["counts_are_exact"]:
            why = f"{why} {say('older', 'more')}"
        self._cases.tell(CaseFact(OLDER, count, about=template, why=why))

    def _why(self, messages: dict[str, Any]) -> str:
        fields = "”, “".join(messages["fields"])
        return say("older", "lacks", fields=fields) if fields else str(messages["fault"])

    def _take(self, template: str) -> None:
        """Let the messages of a template take its newest text."""

        def take(api: Api, _: str) -> dict[str, Any]:
            kinds = {str(each["kind"]) for each in api.templates.messages(template)["older"]}
            api.templates.take_newest(template, sorted(kinds))
            return api.templates.messages(template)

        self._outbox.put(Wish(take), partial(self.offer, template))

    def _forget(self, template: str) -> None:
        self._said.discard(template)
        self._remember()
        self._cases.take_back(OLDER, template)

    def _remember(self) -> None:
        self._settings.setValue(REMEMBERED, sorted(self._said))

    def _on_changed(self, _event: object) -> None:
        if self._said and not self._soon.isActive():
            self._soon.start()

    def _read_again(self) -> None:
        for template in self._said:
            self._ask(partial(self._reading, template))

    def _reading(self, template: str, api: Api) -> Job[dict[str, Any]]:
        return Job(api.templates.messages, template).then(partial(self._on_read, template))

    def _on_read(self, template: str, messages: dict[str, Any]) -> None:
        if template in self._said:
            self.offer(template, messages)
