"""The bar that says which messages keep the old text of a template, and offers the new one."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.gui.frame.notices.bars import BarText
from desktop.gui.kit.words.ages import until
from desktop.gui.kit.words.states import sentences, template_word
from desktop.gui.link.jobs import Asker, Job
from desktop.gui.link.outbox import Wish
from desktop.gui.templates.template_name import at_least
from sendoff_tasks.model.times import epoch

if TYPE_CHECKING:
    from desktop.client.api import Api
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.link.connection import Live
    from desktop.gui.link.jobs import ApiSource
    from desktop.gui.link.outbox import Outbox


OLDER_BAR: Final = "older than template "
AGAIN_MS: Final = 1000
"""Milliseconds from a change of tasks or batches until what a bar says is read again."""


class OlderMessages(QObject):
    """Says in a bar which messages keep the old text of a saved template, and offers the new one.

    ``taken`` carries a template, and the tasks on hold that can be made of it now. What a bar says
    is read again once tasks or batches have changed.
    """

    taken = Signal(str, list)

    def __init__(self, window: MainWindow, source: ApiSource, outbox: Outbox, live: Live) -> None:
        super().__init__(window)
        self._notices = window.notices
        self._ask = Asker(source, lambda _: None)  # the next change asks
        self._outbox = outbox
        self._said: set[str] = set()
        self._soon = QTimer(self, singleShot=True, interval=AGAIN_MS)
        self._soon.timeout.connect(self._read_again)
        for changed in (live.stats_changed, live.batches_changed):
            changed.connect(self._on_changed)

    def offer(self, template: str, messages: dict[str, Any] | None) -> None:
        """Offer the newest text to the messages of a template that keep an older one."""
        older = [] if messages is None else messages["older"]
        if messages is None or not older:
            self._take_back(template)
            return
        self._said.add(template)
        named = [at_least(messages) + self._named(each) for each in older]
        words = self.tr("“{}” has changed. The old version stays for {}.")
        stuck = self._stuck(sum(each["stuck"] for each in older), messages)
        said = sentences(words.format(template_word(template), ", ".join(named)), stuck)
        use = self.tr("Use the new one for {}")
        actions = [
            (str(each["kind"]), use.format(name)) for each, name in zip(older, named, strict=True)
        ]
        bar = BarText("info", said, (*actions,), dismissible=True)
        self._notices.say(OLDER_BAR + template, bar, partial(self._on_action, template))

    def _named(self, group: dict[str, Any]) -> str:
        if group["kind"] == "kept":
            return self.tr("%Ln kept in practice", None, group["count"])
        at = epoch(group["at"])
        if at is None:
            return self.tr("%Ln waiting e-mails", None, group["count"])
        words = self.tr("%Ln e-mails of {}", None, group["count"])
        return words.format(until(at, time.time()))

    def _stuck(self, count: int, messages: dict[str, Any]) -> str:
        if not count:
            return ""
        fields = "”, “".join(messages["fields"])
        why = self.tr("no “{}”.").format(fields) if fields else str(messages["fault"])
        words = self.tr("%Ln of them cannot be made with the new one: {}", None, count)
        return words.format(why)

    def _on_action(self, template: str, kind: str) -> None:
        if kind not in {"open", "kept"}:
            self._take_back(template)
            return

        def take(api: Api, _: str) -> tuple[list[int], dict[str, Any]]:
            held = api.templates.take_newest(template, [kind])["held"]
            return held, api.templates.messages(template)

        def taken(answer: tuple[list[int], dict[str, Any]]) -> None:
            self.taken.emit(template, answer[0])
            self.offer(template, answer[1])

        self._outbox.put(Wish(take), taken)

    def _take_back(self, template: str) -> None:
        self._said.discard(template)
        self._notices.take_back(OLDER_BAR + template)

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
