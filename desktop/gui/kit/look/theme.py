"""The tokens of all colours, the size of a unit of the grid, and the palette made from them.

Widgets get a ``ThemeSource`` (see ``appearance``), ask its ``theme`` for colours and sizes, and ask
again when ``changed`` is emitted. The style sheet uses the same tokens.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from string import Template
from typing import Final

from PySide6.QtGui import QColor, QFont, QFontInfo, QPalette

from desktop.settings.resources import resources

BASE_FONT_PX: Final = 13
"""The font height, in logical pixels, at which a unit of the grid is one pixel."""


class Scheme(StrEnum):
    """The two sets of colours."""

    LIGHT = "light"
    DARK = "dark"


class Appearance(StrEnum):
    """The choice of the person: follow the system, or always light or dark."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


_COLOURS: Final = tomllib.loads((resources() / "colours.toml").read_text(encoding="utf-8"))
INKS: Final[dict[Scheme, dict[str, str]]] = {each: _COLOURS[each].pop("ink") for each in Scheme}
"""Text colours of tokens that would miss a contrast of 4.5 : 1 on one of the backgrounds."""
TOKENS: Final[dict[Scheme, dict[str, str]]] = {each: _COLOURS[each] for each in Scheme}


@dataclass(frozen=True, slots=True)
class Theme:
    """The colours of one scheme, and sizes that follow the font and the screens.

    ``scale`` is the height of the application's font divided by :data:`BASE_FONT_PX`; ``ratios``
    are the device pixel ratios of the current screens. In a window that ``is_low`` for its font,
    bars and rows are less high.
    """

    scheme: Scheme
    scale: float = 1.0
    ratios: tuple[float, ...] = (1.0,)
    is_low: bool = False

    @property
    def tokens(self) -> tuple[str, ...]:
        """The names of all colours."""
        return tuple(TOKENS[self.scheme])

    def color(self, token: str) -> QColor:
        """Return a token's colour for surfaces, lines, icons and bars (contrast at least 3 : 1)."""
        return QColor(TOKENS[self.scheme][token])

    def ink(self, token: str) -> QColor:
        """Return a token's colour for text (contrast at least 4.5 : 1)."""
        return QColor(INKS[self.scheme].get(token) or TOKENS[self.scheme][token])

    def tint(self, token: str) -> QColor:
        """Return the surface with some of a token mixed in."""
        return _mixed(self.color(token), self.color("surface"), 0.14)

    def strong(self, token: str) -> QColor:
        """Return a token one step towards the text colour, for hovered widgets."""
        return _mixed(self.color("text"), self.color(token), 0.14)

    def pressed(self, token: str) -> QColor:
        """Return a token two steps towards the text colour, for pressed widgets."""
        return _mixed(self.color("text"), self.color(token), 0.28)

    def px(self, size: float) -> int:
        """Convert units of the grid into logical pixels at the current font."""
        return max(1, round(size * self.scale))

    def height(self, size: float, low: float) -> int:
        """Return the height of a bar or a row like :meth:`px`; ``low`` is used in a low window.

        Texts and buttons in it keep their size; only the space around them shrinks.
        """
        return self.px(low if self.is_low else size)

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


def _mixed(over: QColor, under: QColor, share: float) -> QColor:
    return QColor.fromRgbF(
        over.redF() * share + under.redF() * (1 - share),
        over.greenF() * share + under.greenF() * (1 - share),
        over.blueF() * share + under.blueF() * (1 - share),
    )


def font_scale(font: QFont) -> float:
    """Return the ratio of a font's height to :data:`BASE_FONT_PX`."""
    return round(QFontInfo(font).pixelSize() / BASE_FONT_PX, 3)


def tabular(font: QFont) -> QFont:
    """Return a font with figures of equal width, if it has them."""
    result = QFont(font)
    result.setFeature(QFont.Tag("tnum"), 1)
    return result


_SIZES: Final = (3, 4, 6, 8, 9, 10, 11, 12, 16, 20, 24, 26, 28, 30, 32)


def style_sheet(theme: Theme) -> str:
    """Return the application's style sheet for one theme."""
    paper = Theme(Scheme.LIGHT, theme.scale)
    values = {f"p{size}": str(theme.px(size)) for size in _SIZES}
    values |= {f"i{size}": str(theme.px(size) - 1) for size in _SIZES}  # within a wider border
    values |= {token.replace(" ", "_"): theme.color(token).name() for token in theme.tokens}
    values |= {
        "scheme": theme.scheme,
        "tinted": (resources() / "icons" / "tinted").as_posix(),
        "accent_ink": theme.ink("accent").name(),
        "accent_on_selection": theme.ink("accent").name(),
        "failed_ink": theme.ink("failed").name(),
        "faint_ink": theme.ink("faint text").name(),
        "succeeded_ink": theme.ink("succeeded").name(),
        "waiting_ink": theme.ink("waiting").name(),
        "accent_strong": theme.strong("accent").name(),
        "accent_pressed": theme.pressed("accent").name(),
        "line_strong": theme.strong("line").name(),
        "paper": paper.color("surface").name(),  # an e-mail, as most mail programs show it
        "on_paper": paper.color("text").name(),
        "field_focus": theme.color("surface" if theme.scheme == "light" else "background").name(),
    }
    sheet = (resources() / "window.qss").read_text(encoding="utf-8")
    return Template(sheet).substitute(values)
