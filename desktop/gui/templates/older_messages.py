"""Which messages keep the old text of a template; they may take the new one."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, QTimer

from desktop.gui.frame.cases import CaseFact
from desktop.gui.kit.words.ages import until
from desktop.gui.kit.words.states import sentences, template_word
from desktop.gui.kit.words.table import say
from desktop.gui.link.jobs import Asker, Job
from desktop.gui.link.outbox import Wish
from sendoff_tasks.model.times import epoch

if TYPE_CHECKING:
    from desktop.client.api import Api
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.frame.room import RoomServices


TEXT: Final = "older_text"
"""The case that messages keep the old text of a letter."""
HEAD: Final = "older_head"
"""The case that only the letterhead of messages is an old one."""
REMEMBERED: Final = "window/older_texts"
MARK: Final = "/"
"""Ends the name of what is remembered with an old letterhead; no name has one."""
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
        known = map(str, remembered if isinstance(remembered, list) else [])
        self._said = {
            each.removesuffix(MARK): HEAD if each.endswith(MARK) else TEXT for each in known
        }
        self._soon = QTimer(self, singleShot=True, interval=AGAIN_MS)
        self._soon.timeout.connect(self._read_again)
        self._cases.lead("use_new", self._take)
        for case in (TEXT, HEAD):
            self._cases.on_put_away(case, self._forget)
        for changed in (services.live.stats_changed, services.live.batches_changed):
            changed.connect(self._on_changed)

    def offer(self, template: str, messages: dict[str, Any] | None, case: str = TEXT) -> None:
        """Offer the newest text, or letterhead, to the messages that keep an older one."""
        older = [] if messages is None else messages["older"]
        if messages is None or not older:
            self._forget(template)
            return
        before = self._said.get(template, case)
        self._said[template] = case = TEXT if TEXT in {case, before} else HEAD
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
        self._cases.tell(CaseFact(case, count, about=template, why=why))

    def said_of(self, letter: str) -> str:
        """Say how many messages keep the old text of a letter, or the old letterhead, and when."""
        facts = self._facts_of(letter)
        if not facts:
            return ""
        said = say("sentence", facts[0].name, n=sum(f.n or 0 for f in facts))
        return sentences(said, *(fact.why for fact in facts))

    def take(self, letter: str) -> None:
        """Let the messages of a letter, or those with the old letterhead, take the newest."""
        for fact in self._facts_of(letter):
            self._take(fact.about)

    def _facts_of(self, letter: str) -> list[CaseFact]:
        """Return the facts about a letter; a name with a slash is the letterhead's."""
        if MARK in letter:
            return [fact for fact in self._cases.facts if fact.name == HEAD]
        of_letter = (f for f in self._cases.facts if f.name in {TEXT, HEAD} and f.about == letter)
        return [*of_letter]

    def _why(self, messages: dict[str, Any]) -> str:
        fields = "”, “".join(messages["fields"])
        return say("older", "lacks", fields=fields) if fields else str(messages["fault"])

    def _take(self, template: str) -> None:
        """Let the messages of a template take its newest text."""

        def take(api: Api, _: str) -> dict[str, Any]:
            kinds = {str(each["kind"]) for each in api.templates.messages(template)["older"]}
            api.templates.take_newest(template, sorted(kinds))
            return api.templates.messages(template)

        self._outbox.put(Wish(take), partial(self._on_read, template))

    def _forget(self, template: str) -> None:
        self._said.pop(template, None)
        self._remember()
        for case in (TEXT, HEAD):
            self._cases.take_back(case, template)

    def _remember(self) -> None:
        kept = [name + MARK * (case == HEAD) for name, case in self._said.items()]
        self._settings.setValue(REMEMBERED, sorted(kept))

    def _on_changed(self, _event: object) -> None:
        if self._said and not self._soon.isActive():
            self._soon.start()

    def _read_again(self) -> None:
        for template in [*self._said]:
            self._ask(partial(self._reading, template))

    def _reading(self, template: str, api: Api) -> Job[dict[str, Any]]:
        return Job(api.templates.messages, template).then(partial(self._on_read, template))

    def _on_read(self, template: str, messages: dict[str, Any]) -> None:
        if (case := self._said.get(template)) is not None:
            self.offer(template, messages, case)
