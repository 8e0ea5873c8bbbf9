"""Every check and every problem has a sentence, made from its data."""

from __future__ import annotations

import pytest

from desktop.backend.wire.batches import UNCHECKED, message_of
from desktop.contract.batches import CheckData, RowCheck, RowProblem

PROBLEMS: dict[RowProblem, tuple[CheckData, str]] = {
    RowProblem.BAD_ADDRESS: (
        {"fault": "no_at", "position": 0, "detail": ""}, "There is no @ in this address."
    ),
    RowProblem.NO_KEY: (
        {"field": "number"}, "The number is empty, and rows are recognized by it."
    ),
    RowProblem.MISSING_FIELD: (
        {"field": "year"}, "The template needs “year”, and this row has none."
    ),
    RowProblem.UNKNOWN_TEMPLATE: ({"template": "may"}, "There is no template named “may”."),
    RowProblem.BROKEN_TEMPLATE: ({"text": "It is broken."}, "It is broken."),
    RowProblem.MISSING_ATTACHMENT: (
        {"file": "a.pdf"}, "The file “a.pdf” was not added to this batch."
    ),
    RowProblem.OTHER_PERSON: (
        {"item_id": 7, "text": "Bert <bert@example.org>"},
        "Item 7 is for Bert <bert@example.org>. Give this row another number, or none.",
    ),
    RowProblem.BAD_TIME: (
        {"text": "Montag"}, "“Montag” is not a time such as 2026-03-01T09:30:00Z."
    ),
    RowProblem.BAD_NUMBER: ({"text": "12a"}, "“12a” is not a number that an item can have."),
    RowProblem.BAD_VALUE: ({"text": "Too long."}, "title: Too long."),
    RowProblem.CELL_ERROR: (
        {"text": "#N/A"},
        "“title” has the spreadsheet's error #N/A. Correct it there, or give this row a value.",
    ),
    RowProblem.UNREADABLE: (
        {"text": "#REF!"},
        (
            "“#REF!” cannot be read for certain. Correct this row, or its separators and "
            "quotation marks in the file."
        ),
    ),
}  # fmt: skip


@pytest.mark.parametrize("problem", RowProblem)
def test_a_problem_says_what_is_wrong(problem: RowProblem) -> None:
    data, sentence = PROBLEMS[problem]
    assert message_of(RowCheck.PROBLEM, problem, data, "title") == sentence


@pytest.mark.parametrize(
    ("check", "data", "sentence"),
    [
        (None, {}, UNCHECKED),
        ("ready", {}, "It can be sent."),
        (
            "twice",
            {"row": 4, "key": ["email", "title", "name"]},
            "It has the same e-mail address, title and name as row 4 of this spreadsheet.",
        ),
        ("twice", {"row": 4, "batch_id": 7}, "Row 4 of batch 7, started later, replaces it."),
        ("same", {"batch_id": 3, "row": 17, "item_id": 9},
         "It was sent before with the same content, as row 17 of batch 3."),
        ("same", {"batch_id": None, "item_id": 9},
         "It was sent before with the same content, as item 9."),
        ("changed", {"batch_id": 3, "row": 17, "changes": [
            {"field": "title", "before": "A", "after": "B"},
            {"field": "fields.year", "before": None, "after": "2026"}]},
         ("It was sent before with other content, as row 17 of batch 3."
         " What differs: title: B, before A; year: 2026, before –.")),
        ("changed", {"batch_id": None, "item_id": 9,
            "changes": [{"field": "email", "before": "b@x.org", "after": "c@x.org"}],
            "replaced": [{"field": "recipient.email", "before": "a@x.org", "after": "b@x.org"}],
            "kept": [{"field": "recipient.name", "before": "Ad", "after": "Ada"}]},
         ("It was sent before with other content, as item 9."
         " What differs: email: c@x.org, before b@x.org."
         " That replaces what was corrected by hand: email."
         " It stays as it was corrected by hand: name: Ada, before Ad.")),
        ("same", {"batch_id": None, "item_id": 9,
            "kept": [{"field": "recipient.name", "before": "Ad", "after": "Ada"}]},
         ("It was sent before with the same content, as item 9."
         " It stays as it was corrected by hand: name: Ada, before Ad.")),
    ],
)  # fmt: skip
def test_a_check_says_what_it_found(check: str | None, data: CheckData, sentence: str) -> None:
    assert message_of(check, None, data) == sentence


@pytest.mark.parametrize("place", ["C:\\plans\\a.pdf", "plans/a.pdf", "https://x.org/a.pdf"])
def test_a_path_or_a_link_in_place_of_a_name_says_what_to_name(place: str) -> None:
    said = message_of(RowCheck.PROBLEM, RowProblem.MISSING_ATTACHMENT, {"file": place})
    assert said == f"“{place}” is not a file's name: name it without a folder or an address."


def test_an_address_of_another_person_says_whose_it_is() -> None:
    data: CheckData = {"row": 4, "batch_id": 7, "text": "Bert <b@x.org>"}
    said = message_of(RowCheck.PROBLEM, RowProblem.OTHER_PERSON, data)
    assert said.startswith("This address is Bert <b@x.org>, as row 4 of batch 7. Give this row")
    here: CheckData = {"row": 4, "text": "Bert <b@x.org>"}
    said = message_of(RowCheck.PROBLEM, RowProblem.OTHER_PERSON, here)
    assert said.startswith("This address and title are those of Bert <b@x.org>, in row 4. To send")
    said = message_of(RowCheck.PROBLEM, RowProblem.OTHER_PERSON, {**data, "item_id": 12})
    assert "the same person, correct the name of item 12, in the window or by PUT /items;" in said


@pytest.mark.parametrize("check", [RowCheck.SAME, RowCheck.CHANGED])
def test_a_row_whose_earlier_message_is_uncertain_says_so(check: RowCheck) -> None:
    said = message_of(check, None, {"batch_id": None, "item_id": 7, "unsettled": 3})
    assert said == "Item 7 is uncertain. Say first whether its e-mail was sent."


def test_the_same_row_says_that_its_earlier_message_failed() -> None:
    said = message_of(RowCheck.SAME, None, {"batch_id": 3, "row": 17, "item_id": 7, "failed": 3})
    assert said.endswith("as row 17 of batch 3. That failed and can be sent again there.")
