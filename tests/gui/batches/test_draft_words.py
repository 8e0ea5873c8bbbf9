"""What checking says of a row, in words."""

from __future__ import annotations

from typing import Any

import pytest

from desktop.contract.batches import RowCheck, RowProblem, Target
from desktop.gui.batches.draft_words import check_words, target_word, time_words


def row(check: str | None, problem: str | None = None, **data: Any) -> Any:
    told = {"check": check, "problem": problem, "data": data, "message": "?"}
    return {"row": 3, "item": {}, "outcome": None, "corrections": [], **told}


def row_at(moment: str, check: str) -> Any:
    return {**row(check), "item": {"run_at": moment}}


DATA: dict[RowProblem, dict[str, Any]] = {
    RowProblem.BAD_ADDRESS: {"fault": "no_at"},
    RowProblem.NO_KEY: {"field": "number"},
    RowProblem.MISSING_FIELD: {"field": "seats"},
    RowProblem.UNKNOWN_TEMPLATE: {"template": "Renewal"},
    RowProblem.MISSING_ATTACHMENT: {"file": "a.pdf"},
    RowProblem.OTHER_PERSON: {"item_id": 7, "text": "Bert <bert@example.org>"},
}


def test_a_row_with_a_time_says_it_and_that_a_time_that_has_passed_does_not_wait() -> None:
    later = row_at("2126-03-01t08:00:00z", "ready")
    words = check_words(later)
    assert words.startswith("It is ready. Send at: ")
    assert "2126" in words
    assert words == f"It is ready. {time_words(later)}"
    said = "This time has passed: it is sent like a row without a time."
    for check, also, is_said in (
        ("ready", [], True),
        ("changed", [], False),
        ("changed", ["changed"], True),
        ("same", ["changed"], False),
        ("same", ["same"], True),
    ):
        passed = row_at("2020-01-01T00:00:00Z", check)
        assert check_words(passed, also).endswith(said) is is_said
    assert time_words(row("ready")) == ""
    left_out: Any = {**row_at("2020-01-01T00:00:00Z", "changed"), "outcome": "left_out"}
    assert said not in check_words(left_out)


def test_a_row_that_is_the_same_and_to_come_is_said_to_be_sent_again() -> None:
    same: Any = {**row("same", batch_id=3, row=2), "outcome": "open"}
    assert check_words(same) == check_words(row("same", batch_id=3, row=2), ["same"])


@pytest.mark.parametrize("problem", RowProblem)
def test_each_problem_is_a_sentence(problem: RowProblem) -> None:
    words = check_words(row("problem", problem, **DATA.get(problem, {"text": "x y"})))
    assert words != "?"
    assert "{" not in words


def test_several_addresses_of_a_cell_say_how_each_gets_a_message() -> None:
    words = check_words(row("problem", RowProblem.BAD_ADDRESS, fault="several"))
    assert words.endswith(
        "To write to each, tick “Send to each address of a cell” or give each a row."
    )
    assert "each" not in check_words(row("problem", RowProblem.BAD_ADDRESS, fault="no_at"))


def test_whose_address_it_is() -> None:
    data = {"batch_id": 4, "row": 17, "text": "Bert <bert@example.org>"}
    words = check_words(row("problem", RowProblem.OTHER_PERSON, **data))
    whose = "This address belongs to Bert <bert@example.org> in batch 4, row 17."
    assert words == f"{whose} Give this row another address or a title of its own."
    here = {"row": 17, "text": "Bert <bert@example.org>"}
    words = check_words(row("problem", RowProblem.OTHER_PERSON, **here))
    assert words.startswith("Row 17 has this address and title, for Bert <bert@example.org>. ")
    words = check_words(row("problem", RowProblem.OTHER_PERSON, **data, item_id=12))
    said = f"{whose} If this is the same person, correct the name of item 12 in Items. Otherwise "
    assert words.startswith(said)


def test_where_it_was_sent_before_and_what_changed() -> None:
    change = {"field": "fields.seats", "before": 2, "after": None}
    files = {"field": "attachments", "before": [], "after": ["a.pdf", "b.pdf"]}
    words = check_words(row("changed", batch_id=4, row=17, changes=[change, files]))
    start = "Changed since it was registered, in batch 4, row 17. Field “seats”: 2 → –; "
    assert words == start + "Attachment: – → a.pdf, b.pdf. It is left out."
    newer = row("changed", batch_id=4, row=17, changes=[change], newer="2026-11-22T21:00:00.000Z")
    older = "Older than what was registered since, in batch 4, row 17. Field “seats”: 2 → –."
    assert check_words(newer, ["changed"]) == f"{older} It is sent again."
    assert (
        check_words(row("same", batch_id=None, item_id=3))
        == "Every value is as before. It is not sent twice."
    )
    failed = row("same", batch_id=1, row=43, item_id=1042, failed=8)
    words = "Every value is as before, in batch 1, row 43. That failed: send item 1,042 again."
    assert check_words(failed) == words
    again = "Every value is as before, in batch 1, row 43. It is sent again."
    assert check_words(failed, ["same"]) == again
    unsettled: dict[str, Any] = {"batch_id": None, "item_id": 3, "unsettled": 8}
    words = "Item 3 is uncertain: say first whether its e-mail was sent."
    assert check_words(row("same", **unsettled)) == words
    assert check_words(row("same", **unsettled), ["same"]) == words
    assert check_words(row("changed", **unsettled)).endswith(words)
    assert "Batch 9" in check_words(row("twice", row=2, batch_id=9))
    assert check_words(row(None)) == "It is being checked."
    known: dict[str, Any] = {"row": 1, "key": ["number"]}
    assert all(check_words(row(check, **known)) for check in RowCheck if check != "problem")


@pytest.mark.parametrize(
    ("key", "same"),
    [
        ("number", "number"),
        ("email title", "address and title"),
        ("email title name", "address, title and name"),
    ],
)
def test_a_repeated_row_says_what_was_compared(key: str, same: str) -> None:
    words = check_words(row("twice", row=2, key=key.split()))
    assert words == f"Row 2 has the same {same}: only that is sent."


def test_what_was_corrected_by_hand_is_kept_or_replaced() -> None:
    kept = {"field": "recipient.email", "before": "ada@old.example", "after": "ada@new.example"}
    same = row("same", batch_id=4, row=17, item_id=9, kept=[kept])
    assert check_words(same) == (
        "Every value is as before, in batch 4, row 17. It is not sent twice."
        " Stays as corrected by hand: E-mail: ada@old.example → ada@new.example."
    )
    title = {"field": "title", "before": "Tosca", "after": "Ballet"}
    told: dict[str, Any]
    told = {"batch_id": 4, "row": 17, "changes": [title], "newer": "2026-11-22T21:00:00.000Z"}
    assert check_words(row("changed", **told, replaced=[title]), ["changed"]) == (
        "Changed here and corrected by hand, in batch 4, row 17: the value of the spreadsheet is"
        " sent. Title: Tosca → Ballet. It is sent again."
    )


def test_a_row_that_a_later_batch_took_over_names_that() -> None:
    taken: Any = {**row("twice", batch_id=5, row=2), "outcome": "cancelled"}
    assert check_words(taken) == "Batch 5, started later, replaces it."
    ended: Any = {**taken, "check": "ready"}
    assert check_words(ended) == "It was cancelled."


def test_what_a_column_can_become_has_a_word_of_its_own() -> None:
    assert not [each for each in Target if target_word(each).startswith("Field")]
    assert target_word("fields.phone") == "Field “phone”"
