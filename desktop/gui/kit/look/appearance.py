"""The look that the application wears: chosen by system and person, followed by each widget."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, TypeVar
from weakref import WeakKeyDictionary

import shiboken6
from PySide6.QtCore import QObject, QSettings, Qt, QTimer, Signal
from PySide6.QtGui import QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QLabel, QStyle

from desktop.gui.kit.look.theme import Appearance, Scheme, Theme, font_scale, style_sheet

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QScreen
    from PySide6.QtWidgets import QWidget


Size = int | tuple[int, int]
"""Units of the grid; the second one of a pair counts in a window that is low for its font."""
_Target = TypeVar("_Target", bound=QObject)
_Label = TypeVar("_Label", bound="QWidget")

_SETTERS: Final = {
    "spacing": "setSpacing",
    "across": "setHorizontalSpacing",
    "down": "setVerticalSpacing",
    "margins": "setContentsMargins",
    "width": "setFixedWidth",
    "height": "setFixedHeight",
    "least_width": "setMinimumWidth",
    "most_width": "setMaximumWidth",
    "least_height": "setMinimumHeight",
    "most_height": "setMaximumHeight",
    "text_margins": "setTextMargins",
}
NORMAL_SIZE: Final = 100
TEXT_SIZES: Final = (80, 90, NORMAL_SIZE, 110, 125, 150, 175, 200)
"""Text sizes to choose from, in percent of the system's font."""
LOW: Final = 440
"""Height, in units of the grid, below which a window counts as low."""


class ThemeBinding(QObject):
    """The theme that the application wears, and what follows it: one, as its style sheet is.

    ``changed`` carries the new theme, once all that follows has taken it.
    """

    changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.theme = Theme(Scheme.LIGHT)
        self._followers: WeakKeyDictionary[QObject, dict[str, Callable[[Any, Theme], object]]]
        self._followers = WeakKeyDictionary()

    def apply(self, theme: Theme) -> None:
        """Give all followers that still exist another theme."""
        self.theme = theme
        for target, ways in list(self._followers.items()):
            if shiboken6.isValid(target):
                for apply_theme in list(ways.values()):
                    apply_theme(target, theme)
        self.changed.emit(theme)

    def bind(self, target: QObject, what: str, apply_theme: Callable[[Any, Theme], object]) -> None:
        """Call ``apply_theme`` with the target and the theme, now and whenever the theme changes.

        It replaces what was declared for the same ``what``. It must not refer to the target by
        itself: that would keep it alive.
        """
        self._followers.setdefault(target, {})[what] = apply_theme
        apply_theme(target, self.theme)


LOOK: Final = ThemeBinding()


def px(size: float) -> int:
    """Convert units of the grid into logical pixels, in the present theme."""
    return LOOK.theme.px(size)


def bind_theme(
    target: _Target, what: str, apply_theme: Callable[[_Target, Theme], object]
) -> _Target:
    """Let a widget or layout follow the theme in one respect; see :meth:`ThemeBinding.bind`."""
    LOOK.bind(target, what, apply_theme)
    return target


def sized(target: _Target, **sizes: Size | tuple[Size, Size, Size, Size]) -> _Target:
    """Set sizes of a widget or layout in units of the grid; they follow the text size.

    Their names are the keys of ``_SETTERS``; four ``margins`` are those at the left, the top, the
    right and the bottom, and one is all of them.
    """
    for name, size in sizes.items():
        LOOK.bind(target, name, _setting(name, size))
    return target


def _setting(name: str, size: Size | tuple[Size, ...]) -> Callable[[Any, Theme], None]:
    all_four = name.endswith("margins")
    each: tuple[Any, ...] = size if all_four and isinstance(size, tuple) else (size,)
    if all_four and len(each) != 4:
        each *= 4

    def apply_theme(target: Any, theme: Theme) -> None:
        getattr(target, _SETTERS[name])(*[_pixels(one, theme) for one in each])
        if name == "least_height" and isinstance(target, QLabel):
            margin = target.margin()
            target.setMargin(margin + 1)  # resets Qt's cached hint, which holds the former minimum
            target.setMargin(margin)

    return apply_theme


def _pixels(size: Size, theme: Theme) -> int:
    if isinstance(size, tuple):
        return theme.height(*size)
    return theme.px(size) if size else 0


def set_role(widget: _Label, role: str) -> _Label:
    """Give a widget the look that the style sheet has for a role."""
    widget.setProperty("role", role)
    return widget


def restyle(widget: _Label, **properties: object) -> _Label:
    """Give a widget properties that the style sheet reads, once it is shown."""
    for name, value in properties.items():
        widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    return widget


def keep_room(widget: _Label) -> _Label:
    """Let a widget keep its room while it is hidden, so nothing moves when it comes."""
    policy = widget.sizePolicy()
    policy.setRetainSizeWhenHidden(True)
    widget.setSizePolicy(policy)
    return widget


def set_font(label: _Label, size: int, weight: QFont.Weight = QFont.Weight.Medium) -> _Label:
    """Give a label larger letters: their height in units of the grid, and their weight."""

    def apply_theme(label: Any, theme: Theme) -> None:
        font = QFont(label.font())
        font.setPixelSize(theme.px(size))
        font.setWeight(weight)
        label.setFont(font)
        label.setText(label.text())  # it may take more lines

    return bind_theme(label, "letters", apply_theme)


def in_monospace(pane: _Label) -> _Label:
    """Give a widget the system's monospaced font in the size of other text."""

    def apply_theme(pane: QWidget, theme: Theme) -> None:
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setPixelSize(theme.px(12))
        pane.setFont(font)

    return bind_theme(pane, "letters", apply_theme)


def set_color(label: _Label, token: str) -> _Label:
    """Write the text of a label in a token's colour."""

    def apply_theme(label: QWidget, theme: Theme) -> None:
        palette = QPalette(theme.palette())
        palette.setColor(QPalette.ColorRole.WindowText, theme.ink(token))
        label.setPalette(palette)

    return bind_theme(label, "ink", apply_theme)


class ThemeSource(QObject):
    """Holds the current :class:`Theme`, follows the system, and styles the application.

    Choices are saved in ``settings``, an ini file of the data folder. Widgets ask ``LOOK`` for
    the theme.
    """

    _KEY = "appearance"
    _SIZE_KEY = "text_size"

    def __init__(self, app: QApplication, settings: QSettings) -> None:
        super().__init__(app)
        self._app = app
        self._settings = settings
        self._system_palette = QPalette(app.palette())
        self._appearance = Appearance.SYSTEM
        remembered = str(settings.value(self._KEY, Appearance.SYSTEM))
        if remembered in list(Appearance):
            self._appearance = Appearance(remembered)
        self._system_font = QFont(app.font())
        self._text_size = NORMAL_SIZE
        self._height: int | None = None
        self._resizing = QTimer(self, singleShot=True, interval=0)
        self._resizing.timeout.connect(self._resize)
        if settings.contains(self._SIZE_KEY):
            self._text_size = _nearest(str(settings.value(self._SIZE_KEY)))
        app.setStyle("Fusion")
        if self._text_size != NORMAL_SIZE:
            app.setFont(self._font())
        self._tell_system()
        self.theme = self._present_theme()
        LOOK.apply(self.theme)
        app.setPalette(self.theme.palette())
        app.styleHints().colorSchemeChanged.connect(self.refresh)
        app.screenAdded.connect(self._on_screen)
        for screen in app.screens():
            self._follow(screen)

    @property
    def appearance(self) -> Appearance:
        """The appearance that the person chose."""
        return self._appearance

    @property
    def text_size(self) -> int:
        """The text size, in percent of the system's."""
        return self._text_size

    def enlarge(self, steps: int) -> None:
        """Make the text larger by steps, or smaller by negative ones, and save that.

        Steps in quick succession lead to a single layout.
        """
        place = TEXT_SIZES.index(self._text_size) + steps
        self._remember(TEXT_SIZES[max(0, min(place, len(TEXT_SIZES) - 1))])
        self._resizing.start()

    def set_text_size(self, percent: int) -> None:
        """Set the text to one of ``TEXT_SIZES`` and save that; all other sizes follow."""
        if percent != self._text_size or self._resizing.isActive():
            self._remember(percent)
            self._resize()

    def follow_height(self, height: int) -> None:
        """Set the height of the window, in logical pixels: a low one has lower bars and rows."""
        self._height = height
        self.refresh()

    def apply_theme(self) -> None:
        """Set the style sheet; call this once the widgets are made.

        With a style sheet, Qt polishes a widget again each time it gets a new parent.
        """
        self._app.setStyleSheet(style_sheet(self.theme))

    def choose(self, appearance: Appearance) -> None:
        """Follow the system, or stay light or dark, and save that."""
        self._appearance = appearance
        self._settings.setValue(self._KEY, appearance.value)
        self._tell_system()
        self.refresh()

    def refresh(self) -> None:
        """Read the system's scheme, font and screens; wear the theme if it differs."""
        theme, before = self._present_theme(), self.theme
        if theme == before:
            return
        self.theme = theme
        if theme != replace(before, is_low=theme.is_low):
            self._app.setPalette(theme.palette())
            self.apply_theme()
        LOOK.apply(theme)

    def _remember(self, percent: int) -> None:
        self._text_size = percent
        self._settings.setValue(self._SIZE_KEY, percent)

    def _resize(self) -> None:
        """Apply the text size chosen last."""
        self._resizing.stop()
        if (font := self._font()) != self._app.font():
            self._app.setFont(font)
            self.refresh()

    def _font(self) -> QFont:
        """Return the system's font in the chosen size."""
        font, factor = QFont(self._system_font), self._text_size / NORMAL_SIZE
        if font.pointSizeF() > 0:
            font.setPointSizeF(font.pointSizeF() * factor)
        else:
            font.setPixelSize(round(font.pixelSize() * factor))
        return font

    def _present_theme(self) -> Theme:
        ratios = sorted({screen.devicePixelRatio() for screen in self._app.screens()})
        theme = Theme(self._scheme(), font_scale(self._app.font()), tuple(ratios))
        return replace(theme, is_low=self._height is not None and self._height < theme.px(LOW))

    def _on_screen(self, screen: QScreen) -> None:
        self._follow(screen)
        self.refresh()

    def _follow(self, screen: QScreen) -> None:
        """Follow the screen's scale, which changes its geometry in logical pixels."""
        screen.geometryChanged.connect(self.refresh)

    def _scheme(self) -> Scheme:
        if self._appearance is not Appearance.SYSTEM:
            return Scheme(self._appearance.value)
        system = self._app.styleHints().colorScheme()
        if system is Qt.ColorScheme.Unknown:
            window = self._system_palette.color(QPalette.ColorRole.Window)
            return Scheme.DARK if window.lightnessF() < 0.5 else Scheme.LIGHT
        return Scheme.DARK if system is Qt.ColorScheme.Dark else Scheme.LIGHT

    def _tell_system(self) -> None:
        """Let native title bars and dialogs follow an explicit choice."""
        schemes = {
            Appearance.SYSTEM: Qt.ColorScheme.Unknown,
            Appearance.LIGHT: Qt.ColorScheme.Light,
            Appearance.DARK: Qt.ColorScheme.Dark,
        }
        self._app.styleHints().setColorScheme(schemes[self._appearance])


def _nearest(remembered: str) -> int:
    """Return the text size nearest to the saved one; the normal size if that is not a number."""
    wanted = int(remembered) if remembered.isascii() and remembered.isdigit() else NORMAL_SIZE
    return min(TEXT_SIZES, key=lambda size: abs(size - wanted))


def may_move(widget: QWidget) -> bool:
    """Tell whether the system allows animations; reduced motion turns them off."""
    hint = QStyle.StyleHint.SH_Widget_Animation_Duration
    return widget.style().styleHint(hint, None, widget, None) > 0
