"""Reasons in words: why a task waits, is held or has failed; causes, and what helps."""

from __future__ import annotations

from typing import Any

import pytest

from desktop.gui.kit.words.ages import day_and_time
from desktop.gui.kit.words.reasons import (
    brief_cause_words,
    cure_words,
    meaning_of,
    reason_words,
)
from desktop.gui.kit.words.states import progress_words, state_word, took_words
from desktop.gui.kit.words.task_row import Row, attempts_of, row_of
from desktop.gui.tasks.detail.explanation import explanation, headline
from sendoff_tasks.causes import because
from sendoff_tasks.model.causes import CauseAbout, CauseKind, Cure
from sendoff_tasks.model.reasons import Reason
from sendoff_tasks.words.table import ENGLISH
from tests.gui.tasks.acting.pending_rows import fitting
from tests.gui.tasks.table.task_source import stamp, task_row

NOW = 1_790_000_100.0


def row(state: str, **changes: object) -> Row:
    return row_of(task_row(1, state, **changes))


def test_a_message_that_cannot_be_made_says_what_is_missing() -> None:
    words = "It cannot be sent: its template asks for “fee”."
    held = row("waiting", reason="held_for_person", error="The template needs “fee”.")
    for seen in (row("scheduled", run_at=stamp(NOW + 60)), row("queued"), held):
        said = explanation(seen, NOW, lacks=["fee"])
        assert f"{words} Press Correct… to fill in what is missing, or change" in said
        assert "Nothing to do" not in said
        named = explanation(seen, NOW, lacks=["fee"], template="Letter")
        assert named.startswith("It cannot be sent: the template “Letter” asks for “fee”.")
        many = explanation(seen, NOW, lacks=["fee", "seat"])
        assert "asks for “fee”, “seat”. Press Correct… to fill" in many
        assert explanation(seen, NOW, may_act=False, lacks=["fee"]).endswith(words)


def test_a_message_whose_template_has_a_fault_leads_there() -> None:
    fault = "The template “Letter” does not render, line 2 of the text: x"
    held = row("waiting", reason="held_for_person", reason_data={"text": fault}, error=fault)
    said = f"{fault}. Press Edit template… to correct it, then send the e-mail."
    assert explanation(held, NOW) == said
    assert explanation(held, NOW, may_act=False) == f"{fault}."
    actions = {action.text: action.verb for action in fitting([held])}
    assert actions == {
        "Correct…": "correct",
        "Edit template…": "edit_template",
        "Try now": "try_now",
        "Cancel": "cancel",
    }
    own = row("waiting", task="receipt", reason="held_for_person", reason_data={"text": "No paper"})
    assert explanation(own, NOW) == "No paper. Fix the problem, then press Try now."
    assert "Edit template…" not in [action.text for action in fitting([own])]


@pytest.mark.parametrize(
    ("told", "reason"),
    [("waits_for_real", Reason.QUEUE_HELD), ("practised", Reason.HELD_FOR_PERSON)],
)
def test_a_message_of_the_other_mode_says_itself_what_it_waits_for(
    told: str, reason: Reason
) -> None:
    words = ENGLISH.say("sending", told)
    why = because(reason, error=words, text=words)
    held = row("waiting", run_at=None, reason=reason.value, reason_data=why.data)
    assert explanation(held, NOW) == words
    assert {action.verb for action in fitting([held])} == {"try_now", "correct", "cancel"}


def test_a_message_that_can_be_made_by_now_says_so() -> None:
    data = {"text": "What it waited for is fixed; Try now runs it.", "fixed": True}
    held = row("waiting", reason="held_for_person", reason_data=data)
    assert progress_words(held, NOW) == headline(held, NOW) == "Ready to be sent"
    said = "What was missing is there now. Press Try now."
    assert explanation(held, NOW) == said
    assert [action.text for action in fitting([held])] == [
        "Try now",
        "Correct…",
        "Cancel",
    ]


def test_a_message_without_an_answer_says_so_in_few_words() -> None:
    error = "localhost gave no answer after the e-mail was handed over: it closed the connection."
    lost = row("uncertain", queue="mail", reason="no_answer", error=error)
    assert progress_words(lost, NOW) == "No answer after the hand-over"


def test_the_last_try_left_is_said_in_the_singular() -> None:
    seen = row("waiting", attempt=7, run_at=stamp(NOW + 5), error="451 later")
    assert "once more" in explanation(seen, NOW)
    seen = row("waiting", attempt=2, run_at=stamp(NOW + 5), error="451 later")
    assert "6 more times" in explanation(seen, NOW)


def test_a_reason_that_only_repeats_the_error_is_not_said_twice() -> None:
    seen = row("waiting", run_at=stamp(NOW + 5), error="451 later", reason="retry_later")
    assert explanation(seen, NOW).startswith("451 later. Nothing to do")
    seen = row("failed", error="550 no such user", reason="attempts_used_up")
    assert explanation(seen, NOW).startswith("550 no such user. All attempts are used up. It is")


WRONG = {"queue": "mail", "text": "127.0.0.1 wants another login: 530"}


def test_what_is_behind_a_held_queue_says_what_lets_it_go_on_and_can_be_tried() -> None:
    seen = row("queued", reason="queue_held", reason_data=WRONG)
    assert headline(seen, NOW) == "On hold until the problem is fixed"
    said = explanation(seen, NOW)
    assert said.startswith(
        f"Its queue is on hold: {WRONG['text']}. It continues after a successful"
    )
    met = row("waiting", reason="queue_held", reason_data=WRONG)
    assert explanation(met, NOW).startswith(f"{WRONG['text']}. It continues after a successful")
    offered = ["Try now", "Correct…", "Cancel"]
    assert [action.text for action in fitting([seen])] == offered
    assert [action.verb for action in fitting([row("queued")])] == [
        "correct",
        "cancel",
    ]


GONE = {"queue": "mail", "since": stamp(NOW - 600), "text": "mx:587 cannot be reached."}


def test_a_task_that_follows_another_is_not_on_hold(qapp: object) -> None:
    seen = row("waiting", reason="after_task", reason_data={"task_id": 17})
    assert not seen.held
    assert state_word(seen) == "Waiting"
    assert headline(seen, NOW) == "Waiting for another task"
    assert explanation(seen, NOW) == (
        "It begins after task 17. Nothing to do: it starts by itself."
    )


def test_what_waits_for_the_connection_says_when_it_is_tried_next() -> None:
    data = {**GONE, "until": stamp(NOW + 40)}
    seen = row("queued", reason="offline", reason_data=data, error=GONE["text"], attempt=3)
    assert progress_words(seen, NOW) == "again in 40 s · waiting for the connection"
    assert progress_words(seen, NOW + 40) == "waiting for the connection"
    assert headline(seen, NOW) == "Waiting for the connection"
    said = explanation(seen, NOW)
    assert "mx:587 cannot be reached. Nothing to do: one task keeps trying" in said
    assert said.startswith("The queue Mail has had no connection since ")
    assert [action.text for action in fitting([seen])] == [
        "Try now",
        "Correct…",
        "Cancel",
    ]


@pytest.mark.parametrize(
    ("queue", "who"), [("mail", "the mail provider takes"), ("receipts", "its server takes")]
)
@pytest.mark.parametrize("state", ["queued", "waiting"])
def test_what_waits_for_the_provider_says_the_time_its_bar_says(
    queue: str, who: str, state: str
) -> None:
    at = day_and_time(NOW + 1800, NOW)
    data = {**GONE, "until": stamp(NOW + 1800), "code": 550}
    own = stamp(NOW + 22) if state == "waiting" else None
    seen = row(state, queue=queue, reason="quota", reason_data=data, run_at=own, error="451 later")
    assert progress_words(seen, NOW) == f"again {at} · waiting until {who} more"
    assert progress_words(seen, NOW + 1800) == f"waiting until {who} more"
    assert headline(seen, NOW) == f"Waiting until {who} more"
    said = explanation(seen, NOW)
    assert "reached its server's limit at " in said
    assert f"Nothing to do: one task tries again at {at}" in said
    assert state_word(seen) == "Waiting"


@pytest.mark.parametrize(
    ("queue", "words"),
    [("mail", "Queue Mail paused since "), ("books", "Queue books paused since ")],
)
def test_what_a_paused_queue_keeps_names_it(queue: str, words: str) -> None:
    data = {"queue": queue, "since": stamp(NOW - 60)}
    for state in ("queued", "scheduled"):
        seen = row(state, reason="queue_paused", reason_data=data, queue=queue)
        assert progress_words(seen, NOW).startswith(words)


@pytest.mark.parametrize("state", ["queued", "scheduled", "waiting"])
def test_why_the_program_paused_everything_is_said_in_list_and_detail(state: str) -> None:
    why = "These tasks are older than those that were here last. Check them, then resume."
    data = {"since": stamp(NOW - 60), "text": why}
    seen = row(state, reason="all_paused", reason_data=data)
    if state != "queued":
        planned = {"paused": data["since"], "text": why}
        seen = row(state, run_at=stamp(NOW + 60), reason="delayed", reason_data=planned)
    assert progress_words(seen, NOW).endswith(f" · {why}")
    assert explanation(seen, NOW).endswith(why)
    assert why not in headline(seen, NOW)


def test_what_its_batch_keeps_beyond_its_next_attempt_says_when_that_allows_it() -> None:
    data = {"batch_id": 7, "limit": "21/day", "until": stamp(NOW + 1800)}
    seen = row(
        "waiting", run_at=stamp(NOW + 4), reason="batch_limit", reason_data=data, error="451"
    )
    said = "Continues in 30 min · its batch is limited to 21 a day"
    assert headline(seen, NOW) == said
    assert explanation(seen, NOW).startswith(f"451. {said}. Nothing to do: it is tried")
    assert "try_now" not in [action.verb for action in fitting([seen])]


CRASHED: dict[str, object] = {
    "reason": "held_after_crashes",
    "reason_data": {"count": 3},
}


@pytest.mark.parametrize("queue", ["mail", "receipts"])
def test_what_is_held_never_promises_to_go_on_by_itself(queue: str) -> None:
    crashed = row("waiting", queue=queue, **CRASHED)
    assert "Fix the problem, then press Try now." in explanation(crashed, NOW)
    assert "by itself" not in explanation(crashed, NOW)


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
    late["reason_data"] = {"limit": 1000000.0, "stops": False}
    assert "Over its limit of 1,000,000 s;" in headline(row("running", **late), NOW)


def test_what_was_held_after_crashes_says_how_many_there_were() -> None:
    said = explanation(row("waiting", error="signal 9", **CRASHED), NOW)
    assert said.startswith("It was interrupted 3 times. Fix the problem")


def test_a_refused_address_is_to_be_corrected() -> None:
    seen = row(
        "failed", error="550 No such user.", reason="final_answer", reason_data={"code": 550}
    )
    said = "550 No such user. Correct the address, then press Save and send."
    assert explanation(seen, NOW) == said
    texts = [each.text for each in fitting([seen])]
    assert texts == ["Retry", "Correct the address…", "Mark as seen"]


def test_a_refusal_of_what_may_have_arrived_before_is_uncertain_and_its_address_corrected() -> None:
    data = {"code": 550, "may_have_arrived": True}
    again = row("uncertain", reason="final_answer", reason_data=data, error="550 Unknown")
    said = explanation(again, NOW)
    assert said.startswith("An earlier attempt may have sent it; the last one failed: 550 Unknown.")
    assert said.endswith("Then choose above.")
    verbs = [action.verb for action in fitting([again])]
    assert verbs[:3] == ["done", "send_again", "correct"]


def test_several_that_wait_for_a_person_are_corrected_one_after_another() -> None:
    held = [row("waiting", id=n, item_id=n, reason="held_for_person") for n in (1, 2)]
    (correct,) = (each for each in fitting(held) if each.verb == "correct")
    assert (correct.text, correct.is_rare) == ("Correct… (2)", False)


@pytest.mark.parametrize(("queue", "what"), [("mail", "sent"), ("receipts", "done")])
def test_what_a_person_marked_as_sent_says_no_more_than_that(queue: str, what: str) -> None:
    ended = {"started_at": stamp(NOW - 122), "finished_at": stamp(NOW), "attempt": 2}
    seen = row("succeeded", queue=queue, reason="settled_by_person", **ended)
    when = day_and_time(NOW, NOW)
    assert headline(seen, NOW) == f"Marked as {what} by a person, {when}"
    way_back = "If it was not sent after all, press Send again."
    assert explanation(seen, NOW) == (way_back if queue == "mail" else "")
    assert explanation(seen, NOW, may_act=False) == ""
    assert progress_words(seen, NOW) == f"Marked as {what} by a person"
    assert took_words(seen, NOW) == ""


SAID = "mx refused the recipient: 550 5.1.1 <…>: no such user"
EXCEPTION = CauseAbout(
    kind=CauseKind.EXCEPTION, exception="ValueError", function="invoice", file="shop.py"
)


@pytest.mark.parametrize(
    ("about", "shown"),
    [
        (CauseAbout(kind=CauseKind.ANSWER, server="mx", code=550, text=SAID), SAID),
        (CauseAbout(kind=CauseKind.ANSWER, server="mx", code=550), "mx answered 550"),
        (EXCEPTION, "ValueError in invoice (shop.py)"),
        ({**EXCEPTION, "text": "row …"}, "ValueError in invoice (shop.py): row …"),
        (CauseAbout(kind=CauseKind.TIMEOUT), "Timed out"),
        (CauseAbout(kind=CauseKind.SAID, text=""), "Different errors"),
        (
            CauseAbout(kind=CauseKind.REASON, reason=Reason.OFFLINE, server="mx"),
            "mx cannot be reached",
        ),
        (CauseAbout(kind=CauseKind.REASON, reason=Reason.OFFLINE, text="No route."), "No route."),
        (CauseAbout(kind=CauseKind.REASON, reason=Reason.NO_ANSWER), "No answer"),
        (
            CauseAbout(kind=CauseKind.REASON, reason=Reason.CUT_SHORT, server="mx"),
            "The program ended before mx answered",
        ),
        (
            CauseAbout(kind=CauseKind.REASON, reason=Reason.QUEUE_HELD, server="mx", code=535),
            "mx refused the user name or password (535)",
        ),
    ],
)
def test_a_cause_is_told_from_its_data(about: CauseAbout, shown: str) -> None:
    assert brief_cause_words(about) == shown


def test_a_cell_begins_with_what_tells_a_cause_from_others() -> None:
    told = "The address does not exist"
    about = CauseAbout(kind=CauseKind.ANSWER, server="mx", code=550, text=SAID)
    assert brief_cause_words({**about, "said": "550 5.1.1 no such user"}) == told
    assert brief_cause_words(about) == SAID  # of a store that an older version made


def test_every_cure_has_words() -> None:
    assert len({cure_words(cure) for cure in (*Cure, None)}) == len(Cure) + 1
    assert all(cure_words(cure) for cure in (*Cure, None))
    assert cure_words("of a later version") == ""


@pytest.mark.parametrize(
    ("said", "means"),
    [
        ("550 5.1.1 <ada@example.org> unknown", "The address does not exist"),
        ("553 no mailbox here by that name", "The address does not exist"),
        ("552 5.2.2 over quota", "The mailbox is full"),
        ("451 4.7.1 Greylisted", "Postponed by the server"),
        ("450 4.1.1 unverified", "Postponed by the server"),
        ("550 blocked, see https://example.org", ""),
        ("550 5.7.1 spam", ""),
        ("550 5.1.1.20 is blocked", ""),
        ("No such person", ""),
    ],
)
def test_an_answer_is_told_in_plain_words_where_its_codes_tell(said: str, means: str) -> None:
    assert meaning_of(said) == means


@pytest.mark.parametrize("error", ["451 Try later.", None])
def test_why_a_task_cancelled_itself_is_no_error_of_its_attempts(error: str | None) -> None:
    why = ENGLISH.say("do_not_send", "not_sent", address="ada@example.org")
    because_told = because(Reason.CANCELLED_BY_TASK, error=why, text=why)
    row = {
        "reason": Reason.CANCELLED_BY_TASK.value,
        "reason_data": because_told.data,
        "error": error,
    }
    task: Any = {**task_row(1, "cancelled", **row), "history": [{"error": error}]}
    assert row_of(task).error == error
    assert [each["error"] for each in attempts_of(task)] == [error]
    assert reason_words(row_of(task), 0.0) == why.rstrip(".")
