"""Corrected addresses in words: whom a message was for, and whom the next one goes to."""

from __future__ import annotations

from typing import Any

import pytest

from desktop.gui.kit.words.states import progress_words
from desktop.gui.kit.words.task_row import Row, row_of
from desktop.gui.tasks.acting.task_actions import TaskAction, effects
from desktop.gui.tasks.detail.explanation import explanation
from tests.gui.tasks.acting.pending_rows import fitting
from tests.gui.tasks.table.task_source import stamp, task_row

NOW = 1_790_000_100.0
OLD, NEW = "Anna <anna@old.example>", "Anna <anna@new.example>"
REFUSED = {"server": "mx", "code": 550}


def row(state: str, **changes: Any) -> Row:
    return row_of(task_row(1, state, **{"to": OLD, "next_to": NEW} | changes))


def action(rows: list[Row], verb: str) -> TaskAction:
    return next(each for each in fitting(rows) if each.verb == verb)


@pytest.mark.parametrize("state", ["failed", "uncertain"])
def test_row_and_details_say_whom_the_next_one_goes_to(state: str) -> None:
    seen = row(state, error="550 no such user")
    said = "Corrected to anna@new.example · 550 no such user"
    assert progress_words(seen, NOW) == said
    assert "sent again, it goes to anna@new.example." in explanation(seen, NOW)
    assert "anna@new.example" in explanation(seen, NOW, may_act=False)
    same = row(state, error="550 no such user", next_to=None)
    assert progress_words(same, NOW) == "550 no such user"
    assert "orrected" not in explanation(same, NOW)


def test_each_other_state_says_it_too_but_of_a_sent_one_only_the_details() -> None:
    gone = row("cancelled", reason="cancelled_by_person", attempt=0)
    assert progress_words(gone, NOW) == "Corrected to anna@new.example · before it started"
    kept = row("succeeded", reason="kept")
    assert progress_words(kept, NOW).startswith("Corrected to anna@new.example · ")
    named = row("failed", error="550", next_to="Anna L <anna@old.example>")
    assert progress_words(named, NOW) == "Corrected to Anna L <anna@old.example> · 550"
    assert progress_words(row("succeeded"), NOW) == ""
    assert "sent again, it goes to anna@new.example." in explanation(row("succeeded"), NOW)


def test_one_that_was_sent_again_says_nothing_of_a_next_one() -> None:
    again = row("failed", error="550", seen=True, reason_data=REFUSED | {"task_id": 9})
    assert progress_words(again, NOW) == "550"
    assert "anna@new.example" not in explanation(again, NOW)


def test_send_again_says_that_it_may_be_another_message() -> None:
    seen = row("uncertain")
    (said,) = (e for e in effects(fitting([seen])) if "Send again" in e)
    assert "the e-mail goes to the new one." in said
    assert "sent again, it goes to anna@new.example." in explanation(seen, NOW)


def test_once_its_address_was_corrected_a_refused_one_is_only_to_be_sent() -> None:
    refused: dict[str, Any] = {"error": "550", "reason": "final_answer", "reason_data": REFUSED}
    assert (
        action([row("failed", **refused, next_to=None)], "correct").text == "Correct the address…"
    )
    seen = row("failed", **refused)
    first, *_ = fitting([seen])
    assert first.verb == "retry"
    assert action([seen], "correct").text == "Correct…"
    assert "Fix the problem" not in explanation(seen, NOW)
    named = row("failed", **refused, next_to="Anna L <anna@old.example>")
    assert "Correct the address" in explanation(named, NOW)


def test_one_that_waits_says_whom_its_answer_was_about_and_when_it_is_tried() -> None:
    data = {"server": "mx", "code": 451, "to": OLD}
    changes = {"to": NEW, "next_to": None, "reason": "retry_later", "error": "mx said 451."}
    seen = row("waiting", run_at=stamp(NOW + 420), reason_data=data, **changes)
    about = "before that, for anna@old.example: mx said 451."
    assert progress_words(seen, NOW) == f"again in 7 min · corrected; {about}"
    assert explanation(seen, NOW).startswith(f"Corrected; {about} Nothing to do")
    assert fitting([seen])[0].text == "Try now"
    plain = row("waiting", run_at=stamp(NOW + 420), **changes)
    assert progress_words(plain, NOW) == "again in 7 min · mx said 451."


def test_a_running_one_says_when_it_can_be_corrected() -> None:
    off = action([row("running", next_to=None)], "correct")
    assert (off.text, off.is_off, off.which) == ("Correct…", True, [])
    assert off.effect == "it is being sent; it can be corrected once it has ended."
    both = action([row("running", next_to=None), row("failed", item_id=7)], "correct")
    assert (both.text, both.is_off) == ("Correct… (1)", False)


REPEATED = [
    ("failed", "final_answer"),
    ("cancelled", "cancelled_by_person"),
    ("succeeded", "kept"),
    ("succeeded", None),
]


@pytest.mark.parametrize(("state", "reason"), REPEATED)
def test_what_was_sent_again_is_corrected_and_retried_by_its_repeat(
    state: str, reason: str | None
) -> None:
    again = row(state, reason=reason, reason_data={"task_id": 9}, next_to=None)
    verbs = {each.verb for each in fitting([again])}
    assert verbs.isdisjoint({"retry", "correct"})
    assert action([again, row("failed", item_id=7)], "retry").text == "Retry (1)"


def test_a_follower_that_was_cancelled_can_be_retried() -> None:
    gone = row("cancelled", reason="cancelled_with_task", reason_data={"task_id": 9})
    assert action([gone], "retry").text == "Retry"
