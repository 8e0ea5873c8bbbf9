"""Each button of the template editor is clicked in the real program and does what it says.

A button without a line in these tables fails, as does a line whose button is not there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.gui.clicks.walks import DIALOG, POPUP, Leads, Place, shown, shut, the, two_items, walk

if TYPE_CHECKING:
    from tests.gui.play import Perform, Play

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

TEMPLATE = "TemplateSheet"


def template(play: Play) -> Any:
    return the(play, TEMPLATE)


def text(play: Play) -> str:
    return str(template(play).form.texts["text"].source())


def html_link(words: str) -> Leads:
    return Leads(lambda play: template(play).form.html_note.link.text() == words)


INSERTS: Final = Leads(
    lambda play: len(text(play)) > play.window.property("length"),
    lambda play: play.window.setProperty("length", len(text(play))),
)
"""There is one field more in the text."""


def copy_it(play: Play) -> None:
    template(play).name.copy.trigger()
    template(play).name.field.set_text("Copy")


COPIES: Final = Leads(
    lambda play: not template(play).isVisible() and play.window.form.message.value() == "Copy",
    copy_it,
)
"""The form asks for the copy: it is what the editor is opened at."""


async def show_template(play: Play) -> None:
    await shown(TEMPLATE, lambda play: play.program.rooms.templates.open())(play)
    await play.until(lambda: text(play) and template(play).preview.subject)


async def ask_about_template(play: Play) -> None:
    await show_template(play)
    if template(play).question.isHidden():
        template(play).form.texts["subject"].set_source("Another")
        template(play).close()


TEMPLATE_PLACE: Final = Place(
    show_template,
    template,
    {
        "Plain text": Leads(lambda play: template(play).preview.text.isVisible()),
        "Formatted": Leads(lambda play: template(play).preview.html.isVisible()),
        "Older item": Leads(lambda play: template(play).preview.newer.isEnabled()),
        "Newer item": Leads(lambda play: not template(play).preview.newer.isEnabled()),
        "number": INSERTS,
        "title": INSERTS,
        "name": INSERTS,
        "first name": INSERTS,
        "last name": INSERTS,
        "e-mail": INSERTS,
        "note": INSERTS,
        "all fields": INSERTS,
        "New field…": Leads(lambda play: template(play).form.insert.name.hasFocus()),
        "Use the designed version": html_link("Use the text only"),
        "Use the text only": html_link("Use the designed version"),
        "Attach…": DIALOG,
        "Send a test": Leads(lambda play: "outbox" in template(play).foot_row.words.text()),
        "More": POPUP,
        "Save": COPIES,
        "Close": shut(TEMPLATE, lambda play: template(play).discard()),
    },
)
TEMPLATE_ASKED: Final = Place(
    ask_about_template,
    lambda play: template(play).question,
    {
        "Keep editing": Leads(lambda play: template(play).question.isHidden()),
        "Discard": shut(TEMPLATE),
        "Save": shut(TEMPLATE),
    },
)


def test_the_template_editor(perform: Perform) -> None:
    async def scene(play: Play) -> None:
        play.window.resize(1500, 900)
        await two_items(play)
        await walk(play, TEMPLATE_PLACE)
        await walk(play, TEMPLATE_ASKED)

    perform(scene)
