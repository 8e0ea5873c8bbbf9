"""What the summary says of a message before it is sent, and of one that was kept."""

from __future__ import annotations

from desktop.gui.kit.words.task_row import row_of
from desktop.gui.tasks.detail.explanation import explanation, headline, sent_again
from tests.gui.tasks.table.task_source import stamp, task_row

NOW = 1_800_000_000.0
SOON = stamp(NOW + 5)


def test_a_scheduled_message_says_when_it_is_sent() -> None:
    task = task_row(1, "scheduled", run_at=SOON)
    assert headline(row_of(task), NOW) == "Will be sent in 5 s"
    again = task_row(2, "scheduled", run_at=SOON, resend_of=1)
    assert ": Will be sent in 5 s" in sent_again(row_of(task), [task, again], NOW)
    other = row_of(task_row(1, "scheduled", run_at=SOON, task="own", queue="default"))
    assert headline(other, NOW) == "Starts in 5 s"


def test_a_kept_message_says_how_it_is_sent() -> None:
    kept = row_of(task_row(1, reason="kept"))
    said = "It was kept in practice mode. Once real sending is set up, press Send."
    assert explanation(kept, NOW).endswith(said)
