"""The message as its reader sees it, beside the template."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.gui.template.template_preview import TemplatePreview
from tests.gui.hands import ink

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.gui.look.appearance import ThemeSource


def test_the_dots_of_a_capital_are_shown_in_the_first_line(
    qtbot: QtBot, themes: ThemeSource
) -> None:
    """*Hello Ö* was *Hello O*."""
    preview = TemplatePreview(themes)
    qtbot.addWidget(preview)
    preview.html.resize(100, 80)
    inks = []
    for html in ("<p>Ö</p>", "<p>&nbsp;</p><p>Ö</p>"):
        preview.html.setHtml(html)
        inks.append(ink(preview.html.viewport()))
    assert inks[0] == inks[1]
