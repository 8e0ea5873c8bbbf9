"""What the correction says of an item: its message, and what was done about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from desktop.contract.items import Recipient
from desktop.gui.items.correction_form import (
    CorrectionForm,
    consequence,
    done_words,
)
from desktop.gui.kit.words.ages import day_and_time
from desktop.gui.kit.words.table import say
from desktop.gui.kit.words.task_row import row_of
from sendoff_tasks.model.tasks import Deed
from sendoff_tasks.model.times import epoch
from tests.gui.tasks.table.task_source import task_row

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


SENDS = "Send again"


def test_copies_are_corrected_and_added(qtbot: QtBot) -> None:
    form = CorrectionForm()
    qtbot.addWidget(form)
    form.show_item({"recipient": ADA, "cc": "bo@example.org"})
    assert (form.fields["cc"].isHidden(), form.copies.isHidden()) == (False, True)
    assert form.body() == {"recipient": ADA, "cc": "bo@example.org"}
    form.show_item({"recipient": ADA})
    assert (form.fields["cc"].isHidden(), form.copies.isHidden()) == (True, False)
    form.copies.click()
    form.fields["bcc"].set_text("cy@example.org")
    assert (form.body()["bcc"], "cc" in form.body()) == ("cy@example.org", False)


FAILED = {"error": "550 No such user."}
REFUSED = {"error": "The server refused it.", "reason_data": {"said": "550 5.1.1 No such user"}}
SENT = {"error": "451 Try later.", "to": "ada@example.org"}
DOES = say("correction", "save_and_send", button=SENDS)


@pytest.mark.parametrize(
    ("state", "told", "words"),
    [
        ("failed", FAILED, f"550 No such user. {DOES}"),
        ("failed", REFUSED, "The address does not exist. "),
        ("succeeded", SENT, "The e-mail was sent to ada@example.org."),
        ("succeeded", {"reason": "kept"}, say("correction", "kept")),
    ],
)
def test_what_became_of_its_message_is_said(state: str, told: dict[str, Any], words: str) -> None:
    assert consequence(row_of(task_row(1, state, **told)), (), SENDS).startswith(words)


def test_what_may_have_left_is_not_said_to_lack_a_field() -> None:
    for state in ("waiting", "failed", "running", "uncertain", "succeeded"):
        said = consequence(row_of(task_row(1, state, queue="mail")), ["fee"], SENDS)
        assert ("cannot be sent" in said) is (state in {"waiting", "failed"})


NOW = 1_790_000_600.0
TRIED = "2026-09-21T13:00:00.000Z"
ENDED = "2026-09-21T13:05:00.000Z"
AT, LATER = "(tried)", "(ended)"
NOTHING = "Nothing has been done about it yet."
ADA: Recipient = {"email": "ada@example.org"}


def message(number: int, state: str, **changes: Any) -> Any:
    return {**task_row(number, state, finished_at=ENDED, **changes), "log": []}


def told(*messages: Any, before: str = "") -> list[str]:
    """Return what is said of an item's messages; its address was another one ``before``.

    ``AT`` and ``LATER`` stand for the times as the locale has them.
    """
    versions = [{"at": TRIED, "item": {"recipient": {"email": before}}}] if before else []
    detail: Any = {"item": {"recipient": ADA}, "corrected_at": ENDED, "versions": versions}
    tried, ended = (day_and_time(epoch(at) or 0.0, NOW) for at in (TRIED, ENDED))
    lines = done_words(detail, messages, NOW)
    return [line.replace(tried, AT).replace(ended, LATER) for line in lines]


def test_of_one_that_failed_it_is_said_that_nothing_was_done() -> None:
    failed = message(1, "failed")
    assert told(failed) == [NOTHING]
    assert told(message(1, "uncertain")) == [NOTHING]
    assert told({**failed, "seen": True}) == told({**failed, "state": "queued"}) == []


def test_a_correction_is_something_that_was_done() -> None:
    (line,) = told(message(1, "failed"), before="ad@example.org")
    assert line.startswith(f"Until {LATER}\n")
    assert line.endswith(": ad@example.org")


def log(deed: Deed | None, at: str) -> dict[str, Any]:
    return {"at": at, "attempt": 1, "level": "info", "text": "It was done.", "deed": deed}


def test_what_a_person_did_stays_told_once_the_person_is_informed() -> None:
    sent = message(1, "succeeded")
    sent["log"] = [log(None, TRIED), log(Deed.AGAIN, ENDED)]
    words = f"By a person: sent again {LATER}, although the first e-mail may have arrived"
    assert told(sent) == [words]
    sent["log"] = [log(Deed.CANCELLED, TRIED), log(Deed.RETRIED, ENDED)]
    words = f"By a person: cancelled {AT} · retried {LATER}"
    assert told(sent) == [words]
    sent |= {"log": [log(Deed.DONE, ENDED)], "reason": "settled_by_person"}
    assert told(sent) == [f"By a person: marked as sent {LATER}"]
