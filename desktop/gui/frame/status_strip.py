"""The line at the foot of the window: the backend, what is under way, and when it will be done."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication, QLocale, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop.client.health import Away, Finishing, GaveUp, Gone, Ready, Starting
from desktop.contract.model.states import State
from desktop.gui.frame.views import TASKS
from desktop.gui.kit.look import icons
from desktop.gui.kit.look.appearance import LOOK, follow, in_role, px, sized
from desktop.gui.kit.widgets.buttons import Link
from desktop.gui.kit.widgets.texts import ElidedLabel, tip
from desktop.gui.kit.words.servers import away_state
from desktop.gui.kit.words.states import LOOKS, needing_words

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent, QResizeEvent

    from desktop.client.health import BackendState
    from desktop.contract.office import OfficeStats
    from desktop.gui.frame.notices.toasts import Toasts
    from desktop.gui.kit.look.theme import Theme


translate = QCoreApplication.translate
FORESEEABLE: Final = 24 * 3600
"""The longest time ahead, in seconds, for which an end is predicted."""
PACED: Final = 1.0
"""The least rate, in tasks a second, from which the pace is shown."""
OUTLOOK: Final = 350
"""Width that is kept for the open tasks, in units of the grid, if there is room."""
SEPARATOR: Final = " · "
"""Between the parts of the open tasks."""
BARS: Final = 24
"""Number of bars, one for each second."""
WIDENING: Final = 99
"""Stretch factor of the sparkline: it takes nearly all spare room up to its maximum width."""


def outlook(stats: OfficeStats, *, held: bool, silent: bool, saved: int) -> list[str]:
    """Say how many tasks are open, and when the slowest queue will be done, in parts.

    No end is predicted if nothing is queued, since the rest of running tasks is unknown, if a queue
    is ``held``, or while the backend is ``silent``, or is to do in seconds what a person asked for:
    the counts are then the last known ones, as in the list and its chips. The window itself has
    ``saved`` items for the backend.
    """
    counts = stats["counts"]
    standing = stats["standing"]  # queued, and stopped by a pause or a hold
    queued = counts.get(State.QUEUED, 0) - standing
    active = queued + counts.get(State.RUNNING, 0)
    waiting = counts.get(State.WAITING, 0) + standing
    scheduled = counts.get(State.SCHEDULED, 0)
    parts = [
        (active, translate("outlook", "{} active")),
        (waiting, translate("outlook", "{} waiting")),
        (scheduled, translate("outlook", "{} scheduled")),
    ]
    said = [words.format(QLocale().toString(count)) for count, words in parts if count]
    done_in, rows, paused = (
        stats["done_in"],
        stats.get("batch_rows", 0),
        stats.get("paused_rows", 0),
    )
    if rows:
        words = translate("outlook", "{} in batches")
        words = translate("outlook", "{} more in batches") if said else words
        said.append(words.format(QLocale().toString(rows)))
    elif queued and done_in is not None and done_in <= FORESEEABLE and not (held or silent):
        end = _end(done_in)
        if waiting or scheduled or paused:
            words = translate("outlook", "{active}, done {end}")
            said[0] = words.format(active=said[0], end=end)
        else:
            said.append(translate("outlook", "all done {end}").format(end=end))
    if paused:
        words = translate("outlook", "{} in paused batches")
        said.append(words.format(QLocale().toString(paused)))
    if saved:
        said.insert(0, saved_items(saved))
    if said or silent:
        return said
    return [translate("outlook", "Nothing is waiting")] if any(counts.values()) else []


def saved_items(count: int) -> str:
    """Say how many items are saved here, and will be submitted later."""
    return translate("outlook", "%Ln items to be submitted", None, count)


def _end(seconds: float) -> str:
    if seconds < 5:
        return translate("outlook", "in a moment")
    if seconds < 90:
        return translate("outlook", "in about {} s").format(round(seconds / 5) * 5)
    if seconds < 5400:
        return translate("outlook", "in about {} min").format(round(seconds / 60))
    return translate("outlook", "in about {} h").format(round(seconds / 3600))


class Sparkline(QWidget):
    """One bar a second, the newest at the right; ``rested`` is emitted when none is left.

    It asks for the room of the newest bars only, and takes more if the text beside it leaves some.
    """

    rested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._rate = 0.0
        self._rates: deque[float] = deque([0.0] * BARS, maxlen=BARS)
        self.second = QTimer(self)
        self.second.setInterval(1000)
        self.second.timeout.connect(self._on_second)
        follow(sized(self, height=20), "width", _fit_bars)
        self.hide()

    @property
    def rates(self) -> list[float]:
        """The values of the bars in tasks a second, oldest first."""
        return list(self._rates)

    def set_rate(self, rate: float) -> None:
        """Set the current rate in tasks a second."""
        self._rate = rate
        self._rates[-1] = rate
        if rate and not self.second.isActive():
            self.second.start()
        self.update()

    def sizeHint(self) -> QSize:
        """Ask for a quarter of the maximum width."""
        return QSize(self.maximumWidth() // 4, self.maximumHeight())

    minimumSizeHint = sizeHint

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the bars on a line, older ones paler."""
        theme = LOOK.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(theme.color("accent"))
        width, space = theme.px(5), theme.px(2)
        painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), theme.color("line"))
        highest = max(*self._rates, 1.0)
        left = self.width() - (width + space) * BARS
        for number, rate in enumerate(self._rates):
            color = theme.color("accent")
            color.setAlphaF(0.35 + 0.65 * number / (BARS - 1))
            height = max(theme.px(2), self.height() * rate / highest) if rate else 0.0
            bar = QRectF(left + number * (width + space), self.height() - height, width, height)
            painter.fillRect(bar, color)
        painter.end()

    def _on_second(self) -> None:
        self._rates.append(self._rate)
        if not any(self._rates):
            self.second.stop()
            self.rested.emit()
        self.update()


class Outlook(ElidedLabel):
    """Says what is open; it asks for the room of a long text, so others move nothing.

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

    def sizeHint(self) -> QSize:
        """Ask for ``OUTLOOK`` units of the grid, or more."""
        return super().sizeHint().expandedTo(QSize(px(OUTLOOK), 0))


class StatusStrip(QWidget):
    """Shows, from left to right: tasks that need the person, open tasks, pace, mail mode, backend.

    The pace is shown if many tasks end. What is paused or on hold replaces *Ready*. If room is
    short, the pace is left out, then the mail mode. ``needing_chosen`` carries the state whose
    tasks the person wants to see.
    """

    needing_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("area", "bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._saved = 0
        self._is_acting = False
        self._told: tuple[OfficeStats, bool] | None = None
        self._least = 0
        self._has_pace = self._lacks_pace = self._lacks_mode = False
        self._is_still = self._is_real = False
        self._state: BackendState = Starting()
        self._stops = ("", "")
        self.sparkline = Sparkline()
        self.pace = in_role(ElidedLabel(), "soft")
        self.outlook = in_role(Outlook(), "soft")
        self.mode = in_role(QLabel(self.tr("Real sending")), "soft")
        self.mode.hide()
        self.access = in_role(QLabel(), "soft")
        self.access.hide()
        self.dot = QLabel()
        self.backend = in_role(QLabel(textFormat=Qt.TextFormat.PlainText), "soft")
        self._line = QWidget()  # at the foot: toasts may lie above it
        self._row = sized(QHBoxLayout(self._line), margins=(12, 0, 12, 0), spacing=16)
        whole = sized(QVBoxLayout(self), margins=0, spacing=0)
        whole.addStretch(1)
        whole.addWidget(self._line)
        self._view = ""
        self.needing = {state: Link("") for state in (State.FAILED, State.UNCERTAIN)}
        for state, link in self.needing.items():
            handled = self.tr("Those sent again or marked as seen are under Seen.")
            link.setToolTip(tip(f"{self.tr('Show them')}\n{handled}"))
            link.clicked.connect(lambda _on=False, s=state: self.needing_chosen.emit(str(s)))
            link.setProperty("ink", LOOKS[state].token)
            link.hide()
        for widget in (*self.needing.values(), self.outlook, self.pace, self.sparkline):
            self._row.addWidget(widget)
        self._row.setStretchFactor(self.sparkline, WIDENING)
        self._row.addStretch(1)
        self._row.addWidget(self.mode)
        self._row.addWidget(self.access)
        light = sized(QHBoxLayout(), spacing=7)
        light.addWidget(self.dot)
        light.addWidget(self.backend)
        self._row.addLayout(light)
        self.sparkline.setAccessibleName(self.tr("Tasks finished each second"))
        self.pace.hide()  # until a first task has finished
        self.sparkline.rested.connect(self._on_rested)
        LOOK.changed.connect(self._take_height)
        self._take_height()
        self.set_backend_state(self._state)

    def set_stats(self, stats: OfficeStats, *, held: bool = False) -> None:
        """Show pace and outlook; ``held`` means a queue is paused or on hold with no known end."""
        self._told = stats, held
        self._is_still = False
        rate = stats["rates"]["finished"]
        self.sparkline.set_rate(rate)
        shown = QLocale().toString(float(rate), "f", 0 if rate >= 10 else 1)
        self.pace.setText(self.tr("{} a second").format(shown) if rate >= 0.05 else "")
        self._has_pace = self._has_pace or rate >= PACED
        self._say_outlook()
        self._fit()

    def _on_rested(self) -> None:
        """Hide the pace: no task has finished for a while."""
        self._has_pace = False
        self._fit()

    def show_view(self, view: str) -> None:
        """Follow the chosen view."""
        self._view = view
        self._fit()

    def show_saved(self, count: int) -> None:
        """Say how many items are saved on this computer, and will be submitted later."""
        self._saved = count
        self._say_outlook()
        self._fit()

    def show_acting(self, *, is_acting: bool) -> None:
        """Take back what is said of the end while actions wait, to be done or undone."""
        self._is_acting = is_acting
        self._say_outlook()

    def be_still(self) -> None:
        """Show no pace and no end: the backend does not answer."""
        self._is_still = True
        self.sparkline.set_rate(0.0)
        self._say_outlook()
        self._fit()

    def _say_outlook(self) -> None:
        parts = [saved_items(self._saved)] if self._saved else []
        if self._told is not None:
            stats, held = self._told
            silent = self._is_still or self._is_acting
            parts = outlook(stats, held=held, silent=silent, saved=self._saved)
        self.outlook.show_parts(parts)

    def words_end(self) -> int:
        """Return the x, in its pixels, at which the texts about tasks end."""
        news: list[Outlook | Link] = [self.outlook, *self.needing.values()]
        there = [each for each in news if not each.isHidden()]
        ends = {each: each.fontMetrics().horizontalAdvance(each.text()) for each in there}
        return max(each.x() + min(each.width(), end) for each, end in ends.items())

    def state_begin(self) -> int:
        """Return the x, in its pixels, at which mail mode and state of the backend begin."""
        self._row.activate()
        return min(each.x() for each in (self.mode, self.access, self.dot) if not each.isHidden())

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
        widest = self.pace.fontMetrics().horizontalAdvance(self.tr("{} a second").format(888))
        self.pace.setMinimumWidth(widest)  # another number moves nothing

    def set_mail(self, transport: str, host: str) -> None:
        """Show that messages are really sent; a bar tells of practice mode."""
        self.mode.setToolTip(tip(self.tr("Through {}").format(host)))
        self._is_real = transport == "smtp"
        self._fit(may_return=True)

    def say_read_only(self) -> None:
        """Show that this window cannot change anything."""
        self.access.setText(self.tr("Read-only"))
        self.access.setToolTip(self.tr("Your token allows you to look. It cannot change anything."))
        self.access.show()

    def set_backend_state(self, state: BackendState) -> None:
        """Show the state of the backend."""
        self._state = state
        if not isinstance(state, Ready):
            self.be_still()
        words, token = self._backend_words(state)
        self.backend.setText(words)
        self.dot.setAccessibleName(words)
        about = self.tr("The backend, which runs the tasks")
        is_stopped = words == self._stops[0]
        for part in (self.dot, self.backend):
            part.setToolTip(tip(self._stops[1]) if is_stopped else about)
        icons.draw(self.dot, "dot", token, 8)
        self._fit()

    def show_stops(self, brief: str, whole: str) -> None:
        """Show what is stopped in place of *Ready*: a ``brief`` text, the ``whole`` as tooltip."""
        self._stops = brief, whole
        self.set_backend_state(self._state)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as much as fits, and bring back parts that fit again."""
        super().resizeEvent(event)
        self._fit(may_return=True)

    def _fit(self, *, may_return: bool = False) -> None:
        """Leave out the pace if a text would be cut, and the mail mode if that is not enough.

        Only a new width (``may_return``) brings them back; otherwise they would come and go with
        each change of the texts.
        """
        self._say_needing()
        pace = (self.sparkline, self.pace)
        room, width = self._row.sizeHint().width(), self.width()
        room -= sum(self._room(each) for each in (*pace, self.mode) if not each.isHidden())
        room += self._room(self.mode) if self._is_real else 0
        stays = not may_return
        self._lacks_mode = room > width or (self._lacks_mode and stays)
        room += sum(map(self._room, pace))
        self._lacks_pace = room > width or (self._lacks_pace and stays)
        for each in pace:
            each.setVisible(self._has_pace and not self._lacks_pace and not self._is_still)
        self.mode.setVisible(self._is_real and not self._lacks_mode)

    def _room(self, part: QWidget) -> int:
        return part.sizeHint().width() + self._row.spacing()

    def _say_needing(self) -> None:
        words = {} if self._told is None else needing_words(self._told[0])
        for state, link in self.needing.items():
            link.setText(words.get(state, ""))
            link.setVisible(state in words and self._view != TASKS)  # there a chip says it

    def _backend_words(self, state: BackendState) -> tuple[str, str]:
        match state:
            case Ready() if self._stops[0]:
                return self._stops[0], "waiting"
            case Ready():
                return self.tr("Ready"), "succeeded"
            case Finishing():
                return self.tr("Finishing"), "waiting"
            case Away():
                return away_state(state), "waiting"
            case Gone():
                return self.tr("Restarting"), "waiting"
            case GaveUp():
                return self.tr("Stopped"), "failed"
            case _:
                return self.tr("Starting"), "waiting"


def _fit_bars(sparkline: Sparkline, theme: Theme) -> None:
    """Make a sparkline at most as wide as all its bars."""
    sparkline.setMaximumWidth((theme.px(5) + theme.px(2)) * BARS)
