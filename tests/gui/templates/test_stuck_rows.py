"""Rows of a batch that a template cannot make: the batch says it before their turn comes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.client.api import new_key
from desktop.gui.batches.batch_model import BatchColumn
from desktop.gui.frame.notices.bars import DISMISS
from desktop.gui.kit.widgets.buttons import Link
from desktop.gui.templates.template_sheet import TemplateSheet
from tests.gui.batches.test_batch_verbs import bring, state_of
from tests.gui.hands import is_bare, press

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from desktop.settings.paths import DataFolder
    from tests.gui.play import Play, Scene

BAR = "stuck with template Fees"
GOES_ON = "Nothing more is sent for now: at most 1 a day."
RIGHT, WRONG = "Dear {{ name }}", "Dear {{ name }}, pay {{ fee }}"


async def resting(play: Play, tmp_path: Path) -> int:
    """Start a batch of three at one a day, and show it once the first has left."""
    play.api.templates.save("Fees", {"parts": {"subject": "Fees", "text": RIGHT}})
    number = bring(play, tmp_path / "members.csv", 3, rate="1/day", template="Fees")
    play.api.batches.start(number, new_key())
    play.window.switch.choose("batches")
    await play.until(lambda: GOES_ON in about(play))
    return number


def about(play: Play) -> str:
    """Return what the card says, once one message has left."""
    card = play.window.batches.card
    return card.about.text() if card._title.text().startswith("1 of 3") else ""


def following(play: Play) -> str:
    model = play.window.batches.model
    return str(model.data(model.index(0, BatchColumn.NEXT)))


async def edit(play: Play, text: str) -> None:
    (sheet,) = play.window.findChildren(TemplateSheet)
    await play.until(lambda: sheet.name.value() == "Fees")
    sheet.form.texts["text"].set_source(text)
    sheet.foot_row.save.click()


def test_a_batch_says_that_its_rows_cannot_be_sent_before_their_turn_comes(
    perform: Callable[[Scene], None], tmp_path: Path
) -> None:
    """Its card said when it goes on, below the bar that told of the template."""

    async def break_and_mend(play: Play) -> None:
        number = await resting(play, tmp_path)
        before = about(play), state_of(play), following(play)
        play.program.rooms.templates.open("Fees")
        await edit(play, WRONG)
        await play.until(lambda: BAR in play.window.notices.names())
        card = play.window.batches.card
        assert GOES_ON not in about(play)
        assert "2 messages are on hold." in about(play)
        assert (state_of(play), following(play)) == ("On hold", "until the problem is fixed")
        assert [label.text() for label in card.causes.counts] == ["2 ×"]
        said = "The template “Fees” needs “fee”, which is missing."
        assert [label.text() for label in card.causes.abouts] == [said]
        assert "take_back" not in card.row.buttons
        (sheet,) = play.window.findChildren(TemplateSheet)
        sheet.close()
        play.window.notices.action_chosen.emit(BAR, DISMISS)
        assert BAR not in play.window.notices.names()
        assert GOES_ON not in about(play)
        (link,) = card.causes.findChildren(Link)
        await play.until(lambda: is_bare(link))
        press(link)
        await play.until(sheet.isVisible)
        await edit(play, RIGHT)
        await play.until(lambda: (about(play), state_of(play), following(play)) == before)
        assert play.api.batches.one(number)["counts"]["open"] == 2

    perform(break_and_mend)


def test_a_template_that_was_broken_as_a_file_is_told_while_the_batch_rests(
    perform: Callable[[Scene], None], data: DataFolder, tmp_path: Path
) -> None:
    async def break_and_mend(play: Play) -> None:
        await resting(play, tmp_path)
        view, file = play.window.batches, data.templates / "Fees.jinja"
        right = file.read_text()
        file.write_text(right.replace("{% block text", "{% blok text"))
        view.clock.timeout.emit()  # it is in sight
        await play.until(lambda: "2 messages are on hold." in about(play))
        assert BAR not in play.window.notices.names()  # no field is missing
        (label,) = view.card.causes.abouts
        assert "blok" in label.text()
        file.write_text(right)
        view.clock.timeout.emit()
        await play.until(lambda: GOES_ON in about(play))

    perform(break_and_mend)


def test_a_batch_that_is_set_for_later_is_taken_back_also_where_its_template_is_wrong(
    perform: Callable[[Scene], None], tmp_path: Path
) -> None:
    async def take_back(play: Play) -> None:
        play.api.templates.save("Fees", {"parts": {"subject": "Fees", "text": RIGHT}})
        later = "2099-01-01T08:00:00Z"
        number = bring(play, tmp_path / "members.csv", 3, run_at=later, template="Fees")
        play.api.batches.start(number, new_key())
        play.api.templates.save("Fees", {"parts": {"subject": "Fees", "text": WRONG}})
        play.window.switch.choose("batches")
        card = play.window.batches.card
        await play.until(lambda: [label.text() for label in card.causes.counts] == ["3 ×"])
        assert "take_back" in card.row.buttons

    perform(take_back)
