"""What a correction says of its message stays in the sheet, for every address."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from desktop.gui.items.correction_form import MessageState, consequence
from desktop.gui.kit.words.task_row import row_of
from tests.gui.tasks.table.task_source import task_row

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.gui.kit.look.appearance import ThemeSource


def test_an_address_without_a_break_makes_it_no_wider(qtbot: QtBot, themes: ThemeSource) -> None:
    address = f"{'unbroken' * 12}@{'department' * 5}.example.org"
    state = MessageState()
    qtbot.addWidget(state)
    state.show_row(row_of(task_row(1, state="succeeded", to=address, queue="mail")))
    state.resize(400, 200)
    state.show()
    assert address in state.words.text()
    assert state.minimumSizeHint().width() < 200
    assert state.words.height() > 2 * state.fontMetrics().height()


@pytest.mark.parametrize(
    ("state", "is_said"),
    [
        *(("waiting", True), ("failed", True)),
        *(("running", False), ("uncertain", False), ("succeeded", False)),
    ],
)
def test_what_may_have_left_is_not_said_to_lack_a_field(state: str, is_said: bool) -> None:
    said = consequence(row_of(task_row(1, state, queue="mail")), ["fee"])
    assert ("cannot be sent" in said) is is_said


def test_of_what_was_sent_no_error_is_said() -> None:
    said = consequence(row_of(task_row(1, error="451 Try later.", to="ada@example.org")), ())
    assert said.startswith("It was sent to ada@example.org.")


def test_what_was_only_kept_or_failed_is_not_said_to_be_sent_again() -> None:
    """It was *sends it again*, of a message that was never sent."""
    kept, does = row_of(task_row(1, reason="kept")), "Save and send sends it with your changes."
    was = "It was only kept in practice mode and not sent."
    assert consequence(kept, ()) == f"{was} {does}"
    failed = row_of(task_row(1, "failed", error="550 No such user."))
    assert consequence(failed, ()) == f"550 No such user. {does}"
