"""The notice bars above the view, the most urgent on top, and the sentences of notices."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Final, cast

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QWidget

from desktop.gui.frame.input import RESTS_MS
from desktop.gui.frame.notices.bars import DISMISS, Bar, BarText
from desktop.gui.kit.look import icons
from desktop.gui.kit.look.appearance import LOOK
from desktop.gui.kit.widgets.surfaces import scrolled, stacked
from desktop.gui.kit.widgets.texts import announce
from desktop.gui.kit.words.ages import day_and_time
from desktop.gui.kit.words.queues import way_out_words
from desktop.gui.kit.words.reasons import WRONG_PASSWORD
from desktop.gui.kit.words.states import sentences
from desktop.gui.kit.words.table import WORDS, say
from sendoff_tasks.model.reasons import OUTAGES, Reason
from sendoff_tasks.model.times import epoch
from sendoff_tasks.words import reasons as words
from sendoff_tasks.words.reasons import refused_words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QKeyEvent
    from PySide6.QtWidgets import QPushButton

    from desktop.gui.frame.input import Pointer
    from desktop.gui.kit.rights import WindowRights
    from sendoff_tasks.model.events import Notice
    from sendoff_tasks.model.reasons import ReasonData


HELD_QUEUE: Final = "queue:"
"""The prefix of notices about queues on hold."""
PAUSED: Final = "paused:"
"""The prefix of notices about paused queues; the bare prefix means all, or several together."""

SHOWN_QUEUES: Final = 3
"""Number of queues that are named if more are paused."""
_PAUSES: Final = {Reason.ALL_PAUSED, Reason.QUEUE_PAUSED}

_URGENCY: Final = ("error", "warning", "info")
RESUME: Final = "resume"
"""The action of a notice about something paused."""
TRY_NOW: Final = "try_now"
"""The action of a notice about a queue that waits for its server."""


def notice_words(notice: Notice, *, may_act: bool = True, is_paused: bool = False) -> str:
    """Return the sentence of a notice.

    For a queue on hold it says why and how it goes on; for a pause, since when. Without ``may_act``
    it names no button. A queue on hold that ``is_paused`` as well tries again only after the pause.
    """
    if "refusal" in notice:
        told = refused_words(WORDS, notice["refusal"], notice.get("data", {}))
        return told or notice["text"]
    reason, now = notice.get("reason", ""), time.time()
    queue = notice["id"].removeprefix(HELD_QUEUE)
    data: ReasonData = {"text": notice["text"], **notice.get("reason_data", {})}
    if reason in _PAUSES or reason in OUTAGES:
        said = words.notice_words(WORDS, reason, data, now)
        return sentences(said, _goes_on(reason, data, now, is_paused=is_paused))
    if not notice["id"].startswith(HELD_QUEUE):
        return notice["text"]
    text = words.error_words(WORDS, data["text"], data)
    if notice["action"] in {"mail_settings", "sign_in"}:
        is_login = data.get("code") == WRONG_PASSWORD
        return sentences(say("notice", "login" if is_login else "mail_held", text=text))
    held = say("notice", "held", queue=WORDS.queue(queue), text=text)
    return sentences(held, way_out_words() if may_act else "")


def _goes_on(reason: str, data: ReasonData, now: float, *, is_paused: bool) -> str:
    """Say what happens next after a pause or while a server is away."""
    moment = epoch(data.get("until")) or now
    if reason == Reason.QUEUE_PAUSED:
        return ""
    if reason == Reason.QUOTA and moment > now and not is_paused:
        return say("queue_hold", "next", time=day_and_time(moment, now))
    return say("notice_next", "paused" if is_paused else reason)


def paused_words(queues: Sequence[str]) -> str:
    """Say that several queues are paused, with the titles of the first of them."""
    titles = [WORDS.queue(each) for each in sorted(queues)]
    shown = ", ".join([*titles[:SHOWN_QUEUES], *(["…"] if len(titles) > SHOWN_QUEUES else [])])
    return say("notice", "several_paused", n=len(titles), queues=shown)


def stops_in_brief(notices: Sequence[Notice]) -> tuple[str, str]:
    """Return a brief and a full text about what is paused or on hold, both empty if nothing is.

    If everything is paused, single queues are not named. A pause is named before a hold.
    """
    pauses = [each for each in notices if each["id"].startswith(PAUSED)]
    paused = {each["id"].removeprefix(PAUSED): each for each in pauses}
    held = next((each for each in notices if each["id"].startswith(HELD_QUEUE)), None)
    if held is not None and not paused:
        is_awaited = held.get("reason") in OUTAGES
        return say("stopped", "away" if is_awaited else "held"), notice_words(held)
    if not paused:
        return "", ""
    if "" in paused:
        return say("stopped", "all"), notice_words(paused[""])
    brief = say("stopped", "queues", n=len(paused))
    return brief, notice_words(pauses[0]) if len(paused) == 1 else paused_words([*paused])


class Shelf(QWidget):
    """The place of the bars above a view; without a bar it has no height.

    It moves what is below it only while the pointer rests; ``moving`` is emitted before.
    """

    moving = Signal()

    def __init__(self, pointer: Pointer) -> None:
        super().__init__()
        self._pointer = pointer
        self._wanted = self._given = (0, 0)
        self._later = QTimer(self, interval=RESTS_MS)
        self._later.timeout.connect(self._move)

    def make_room(self, least: int, height: int) -> None:
        """Be ``height`` pixels high if the view below can spare them, once the pointer rests."""
        if (least, height) != self._wanted:
            self._wanted = least, height
            self._move()

    def sizeHint(self) -> QSize:
        """Ask for the room that is to be made."""
        return QSize(0, self._given[1])

    def _move(self) -> None:
        if self._pointer.moves:
            self._later.start()
            return
        self._later.stop()
        self.moving.emit()
        self._given = self._wanted
        self.setMinimumHeight(self._given[0])
        self.updateGeometry()


class NoticeBar(QWidget):
    """Holds bars by name; ``action_chosen`` carries the action of a notice of the backend.

    On a shelf it shows one of them: the one asked for, or else the most urgent. *More* opens it:
    all bars are shown, over the view below, until the focus goes elsewhere. A question is shown
    alone. ``changed`` is emitted before other bars are shown.
    """

    action_chosen = Signal(str, str)
    changed = Signal()

    def __init__(self, rights: WindowRights) -> None:
        super().__init__()
        self.setProperty("area", "bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._rights = rights
        self._shelf: Shelf | None = None
        self._is_open = False
        self._asked = ""
        self._shown: list[str] = []
        self.bars: dict[str, Bar] = {}
        self._inside = QWidget()
        self._column = stacked(self._inside)
        self._scroll = scrolled(self._inside)
        stacked(self, self._scroll)
        self.hide()
        LOOK.changed.connect(self._show_bars)
        cast("QApplication", QApplication.instance()).focusChanged.connect(self._on_focus_changed)

    def lie_on(self, shelf: Shelf, host: QWidget) -> None:
        """Place the bars over ``shelf``; opened, they also cover the rest of ``host`` below it."""
        self._shelf = shelf
        self.setParent(host)
        for each in (shelf, host):
            each.installEventFilter(self)

    @property
    def more(self) -> QPushButton:
        """The button of the bar in front that opens all bars, or shows one again."""
        return self.bars[self._front()].more

    def _front(self) -> str:
        """Return the name of the bar that is shown alone; empty without bars."""
        return self._asked if self._asked in self.bars else next(iter(self.names()), "")

    @property
    def _asks(self) -> bool:
        """Whether the bar in front is a question."""
        front = self._front()
        return bool(front and self.bars[front].bar_text.refusal)

    def open(self, is_open: bool) -> None:
        """Show all bars, or one of them on the shelf."""
        self._is_open = is_open
        self._show_bars()
        if is_open:
            self.raise_()

    def say(
        self, name: str, bar_text: BarText, chosen: Callable[[str], object] | None = None
    ) -> None:
        """Show a bar, or change the bar of that name; ``chosen`` is called with its action."""
        bar = self.bars.get(name)
        has_changed = bar is None or bar.bar_text != bar_text
        if bar is None or bar.bar_text.actions != bar_text.actions:
            was_asked = name == self._asked
            self.take_back(name)
            self._asked = name if was_asked else self._asked
            bar = Bar(name, bar_text)
            bar.action_chosen.connect(self.choose)
            bar.more.clicked.connect(lambda: self.open(not self._is_open))
            self.bars[name] = bar
            announce(self, bar_text.text)
        bar.answer = chosen or partial(self.action_chosen.emit, name)
        bar.say(bar_text)
        if has_changed:
            self._show_bars()

    def choose(self, name: str, action: str) -> None:
        """Choose an action of a bar; the cross also removes the bar."""
        answer = self.bars[name].answer
        if action == DISMISS:
            self.take_back(name)
        answer(action)

    def take_back(self, name: str) -> None:
        """Remove the bar of that name, if any."""
        bar = self.bars.pop(name, None)
        if name == self._asked:
            self._asked, self._is_open = "", False
        if bar is not None:
            bar.setEnabled(False)
            bar.hide()
            self._column.removeWidget(bar)
            bar.deleteLater()
            self._show_bars()

    def apply(self, notice: Notice, *, is_paused: bool = False) -> None:
        """Show a notice of the backend, or remove it; ``is_paused`` tells of its queue."""
        if not notice["active"]:
            self.take_back(notice["id"])
            return
        words = {
            "mail_settings": self.tr("Mail settings"),
            "sign_in": self.tr("Sign in"),
            "tasks_folder": self.tr("Open the tasks folder"),
            RESUME: self.tr("Resume"),
        }
        is_all_paused = notice.get("reason") == Reason.ALL_PAUSED
        action = None if is_all_paused else notice["action"]  # the top bar offers *Resume*
        actions = ((action, words[action]),) if action else ()
        if notice.get("reason") in OUTAGES and not is_paused:
            actions = ((TRY_NOW, self.tr("Connect")), *actions)
        is_pause = notice["id"].startswith(PAUSED)
        bar_text = BarText(
            notice["level"],
            notice_words(notice, may_act=self._rights.may_change, is_paused=is_paused),
            tuple(each for each in actions if self._rights.allows(each[0])),
            icon="pause" if is_pause else "",
            dismissible=not is_pause,  # a pause must not be forgotten
        )
        self.say(notice["id"], bar_text)

    def show_pauses(self, pauses: Sequence[Notice]) -> None:
        """Show one bar for all pauses: that of everything if any, or else of the queues."""
        shown = next((each for each in pauses if each["id"] == PAUSED), None)
        if shown is None and pauses:
            queues = [each["id"].removeprefix(PAUSED) for each in pauses]
            together: Notice = {**pauses[0], "id": PAUSED, "text": paused_words(queues)}
            together.pop("reason", None)
            shown = together if len(pauses) > 1 else pauses[0]
        for name in [each for each in self.bars if each.startswith(PAUSED)]:
            if shown is None or name != shown["id"]:
                self.take_back(name)
        if shown is not None:
            self.apply(shown)

    def names(self) -> list[str]:
        """Return the names of the bars: a question, errors, a pause, then by urgency and age."""
        texts = {name: bar.bar_text for name, bar in reversed(self.bars.items())}

        def rank(name: str) -> tuple[bool, bool, bool, int]:
            text = texts[name]
            is_error, is_pause = text.level == "error", name.startswith(PAUSED)
            return not text.refusal, not is_error, not is_pause, _URGENCY.index(text.level)

        return sorted(texts, key=rank)

    def focus(self, name: str) -> None:
        """Show a bar and focus its first button."""
        self._asked, bar = name, self.bars[name]
        bar.show()
        bar.focus_first()  # before the bar that has the focus is hidden
        self._show_bars()
        bar.focus_first()

    def refuse(self) -> bool:
        """On Escape, refuse the newest question; tell whether there was one."""
        asked = [(name, bar.bar_text.refusal) for name, bar in self.bars.items()]
        asked = [each for each in asked if each[1]]
        if asked:
            self.choose(*asked[-1])
        return bool(asked)

    def minimumSizeHint(self) -> QSize:
        """Ask for the size that the bars need."""
        return self._inside.minimumSizeHint()

    def text(self, name: str) -> str:
        """Return the sentence of a bar."""
        return self.bars[name].bar_text.text

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """On Escape, refuse a question or show a single bar again."""
        if event.key() != Qt.Key.Key_Escape or not (self._is_open or self._asks):
            super().keyPressEvent(event)
        elif not self.refuse():
            self.open(False)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Follow the place of the shelf."""
        if event.type() in {QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.Show}:
            self._show_bars()
        return False

    def _show_bars(self) -> None:
        """Show one bar or all of them, and update *More*."""
        names = self.names()
        front = self._front()
        may_open = self._shelf is not None and len(names) > 1 and not self._asks
        self._is_open = self._is_open and may_open
        shown = names if self._is_open or self._shelf is None else [front]
        if shown != self._shown:
            self._shown = shown
            self.changed.emit()
        for place, name in enumerate(names):
            self._column.insertWidget(place, self.bars[name])
        for name, bar in self.bars.items():
            self._say_more(bar)
            bar.more.setVisible(name == front and may_open)
            bar.setVisible(name in shown)
        self.setVisible(bool(names))
        self._take_place()

    def _say_more(self, bar: Bar) -> None:
        more = bar.more
        words = "" if self._is_open else self.tr("%Ln more", None, len(self.bars) - 1)
        effect = self.tr("Show one notice") if self._is_open else self.tr("Show all notices")
        more.setText(words)
        more.setAccessibleName(f"{effect}, {words}" if words else effect)
        more.setToolTip(effect)
        icons.put(more, "chevron-up" if self._is_open else "chevron-down", "text")

    def _take_place(self) -> None:
        host = self.parentWidget()
        if self._shelf is None or host is None:
            return
        width, front = self._shelf.width(), self._front()
        heights = {name: self.bars[name].height_at(width) for name in filter(None, self._shown)}
        usual = LOOK.theme.height(40, low=35) if self.bars else 0
        self._shelf.make_room(usual, max(usual, heights.get(front, 0)))
        over = sum(heights.values()) if self._is_open or self._asks else 0
        at = self._shelf.mapTo(host, QPoint())
        height = min(max(self._shelf.height(), over), host.height() - at.y())
        self.setGeometry(at.x(), at.y(), width, height)

    def _on_focus_changed(self, _old: QWidget | None, now: QWidget | None) -> None:
        """Show a single bar again when the focus goes elsewhere.

        A little later: a button that is hidden at once looks as if that had taken its focus.
        """
        if self._is_open and now is not None and not self.isAncestorOf(now):
            QTimer.singleShot(0, self, partial(self.open, False))
