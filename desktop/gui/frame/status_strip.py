"""The line at the foot of the window: the backend, what is under way, and when it will be done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication, QLocale, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop.gui.frame.views import TASKS
from desktop.gui.kit.look import icons
from desktop.gui.kit.look.appearance import LOOK, set_role, sized
from desktop.gui.kit.widgets.buttons import Link
from desktop.gui.kit.widgets.texts import ElidedLabel, tip
from desktop.gui.kit.words.servers import away_state
from desktop.gui.kit.words.states import LOOKS, needing_words
from desktop.gui.kit.words.table import say
from sendoff_tasks.client.health import Away, Finishing, GaveUp, Gone, Ready, Starting
from sendoff_tasks.model.states import State

if TYPE_CHECKING:
    from desktop.contract.office import OfficeStats
    from desktop.gui.frame.notices.toasts import Toasts
    from sendoff_tasks.client.health import BackendState


translate = QCoreApplication.translate
FORESEEABLE: Final = 24 * 3600
"""The longest time ahead, in seconds, for which an end is predicted."""
PACED: Final = 1.0
"""The least rate, in tasks a second, from which the pace is shown."""
SEPARATOR: Final = " · "
"""Between the parts of the open tasks."""


def forecast(
    stats: OfficeStats, *, held: bool, silent: bool, saved: int, has_chips: bool = False
) -> list[str]:
    """Say how many tasks are open, their pace, and when the slowest queue will be done, in parts.

    What a pause or a hold stops has no pace. No end is predicted if nothing is queued, since the
    rest of running tasks is unknown, if a queue is ``held``, or while the backend is ``silent``, or
    is to do in seconds what a person asked for: the counts are then the last known ones, as in the
    list and its chips. A view that ``has_chips`` shows the counts there. The window itself has
    ``saved`` items for the backend.
    """
    counts = stats["counts"]
    standing = stats["standing"]  # queued, and stopped by a pause or a hold
    queued = counts.get(State.QUEUED, 0) - standing
    active = queued + counts.get(State.RUNNING, 0)
    waiting = counts.get(State.WAITING, 0) + standing
    scheduled = counts.get(State.SCHEDULED, 0)
    done_in, rows = stats["done_in"], stats.get("batch_rows", 0)
    paused = stats.get("paused_rows", 0)
    numbers, rate = QLocale(), stats["rates"]["finished"]
    end = ""
    if queued and not rows and done_in is not None and done_in <= FORESEEABLE:
        end = "" if held or silent else _end(done_in)
    is_last = not (waiting or scheduled or paused)
    words = translate("forecast", "{} active") if is_last or not end else ""
    words = words or translate("forecast", "{{}} active, done {}").format(end)
    parts = [
        (active, words),
        (waiting, translate("forecast", "{} waiting")),
        (scheduled, translate("forecast", "{} scheduled")),
    ]
    said = [words.format(numbers.toString(count)) for count, words in parts if count]
    if has_chips:
        said = said[:1] if end and not is_last else []
    if end and is_last:
        said.append(translate("forecast", "all done {end}").format(end=end))
    if rate >= PACED and active and not silent:
        shown = numbers.toString(float(rate), "f", 0 if rate >= 10 else 1)
        said.append(translate("forecast", "{} a second").format(shown))
    if rows:
        words = translate("forecast", "{} in batches")
        words = (
            translate("forecast", "{} more in batches") if active or waiting or scheduled else words
        )
        said.append(words.format(numbers.toString(rows)))
    if paused:
        words = translate("forecast", "{} in paused batches")
        said.append(words.format(numbers.toString(paused)))
    if saved:
        said.insert(0, say("outbox", "saved", n=saved))
    if said or silent or has_chips:
        return said
    return [translate("forecast", "Nothing is waiting")] if any(counts.values()) else []


def _end(seconds: float) -> str:
    if seconds < 5:
        return translate("forecast", "in a moment")
    if seconds < 90:
        return translate("forecast", "in about {} s").format(round(seconds / 5) * 5)
    if seconds < 5400:
        return translate("forecast", "in about {} min").format(round(seconds / 60))
    return translate("forecast", "in about {} h").format(round(seconds / 3600))


class Forecast(ElidedLabel):
    """Says what is open.

    Without room for all, its last parts are left out: no number is ever cut.
    """

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[str] = []

    def show_parts(self, parts: list[str]) -> None:
        """Say these parts, the first one for longest."""
        self._parts = parts
        self.setText(SEPARATOR.join(parts))

    def cut_to(self, room: int) -> str:
        """Return as many parts as fit into ``room`` logical pixels."""
        parts, width = self._parts, self.fontMetrics().horizontalAdvance
        fewer = [[*parts[:count], "…"] for count in range(len(parts) - 1, 0, -1)]
        texts = map(SEPARATOR.join, [parts, *fewer])
        return next((each for each in texts if width(each) <= room), "…")


class StatusStrip(QWidget):
    """Shows, from left to right: tasks that need the person, open tasks, and the backend.

    While the backend is ready, its place says where messages go. What is paused or on hold comes
    before that. ``needing_chosen`` carries the state whose tasks the person wants to see.
    """

    needing_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("area", "bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._saved = 0
        self._is_acting = self._is_still = False
        self._told: tuple[OfficeStats, bool] | None = None
        self._least = 0
        self._view = TASKS
        self._state: BackendState = Starting()
        self._stops = self._mail = ("", "")
        self.forecast = set_role(Forecast(), "soft")
        self.access = set_role(QLabel(), "soft")
        self.access.hide()
        self.dot = QLabel()
        self.backend = set_role(QLabel(textFormat=Qt.TextFormat.PlainText), "soft")
        self._line = QWidget()  # at the foot: toasts may lie above it
        self._row = sized(QHBoxLayout(self._line), margins=(20, 0, 20, 0), spacing=16)
        whole = sized(QVBoxLayout(self), margins=0, spacing=0)
        whole.addStretch(1)
        whole.addWidget(self._line)
        self.needing = {state: Link("") for state in (State.FAILED, State.UNCERTAIN)}
        for state, link in self.needing.items():
            handled = self.tr("Those sent again or marked as seen are under Seen.")
            link.setToolTip(tip(f"{self.tr('Show them')}\n{handled}"))
            link.clicked.connect(lambda _on=False, s=state: self.needing_chosen.emit(str(s)))
            link.setProperty("ink", LOOKS[state].token)
            link.hide()
            self._row.addWidget(link)
        self._row.addWidget(self.forecast, 1)
        self._row.addWidget(self.access)
        light = sized(QHBoxLayout(), spacing=7)
        light.addWidget(self.dot)
        light.addWidget(self.backend)
        self._row.addLayout(light)
        LOOK.changed.connect(self._take_height)
        self._take_height()
        self.set_backend_state(self._state)

    def set_stats(self, stats: OfficeStats, *, held: bool = False) -> None:
        """Show the open tasks; ``held`` means a queue is paused or on hold with no known end."""
        self._told = stats, held
        self._is_still = False
        self._say()

    def show_view(self, view: str) -> None:
        """Follow the chosen view."""
        self._view = view
        self._say()

    def show_saved(self, count: int) -> None:
        """Say how many items are saved on this computer, and will be submitted later."""
        if count != self._saved:
            self._saved = count
            self._say()

    def show_acting(self, *, is_acting: bool) -> None:
        """Take back what is said of the end while actions wait, to be done or undone."""
        self._is_acting = is_acting
        self._say()

    def be_still(self) -> None:
        """Show no pace and no end: the backend does not answer."""
        self._is_still = True
        self._say()

    def _say(self) -> None:
        """Say what the chips do not: they stand above the tasks only."""
        has_chips = self._view == TASKS
        parts = [say("outbox", "saved", n=self._saved)] if self._saved else []
        words = {}
        if self._told is not None:
            stats, held = self._told
            silent = self._is_still or self._is_acting
            parts = forecast(
                stats, held=held, silent=silent, saved=self._saved, has_chips=has_chips
            )
            words = {} if has_chips else needing_words(stats)
        self.forecast.show_parts(parts)
        for state, link in self.needing.items():
            link.setText(words.get(state, ""))
            link.setVisible(state in words)

    def words_end(self) -> int:
        """Return the x, in its pixels, at which the texts about tasks end."""
        news: list[Forecast | Link] = [self.forecast, *self.needing.values()]
        there = [each for each in news if not each.isHidden()]
        ends = {each: each.fontMetrics().horizontalAdvance(each.text()) for each in there}
        return max(each.x() + min(each.width(), end) for each, end in ends.items())

    def state_begin(self) -> int:
        """Return the x, in its pixels, at which the state of the backend begins."""
        self._row.activate()
        return min(each.x() for each in (self.access, self.dot) if not each.isHidden())

    def carry(self, toasts: Toasts) -> None:
        """Carry the toasts: they lie between or above the texts; the strip grows with them."""
        toasts.words_end = self.words_end
        toasts.state_begin = self.state_begin
        toasts.line_height = self._line.height
        self._line.installEventFilter(toasts)
        toasts.height_needed.connect(self._on_height_needed)

    def _on_height_needed(self, height: int) -> None:
        """Make the strip at least this high, as far as the window allows."""
        self._least = height
        self._take_height()

    def _take_height(self) -> None:
        usual, window = LOOK.theme.height(32, low=24), self.window()
        spare = window.height() - window.minimumSizeHint().height()
        self._line.setFixedHeight(usual)
        self.setFixedHeight(max(usual, min(self._least, self.height() + spare)))

    def set_mail(self, transport: str, host: str) -> None:
        """Show whether messages are really sent."""
        through = self.tr("Through {}").format(host)
        is_real = transport == "smtp"
        self._mail = ("succeeded", through) if is_real else ("kept", self.tr("Nothing is sent"))
        self.set_backend_state(self._state)

    def say_read_only(self) -> None:
        """Show that this window cannot change anything."""
        self.access.setText(self.tr("Read-only"))
        self.access.setToolTip(self.tr("Your token is read-only."))
        self.access.show()

    def set_backend_state(self, state: BackendState) -> None:
        """Show the state of the backend."""
        self._state = state
        if not isinstance(state, Ready):
            self.be_still()
        words, token, more = self._backend_words(state)
        self.backend.setText(words)
        self.dot.setAccessibleName(words)
        for part in (self.dot, self.backend):
            part.setToolTip(tip(more or self.tr("The backend, which runs the tasks")))
        icons.draw(self.dot, "dot", token, 8)

    def show_stops(self, brief: str, whole: str) -> None:
        """Show what is stopped in place of *Ready*: a ``brief`` text, the ``whole`` as tooltip."""
        self._stops = brief, whole
        self.set_backend_state(self._state)

    def _backend_words(self, state: BackendState) -> tuple[str, str, str]:
        """Return the words for a state, their colour, and a tooltip if it has its own."""
        match state:
            case Ready() if self._stops[0]:
                return self._stops[0], "waiting", self._stops[1]
            case Ready():
                token, more = self._mail
                words = {"succeeded": self.tr("Real sending"), "kept": self.tr("Practice mode")}
                return words.get(token, self.tr("Ready")), token or "succeeded", more
            case Starting(updating=float()):
                return self.tr("Updating"), "waiting", ""
            case Finishing():
                return self.tr("Finishing"), "waiting", ""
            case Away():
                return away_state(state), "waiting", ""
            case Gone():
                return self.tr("Restarting"), "waiting", ""
            case GaveUp():
                return self.tr("Stopped"), "failed", ""
            case _:
                return self.tr("Starting"), "waiting", ""
