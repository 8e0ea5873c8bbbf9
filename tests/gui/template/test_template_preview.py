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


def test_a_long_name_and_a_long_title_are_not_cut_where_there_is_little_room(
    qtbot: QtBot, themes: ThemeSource
) -> None:
    preview = TemplatePreview(themes)
    preview.dress(themes.theme)
    qtbot.addWidget(preview)
    preview.resize(360, 260)
    message = {"from": "a@example.org", "to": "Maximiliane " * 20, "text": "", "html": "<p>Hi</p>"}
    preview.show_message({**message, "subject_html": "A very long title " * 12})
    preview.show()
    for label in (preview._addresses, preview.title):
        needed = label.heightForWidth
        qtbot.waitUntil(lambda part=label, n=needed: 0 < n(part.width()) <= part.height())  # type: ignore[misc]
