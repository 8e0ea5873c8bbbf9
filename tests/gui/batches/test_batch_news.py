"""News of batches: what needs a person is in a bar, what needs none in a toast."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QObject, Signal

from desktop.contract.rules.times import wire_time
from desktop.gui.batches.batch_view import BATCH, BatchNews
from desktop.gui.frame.notices.bars import DISMISS
from desktop.gui.frame.notifications import BAR, SHOW, Notifier
from desktop.gui.frame.views import BATCHES
from tests.gui.batches.test_batch_model import batch

if TYPE_CHECKING:
    from desktop.gui.assembly import AppWindow

WARNING = f"{BAR}{BATCH}"


def toasts(window: AppWindow) -> list[str]:
    """Return what the toasts of batches begin with."""
    return [each.text()[:4] for each in window.toasts.shown]


class Stream(QObject):
    """Tells of batches, as the event stream does."""

    batches_changed = Signal(object)

    def tell(self, number: int, state: str = "done", **counts: int) -> None:
        finished = wire_time(round(time.time() * 1000) + 1000) if state == "done" else None
        all_counts: Any = {"rows": 10, **counts}
        told = batch(number, state=state, finished_at=finished, counts=all_counts)
        self.batches_changed.emit({"rows": [{**told, "name": f"B{number}"}], "gone": []})


@pytest.fixture
def stream(window: AppWindow) -> Stream:
    stream = Stream(window)
    view = window.batches
    news = BatchNews(window, view, Notifier(window), stream)  # type: ignore[arg-type]
    news.setParent(window)
    return stream


def test_a_warning_stands_beside_good_news_of_another_batch(
    window: AppWindow, stream: Stream
) -> None:
    bars = window.notices
    stream.tell(1, failed=2, sent=8)
    assert bars.text(WARNING) == "B1: 8 of 10 are sent, 2 failed"  # it left the 2 out
    stream.tell(2, sent=10)
    assert bars.names() == [WARNING]
    assert bars.text(WARNING).startswith("B1: ")
    assert toasts(window) == ["B2: "]
    stream.tell(1, failed=1, sent=9)  # a person has dealt with one of them
    assert bars.text(WARNING) == "B1: 9 of 10 are sent, 1 failed"
    stream.tell(3, uncertain=1, sent=9)
    assert bars.text(WARNING) == "B3: 9 of 10 are sent, 1 uncertain"
    bars.choose(WARNING, SHOW)
    assert window.switch.choice.value() == BATCHES
    assert (bars.names(), toasts(window)) == ([], ["B2: "])


def test_good_news_go_by_themselves_and_lead_to_their_batch(
    window: AppWindow, stream: Stream
) -> None:
    stream.tell(1, sent=10)
    stream.tell(2, sent=10)
    assert (window.notices.names(), toasts(window)) == ([], ["B2: "])
    (toast,) = window.toasts.shown
    toast.button.click()
    assert window.switch.choice.value() == BATCHES
    assert window.toasts.shown == []
    stream.tell(3, sent=10)
    for _ in range(14):
        for each in window.toasts.shown:
            each.count_down()
    assert window.toasts.shown == []


def test_a_warning_goes_with_another_try_and_once_closed_comes_only_with_its_end(
    window: AppWindow, stream: Stream
) -> None:
    bars = window.notices
    stream.tell(1, failed=5, sent=5)
    bars.choose(WARNING, DISMISS)
    stream.tell(1, failed=4, sent=6)
    assert bars.names() == []
    stream.tell(1, state="running", failed=2, sent=7, open=1)
    stream.tell(1, failed=3, sent=7)
    assert bars.names() == [WARNING]
    stream.tell(1, state="running", failed=2, sent=7, open=1)
    assert bars.names() == []
    stream.tell(1, failed=3, sent=7)
    assert bars.names() == [WARNING]
    stream.tell(1, sent=10)
    assert bars.names() == []


def test_what_the_row_and_card_of_a_batch_say_is_in_no_bar(
    window: AppWindow, stream: Stream
) -> None:
    bars, seen = window.notices, window.batches.seen
    stream.tell(1, failed=2, sent=8)
    stream.tell(2, sent=10)
    seen.emit(3)
    assert (bars.names(), toasts(window)) == ([WARNING], ["B2: "])
    seen.emit(2)
    assert (bars.names(), toasts(window)) == ([WARNING], [])
    seen.emit(1)
    assert bars.names() == []
    stream.tell(1, failed=2, sent=8)
    assert bars.names() == []
