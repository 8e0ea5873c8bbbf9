"""A letter whose item can be corrected where it is shown: what is typed, offered, asked, kept."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from desktop.gui.items.correction_head import DISCARD, SAVE, SEND
from desktop.gui.items.form.item_fields import EMAIL, NAME
from desktop.gui.kit.words.states import in_words
from desktop.gui.kit.words.table import say
from desktop.gui.tasks.acting.pending_actions import DoneAction
from sendoff_tasks.client.errors import Refused
from tests.gui.hands import answer, asked, asks
from tests.gui.items.correction.failed_items import REFUSED, refused_row

if TYPE_CHECKING:
    from tests.gui.items.correction.conftest import Clerk

OWN: Any = {
    "title": "Opera",
    "recipient": {"name": "Ada", "email": "ada@exmaple.org"},
    "fields": {"seats": "4", "count": 3},
    "tasks": ["send_confirmation_email"],
    "priority": 100,
}


def is_sent(clerk: Clerk, number: int) -> bool:
    return number in clerk.sent()


def have(clerk: Clerk, state: str, body: Any = OWN, lacks: Any = (), **changes: Any) -> None:
    """Show an item whose message is in a state."""
    backend = clerk.backend
    backend.bodies[3], backend.details[3] = body, {"lacks": [*lacks]}
    event = backend.change(3, state, **{"item_id": 3, "to": "Ada <ada@exmaple.org>", **changes})
    clerk.window.page.model.apply(event)
    clerk.pane.apply(event)
    clerk.pane.reload()
    clerk.show(3)
    clerk.qtbot.waitUntil(lambda: clerk.pane.row is not None and clerk.pane.row.state == state)
    clerk.qtbot.waitUntil(lambda: clerk.pane.ticket is None)


def test_by_keys_alone_one_address_after_the_other_is_corrected_and_sent_again(
    clerk: Clerk,
) -> None:
    clerk.show(3)
    clerk.window.enter_desk(clerk.pane)
    for number in (3, 2, 1):
        clerk.is_at(number)
        email = clerk.head.form.fields[EMAIL].editor
        clerk.qtbot.waitUntil(email.hasFocus)
        clerk.press_keys()
        assert number not in clerk.sent(), "nothing is typed"
        clerk.qtbot.keyClicks(email, f"new{number}@example.org")
        for _ in range(2):
            clerk.press_keys()
        clerk.qtbot.waitUntil(partial(is_sent, clerk, number))
    clerk.until_answered()
    assert clerk.sent() == {each: f"new{each}@example.org" for each in (1, 2, 3)}
    assert len(clerk.backend.keys) == 3
    assert clerk.said()[-1] == "Item 1 is corrected and will be sent in 5 s"
    assert clerk.pins() == []


STATES = [
    ("failed", {}, "Send again", True),
    ("cancelled", {}, "Send again", True),
    ("succeeded", {}, "Send again", True),
    ("succeeded", {"reason": "kept"}, "Save and send", True),
    ("waiting", {"reason": "held_for_person"}, "Save and send", True),
    ("waiting", {"reason": "retry_later"}, "Save and send", True),
    ("waiting", {}, "Save", False),
    ("queued", {}, "Save", False),
    ("scheduled", {"run_at": "2036-03-01T09:30:00.000Z"}, "Save", False),
    ("uncertain", {}, "Save", False),
]


@pytest.mark.parametrize(("state", "told", "word", "sends"), STATES)
def test_what_is_typed_turns_the_main_button_into_what_saves_it(
    clerk: Clerk, state: str, told: Any, word: str, sends: bool
) -> None:
    have(clerk, state, **told)
    before = clerk.pane.shown
    assert clerk.head.isVisible()
    assert not {SEND, SAVE, DISCARD} & {each.verb for each in before.actions}
    clerk.type("ada@example.org")
    assert clerk.main == word
    assert clerk.pane.foot.main.property("role") == "primary"
    more = {each.verb for each in clerk.pane.shown.head.more}
    assert (SAVE in more, DISCARD in more) == (sends, True)
    clerk.press()
    clerk.until_answered()
    assert clerk.sent() == {3: "ada@example.org"}
    has_new = any(number > 90 for number in [*clerk.backend.undone, 0]) or any(
        "sent" in each for each in clerk.said()
    )
    assert has_new or not sends or state == "waiting"


def test_own_fields_are_corrected_and_what_is_no_text_stays(clerk: Clerk) -> None:
    have(clerk, "failed")
    clerk.type("5", "fields.seats")
    clerk.type("by the door", "fields.note")
    clerk.choose(SAVE)
    clerk.until_answered()
    ((_, body),) = clerk.backend.corrected.items()
    assert body == {**OWN, "fields": {"seats": "5", "count": 3, "note": "by the door"}}


def test_the_letter_follows_what_is_typed_and_is_the_old_one_without(clerk: Clerk) -> None:
    clerk.show(3)
    mail = clerk.pane.paper.mail
    assert mail.isVisible()
    clerk.type("new@example.org")
    assert mail.isVisible(), "until the new one is there"
    clerk.qtbot.waitUntil(lambda: not mail.isVisible())
    letter = clerk.head.letter.mail
    assert letter is not None
    assert letter.isVisible()
    assert letter.text.toPlainText() == "To new@example.org"
    clerk.type("person3@exmaple.org")
    assert mail.isVisible()
    assert not letter.isVisible()


def test_a_letter_that_comes_late_is_not_shown_of_another_item(clerk: Clerk) -> None:
    clerk.show(3)
    clerk.backend.may_preview.clear()
    clerk.type("new3@example.org")
    clerk.show(2)
    clerk.type("new2@example.org")
    clerk.backend.may_preview.set()
    clerk.qtbot.waitUntil(lambda: clerk.head.letter.isVisible())
    letter = clerk.head.letter.mail
    assert letter is not None
    assert letter.text.toPlainText() == "To new2@example.org"


def test_what_the_template_asks_for_is_a_field_that_may_be_left_empty_on_purpose(
    clerk: Clerk,
) -> None:
    have(clerk, "waiting", lacks=["fee"], reason="held_for_person")
    clerk.window.enter_desk(clerk.pane)
    assert clerk.head.form.fields["fields.fee"].editor.hasFocus()
    clerk.press()
    asks_once = say("correction", "empty", fields="Fee", button="Save and send")
    assert clerk.head.trouble.text() == asks_once
    assert clerk.backend.keys == []
    clerk.press()
    clerk.until_answered()
    ((_, body),) = clerk.backend.corrected.items()
    assert body["fields"]["fee"] == ""


def test_an_address_that_was_refused_is_asked_about_before_it_is_sent_to_again(
    clerk: Clerk,
) -> None:
    clerk.show(3)
    assert clerk.main == "Send again"
    clerk.press()
    assert asks(say("correction", "same_address"))
    answer("Correct the address")
    clerk.qtbot.waitUntil(clerk.head.form.fields[EMAIL].editor.hasFocus)
    clerk.press()
    answer("Send anyway")
    clerk.until_answered()
    assert clerk.sent() == {3: "person3@exmaple.org"}
    assert asked() is None


def test_a_wrong_address_is_told_and_not_saved(clerk: Clerk) -> None:
    clerk.show(3)
    clerk.type("ada")
    for save in (clerk.press, lambda: clerk.choose(SAVE)):
        save()
        assert clerk.head.form.fields[EMAIL].error
    assert clerk.backend.keys == []


@pytest.mark.parametrize("why", ["running", "pending"])
def test_while_its_message_is_under_way_the_head_is_read_only(clerk: Clerk, why: str) -> None:
    have(clerk, "failed")
    clerk.type("ada@example.org")
    if why == "running":
        have(clerk, "running")
    else:
        done = DoneAction("retry", "retry")
        row: Any = {"id": 1, "tasks": [[3, 3]], "touched": 1, "filter": None, "batch_id": None}
        clerk.window.page.model.pending.hear(done, row)
    editor = clerk.head.form.fields[EMAIL].editor
    assert editor.isReadOnly()
    assert not {SEND, SAVE} & {each.verb for each in clerk.pane.shown.actions}
    clerk.head.send()
    assert clerk.backend.keys == []
    if why == "running":
        have(clerk, "failed")
    else:
        clerk.window.page.model.pending.end(1)
    assert not editor.isReadOnly()
    assert clerk.address() == "ada@example.org"
    assert clerk.main == "Send again"


def test_while_it_is_being_saved_nothing_else_can_be_done_with_it(clerk: Clerk) -> None:
    have(clerk, "failed")
    clerk.backend.may_answer.clear()
    clerk.type("new3@example.org")
    clerk.press()
    clerk.is_at(2)
    clerk.show(3)
    assert clerk.address() == "new3@example.org"
    assert clerk.head.form.fields[EMAIL].editor.isReadOnly()
    assert (clerk.main, clerk.pane.foot.main.isEnabled()) == ("Retry", False)
    clerk.backend.may_answer.set()
    clerk.until_answered()
    clerk.qtbot.waitUntil(lambda: not clerk.head.form.fields[EMAIL].editor.isReadOnly())
    assert clerk.address() == "new3@example.org"


def test_a_text_that_was_changed_elsewhere_is_said_and_what_is_typed_stays(clerk: Clerk) -> None:
    have(clerk, "failed")
    clerk.type("ada@example.org")
    clerk.backend.bodies[3] = {**OWN, "title": "Ballet"}
    clerk.pane.reload()
    clerk.qtbot.waitUntil(lambda: clerk.head.form.fields["title"].text() == "Ballet")
    assert clerk.head.trouble.isHidden(), "another text"
    recipient = {"name": "Ada L", "email": "other@example.org"}
    clerk.backend.bodies[3] = {**OWN, "recipient": recipient}
    clerk.pane.reload()
    clerk.qtbot.waitUntil(lambda: clerk.head.form.fields[NAME].text() == "Ada L")
    assert clerk.head.trouble.text() == say("correction", "elsewhere")
    assert clerk.address() == "ada@example.org"


def test_a_repeated_message_and_a_copy_have_no_head(clerk: Clerk) -> None:
    have(clerk, "succeeded")
    assert clerk.head.isVisible()
    have(clerk, "succeeded", copy=True)
    assert not clerk.head.isVisible()
    have(clerk, "failed", reason="resent", reason_data={"task_id": 9})
    assert not clerk.head.isVisible()
    assert clerk.main != "Send again"


def test_a_refusal_stands_at_its_field_or_below_until_its_task_has_ended(clerk: Clerk) -> None:
    have(clerk, "failed")
    about = {"title": "Letter", "task_id": 3, "state": "running"}
    problem: Any = {"type": "", "title": "", "status": 409, "detail": "no"}
    problem |= {"refusal": "under_way", "data": about}
    clerk.head.show_failure(in_words(Refused(problem)))
    assert "“Letter” is running" in clerk.head.trouble.text()
    clerk.pane._say_again()
    assert clerk.head.trouble.isHidden()
    problem |= {"errors": [{"path": "item.recipient.email", "message": "Not this."}]}
    clerk.head.show_failure(in_words(Refused(problem)))
    assert clerk.head.form.fields[EMAIL].error == "Not this."


def test_what_failed_for_its_address_is_the_first_thing_that_enter_leads_to(clerk: Clerk) -> None:
    clerk.backend.rows[3] = refused_row(3, "succeeded")
    clerk.backend.rows[2] = refused_row(2, **REFUSED)
    for number, place in ((3, "letter"), (2, "address")):
        clerk.pane.reload()
        clerk.show(number)
        clerk.window.enter_desk(clerk.pane)
        has_address = clerk.head.form.fields[EMAIL].editor.hasFocus()
        assert has_address == (place == "address")
