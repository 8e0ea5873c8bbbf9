"""What the summary says of a message that is kept in practice mode, before and afterwards."""

from __future__ import annotations

import pytest

from desktop.gui.detail.summary.explanation import explanation
from desktop.gui.detail.summary.headline import headline, sent_again
from desktop.gui.tasks.task_row import row_of
from tests.gui.tasks.task_source import stamp, task_row

NOW = 1_800_000_000.0
SOON = stamp(NOW + 5)


@pytest.mark.parametrize(
    ("keeps", "said"), [(True, "Will go to the outbox"), (False, "Will be sent")]
)
def test_a_scheduled_message_is_not_said_to_be_sent_in_practice_mode(
    keeps: bool, said: str
) -> None:
    task = task_row(1, "scheduled", run_at=SOON)
    assert headline(row_of(task), NOW, keeps=keeps) == f"{said} in 5 s"
    again = task_row(2, "scheduled", run_at=SOON, resend_of=1)
    assert f": {said} in 5 s" in sent_again(row_of(task), [task, again], NOW, keeps=keeps)


def test_a_message_that_waits_does_not_wait_for_the_server_in_practice_mode() -> None:
    task = row_of(task_row(1, "waiting", run_at=SOON, error="451 Try later."))
    assert headline(task, NOW, keeps=True) == "Will go to the outbox in 5 s"
    assert headline(task, NOW).startswith("Waiting for the mail server")


def test_other_tasks_are_not_said_to_go_to_the_outbox() -> None:
    task = row_of(task_row(1, "scheduled", run_at=SOON, task="own", queue="default"))
    assert headline(task, NOW, keeps=True) == "Starts in 5 s"


@pytest.mark.parametrize(
    ("keeps", "said"),
    [(True, "Once real sending is set up, press Send."), (False, "Press Send to send it.")],
)
def test_a_kept_message_says_how_it_is_sent(keeps: bool, said: str) -> None:
    """With real sending set up, it still asked to set it up."""
    kept = row_of(task_row(1, reason="kept"))
    assert explanation(kept, NOW, keeps=keeps).endswith(f"practice mode. {said}")


def test_in_practice_mode_no_message_is_said_to_be_sent() -> None:
    """It said *Being sent*, and *Press Retry to send it anyway*."""
    running = row_of(task_row(1, state="running", queue="mail"))
    assert headline(running, NOW, keeps=True) == "Going to the outbox"
    assert headline(running, NOW) == "Being sent"
    over = row_of(task_row(1, state="cancelled", queue="mail"))
    kept = "Press Retry to write it to the outbox anyway."
    assert explanation(over, NOW, keeps=True).endswith(kept)
    assert explanation(over, NOW).endswith("Press Retry to send it anyway.")
