"""When the messages of a batch leave, and which limit keeps them."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from desktop.contract.rules.times import wire_time
from desktop.gui.batches.batch_look import look_of
from desktop.gui.batches.batch_times import done_at, is_limited
from desktop.gui.batches.batch_words import explanation, next_words
from tests.gui.batches.test_batch_model import batch, model, words

if TYPE_CHECKING:
    from desktop.gui.batches.batch_model import BatchModel

__all__ = ["model"]


def test_a_batch_that_may_send_no_more_today_says_when_it_goes_on(model: BatchModel) -> None:
    now = time.time()
    later = [wire_time(round((now + hours * 3600) * 1000)) for hours in (2, 72)]
    times = dict(zip(("next_leaves_at", "last_leaves_at"), later, strict=True))
    times |= {"limited_by": {"limit": "2/day"}}  # type: ignore[dict-item]
    resting = batch(2, 2, rate="2/day", counts={"rows": 9, "sent": 2, "open": 7}, **times)
    model.follow({"rows": [resting], "gone": []})
    state, *_, following = words(model, 0)
    assert (state, following[:10]) == ("Waiting", "continues ")
    assert look_of(resting, now).icon == "clock"
    said = explanation(resting, now)
    assert said.startswith(
        "Nothing more is sent for now: at most 2 a day. The next message is sent "
    )
    others = {**resting, "rate": "5/day", "limited_by": {"limit": "2/day", "queue": "mail"}}
    said = explanation(others, now)  # type: ignore[arg-type]
    assert said.startswith("Nothing more is sent for now: the provider allows 2 a day. The next ")
    cut: Any = {**resting, "counts": {**resting["counts"], "uncertain": 1}}
    assert (
        "at most 2 a day. Failed and postponed attempts count, too. Attempts while the server is "
        "away do not. The " in explanation(cut, now)
    )
    at_once = wire_time(round((now + 5) * 1000))
    soon = batch(2, 3, counts={"rows": 9, "open": 7}, next_leaves_at=at_once)
    assert look_of(soon, now).word == "Sending"
    together = {"next_leaves_at": at_once, "last_leaves_at": at_once}
    grace = batch(2, 4, counts={"rows": 9, "open": 9}, **together)
    assert look_of(grace, now).word == "Waiting"
    assert next_words(grace, now) == "begins in a moment"
    assert explanation(grace, now).startswith("The first messages are sent in a moment.")
    assert look_of(grace, now + 6).word == "Sending"
    assert next_words(grace, now + 6) == "being sent"
    said = explanation(grace, now + 6)
    assert said.startswith("All messages are sent as fast as the server takes them.")
    set_for = {"run_at": later[0], "next_leaves_at": later[0], "last_leaves_at": later[0]}
    scheduled = batch(2, 5, counts={"rows": 9, "open": 9}, **set_for)
    assert next_words(scheduled, now)[:7] == "begins "
    assert " on, as fast as the server allows." in explanation(scheduled, now)


def test_a_limit_of_its_own_is_told_beside_a_server_that_takes_no_more() -> None:
    """The quota hid it: *the next attempt is at 10:00*, and nothing of the days after."""
    now = time.time()
    again, last = (wire_time(round((now + s) * 1000)) for s in (900, 86_400 * 3))
    data = {"server": "mx", "until": again}
    waits: Any = {"reason": "quota", "reason_data": data, "last_leaves_at": last}
    some: Any = batch(2, rate="500/day", counts={"rows": 1500, "open": 1493, "sent": 7}, **waits)
    said = explanation(some, now)
    assert said.startswith("1,493 messages wait until mx takes more. The next attempt is ")
    assert " At most 500 a day: the last message is sent " in said
    assert " at the earliest. You need not do anything." in said
    assert next_words(some, now).startswith("next attempt ")
    assert "The last message is sent " in explanation(some | {"rate": None}, now)


def test_what_is_left_at_a_limit_of_a_minute_is_told_with_it() -> None:
    """It was *as fast as the server takes them*, and *done in 46 s*, which rose."""
    now = time.time()
    soon = wire_time(round((now + 28) * 1000))
    times: Any = {"next_leaves_at": soon, "last_leaves_at": soon}
    limit: Any = {"limited_by": {"limit": "30/minute"}}
    counts = {"rows": 100, "sent": 90, "open": 10}
    left: Any = batch(2, rate="30/minute", counts=counts, **times, **limit)
    assert explanation(left, now, 0.5).startswith("At most 30 a minute: the last message is sent ")
    assert next_words(left, now, 0.5).startswith("last one ")
    assert done_at(left, now, 0.1) is None


def test_a_deferred_message_does_not_tell_when_the_last_of_many_others_is_sent() -> None:
    """*The last message is sent 12:33*, with 550 to go at 3.9 a second; it was sent at 12:34."""
    now = time.time()
    again = wire_time(round((now + 40) * 1000))
    put_off: Any = {"server": "mx", "code": 451, "until": again, "count": 15}
    given: Any = {"put_off": put_off, "next_leaves_at": wire_time(round(now * 1000))}
    many = batch(2, counts={"rows": 600, "sent": 20, "open": 565}, last_leaves_at=again, **given)
    assert " at the earliest." in explanation(many, now)
    assert next_words(many, now) == "being sent"
    assert not is_limited(many, now)  # so the pace is measured at once
    assert "at this pace" in explanation(many, now, 3.9)
    assert round((done_at(many, now, 3.9) or 0) - now) == 145
    alone = batch(2, counts={"rows": 600, "sent": 570, "open": 15}, last_leaves_at=again, **given)
    assert "at the earliest" not in explanation(alone, now)
    assert next_words(alone, now).startswith("last one ")
