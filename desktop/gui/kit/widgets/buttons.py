"""Buttons in this window's look: with a shortcut, an icon or a menu; a link, a check box."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt
from PySide6.QtGui import QAction, QFont, QFontMetrics, QKeySequence, QPainter, QPen
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QWidget,
)

from desktop.gui.kit.look import icons
from desktop.gui.kit.look.appearance import LOOK, bind_theme, restyle, sized
from desktop.gui.kit.widgets.texts import tip_if_cut

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from PySide6.QtGui import QMouseEvent, QPaintEvent, QResizeEvent

    from desktop.gui.kit.look.theme import Theme


EVERYWHERE = Qt.ShortcutContext.WindowShortcut
INSIDE = Qt.ShortcutContext.WidgetWithChildrenShortcut
HERE = Qt.ShortcutContext.WidgetShortcut
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


def width_for(button: QPushButton, texts: Iterable[str]) -> int:
    """Return the width, in logical pixels, at which a button has room for each of these texts."""
    button.ensurePolished()
    own, widths = button.text(), []
    for each in texts:
        button.setText(each)
        widths.append(button.sizeHint().width())
    button.setText(own)
    return max(widths)


class ActionButton(QPushButton):
    """A button that does something at once; a double click counts as one press.

    After the first press, it or what takes its place may mean the opposite: *Pause*, *Undo*.
    """

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Ignore the second press."""
        event.accept()


class HintedButton(ActionButton):
    """The main button of a form or a sheet; it shows its shortcut in a small outline.

    It is the primary one while ``keys_work()``: of a form and a sheet beside it, one; and unless it
    ``yields()`` to another button of its sheet. The shortcut is shown while it works, if there is
    room and the focus is not in ``not_in``.
    """

    def __init__(self, text: str, keys: QKeySequence) -> None:
        super().__init__(text)
        self._keys = keys_in_words(keys)
        self.keys_work: Callable[[], bool] = lambda: True
        self.yields: Callable[[], bool] = lambda: False
        self.not_in: QWidget | None = None
        app = cast("QApplication", QApplication.instance())
        app.focusChanged.connect(self.show_whether_it_leads)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setProperty("role", "primary")
        self.setToolTip(keys.toString(QKeySequence.SequenceFormat.NativeText))

    def sizeHint(self) -> QSize:
        """Leave room for the shortcut."""
        size = super().sizeHint()
        return QSize(size.width() + self._keys_width() + LOOK.theme.px(8), size.height())

    def minimumSizeHint(self) -> QSize:
        """Leave the shortcut out if room is short; the tooltip has it, too."""
        return super().sizeHint()

    @property
    def shows_keys(self) -> bool:
        """Whether the shortcut is shown."""
        works = self.keys_work() and (self.not_in is None or not self.not_in.hasFocus())
        return works and self.width() >= self.sizeHint().width()

    def show_whether_it_leads(self) -> None:
        """Let the button lead that the shortcut presses now."""
        role = "primary" if self.keys_work() and not self.yields() else "second"
        if role != self.property("role"):
            restyle(self, role=role)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the button, then its text and shortcut, centred together."""
        theme = LOOK.theme
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = ""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.style().drawControl(QStyle.ControlElement.CE_PushButton, option, painter, self)
        leads = self.property("role") == "primary"
        ink = theme.color("on accent") if leads else theme.ink("text")
        ink = ink if self.isEnabled() else theme.ink("soft text")
        painter.setPen(ink)
        words = self.fontMetrics().horizontalAdvance(self.text())
        beside = theme.px(8) + self._keys_width() if self.shows_keys else 0
        left = (self.width() - words - beside) / 2
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRectF(left, 0, words + 1, self.height()), middle, self.text())
        if not self.shows_keys:
            return
        height = theme.px(20)
        chip = QRectF(
            left + words + theme.px(8),
            (self.height() - height) / 2 + 0.5,
            self._keys_width(),
            height - 1,
        )
        painter.setFont(self._keys_font())
        painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, self._keys)
        ink.setAlphaF(0.55)
        painter.setPen(QPen(ink, 1))
        painter.drawRoundedRect(chip, theme.px(3), theme.px(3))

    def _keys_font(self) -> QFont:
        font = QFont(self.font())
        font.setWeight(QFont.Weight.Medium)
        font.setPixelSize(LOOK.theme.px(11))
        return font

    def _keys_width(self) -> int:
        return QFontMetrics(self._keys_font()).horizontalAdvance(self._keys) + LOOK.theme.px(10)


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
        self._line = line
        self.setProperty("role", "infield")
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        line.installEventFilter(self)
        icons.put(self, picture)
        bind_theme(self, "place", EndButton.place)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay at the end of the line."""
        if event.type() == QEvent.Type.Resize:
            self.place(LOOK.theme)
        return super().eventFilter(watched, event)

    def place(self, theme: Theme) -> None:
        """Take the place at the end of the line."""
        side, line = theme.px(END), self._line
        left = theme.px(4) if self.leads else line.width() - side - theme.px(4)
        self.setGeometry(left, (line.height() - side) // 2, side, side)


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


class Link(QPushButton):
    """A borderless button in the accent colour."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.setProperty("role", "link")
        self.setCursor(Qt.CursorShape.PointingHandCursor)


class CheckBox(QCheckBox):
    """A check box; text beyond ``_ROOM`` letters may be cut."""

    _ROOM: Final = 24

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        """Ask for the width of ``_ROOM`` letters at most."""
        least = self.fontMetrics().averageCharWidth() * self._ROOM + LOOK.theme.px(32)
        return self.sizeHint().boundedTo(QSize(least, self.sizeHint().height()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show the whole text as tooltip if it is cut."""
        super().resizeEvent(event)
        tip_if_cut(self)

    def initStyleOption(self, option: QStyleOptionButton) -> None:
        """Cut the text if room is short."""
        super().initStyleOption(option)
        part = QStyle.SubElement.SE_CheckBoxContents
        room = self.style().subElementRect(part, option, self).width()
        shows, right = Qt.TextFlag.TextShowMnemonic, Qt.TextElideMode.ElideRight
        option.text = self.fontMetrics().elidedText(self.text(), right, room, shows)
