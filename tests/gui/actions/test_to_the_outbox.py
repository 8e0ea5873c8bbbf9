"""In practice mode nothing is said to be sent: messages go to the outbox."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from desktop.client.api import TaskQuery
from desktop.gui.table.task_actions import Everything
from desktop.gui.tasks.words.verbs import coming
from tests.gui.actions.spreadsheets.dropping import checked, drop, members

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from desktop.settings.paths import DataFolder
    from tests.gui.play import Play, Scene

    Perform = Callable[[Scene], None]

SCHEDULED = TaskQuery(states=("scheduled",))
LONG = 600.0
_MAIL = '[mail]\ntransport = "{}"\nhost = "127.0.0.1"\nsender = "desk@example.org"\n'


@pytest.mark.parametrize(
    ("transport", "sent"),
    [("smtp", "1 message will be sent"), ("practice", "1 message will go to the outbox")],
)
def test_what_waits_is_tried_and_what_was_kept_is_sent_or_kept_again(
    perform: Perform, data: DataFolder, transport: str, sent: str
) -> None:
    """Practice mode said of a message that went to the outbox once more that it would be sent."""
    data.settings_file.write_text(_MAIL.format(transport), encoding="utf-8")

    async def scene(play: Play) -> None:
        verbs, toasts = play.program.actions.verbs, play.window.toasts
        await play.until(lambda: play.parts.strip.mode.text() != "")
        verbs.grace.seconds = LONG
        verbs.carry_out("try_now", [1])
        verbs.carry_out("send", [2])
        tried = "1 task will be tried in 600 s"
        assert play.toasts() == [tried, f"{sent} in 600 s"]
        toasts.stop({"mail": "once you resume"}, {})
        assert play.toasts() == [tried, f"{sent} once you resume"]
        for _ in range(2):
            toasts.act_newest()
        assert verbs.carry_out_now() == {}

    perform(scene)


@pytest.mark.parametrize(
    ("transport", "again", "mine"),
    [
        ("smtp", "will be sent again", "1 message will be sent to desk@example.org"),
        (
            "practice",
            "will go to the outbox",
            "1 message to desk@example.org will go to the outbox",
        ),
    ],
)
def test_what_is_sent_again_or_to_me_is_not_called_sent_in_practice_mode(
    perform: Perform, data: DataFolder, transport: str, again: str, mine: str
) -> None:
    """The toast, the row and the summary promised a message that went to the outbox."""
    data.settings_file.write_text(_MAIL.format(transport), encoding="utf-8")

    async def scene(play: Play) -> None:
        await play.until(lambda: play.parts.strip.mode.text() != "")
        verbs = play.program.actions.verbs
        verbs.sending_again.send("resend", [998])
        verbs.sending_again.send("to_me", [999])
        one, many = [f"1 message {again}", mine], Everything(SCHEDULED, 501)
        assert [words.partition(" in ")[0] for words in play.toasts()] == one
        verbs.carry_out("send_again", [7])
        verbs.act("resend", many)
        said = [each.said for each in verbs.announced.values()]
        assert [coming(each) for each in said] == [f"W{again[1:]}"] * 2

    perform(scene)


@pytest.mark.parametrize(
    ("transport", "words"),
    [
        ("smtp", "The message goes to desk@example.org"),
        ("practice", "The message to desk@example.org goes to the outbox"),
    ],
)
def test_a_row_for_the_sender_is_not_said_to_leave_in_practice_mode(
    perform: Perform, data: DataFolder, tmp_path: Path, transport: str, words: str
) -> None:
    data.settings_file.write_text(_MAIL.format(transport), encoding="utf-8")

    async def look(play: Play) -> None:
        sheet = drop(play, members(tmp_path, "Ada;ada@example.org;Opera;Wien"))
        await play.until(lambda: checked(sheet, 1))
        await play.until(lambda: play.parts.strip.mode.text() != "")
        sheet.to_me_chosen.emit(2)
        await play.toast(words)

    perform(look)
