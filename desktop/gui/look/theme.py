"""The one place that names colours and sizes: tokens, the palette made from them, the source.

Widgets are handed a :class:`ThemeSource`, ask its ``theme`` for colours and sizes, and ask again
when ``changed`` is emitted. The style sheet is made from the same tokens in ``style_sheet.py``.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from PySide6.QtCore import QObject, QSettings, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontInfo, QPalette
from PySide6.QtWidgets import QApplication

from desktop.gui.look.style_sheet import style_sheet

BASE_FONT_PX: Final = 13
"""The font height in logical pixels at which a size of the grid is that many pixels."""


class Scheme(StrEnum):
    """The two sets of colours."""

    LIGHT = "light"
    DARK = "dark"


class Appearance(StrEnum):
    """What the person chose."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


TOKENS: Final[dict[Scheme, dict[str, str]]] = {
    Scheme.LIGHT: {
        "background": "#F5F6F8",
        "surface": "#FFFFFF",
        "raised": "#FFFFFF",
        "line": "#E2E6EB",
        "hover": "#F0F3F7",
        "selection": "#E6EEFD",
        "text": "#1A2230",
        "soft text": "#5A6675",
        "faint text": "#8B96A5",
        "accent": "#2563EB",
        "on accent": "#FFFFFF",
        "scheduled": "#6D4BD8",
        "queued": "#64748B",
        "running": "#2563EB",
        "waiting": "#A8650B",
        "succeeded": "#15803D",
        "kept": "#0E7490",
        "failed": "#C42B2B",
        "cancelled": "#7A8594",
        "uncertain": "#A21CAF",
    },
    Scheme.DARK: {
        "background": "#14171C",
        "surface": "#1B1F26",
        "raised": "#232831",
        "line": "#2D333D",
        "hover": "#222730",
        "selection": "#243452",
        "text": "#E7EBF1",
        "soft text": "#9CA7B6",
        "faint text": "#6E7988",
        "accent": "#6EA0FF",
        "on accent": "#14171C",
        "scheduled": "#A892FF",
        "queued": "#9AA7B8",
        "running": "#6EA0FF",
        "waiting": "#E2A33B",
        "succeeded": "#4CC38A",
        "kept": "#5CC0D6",
        "failed": "#FF7A72",
        "cancelled": "#8894A4",
        "uncertain": "#E58BF0",
    },
}

INKS: Final[dict[Scheme, dict[str, str]]] = {
    Scheme.LIGHT: {
        "faint text": "#646C77",
        "accent": "#2461E6",
        "queued": "#5D6C81",
        "running": "#2461E6",
        "waiting": "#9B5D0A",
        "succeeded": "#147C3B",
        "cancelled": "#636C78",
    },
    Scheme.DARK: {
        "faint text": "#959DA8",
        "cancelled": "#929DAB",
    },
}
"""Tokens that, set as words, would miss 4.5 : 1 on one of the grounds, moved just far enough."""

GROUNDS: Final = ("background", "surface", "raised", "hover", "selection")
"""The tokens words and icons stand on."""


@dataclass(frozen=True, slots=True)
class Theme:
    """The colours of one scheme, and sizes that follow the font.

    ``scale`` is the height of the application's font over :data:`BASE_FONT_PX`.
    """

    scheme: Scheme
    scale: float = 1.0

    @property
    def tokens(self) -> tuple[str, ...]:
        """The names of all colours."""
        return tuple(TOKENS[self.scheme])

    def color(self, token: str) -> QColor:
        """Return a token's colour for surfaces, lines, icons and bars (3 : 1 at least)."""
        return QColor(TOKENS[self.scheme][token])

    def ink(self, token: str) -> QColor:
        """Return a token's colour for words: the token, or its neighbour that reaches 4.5 : 1."""
        return QColor(INKS[self.scheme].get(token) or TOKENS[self.scheme][token])

    def tint(self, token: str, share: float = 0.14) -> QColor:
        """Return the surface with ``share`` (0 … 1) of a token mixed in, for bars and rings."""
        return _mixed(self.color(token), self.color("surface"), share)

    def strong(self, token: str) -> QColor:
        """Return a token one step towards the text: what stands under the pointer."""
        over, under = self.color("text"), self.color(token)
        return _mixed(over, under, 0.14)

    def px(self, size: float) -> int:
        """Return a size of the 4 px grid in logical pixels at the present font."""
        return max(1, round(size * self.scale))

    @property
    def inverse(self) -> Theme:
        """The other scheme at the same size: what toasts are painted in."""
        other = Scheme.LIGHT if self.scheme is Scheme.DARK else Scheme.DARK
        return Theme(other, self.scale)

    def palette(self) -> QPalette:
        """Return the palette that gives Fusion these colours."""
        palette = QPalette()
        roles = {
            QPalette.ColorRole.Window: "surface",
            QPalette.ColorRole.Base: "surface",
            QPalette.ColorRole.AlternateBase: "hover",
            QPalette.ColorRole.Button: "raised",
            QPalette.ColorRole.ToolTipBase: "raised",
            QPalette.ColorRole.Midlight: "line",
            QPalette.ColorRole.Mid: "line",
            QPalette.ColorRole.Dark: "line",
            QPalette.ColorRole.Shadow: "background",
            QPalette.ColorRole.Highlight: "selection",
            QPalette.ColorRole.Accent: "accent",
        }
        inks = {
            QPalette.ColorRole.WindowText: "text",
            QPalette.ColorRole.Text: "text",
            QPalette.ColorRole.ButtonText: "text",
            QPalette.ColorRole.BrightText: "failed",
            QPalette.ColorRole.ToolTipText: "text",
            QPalette.ColorRole.HighlightedText: "text",
            QPalette.ColorRole.PlaceholderText: "faint text",
            QPalette.ColorRole.Link: "accent",
            QPalette.ColorRole.LinkVisited: "accent",
        }
        for role, token in roles.items():
            palette.setColor(role, self.color(token))
        for role, token in inks.items():
            palette.setColor(role, self.ink(token))
        for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.ButtonText):
            palette.setColor(QPalette.ColorGroup.Disabled, role, self.ink("faint text"))
        palette.setColor(
            QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text, self.ink("faint text")
        )
        return palette


class ThemeSource(QObject):
    """Keeps the present :class:`Theme`, follows the system, and dresses the application in it.

    The choice is remembered in ``settings`` (an ini file of the data folder) where there is one.
    ``changed`` carries the new theme.
    """

    changed = Signal(object)

    _KEY = "appearance"

    def __init__(self, app: QApplication, settings: QSettings | None = None) -> None:
        super().__init__(app)
        self._app = app
        self._settings = settings
        self._system_palette = QPalette(app.palette())
        self._appearance = Appearance.SYSTEM
        if settings is not None:
            remembered = str(settings.value(self._KEY, Appearance.SYSTEM))
            if remembered in list(Appearance):
                self._appearance = Appearance(remembered)
        app.setStyle("Fusion")
        self._tell_system()
        self.theme = self._present_theme()
        app.setPalette(self.theme.palette())
        app.styleHints().colorSchemeChanged.connect(self.refresh)

    @property
    def appearance(self) -> Appearance:
        """What the person chose."""
        return self._appearance

    def dress(self) -> None:
        """Set the style sheet; for the time when the widgets are there.

        Under a style sheet every widget is looked through each time it is put into another one.
        """
        self._app.setStyleSheet(style_sheet(self.theme))

    def choose(self, appearance: Appearance) -> None:
        """Follow the system, or stay light or dark; remembered."""
        self._appearance = appearance
        if self._settings is not None:
            self._settings.setValue(self._KEY, appearance.value)
        self._tell_system()
        self.refresh()

    def refresh(self) -> None:
        """Look again at the system's scheme and font; emit ``changed`` if the theme is another."""
        theme = self._present_theme()
        if theme != self.theme:
            self.theme = theme
            self._app.setPalette(theme.palette())
            self.dress()
            self.changed.emit(theme)

    def _present_theme(self) -> Theme:
        return Theme(self._scheme(), font_scale(self._app.font()))

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


def _mixed(over: QColor, under: QColor, share: float) -> QColor:
    return QColor.fromRgbF(
        over.redF() * share + under.redF() * (1 - share),
        over.greenF() * share + under.greenF() * (1 - share),
        over.blueF() * share + under.blueF() * (1 - share),
    )


def font_scale(font: QFont) -> float:
    """Return how much larger than the grid's font this one is."""
    return round(QFontInfo(font).pixelSize() / BASE_FONT_PX, 3)
