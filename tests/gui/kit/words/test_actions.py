"""What a button does is said in the number of the tasks that it is for."""

from __future__ import annotations

import pytest

from desktop.gui.kit.words.task_row import row_of
from desktop.gui.kit.words.verbs import again_effect, done_effect, resend_effect, tip_of
from tests.gui.tasks.table.task_source import task_row

pytestmark = pytest.mark.usefixtures("qapp")


def test_several_that_are_done_once_more_are_no_single_one() -> None:
    """*Send again (16)* said: it is sent once more."""
    rows = [row_of(task_row(number, state="uncertain", queue="mail")) for number in (1, 2)]
    for mail, done in ((True, "is sent once more "), (False, "runs once more ")):
        assert again_effect(rows[:1], 1, mail).startswith(f"it {done}")
        assert again_effect(rows, 2, mail).startswith(f"each {done}")
    assert [resend_effect(n).split()[0] for n in (1, 2)] == ["it", "each"]


def test_a_tool_tip_begins_with_a_capital() -> None:
    """Those of *Send again* and *It was sent* began in lower case, as after their names."""
    for effect in (done_effect(mail=True), resend_effect(1)):
        assert tip_of("resend", effect) == effect.capitalize()
    assert tip_of("retry", "") == "Try it again"
