"""The style sheet, made from the theme's tokens; widgets choose a look by a dynamic property.

``role`` is for buttons ``primary``, ``quiet``, ``link``, ``infield``, ``onbar``, ``chip``,
``segment`` or ``split``; for labels ``title``, ``heading``, ``soft``, ``error``, ``unsure``,
``waiting`` or ``good``. ``area`` is ``bar``, ``pane``, ``header``, ``rule``, ``clear``,
or ``ground`` below cards.
"""

from __future__ import annotations

from string import Template
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from desktop.gui.look.theme import Theme

_SHEET: Final = Template("""
QPushButton, QAbstractItemView, QTabBar { outline: none; }
QToolTip { color: $text; background: $raised; border: 1px solid $line; padding: ${p4}px ${p8}px; }

QWidget[area="bar"], QWidget[area="pane"] { background: $surface; }
QWidget[area="ground"] { background: $background; }
QWidget[area="header"] { background: $background; border-bottom: 1px solid $line; }
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

QCalendarWidget QWidget#qt_calendar_navigationbar { background: $surface; }
QCalendarWidget QToolButton { color: $text; background: transparent; border: none; }

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
QPushButton[role="quiet"] { background: transparent; border-color: transparent; color: $soft_text; }
QPushButton[role="quiet"]:hover { background: $hover; color: $text; }
QPushButton[role="quiet"]:pressed { background: $line; color: $text; }
QPushButton[role="quiet"]:focus { border-color: $accent; }
QPushButton::menu-indicator { image: none; width: 0; }
QPushButton[role="onbar"] {
    background: transparent; border: 1px solid transparent; color: $text;
    padding: 0 ${p8}px; min-height: ${p24}px; max-height: ${p24}px;
}
QPushButton[role="onbar"][first="true"] { font-weight: 600; }
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

QCheckBox { color: $text; spacing: ${p8}px; }

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

QTableView::item { padding-left: ${p9}px; }

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

_SIZES: Final = (3, 4, 6, 8, 9, 12, 16, 20, 24, 30)


def style_sheet(theme: Theme) -> str:
    """Return the application's style sheet for one theme."""
    values = {f"p{size}": str(theme.px(size)) for size in _SIZES}
    values |= {token.replace(" ", "_"): theme.color(token).name() for token in theme.tokens}
    values |= {
        "accent_ink": theme.ink("accent").name(),
        "accent_on_selection": theme.ink("accent").name(),
        "failed_ink": theme.ink("failed").name(),
        "faint_ink": theme.ink("faint text").name(),
        "succeeded_ink": theme.ink("succeeded").name(),
        "waiting_ink": theme.ink("waiting").name(),
        "accent_strong": theme.strong("accent").name(),
        "accent_pressed": theme.pressed("accent").name(),
        "line_strong": theme.strong("line").name(),
        "field_focus": theme.color("surface" if theme.scheme == "light" else "background").name(),
    }
    return _SHEET.substitute(values)
