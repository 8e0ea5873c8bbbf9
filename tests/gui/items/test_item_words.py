"""What is said of an item: whether its person was told, when, and what each of its tasks does."""

from __future__ import annotations

import time
from typing import Any

import pytest

from desktop.gui.items.item_words import (
    LOOKS_OF_INFORMED,
    informed_sentence,
    look_of,
    task_chips,
    tasks_in_words,
    why_words,
)
from desktop.gui.kit.words.states import progress_words
from desktop.gui.kit.words.table import say
from desktop.gui.kit.words.task_row import row_of
from sendoff_tasks.model.times import epoch
from tests.gui.items.test_item_table import item
from tests.gui.tasks.table.task_source import task_row

pytestmark = pytest.mark.usefixtures("qapp")


def test_an_item_for_tomorrow_is_not_on_its_way() -> None:
    now = epoch("2026-11-21T12:00:00.000Z") or 0.0
    later = task_row(1, state="scheduled", queue="mail", run_at="2026-11-22T12:00:00.000Z")
    soon = task_row(2, state="queued", queue="mail", run_at=None)
    said = [informed_sentence(item(1, "not_yet", tasks=[each]), now) for each in (later, soon)]
    assert said[0].startswith("Not informed yet: the e-mail is sent tomorrow ")
    assert said[1] == say("item", "not_yet")
    later["reason_data"] = {"paused": "2026-11-21T11:00:00.000Z"}
    told = informed_sentence(item(1, "not_yet", tasks=[later]), now)
    assert told.startswith("Not informed yet: the e-mail is sent after the pause, not before ")


def test_an_item_whose_message_is_on_hold_says_that_it_does_not_go_on_by_itself() -> None:
    text = "The template “needs” needs “Foo”, which is missing."
    told: dict[str, Any] = {"queue": "mail", "reason": "held_for_person", "run_at": None}
    held = item(1, "not_yet", tasks=[task_row(1, "waiting", reason_data={"text": text}, **told)])
    words = say("item", "not_yet", "held")
    assert informed_sentence(held, 0.0) == words
    look = look_of(held)
    assert look is not None
    assert (look.icon, look.token) == ("triangle-alert", "waiting")
    assert [chip.icon for chip in task_chips(held)] == ["triangle-alert"]
    fixed = task_row(1, "waiting", reason_data={"text": text, "fixed": True}, **told)
    ready = item(1, "not_yet", tasks=[fixed])
    words = say("item", "not_yet", "ready")
    assert informed_sentence(ready, 0.0) == words
    again = task_row(
        1, "waiting", queue="mail", reason="retry_later", run_at="2026-11-22T12:00:00Z"
    )
    trying = item(1, "not_yet", tasks=[again])
    assert informed_sentence(trying, 0.0) == say("item", "not_yet")
    assert look_of(trying) == LOOKS_OF_INFORMED["not_yet"]


def test_an_item_whose_message_may_have_arrived_asks_nothing_once_it_is_cancelled() -> None:
    unsure = task_row(1, state="uncertain", queue="mail")
    cancelled = task_row(1, state="cancelled", queue="mail", attempt=1)
    said = [
        informed_sentence(item(1, "not_sure", tasks=[each]), 0.0) for each in (unsure, cancelled)
    ]
    assert said == [
        say("item", "not_sure", "ask"),
        say("item", "not_sure", "cancelled"),
    ]


def test_an_item_whose_message_may_have_arrived_says_so_beside_why_sending_it_again_failed() -> (
    None
):
    told = {"reason": "final_answer", "reason_data": {"may_have_arrived": True}}
    again = item(1, "not_sure", tasks=[task_row(1, "uncertain", error="550 unknown", **told)])
    assert why_words(again) == "an earlier attempt may have sent it · 550 unknown"
    said = informed_sentence(again, 0.0)
    assert said == f"{say('item', 'not_sure', 'ask')} 550 unknown."


def test_only_a_failure_that_needs_a_person_is_red() -> None:
    failed, cancelled = task_row(1, "failed", queue="mail"), task_row(2, "cancelled", queue="mail")
    tasks = ([failed], [cancelled], [failed, cancelled], [{**failed, "seen": True}])
    looks = [look_of(item(1, "no", tasks=[*each])) for each in tasks]
    assert [look and look.token for look in looks] == ["failed", *["cancelled"] * 3]
    assert look_of(item(1, "not_sure", tasks=[cancelled])) == LOOKS_OF_INFORMED["not_sure"]


def test_an_item_of_which_the_sent_message_is_removed_names_no_time() -> None:
    failed = task_row(2, state="failed", queue="mail", error="550 unknown")
    kept = task_row(3, queue="mail", reason="kept")
    said = informed_sentence(item(1, "yes", tasks=[failed, kept]), time.time())
    assert said == say("item", "yes")


def test_whether_its_person_is_informed_is_told_by_its_own_message_and_not_by_a_copy() -> None:
    refused = task_row(3, "failed", error="550 unknown", queue="mail")
    copy = task_row(4, to="cy@example.org", copy=True)
    said = informed_sentence(item(3, "no", tasks=[refused, copy]), time.time())
    assert said == "Not informed. 550 unknown."


def test_an_item_that_has_outlived_its_tasks_says_when_its_person_was_informed() -> None:
    now = epoch("2026-11-21T12:00:00.000Z") or 0.0
    old = item(1, "yes", tasks=[], informed_at="2026-09-03T10:00:00.000Z")
    assert informed_sentence(old, now).startswith("Informed: the e-mail was sent, ")
    assert informed_sentence(item(1, "not_sure", tasks=[]), now) == say("item", "not_sure")
    erased = item(1, "no", tasks=[], erased=True)
    assert informed_sentence(erased, now).endswith(why_words(erased))
    assert why_words(erased) == say("item", "erased")


def test_an_item_shows_that_a_person_has_put_its_failure_aside() -> None:
    told = {"state": "failed", "error": "550 unknown", "queue": "mail"}
    fresh, seen = (item(n, "no", tasks=[task_row(n, **told, seen=n == 2)]) for n in (1, 2))
    assert [why_words(each) for each in (fresh, seen)] == ["550 unknown", "Seen · 550 unknown"]
    assert [chip.icon for each in (fresh, seen) for chip in task_chips(each)] == ["circle-x", "eye"]
    assert [tasks_in_words(each).count("Failed · seen") for each in (fresh, seen)] == [0, 1]
    again = item(3, "no", tasks=[task_row(3, **told, seen=True, reason_data={"task_id": 9})])
    assert why_words(again) == "550 unknown"


@pytest.mark.parametrize(
    ("reason", "state"),
    [("batch_paused", "scheduled"), ("all_paused", "queued"), ("queue_paused", "queued")],
)
def test_an_item_that_is_paused_says_so_whatever_its_message_met_before(
    reason: str, state: str
) -> None:
    gone, since = "127.0.0.1 cannot be reached (Connection refused)", "2026-11-23T13:54:00.000Z"
    message = task_row(1, state, reason=reason, reason_data={"since": since}, error=gone)
    said = why_words(item(1, "not_yet", tasks=[message]))
    assert said == progress_words(row_of(message), time.time())
    assert "aused since " in said


def test_an_item_whose_message_was_removed_is_not_said_to_have_asked_for_none() -> None:
    said = informed_sentence(item(1, None, tasks=[task_row(2, "succeeded")]), 0.0)
    assert said == say("item", "none")
