"""The message as its reader sees it, beside the template."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

import pytest

from desktop.gui.templates.template_preview import TemplatePreview
from sendoff_tasks.client.errors import BackendGone
from tests.gui.hands import ink

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.contract.items import Item
    from desktop.gui.kit.look.appearance import ThemeSource

MESSAGE: Final[dict[str, Any]] = {
    "from": "a@example.org",
    "to": "b@example.org",
    "subject_html": "Hello",
    "text": "Hello",
    "html": "<p>Hello</p>",
}


@pytest.fixture
def preview(qtbot: QtBot, themes: ThemeSource) -> TemplatePreview:
    made = TemplatePreview()
    qtbot.addWidget(made)
    return made


def test_the_dots_of_a_capital_are_shown_in_the_first_line(preview: TemplatePreview) -> None:
    preview.html.resize(100, 80)
    inks = []
    for html in ("<p>Ö</p>", "<p>&nbsp;</p><p>Ö</p>"):
        preview.html.setHtml(html)
        inks.append(ink(preview.html.viewport()))
    assert inks[0] == inks[1]


def test_a_long_name_and_a_long_title_are_not_cut_where_there_is_little_room(
    qtbot: QtBot, preview: TemplatePreview
) -> None:
    preview.resize(360, 260)
    message = {"from": "a@example.org", "to": "Maximiliane " * 20, "text": "", "html": "<p>Hi</p>"}
    preview.show_message({**message, "subject_html": "A very long title " * 12})
    preview.show()
    for label in (preview._addresses, preview.title):
        needed = label.heightForWidth
        qtbot.waitUntil(lambda part=label, n=needed: 0 < n(part.width()) <= part.height())  # type: ignore[misc]


def test_items_that_come_late_ask_for_the_message_of_the_one_they_show(
    preview: TemplatePreview,
) -> None:
    asked: list[dict[str, int]] = []
    preview.item_changed.connect(lambda: asked.append(preview.subject))
    preview.show_message(MESSAGE)
    first, second = ({"item_id": number, "recipient": None, "title": "A"} for number in (1, 2))
    preview.show_items(cast("list[Item]", [second, first]), 1)
    preview.show_items(cast("list[Item]", [second, first]), None)
    assert asked == [{"item_id": 1}]
    assert preview.about.text() == "item 1 · A"
    preview.show_message(MESSAGE)
    preview.show_items(cast("list[Item]", [second, first]), 2)
    assert asked == [{"item_id": 1}, {"item_id": 2}]


def test_a_message_is_not_left_beside_another_item_while_there_is_none_for_that(
    preview: TemplatePreview,
) -> None:
    preview.show_items(cast("list[Item]", [{"item_id": n, "title": ""} for n in (2, 1)]), None)
    preview.show_message(MESSAGE)
    preview.show_why_not("No answer.", BackendGone())
    assert preview.title.isVisibleTo(preview)
    preview.older.click()
    preview.show_why_not("No answer.", BackendGone())
    assert not preview.title.isVisibleTo(preview)
    preview.show_message(MESSAGE)
    assert preview.title.isVisibleTo(preview)
    preview.newer.click()
    assert (preview.newer.isEnabled(), preview.older.isEnabled()) == (False, True)


def test_a_message_is_shown_as_on_a_computer_on_a_phone_or_as_text(
    preview: TemplatePreview,
) -> None:
    preview.show_message(MESSAGE)
    for way in ("text", "phone", "computer"):
        preview.ways.button(way).click()
        shown = [each.isVisibleTo(preview) for each in (preview.html, preview.text)]
        assert shown == [way != "text", way == "text"]
        assert (preview._paper.maximumWidth() <= 320) == (way == "phone")


def test_the_marks_of_empty_fields_are_explained_below(preview: TemplatePreview) -> None:
    preview.show_message({**MESSAGE, "marked": ["year", "seats"]})
    assert preview.empty.text() == "Not filled in: year, seats"
    assert preview.empty.isVisibleTo(preview)
    preview.show_message(MESSAGE)
    assert not preview.empty.isVisibleTo(preview)
