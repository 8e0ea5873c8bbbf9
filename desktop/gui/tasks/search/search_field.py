"""The search for tasks, people and items, and the menu beside it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QFont, QFontMetrics, QKeySequence, QPainter, QPen
from PySide6.QtWidgets import QLineEdit, QPushButton

from desktop.gui.kit.look import icons
from desktop.gui.kit.look.appearance import LOOK, sized
from desktop.gui.kit.look.icons import icon
from desktop.gui.kit.widgets.buttons import END, EndButton, keys_in_words
from desktop.gui.kit.widgets.field import SpareUndo
from desktop.gui.kit.widgets.surfaces import InsideMenu
from desktop.gui.kit.widgets.texts import announce
from desktop.gui.tasks.search.search_words import parse, write

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from PySide6.QtGui import QFocusEvent, QKeyEvent, QPaintEvent, QResizeEvent
    from PySide6.QtWidgets import QMenu


SETTLE_MS: Final = 200
"""Milliseconds after the last key until the search starts."""
_STAYS: Final = {Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason}
"""Reasons for which the focus leaves only for a while: the text stays where it is."""
TEXT: Final = 120
"""Width of a long text that is in sight before the number of results, in units of the grid."""


class SearchField(QLineEdit):
    """Escape clears the field, Enter searches at once, the down key moves on to the list.

    ``text_changed`` carries the settled text without surrounding spaces; ``left_downwards`` is
    emitted on the down key.
    """

    text_changed = Signal(str)
    left_downwards = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._told = self._found = ""
        self._cursor = 0
        self._wipe = EndButton(self.tr("Clear"), "x", self)
        self._wipe.clicked.connect(self.clear_now)
        self._wipe.hide()
        self._words = (self.tr("Search tasks, people, items"), self.tr("Search"))
        self.setAccessibleName(self._words[0])
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self._tell)
        self.textChanged.connect(self._on_text)
        SpareUndo(self)
        LOOK.changed.connect(self._leave_room)
        self._leave_room()

    def clear_now(self) -> None:
        """Clear the field and the search at once."""
        self.clear()
        self._tell()

    def setText(self, arg__1: str | None) -> None:  # noqa: N802
        """Set another text; show its beginning unless the person is typing."""
        super().setText(arg__1)
        if not self.hasFocus():
            self._show_beginning()

    def set_now(self, text: str) -> None:
        """Set another text and search at once."""
        self.setText(text)
        self._tell()

    def show_found(self, words: str) -> None:
        """Show the number of results after the text."""
        if words == self._found:
            return
        if words:
            announce(self, words)
        self._found = words
        self.setAccessibleDescription(words)
        self._leave_room()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Clear on Escape, search at once on Enter, move on to the list on Down."""
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear_now()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._tell()
        elif event.key() == Qt.Key.Key_Down:
            self._tell()
            self.left_downwards.emit()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit placeholder and margins to the new width."""
        super().resizeEvent(event)
        self._leave_room()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the number of results, or the field's shortcut while it is empty."""
        super().paintEvent(event)
        self._paint_glass()
        if self._shows_found():
            self._paint_found()
        elif not self.text() and self._shows_key():
            self._paint_key()

    def _leave_room(self) -> None:
        """Set the margins of the text, and the longest placeholder that fits."""
        ahead, behind = LOOK.theme.px(22), self._room_behind()
        self.setTextMargins(ahead, 0, behind, 0)
        room, needs = self._room(behind), self.fontMetrics().horizontalAdvance
        self.setPlaceholderText(next((each for each in self._words if needs(each) <= room), ""))
        self.update()

    def _room(self, behind: int) -> int:
        """Return the width of the text before a part of the width ``behind``."""
        return self.width() - LOOK.theme.px(22 + 20) - behind  # glass, the field's edges

    def _shows_key(self) -> bool:
        """Tell whether the field's shortcut fits after the shortest placeholder."""
        room = self._room(self._key_room())
        return not self.hasFocus() and self.fontMetrics().horizontalAdvance(self._words[-1]) <= room

    def _key_room(self) -> int:
        return round(self._key_box().width()) + LOOK.theme.px(12)

    def _room_behind(self) -> int:
        """Return the width of the part after the text: the number of results, or the shortcut."""
        if self._shows_found():
            return self._found_room()
        if self.text():
            return LOOK.theme.px(END)
        return self._key_room() if self._shows_key() else 0

    def _shows_found(self) -> bool:
        """Tell whether the number of results fits after the text, or after the start of a long one.

        The text of a search is worth more than how many it found.
        """
        needs = self.fontMetrics().horizontalAdvance(self.text())
        least = min(needs + 1, LOOK.theme.px(TEXT))
        return bool(self._found and self.text()) and self._room(self._found_room()) > least

    def _found_room(self) -> int:
        words = self.fontMetrics().horizontalAdvance(self._found)
        return words + LOOK.theme.px(8 + END)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Use the whole width for typing, with the cursor where it was."""
        if event.reason() not in {*_STAYS, Qt.FocusReason.MouseFocusReason}:
            self.setCursorPosition(self._cursor)
        super().focusInEvent(event)
        self._leave_room()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Leave room for the shortcut again, and show the beginning of a long text."""
        super().focusOutEvent(event)
        if event.reason() not in _STAYS:
            self._show_beginning()
        self._leave_room()

    def _show_beginning(self) -> None:
        self._cursor = self.cursorPosition()
        self.setCursorPosition(0)

    def _paint_glass(self) -> None:
        theme = LOOK.theme
        side = theme.px(16)
        glass = icon("search", theme.color("soft text"), side, self.devicePixelRatioF())
        painter = QPainter(self)
        painter.drawPixmap(theme.px(8), (self.height() - side) // 2, glass)
        painter.end()

    def _paint_found(self) -> None:
        """Paint the number of results in the margin before the clear button."""
        painter = QPainter(self)
        painter.setPen(LOOK.theme.ink("soft text"))
        room = self.rect().adjusted(0, 0, -LOOK.theme.px(34), 0)
        side = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(room, side, self._found)
        painter.end()

    def _paint_key(self) -> None:
        theme, box = LOOK.theme, self._key_box()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._key_font())
        painter.setPen(QPen(theme.color("line"), 1))
        painter.setBrush(theme.color("surface"))
        painter.drawRoundedRect(box, theme.px(4), theme.px(4))
        painter.setPen(theme.ink("faint text"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, _key())
        painter.end()

    def _key_font(self) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(LOOK.theme.px(11))
        return font

    def _key_box(self) -> QRectF:
        px = LOOK.theme.px
        width = QFontMetrics(self._key_font()).horizontalAdvance(_key()) + px(12)
        height = px(18)
        left = self.width() - width - px(8)
        return QRectF(left + 0.5, (self.height() - height) // 2 + 0.5, width, height)

    def _on_text(self, text: str) -> None:
        self._wipe.setVisible(bool(text))
        if not text.strip():
            self.show_found("")
        self._leave_room()
        self._settle.start()

    def _tell(self) -> None:
        self._settle.stop()
        text = self.text().strip()
        if text != self._told:
            self._told = text
            self.text_changed.emit(text)


def _key() -> str:
    """Return the field's shortcut as it is printed on keyboards."""
    return keys_in_words(QKeySequence(QKeySequence.StandardKey.Find))


MOST: Final = 15
"""Maximum number of names offered for one key."""
STATES: Final = {
    "active": str(QT_TRANSLATE_NOOP("search", "Active")),
    "scheduled": str(QT_TRANSLATE_NOOP("search", "Scheduled")),
    "waiting": str(QT_TRANSLATE_NOOP("search", "Waiting")),
    "failed": str(QT_TRANSLATE_NOOP("search", "Failed")),
    "uncertain": str(QT_TRANSLATE_NOOP("search", "Uncertain")),
    "done": str(QT_TRANSLATE_NOOP("search", "Done")),
    "kept": str(QT_TRANSLATE_NOOP("search", "Kept in practice mode")),
    "cancelled": str(QT_TRANSLATE_NOOP("search", "Cancelled")),
}


class SavedView(NamedTuple):
    """A saved view; ``elsewhere`` is the title of its list if that is not the shown one.

    ``is_shown`` tells whether the view is the one shown now.
    """

    name: str
    elsewhere: str
    is_shown: bool


class SearchMenu(QPushButton):
    """Opens a menu that writes into ``search``.

    ``save_wanted`` asks to save the current view, which is offered if ``may_be_saved()``;
    ``view_wanted``, ``rename_wanted`` and ``view_dropped`` carry the name of a saved view.
    ``saved()`` returns the saved views. ``is_searched(key)`` tells whether the shown list supports
    a search key.
    """

    save_wanted = Signal()
    view_wanted = Signal(str)
    rename_wanted = Signal(str)
    view_dropped = Signal(str)

    def __init__(self, search: SearchField) -> None:
        super().__init__()
        self._search = search
        self.names: dict[str, Sequence[str]] = {"task": (), "queue": (), "batch": ()}
        self.saved: Callable[[], Sequence[SavedView]] = tuple
        self.may_be_saved: Callable[[], bool] = bool
        self.is_searched: Callable[[str], bool] = lambda _: True
        self.setProperty("role", "quiet")
        self.setAccessibleName(self.tr("Narrow the search, or open a saved view"))
        self.setToolTip(self.tr("Narrow the search, or open a saved view"))
        self.menu_ = InsideMenu("", self)
        self.menu_.aboutToShow.connect(self._on_about_to_show)
        self.setMenu(self.menu_)
        icons.put(sized(self, width=30), "list-filter")

    def learn(self, tasks: Sequence[str], queues: Sequence[str]) -> None:
        """Set the names of tasks and queues to offer."""
        self.names |= {"task": tasks, "queue": queues}

    def learn_batches(self, names: Sequence[str]) -> None:
        """Set the names of batches to offer, the newest first."""
        self.names["batch"] = names

    def _on_about_to_show(self) -> None:
        self.menu_.clear()
        words = {name: QCoreApplication.translate("search", word) for name, word in STATES.items()}
        self._add("state", self.tr("State"), words.items(), self.menu_)
        self._add_names("task", self.tr("Task"), self.menu_)
        self._add_names("batch", self.tr("Batch"), self.menu_)
        self.menu_.addAction(self.tr("Recipient…"), partial(self._type, "to"))
        rare = InsideMenu(self.tr("For developers"), self.menu_)
        self.menu_.addMenu(rare)
        self._add_names("queue", self.tr("Queue"), rare)
        answers = [("yes", self.tr("Yes")), ("no", self.tr("No"))]
        self._add("seen", self.tr("Seen"), answers, rare)
        rare.addAction(self.tr("Error…"), partial(self._type, "error"))
        self.menu_.addSeparator()
        if self.may_be_saved():
            self.menu_.addAction(self.tr("Save this view…"), self.save_wanted.emit)
        self._add_views(self.saved())

    def _add_views(self, saved: Sequence[SavedView]) -> None:
        """Add the saved views; one of another list has its title at the right."""
        for each in saved:
            words = "\t".join(filter(None, [_as_title(each.name), each.elsewhere]))
            action = self.menu_.addAction(words, partial(self.view_wanted.emit, each.name))
            action.setCheckable(True)
            action.setChecked(each.is_shown)
        icons.tick(self.menu_, LOOK.theme)
        if saved:
            rename = self.menu_.addMenu(self.tr("Rename a saved view"))
            drop = self.menu_.addMenu(self.tr("Remove a saved view"))
            for name in (each.name for each in saved):
                rename.addAction(_as_title(name), partial(self.rename_wanted.emit, name))
                drop.addAction(_as_title(name), partial(self.view_dropped.emit, name))

    def _add_names(self, key: str, title: str, to: QMenu) -> None:
        if names := self.names[key][:MOST]:
            self._add(key, title, ((name, name) for name in names), to)

    def _add(self, key: str, title: str, values: Iterable[tuple[str, str]], to: QMenu) -> None:
        """Add a submenu with the values of a key, if the list supports it or the search has it."""
        chosen = parse(self._search.text()).values(key)
        if not (chosen or self.is_searched(key)):
            return
        menu = to.addMenu(title)
        for value, words in values:
            action = menu.addAction(_as_title(words))
            action.setCheckable(True)
            action.setChecked(value in chosen)
            action.toggled.connect(partial(self._set, key, value))
        icons.tick(menu, LOOK.theme)

    def _set(self, key: str, value: str, chosen: bool) -> None:
        """Add a value to the search or remove it; only states can have several values."""
        search = parse(self._search.text())
        values = [each for each in search.values(key) if each != value]
        if key != "state":
            values = []
        if chosen:
            values.append(value)
        self._search.set_now(write(search.having(key, *values)))

    def _type(self, key: str) -> None:
        """Append a key to the search and focus it, for the person to type the value."""
        text = self._search.text().rstrip()
        self._search.setText(f"{text} {key}:".lstrip())
        self._search.setFocus()


def _as_title(words: str) -> str:
    """Escape words for an action, so no letter becomes a mnemonic."""
    return words.replace("&", "&&")
