"""The tokens of all colours, the size of a unit of the grid, and the palette made from them.

Widgets get a ``ThemeSource`` (see ``appearance``), ask its ``theme`` for colours and sizes, and ask
again when ``changed`` is emitted. The style sheet uses the same tokens.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from string import Template
from typing import Final

from PySide6.QtGui import QColor, QFont, QFontInfo, QPalette

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
"""Text colours of tokens that would miss a contrast of 4.5 : 1 on one of the backgrounds."""


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

    def tint(self, token: str, share: float = 0.14) -> QColor:
        """Return the surface with ``share`` (0 … 1) of a token mixed in, for bars and rings."""
        return _mixed(self.color(token), self.color("surface"), share)

    @property
    def row_line(self) -> QColor:
        """The line between two rows of a list, fainter than the one below the header."""
        return self.tint("line", 0.6)

    @property
    def track(self) -> QColor:
        """The background of a progress bar, visible on selected rows, too."""
        color = self.color("text")
        color.setAlphaF(0.11)
        return color

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

    @property
    def inverse(self) -> Theme:
        """The opposite scheme at the same size, used for toasts."""
        other = Scheme.LIGHT if self.scheme is Scheme.DARK else Scheme.DARK
        return replace(self, scheme=other)

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


def medium(font: QFont) -> QFont:
    """Return a font in medium weight."""
    result = QFont(font)
    result.setWeight(QFont.Weight.Medium)
    return result


_SHEET: Final = Template("""
QPushButton, QAbstractItemView, QTabBar { outline: none; }
QToolTip { color: $text; background: $raised; border: 1px solid $line; padding: ${p4}px ${p8}px; }

QWidget[area="bar"], QWidget[area="pane"] { background: $surface; }
QWidget[area="ground"] { background: $background; }
QWidget[area="header"] { background: $surface; border-bottom: 1px solid $line; }
QWidget[area="rule"] { background: $line; border: none; }

QLabel { padding-top: 2px; qproperty-indent: 0; }  /* fonts draw accents of capitals too high */
QLabel[role="soft"] { color: $soft_text; }
QLabel[role="error"] { color: $failed_ink; }
QLabel[role="unsure"] { color: $uncertain; }
QLabel[role="waiting"] { color: $waiting_ink; }
QLabel[role="good"] { color: $succeeded_ink; }
QLabel[role="title"], QLabel[role="heading"] { color: $text; font-weight: 600; }
QLabel:disabled { color: $faint_ink; }

QLineEdit, QPlainTextEdit, QTextEdit, QAbstractSpinBox {
    color: $text; background: $background; border: 1px solid $line; border-radius: ${p6}px;
    padding: 0 ${p8}px; selection-background-color: $accent; selection-color: $on_accent;
    placeholder-text-color: $faint_ink;
}
QLineEdit, QAbstractSpinBox { min-height: ${p30}px; max-height: ${p30}px; }
QPlainTextEdit, QTextEdit { padding: ${p3}px ${p6}px; }
QLineEdit:hover, QPlainTextEdit:hover, QTextEdit:hover, QAbstractSpinBox:hover {
    border-color: $line_strong;
}
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QAbstractSpinBox:focus {
    border-color: $accent; background: $field_focus;
}
QLineEdit[wrong="true"], QPlainTextEdit[wrong="true"], QSpinBox[wrong="true"] {
    border-color: $failed;
}
QLineEdit:disabled, QPlainTextEdit:disabled { color: $faint_ink; }

QCalendarWidget { background: $raised; border: 1px solid $line; }
QCalendarWidget QWidget#qt_calendar_navigationbar { background: $surface; }
QCalendarWidget QToolButton {
    color: $text; background: transparent; border: none; padding: ${p4}px ${p6}px;
}
QCalendarWidget QToolButton:hover { background: $hover; border-radius: ${p6}px; }
QCalendarWidget QToolButton::menu-indicator { image: none; }
QCalendarWidget QAbstractItemView {
    color: $text; background: $raised; border: none;
    selection-color: $on_accent; selection-background-color: $accent;
}
QComboBox QAbstractItemView {
    color: $text; background: $raised; border: 1px solid $line; padding: ${p3}px;
}
QComboBox QAbstractItemView::item { min-height: ${p24}px; padding: 0 ${p6}px; border: none; }
QComboBox QAbstractItemView::item:selected { color: $text; background: $selection; }

QTextBrowser {
    color: $text; background: $surface; border: 1px solid $line; border-radius: ${p6}px;
    padding: 1px;
}

QPushButton {
    color: $text; background: $raised; border: 1px solid $line; border-radius: ${p6}px;
    padding: 0 ${p12}px; min-height: ${p30}px; max-height: ${p30}px;
}
QPushButton:hover { background: $hover; }
QPushButton:pressed { background: $line; }
QPushButton:focus { border-color: $accent; }
QPushButton:disabled { color: $faint_ink; background: $surface; }
QPushButton[role="primary"] {
    color: $on_accent; background: $accent; border-color: $accent; font-weight: 600;
}
QPushButton[role="primary"]:hover {
    background: $accent_strong; border-color: $accent_strong;
}
QPushButton[role="primary"]:pressed {
    background: $accent_pressed; border-color: $accent_pressed;
}
QPushButton[role="primary"]:focus { border-color: $text; }
QPushButton[role="primary"]:disabled { background: $line; border-color: $line; color: $soft_text; }
QPushButton[role="second"] { font-weight: 600; }
QPushButton[role="quiet"] { background: transparent; border-color: transparent; color: $soft_text; }
QPushButton[role="quiet"]:hover { background: $hover; color: $text; }
QPushButton[role="quiet"]:pressed { background: $line; color: $text; }
QPushButton[role="quiet"]:focus { border-color: $accent; }
QPushButton::menu-indicator { image: none; width: 0; }
QPushButton[role="onbar"] {
    background: transparent; border: 1px solid transparent; color: $text;
    padding: 2px ${p8}px 0; min-height: ${p24}px; max-height: ${p24}px;  /* as labels */
}
QPushButton[role="onbar"][first="true"] { font-weight: 600; color: $accent_ink; }
QPushButton[role="onbar"]:hover { border-color: $line_strong; }
QPushButton[role="onbar"]:pressed { background: $line; }
QPushButton[role="onbar"]:focus { border-color: $accent; }
QPushButton[role="infield"] {
    background: transparent; border: none; padding: 0; min-height: 0; max-height: ${p24}px;
}
QPushButton[role="link"] {
    background: transparent; border: none; color: $accent_ink; padding: 0; font-weight: 500;
    min-height: ${p20}px; max-height: ${p20}px;
}
QPushButton[role="link"][lines="chips"] { min-height: ${p26}px; max-height: ${p26}px; }
QPushButton[role="link"][lines="buttons"] { min-height: ${p32}px; max-height: ${p32}px; }
QPushButton[role="link"][ink="failed"] { color: $failed_ink; font-weight: 600; }
QPushButton[role="link"][ink="uncertain"] { color: $uncertain; font-weight: 600; }
QPushButton[role="link"][ink="soft"] { color: $soft_text; font-weight: 400; }
QPushButton[role="link"]:disabled { color: $soft_text; }
QPushButton[role="link"]:hover, QPushButton[role="link"]:focus { text-decoration: underline; }
QPushButton[role="chip"] {
    background: transparent; color: $soft_text; border-radius: ${p12}px;
    padding: 0 ${p8}px; min-height: ${p24}px; max-height: ${p24}px;
}
QPushButton[role="chip"]:hover { background: $selection; color: $accent_on_selection; }
QPushButton[role="segment"], QPushButton[role="split"] { border-radius: 0; border-right-width: 0; }
QPushButton[role="segment"] { color: $soft_text; }
QPushButton[edge="first"] {
    border-top-left-radius: ${p6}px; border-bottom-left-radius: ${p6}px;
}
QPushButton[edge="last"] {
    border-top-right-radius: ${p6}px; border-bottom-right-radius: ${p6}px; border-right-width: 1px;
}
QPushButton[role="segment"]:checked {
    background: $selection; color: $accent_on_selection; font-weight: 600;
}
QPushButton[role="segment"]:focus { color: $text; border-right-width: 1px; }
QPushButton[role="tab"] {
    background: transparent; border: none; border-radius: 0; color: $soft_text; font-weight: 500;
    border-top: 2px solid transparent; border-bottom: 2px solid transparent;
    min-height: ${tab}px; max-height: ${tab}px;
}
QPushButton[role="tab"]:hover, QPushButton[role="tab"]:focus { color: $accent_ink; }
QPushButton[role="tab"]:checked {
    color: $text; font-weight: 600; border-bottom-color: $accent;
}

QCheckBox { color: $text; spacing: ${p8}px; min-height: ${p26}px; }
QCheckBox:disabled { color: $faint_ink; }
QCheckBox::indicator {
    width: ${p12}px; height: ${p12}px; border: 2px solid $faint_text; border-radius: ${p4}px;
    background: $surface;
}
QCheckBox::indicator:checked { background: $accent; border-color: $accent; }
QCheckBox::indicator:disabled { background: $line; border-color: $line; }
QCheckBox::indicator:focus { border-color: $accent; }
QCheckBox::indicator:checked:focus { border-color: $text; }

QProgressBar { background: $line; border: none; border-radius: ${p3}px; }
QProgressBar::chunk { background: $running; border-radius: ${p3}px; }

QListWidget { border: none; background: transparent; }
QListWidget#pages::item {
    padding: ${p6}px ${p8}px; border-radius: ${p6}px; color: $text;
}
QListWidget#pages::item:hover { background: $hover; }
QListWidget#pages::item:selected { background: $selection; color: $accent_on_selection; }

QFrame#sheet { background: $surface; border-left: 1px solid $line; }
QTreeWidget#offer {
    color: $text; background: $raised; border: 1px solid $line; border-radius: ${p6}px;
    padding: ${p4}px;
}
QTreeWidget#offer::item { height: ${p24}px; padding: 0 ${p6}px; border: none; }
QTreeWidget#offer::item:selected { color: $text; background: $selection; }
QFrame#card { background: $raised; border: 1px solid $line; border-radius: ${p8}px; }
QFrame#rowCard { background: $background; border: 1px solid $line; border-radius: ${p6}px; }

QFrame#templatePreview { background: $background; }
QFrame#paper { background: $paper; border: 1px solid $line; border-radius: ${p6}px; }
QFrame#paper[device="phone"] { border: ${p6}px solid $line; border-radius: ${p24}px; }
QFrame#paper QLabel { color: $on_paper; }
QFrame#paper QLabel[role="soft"] { color: $soft_on_paper; }
QFrame#paper QTextBrowser, QFrame#paper QPlainTextEdit {
    background: transparent; border: none; padding: 0; color: $on_paper;
}
QTextBrowser[role="paper"] { background: $paper; color: $on_paper; padding: ${p4}px; }

QFrame#drop { border: 1px dashed $line; border-radius: ${p6}px; }
QLabel#dropZone {
    color: $accent_ink; background: $selection; border: 2px dashed $accent;
    border-radius: ${p9}px; margin: ${p6}px;
}

QFrame#toast { background: $toast; border: 1px solid $toast_line; border-radius: ${p6}px; }
QFrame#toast:focus { border-color: $toast_link; }
QFrame#toast QLabel { color: $surface; }
QFrame#toast QPushButton {
    color: $toast_link; background: transparent; border: none; font-weight: 600;
    padding: 0 ${p4}px; min-height: ${p24}px;
}
QFrame#toast QLabel#keys { color: $toast_soft; }
QFrame#toast QPushButton:focus { text-decoration: underline; }

QMenu {
    color: $text; background: $raised; border: 1px solid $line; padding: ${p4}px 0;
    icon-size: ${p16}px; menu-scrollable: 1;
}
QMenu::item { padding: ${p6}px ${p24}px ${p6}px ${p12}px; border-radius: 0; }
QMenu::icon { padding-left: ${p12}px; }
QMenu::item:selected { background: $selection; color: $text; }
QMenu::item:disabled { color: $faint_ink; }
QMenu::scroller { height: ${p16}px; }
QMenu::separator { height: 1px; background: $line; margin: ${p4}px 0; }

QSplitter::handle { background: $line; }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }

QScrollArea { background: transparent; border: none; }
QScrollArea > QWidget > QWidget[area="clear"] { background: transparent; }
QScrollBar:vertical { background: transparent; width: ${p12}px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: ${p12}px; margin: 0; }
QScrollBar::handle {
    background: $line_strong; border-radius: ${p3}px; margin: ${p3}px; min-height: ${p24}px;
    min-width: ${p24}px;
}
QScrollBar::handle:hover { background: $faint_text; }
QAbstractScrollArea::corner { background: transparent; border: none; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
""")

_SIZES: Final = (3, 4, 6, 8, 9, 12, 16, 20, 24, 26, 30, 32)


def style_sheet(theme: Theme) -> str:
    """Return the application's style sheet for one theme."""
    paper, other = Theme(Scheme.LIGHT, theme.scale), theme.inverse
    values = {f"p{size}": str(theme.px(size)) for size in _SIZES}
    values |= {token.replace(" ", "_"): theme.color(token).name() for token in theme.tokens}
    values |= {
        "tab": str(theme.height(44, low=34)),
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
        "soft_on_paper": paper.color("soft text").name(),
        "toast": theme.ink("text").name(),  # stands out from the window
        "toast_line": other.color("line").name(),
        "toast_link": other.strong("accent").name(),
        "toast_soft": other.color("soft text").name(),
        "field_focus": theme.color("surface" if theme.scheme == "light" else "background").name(),
    }
    return _SHEET.substitute(values)
