"""What is said of a batch that was started, here or by an earlier window."""

from __future__ import annotations

import time
from types import SimpleNamespace
from typing import Any

import pytest

from desktop.gui.batches.starting import StartedBatches, batch_leaves
from desktop.gui.frame.starts import StartTimes
from desktop.gui.tasks.acting.pending_actions import DoneAction
from sendoff_tasks.model.times import wire_time
from tests.gui.batches.test_batch_model import batch

COUNTS = {"rows": 3, "open": 3}


class Started:
    """Batches that were started, without the window; ``offered`` has what is told."""

    def __init__(self, starts: StartTimes) -> None:
        self.offered = list[tuple[DoneAction, Any]]()
        self.now: Any = None
        self.wanted = list[int]()
        verbs: Any = SimpleNamespace(
            on_done={}, offer=lambda done, row, **_: self.offered.append((done, row))
        )
        self.verbs = verbs
        model: Any = SimpleNamespace(find=lambda _: self.now)
        self.batches = StartedBatches(starts, verbs, model, self.wanted.append)

    def said(self, left: int = 5, **changes: Any) -> str:
        """Start a batch; return what is said while it can be undone for ``left`` s."""
        self.batches.tell(batch(1, **{"counts": COUNTS, **changes}))
        return self.offered[-1][0].said(left)


@pytest.fixture
def started(starts: StartTimes) -> Started:
    return Started(starts)


def test_started_batch_says_when_messages_go_that_have_to_wait(started: Started) -> None:
    tomorrow = wire_time(round((time.time() + 86_400) * 1000))
    limited = started.said(next_at=tomorrow, last_at=tomorrow)
    assert limited.startswith("3 e-mails will be sent ")
    assert "5 s" not in limited
    away = started.said(reason="offline", reason_data={"server": "mx"})
    assert away.startswith("mx cannot be reached.")
    assert started.said() == "Sending 3 e-mails begins in 5 s"


def test_undone_start_opens_the_draft_again(started: Started) -> None:
    started.said()
    started.offered[-1][0].undone()
    assert started.wanted == [1]


def test_batch_that_an_earlier_window_started_is_told_before_it_is_read(started: Started) -> None:
    row: Any = {"batch_id": 1, "touched": 3}
    done = started.verbs.on_done["start"](row)
    assert (done.said(4), done.said(0)) == (
        "Sending 3 e-mails begins in 4 s", "3 e-mails are being sent"
    )  # fmt: skip
    done.undone()
    assert started.wanted == [1]


def test_a_batch_planned_in_practice_mode_is_sent_if_real_sending_is_set_up_by_then() -> None:
    planned = batch(1, counts=COUNTS, run_at="2099-01-01T08:00:00.000Z")
    said = batch_leaves(planned, 3, 0, "", kept=True)
    assert said.startswith("3 e-mails will be kept ")
    assert said.endswith(", or sent if real sending is set up by then")
    started = batch(1, counts=COUNTS, next_at="2099-01-01T08:00:00.000Z")
    assert batch_leaves(started, 3, 0, "", kept=True) == "3 e-mails will be kept, not sent"
