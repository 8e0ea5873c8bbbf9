"""The toast of a batch on its way says what is true, for as long as it is."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from desktop.contract.rules.times import wire_time
from desktop.gui.frame.notices.toasts import Toasts
from desktop.gui.importing.sending_draft import DraftToasts
from desktop.gui.link.jobs import ApiSource
from tests.gui.batches.test_batch_model import batch

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from desktop.gui.kit.look.appearance import ThemeSource
    from desktop.gui.link.jobs import Jobs


@pytest.fixture
def toasts(host: QWidget, themes: ThemeSource) -> Toasts:
    """Toasts in a window without anything else."""
    return Toasts(host, host)


@pytest.fixture
def draft_toasts(toasts: Toasts, jobs: Jobs) -> DraftToasts:
    return DraftToasts(toasts, ApiSource(jobs), toasts)


def test_the_toast_after_send_says_when_messages_go_that_have_to_wait(
    draft_toasts: DraftToasts, toasts: Toasts
) -> None:
    tomorrow = wire_time(round((time.time() + 86_400) * 1000))
    counts = {"rows": 3, "open": 3}
    limited = batch(1, counts=counts, next_at=tomorrow, last_at=tomorrow)
    away = batch(2, counts=counts, reason="offline", reason_data={"server": "mx"})
    for each in (limited, away, batch(3, counts=counts)):
        draft_toasts.say_sent(each, 3, 5.0)
    first, second, third = [each.text() for each in toasts.shown]
    assert first.startswith("3 messages will be sent ")
    assert "5 s" not in first
    assert second.startswith("3 messages wait for the connection to mx.")
    assert third == "Sending 3 messages begins in 5 s"


def test_the_toast_after_send_says_the_limit_and_what_stops_the_queue(
    draft_toasts: DraftToasts, toasts: Toasts
) -> None:
    counts = {"rows": 3, "open": 3}
    draft_toasts.say_sent(batch(1, counts=counts, rate="2/day"), 3, 5.0)
    (toast,) = toasts.shown
    assert toast.text() == "3 messages will be sent, at most 2 a day; the first in 5 s"
    toasts.stop({"": "once it is resumed"}, {})
    draft_toasts.say_sent(batch(2, counts=counts), 3, 5.0)
    assert toasts.shown[-1].text() == "3 messages will be sent once it is resumed"


def test_a_draft_that_was_found_and_sent_is_no_draft_any_more_nor_is_it_sent_once_it_is_cancelled(
    draft_toasts: DraftToasts, toasts: Toasts
) -> None:
    found = batch(1, state="draft", counts={"rows": 3})
    draft_toasts.say_found(found, lambda: None)
    (toast,) = toasts.shown
    assert toast.text().endswith("This is its draft")
    draft_toasts.say_sent(batch(1, counts={"rows": 3, "open": 3}), 3, 5.0)
    assert [each.text() for each in toasts.shown] == ["Sending 3 messages begins in 5 s"]
    draft_toasts.end(1)
    assert toasts.shown == []


def test_a_draft_that_is_kept_and_found_again_has_one_toast(
    draft_toasts: DraftToasts, toasts: Toasts
) -> None:
    draft = batch(1, state="draft", counts={"rows": 3})
    draft_toasts.say_kept(draft)
    draft_toasts.say_found(draft, lambda: None)
    (toast,) = toasts.shown
    assert toast.text().endswith("This is its draft")
    draft_toasts.end(1)
    assert toasts.shown == []
