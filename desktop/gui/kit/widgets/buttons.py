"""Buttons in this window's look: with a shortcut, an icon or a menu; a link, a check box."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAction, QCursor, QKeySequence
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QToolTip,
    QWidget,
)

from desktop.gui.kit.look import icons
from desktop.gui.kit.look.appearance import bind_theme, set_role, sized
from desktop.gui.kit.widgets.accent import ACCENT, AccentClaim
from desktop.gui.kit.widgets.texts import tip

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QKeyEvent, QMouseEvent

    from desktop.gui.kit.look.theme import Theme


EVERYWHERE = Qt.ShortcutContext.WindowShortcut
INSIDE = Qt.ShortcutContext.WidgetWithChildrenShortcut
HERE = Qt.ShortcutContext.WidgetShortcut
ENTER: Final = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})
SEND_KEYS: Final = ("Ctrl+Return", "Ctrl+Enter")
"""The keys that send or save what is typed."""
END: Final = 24
"""Side of a button at the end of a line edit, in units of the grid."""


def give_key(
    place: QWidget,
    keys: str | Sequence[str] | QKeySequence.StandardKey,
    words: str,
    slot: Callable[[], object],
    context: Qt.ShortcutContext = EVERYWHERE,
) -> QAction:
    """Add a shortcut that calls ``slot``, in the ``context`` given, and return its action.

    ``EVERYWHERE`` is the window of ``place``, ``INSIDE`` is ``place`` with its children, ``HERE``
    is ``place`` while it has the focus. The help shows ``words`` and the first of several
    sequences. Keys held down do not repeat: *pause or resume* would do both.
    """
    action = QAction(words, place)
    if isinstance(keys, QKeySequence.StandardKey):
        action.setShortcuts(keys)
    else:
        sequences = [keys] if isinstance(keys, str) else keys
        action.setShortcuts([QKeySequence(each) for each in sequences])
    action.setShortcutContext(context)
    action.setAutoRepeat(False)
    action.triggered.connect(lambda: slot())
    place.addAction(action)
    return action


class ActionButton(QPushButton):
    """A button that does something at once; a double click counts as one press.

    After the first press, it or what takes its place may mean the opposite: *Pause*, *Undo*.
    """

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Ignore the second press."""
        event.accept()


class BackButton(ActionButton):
    """Leads back to what was shown before; ``tip`` says to what."""

    def __init__(self, tip: str) -> None:
        super().__init__(self.tr("Back"))
        set_role(self, "quiet")
        self.setToolTip(tip)
        icons.put(self, "chevron-left", "text")


def is_plain(event: QKeyEvent) -> bool:
    """Tell whether a key is pressed without Ctrl, Alt or Shift."""
    return not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier


def press_on_enter(event: QKeyEvent, focus: QWidget | None, default: QPushButton | None) -> bool:
    """Press the focused button on Enter, or else the ``default``; tell whether it was Enter."""
    if event.key() not in ENTER:
        return False
    pressed = focus if isinstance(focus, QPushButton) else default
    if pressed is not None and not event.isAutoRepeat() and is_plain(event):
        pressed.click()
    return True


class HintedButton(ActionButton):
    """The main button of a form or a dialog; it shows its shortcut in a small outline.

    It makes its ``claim()`` to the accent while ``keys_work()``: of a form and a question beside
    it, one.
    """

    def __init__(self, text: str, keys: QKeySequence) -> None:
        super().__init__(text)
        self.keys_work: Callable[[], bool] = lambda: True
        self.claim: Callable[[], AccentClaim] = lambda: AccentClaim.TYPED
        self._keys = set_role(QLabel(keys_in_words(keys)), "keys")
        self._keys.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        row = sized(QHBoxLayout(self), margins=(0, 0, 10, 0))
        row.addWidget(self._keys, 0, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        bind_theme(self, "room", HintedButton.leave_room)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        ACCENT.give(self, lambda: self.claim() if self.keys_work() else AccentClaim.NONE)
        self.setToolTip(keys.toString(QKeySequence.SequenceFormat.NativeText))

    def leave_room(self, theme: Theme) -> None:
        """Leave room for the shortcut behind the text."""
        self._keys.ensurePolished()
        room = self._keys.sizeHint().width() + theme.px(18)
        self.setStyleSheet(f"QPushButton {{ padding-right: {room}px }}")


def keys_in_words(keys: QKeySequence) -> str:
    """Return a key sequence as it is printed on keyboards: ``Ctrl ⏎``."""
    native = keys.toString(QKeySequence.SequenceFormat.NativeText)
    return native.replace("Return", "⏎").replace("+", " ")


class IconButton(QPushButton):
    """A quiet button that shows only an icon; ``name`` is its accessible name.

    ``tip`` is its tooltip, ``name`` by default.
    """

    def __init__(self, name: str, picture: str, tip: str = "", width: int = 32) -> None:
        """``width`` is in units of the grid."""
        super().__init__()
        icons.put(sized(self, width=width), picture)
        self.setProperty("role", "quiet")
        self.setAccessibleName(name)
        self.setToolTip(tip or name)


class EndButton(QPushButton):
    """A button at the end of a line edit that scales with the text; the line keeps the focus.

    The icons of Qt's own line edit actions do not scale with the text. ``leads`` puts it at the
    beginning.
    """

    leads = False

    def __init__(self, name: str, picture: str, line: QLineEdit) -> None:
        super().__init__(line)
        self.setProperty("role", "infield")
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        icons.put(sized(self, width=END, height=END), picture)
        row = line.layout()
        if not isinstance(row, QHBoxLayout):
            row = sized(QHBoxLayout(line), margins=(4, 0, 4, 0), spacing=0)
            row.addStretch(1)
        row.insertWidget(0 if self.leads else -1, self)


class ClearableLine(QLineEdit):
    """A line edit with a button that clears it."""

    def __init__(self, hint: str) -> None:
        super().__init__(placeholderText=hint)
        self.setAccessibleName(hint)
        self._wipe = EndButton(self.tr("Clear"), "x", self)
        self._wipe.clicked.connect(self.clear)
        self._wipe.hide()
        self.textChanged.connect(lambda text: self._wipe.setVisible(bool(text)))
        sized(self, text_margins=(0, 0, END, 0))  # keeps the text clear of the button


class Link(ActionButton):
    """A borderless button in the accent colour."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.setProperty("role", "link")
        self.setCursor(Qt.CursorShape.PointingHandCursor)


class CheckBox(QCheckBox):
    """A check box whose text may be cut; its tooltip then shows all of it."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        sized(self, least_width=80)

    def event(self, event: QEvent) -> bool:
        """Show the whole text as tooltip if it is cut."""
        if event.type() != QEvent.Type.ToolTip or self.width() >= self.sizeHint().width():
            return super().event(event)
        QToolTip.showText(QCursor.pos(), tip(self.text()) + self.toolTip(), self)
        return True

    def initStyleOption(self, option: QStyleOptionButton) -> None:
        """Cut the text if room is short."""
        super().initStyleOption(option)
        part = QStyle.SubElement.SE_CheckBoxContents
        room = self.style().subElementRect(part, option, self).width()
        shows, right = Qt.TextFlag.TextShowMnemonic, Qt.TextElideMode.ElideRight
        option.text = self.fontMetrics().elidedText(self.text(), right, room, shows)


class MoreButton(QPushButton):
    """The button at the end of a line that does not fit; ``fill`` puts the rest into its menu."""

    def __init__(
        self, fill: Callable[[QMenu], None], name: str = "", picture: str = "ellipsis"
    ) -> None:
        super().__init__()
        icons.put(sized(self, width=32), picture, "text")
        self.setAccessibleName(name or self.tr("More actions"))
        self.setToolTip(name or self.tr("More actions"))
        menu = QMenu(self)
        self.setMenu(menu)

        def on_open() -> None:
            menu.clear()
            fill(menu)

        menu.aboutToShow.connect(on_open)
        self.hide()
