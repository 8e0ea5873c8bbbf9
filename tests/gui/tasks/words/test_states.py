"""States in words: each has an icon, a word and a colour, and every cell says what it means."""

from __future__ import annotations

from typing import Any

import pytest

from desktop.client.errors import Refused
from desktop.contract.states import State
from desktop.gui.ages import day_and_time
from desktop.gui.detail.summary.headline import explanation, headline
from desktop.gui.look.icons import icon
from desktop.gui.look.theme import TOKENS, Scheme, Theme
from desktop.gui.table.task_actions import fitting_actions
from desktop.gui.tasks.task_row import Row, row_of
from desktop.gui.tasks.words.states import (
    LOOKS,
    attempts_words,
    error_words,
    progress_words,
    state_word,
    took_words,
)
from tests.gui.tasks.task_source import stamp, task_row

NOW = 1_790_000_100.0


def row(state: str, **changes: object) -> Row:
    return row_of(task_row(1, str(state), **changes))


@pytest.mark.parametrize("state", [*State, "kept"])
def test_every_state_has_an_icon_a_word_and_a_colour_in_both_schemes(
    qapp: object, state: str
) -> None:
    look = LOOKS[state]
    assert state_word(row("succeeded", reason="kept") if state == "kept" else row(state))
    for scheme in Scheme:
        assert look.token in TOKENS[scheme]
        assert not icon(look.icon, Theme(scheme).color(look.token), 16).isNull()


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("queue", ["mail", "receipts"])
def test_every_state_says_what_happened_and_what_comes_next(state: State, queue: str) -> None:
    seen = row(state, queue=queue, why="Because of that")
    assert headline(seen, NOW)
    said = explanation(seen, NOW)
    assert said[0].isupper()
    assert said[-1] in ".!?"


@pytest.mark.parametrize(
    "seen",
    [
        *(row(state, queue="mail", error="530 no") for state in State),
        row("queued", reason="queue_paused", reason_data={"queue": "mail"}),
        row("queued", reason="queue_held", reason_data={"queue": "mail", "text": "530 no"}),
        row("succeeded", queue="mail", reason="kept"),
        row("cancelled", reason="cancelled_by_person"),
    ],
)
def test_who_may_only_look_is_told_of_no_button(seen: Row) -> None:
    said = explanation(seen, NOW, may_act=False)
    assert not any(word in said.lower() for word in ("press", "choose", "correct the"))


def test_mail_has_its_own_words() -> None:
    assert [state_word(row(state)) for state in ("running", "succeeded")] == ["Sending", "Sent"]
    other = [state_word(row(state, queue="pdf")) for state in ("running", "succeeded")]
    assert other == ["Running", "Done"]


def test_what_stands_in_its_queue_is_called_as_the_chip_that_holds_it() -> None:
    reasons = {"queue_paused": "Paused", "queue_held": "On hold", "offline": "Waiting"}
    said = {reason: state_word(row("queued", reason=reason)) for reason in reasons}
    assert said == reasons
    assert state_word(row("queued")) == "Queued"


def test_waiting_without_a_time_is_held() -> None:
    assert state_word(row("waiting", run_at=None)) == "On hold"
    assert state_word(row("waiting", run_at=stamp(NOW + 5))) == "Waiting"


LIMIT = {"queue": "mail", "limit": 4}
RATE = {"queue": "mail", "limit": "30/min"}
MANY = "more than 100 ahead, 4 at a time"
DAILY = {"queue": "mail", "limit": "21/day", "until": stamp(NOW + 1800)}
NEXT = "goes out in 30 min · next, limited to 21 a day"
FAR = "not before {} · more than 100 ahead, limited to 21 a day"
OF_BATCH = "continues in 30 min · its batch is limited to 21 a day"


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (row("queued", reason="ahead", reason_data=LIMIT | {"count": 2}), "2 ahead, 4 at a time"),
        (row("queued", reason="ahead", reason_data=LIMIT | {"count": None}), MANY),
        (row("queued", reason="rate_limit", reason_data=RATE), "next, limited to 30 a minute"),
        (row("queued", reason="rate_limit", reason_data=DAILY), NEXT),
        (row("queued", reason="ahead", reason_data=DAILY | {"count": None}), FAR),
        (row("queued", reason="batch_limit", reason_data=DAILY), OF_BATCH),
        (row("queued", reason="invented_later", why="The moon is full."), "The moon is full."),
        (row("scheduled", run_at=stamp(NOW + 4)), "in 4 s"),
        (row("running", progress={"done": 64, "total": 100, "text": ""}), "64 %"),
        (row("running", progress={"done": 3, "total": None, "text": "page 3"}), "page 3"),
        (row("waiting", run_at=stamp(NOW + 40), error="451 later"), "again in 40 s · 451 later"),
        (row("waiting", run_at=stamp(NOW - 1)), "again now"),
        (row("waiting", reason="held_for_person", reason_data={"text": "no key"}), "no key"),
        (row("succeeded", why="x"), ""),
        (row("succeeded", reason="kept"), "Kept in the outbox, not sent"),
        (row("failed", error="550 no such user"), "550 no such user"),
        (row("succeeded", reason="kept", queue="sms"), "Practice only"),
        (row("cancelled", reason="cancelled_by_person", attempt=0), "before it started"),
        (
            row("waiting", reason="after_task", reason_data={"task_id": 17}),
            "It begins after task 17",
        ),
        (
            row("cancelled", reason="cancelled_with_task", reason_data={"task_id": 17}),
            "Task 17, which it follows, was cancelled",
        ),
        (row("cancelled", reason="cancelled_by_task", reason_data={"text": "gone."}), "gone"),
        (row("uncertain", reason="no_answer", reason_data={"server": "mx"}), "No answer from mx"),
        (
            row("uncertain", reason="cut_short", reason_data={"server": "mx"}),
            "Sendoff stopped before mx answered",
        ),
        (
            row("uncertain", reason="stopped_by_person", reason_data={"server": "mx"}),
            "Cancelled by a person before mx answered",
        ),
    ],
)
def test_progress_says_how_far_or_why(seen: Row, words: str) -> None:
    assert progress_words(seen, NOW) == words.format(day_and_time(NOW + 1800, NOW))


def test_took_counts_while_it_runs_and_stays_when_it_is_over() -> None:
    started = stamp(NOW - 3)
    assert took_words(row("running", started_at=started), NOW) == "3.0 s"
    over = row("failed", started_at=started, finished_at=stamp(NOW - 2.6))
    assert took_words(over, NOW) == "0.4 s"
    assert took_words(row("cancelled", started_at=None), NOW) == "–"
    assert took_words(row("queued", started_at=None), NOW) == ""


def test_attempts_are_counted_once_there_was_one() -> None:
    assert attempts_words(row("queued", attempt=0)) == ""
    assert attempts_words(row("waiting", attempt=2)) == "2, 6 left"
    assert attempts_words(row("failed", attempt=2)) == "2"
    assert attempts_words(row("waiting", attempt=8)) == "8"


@pytest.mark.parametrize("total", [None, 0, -1])
def test_progress_without_a_total_has_no_share(total: float | None) -> None:
    assert row("running", progress={"done": 5, "total": total, "text": ""}).share is None


def test_a_share_stays_between_nothing_and_all() -> None:
    assert row("running", progress={"done": 9, "total": 3, "text": ""}).share == 1.0


def test_a_message_that_cannot_be_made_says_what_is_missing() -> None:
    words = "It cannot be sent: its template asks for “fee”."
    held = row("waiting", reason="held_for_person", error="The template needs “fee”.")
    for seen in (row("scheduled", run_at=stamp(NOW + 60)), row("queued"), held):
        said = explanation(seen, NOW, lacks=["fee"])
        assert f"{words} Press Correct…" in said
        assert "Nothing to do" not in said
        many = explanation(seen, NOW, lacks=["fee", "seat"])
        assert "asks for “fee” and “seat”. Press Correct… to fill them in" in many
        assert explanation(seen, NOW, may_act=False, lacks=["fee"]).endswith(words)


def test_the_last_try_left_is_said_in_the_singular() -> None:
    seen = row("waiting", attempt=7, run_at=stamp(NOW + 5), error="451 later")
    assert "once more" in explanation(seen, NOW)
    seen = row("waiting", attempt=2, run_at=stamp(NOW + 5), error="451 later")
    assert "6 more times" in explanation(seen, NOW)


def test_a_reason_that_only_repeats_the_error_is_not_said_twice() -> None:
    seen = row("waiting", run_at=stamp(NOW + 5), error="451 later", reason="retry_later")
    assert explanation(seen, NOW).startswith("451 later. Nothing to do")
    seen = row("failed", error="550 no such user", reason="attempts_used_up")
    assert explanation(seen, NOW).startswith("550 no such user. All attempts are used up. Sendoff")


WRONG = {"queue": "mail", "text": "127.0.0.1 wants another login: 530"}


def test_what_is_behind_a_held_queue_says_what_lets_it_go_on_and_can_be_tried() -> None:
    seen = row("queued", reason="queue_held", reason_data=WRONG)
    assert headline(seen, NOW) == "On hold until the problem is fixed"
    said = explanation(seen, NOW)
    assert said.startswith(f"Its queue is on hold: {WRONG['text']}. It resumes after a successful")
    assert [action.text for action in fitting_actions([seen])] == ["Try now", "Correct…", "Cancel"]
    assert [action.verb for action in fitting_actions([row("queued")])] == ["correct", "cancel"]


GONE = {"queue": "mail", "since": stamp(NOW - 600), "text": "mx:587 cannot be reached."}


def test_a_task_that_follows_another_is_not_on_hold(qapp: object) -> None:
    seen = row("waiting", reason="after_task", reason_data={"task_id": 17})
    assert not seen.held
    assert state_word(seen) == "Waiting"
    assert headline(seen, NOW) == "Waiting for another task"
    assert explanation(seen, NOW) == (
        "It begins after task 17. Nothing to do: Sendoff starts it by itself."
    )


def test_what_waits_for_the_connection_says_when_it_is_tried_next() -> None:
    data = {**GONE, "until": stamp(NOW + 40)}
    seen = row("queued", reason="offline", reason_data=data, error=GONE["text"], attempt=3)
    assert progress_words(seen, NOW) == "next try in 40 s · waiting for the connection"
    assert progress_words(seen, NOW + 40) == "trying now · waiting for the connection"
    assert headline(seen, NOW) == "Waiting for the connection"
    said = explanation(seen, NOW)
    assert "mx:587 cannot be reached. Nothing to do: Sendoff keeps trying" in said
    assert said.startswith("No connection since ")
    assert [action.text for action in fitting_actions([seen])] == ["Try now", "Correct…", "Cancel"]


@pytest.mark.parametrize(
    ("queue", "who"), [("mail", "the mail provider takes"), ("receipts", "its server takes")]
)
def test_what_waits_for_the_provider_says_so(queue: str, who: str) -> None:
    data = {**GONE, "until": stamp(NOW + 1800), "code": 550}
    seen = row("queued", queue=queue, reason="quota", reason_data=data)
    assert progress_words(seen, NOW) == f"next try in 30 min · waiting until {who} more"
    assert explanation(seen, NOW).startswith("The limit was reached at ")


CRASHED: dict[str, object] = {
    "reason": "held_after_crashes",
    "reason_data": {"count": 3},
}


@pytest.mark.parametrize("queue", ["mail", "receipts"])
def test_what_is_held_never_promises_to_go_on_by_itself(queue: str) -> None:
    crashed = row("waiting", queue=queue, **CRASHED)
    assert "Fix the problem, then press Try now." in explanation(crashed, NOW)
    assert "by itself" not in explanation(crashed, NOW)
    assert ("mail" in explanation(crashed, NOW)) == (queue == "mail")


def test_a_task_over_its_time_says_so_instead_of_how_far_it_is() -> None:
    late: dict[str, object] = {"reason": "overdue"}
    late["reason_data"] = {"limit": 1.0, "stops": False}
    seen = row("running", queue="pdf", progress={"done": 6, "total": 9, "text": "page 6"}, **late)
    assert seen.share is None
    assert progress_words(seen, NOW) == "Over its limit of 1 s; it cannot be stopped · page 6"
    assert headline(seen, NOW) == "Running · Over its limit of 1 s; it cannot be stopped"
    late["reason_data"] = {"limit": 1.0, "stops": True}
    assert (
        headline(row("running", **late), NOW)
        == "Being sent · Over its limit of 1 s; it is being cancelled"
    )


def test_what_was_held_after_crashes_says_how_many_there_were() -> None:
    said = explanation(row("waiting", error="signal 9", **CRASHED), NOW)
    assert said.startswith("It crashed its process 3 times in a row. Fix the problem")
    of_an_older_version = CRASHED | {"reason_data": {}}
    said = explanation(row("waiting", **of_an_older_version), NOW)
    assert said.startswith("It crashed its process several times in a row. Fix the problem")


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("running", "A message of this item is being sent right now. Try again in a moment."),
        ("uncertain", "It is not known whether it was sent. Say first whether it was."),
        ("waiting", "It has not ended yet. Wait until it has, or cancel it."),
    ],
)
def test_a_refusal_for_a_state_says_what_to_do(state: str, words: str) -> None:
    problem: Any = {"status": 409, "detail": "Task 4 …", "conflict": {"task_id": 4, "state": state}}
    assert error_words(Refused(problem)) == words
    assert error_words(Refused(problem | {"conflict": None})) == "Task 4 …"


def test_a_refused_address_is_to_be_corrected() -> None:
    seen = row(
        "failed", error="550 No such user.", reason="final_answer", reason_data={"code": 550}
    )
    said = "550 No such user. Correct the address, then send the message again."
    assert explanation(seen, NOW) == said
    first = fitting_actions([seen])[0]
    assert (first.verb, first.text) == ("correct", "Correct the address…")


def test_what_waits_for_a_person_is_to_be_corrected_first_of_all() -> None:
    held = [row("waiting", id=n, item_id=n, reason="held_for_person") for n in (1, 2)]
    first = fitting_actions(held)[0]
    assert (first.verb, first.text, first.is_rare) == ("correct", "Correct… (2)", False)
