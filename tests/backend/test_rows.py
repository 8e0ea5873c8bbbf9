"""What keeps a row from being sent, as data, and how fast that is found out."""

from __future__ import annotations

from collections.abc import Callable
from cProfile import Profile
from pathlib import Path
from typing import Any

import pytest

from desktop.backend.batches import Draft
from desktop.backend.rows import RowChecker, RowFault, with_text
from desktop.contract.batches import BY_ADDRESS, BY_NUMBER, RowProblem
from desktop.contract.rules.templates import FilesLimit
from desktop.mail.files import FolderFiles
from desktop.mail.http.services import SERVICES
from desktop.mail.templates.source import TemplateParts
from desktop.mail.templates.store import Templates, built_in_templates

Checking = Callable[..., RowChecker]
RENEWAL = (
    "{% block subject %}Renewal {{ year }}{% endblock %}"
    "{% block text %}Dear {{ first_name }}{% if seat is defined %}, {{ seat }}{% endif %}"
    "{% endblock %}"
)
ADA: dict[str, Any] = {
    "title": "Renewal",
    "recipient": {"name": "Ada", "email": "ada@example.org"},
    "fields": {"Year": "2027"},
}


@pytest.fixture
def templates(tmp_path: Path) -> Templates:
    made = Templates(FolderFiles(tmp_path), built_in_templates())
    made.save("renewal", RENEWAL)
    return made


@pytest.fixture
def checking(templates: Templates) -> Checking:
    def make(draft: Draft | None = None, default: str | None = None) -> RowChecker:
        draft = draft or Draft(3, BY_ADDRESS, "renewal")
        return RowChecker(
            draft, templates, lambda name: "No such task." if name == "odd" else None, default
        )

    return make


def test_a_good_row_has_no_fault(checking: Checking) -> None:
    check = checking()
    assert check.fault(ADA) is None
    assert check.to(ADA) == "Ada <ada@example.org>"
    assert check.draft.body({**ADA, "item_id": 7}) == {**ADA, "template": "renewal"}


@pytest.mark.parametrize(
    ("change", "problem", "path", "data"),
    [
        ({"recipient": {"email": "ada.example.org"}}, "bad_address", "recipient.email",
         {"fault": "no_at", "position": 15, "detail": ""}),
        ({"recipient": {"email": ""}}, "no_key", "recipient.email", {"field": "email"}),
        ({"recipient": {"name": "Ada"}}, "no_key", "recipient.email", {"field": "email"}),
        ({"cc": "bo@x.org; cy"}, "bad_address", "cc",
         {"fault": "no_at", "position": 2, "detail": ""}),
        ({"bcc": ", ".join(f"a{n}@x.org" for n in range(21))}, "bad_value", "bcc",
         {"text": "At most 20 addresses can get a copy."}),
        ({"fields": {}}, "missing_field", "fields.year", {"field": "year"}),
        ({"run_at": "tomorrow"}, "bad_time", "run_at", {"text": "tomorrow"}),
        ({"item_id": 0}, "bad_number", "item_id", {"text": "0"}),
        ({"item_id": "12a"}, "bad_number", "item_id", {"text": "12a"}),
        ({"title": "x" * 201}, "bad_value", "title",
         {"text": "This is longer than 200 characters."}),
        ({"fields": {"year": "\x07"}}, "bad_value", "fields.year",
         {"text": "Control characters cannot be used here."}),
        ({"attachments": ["plan.pdf", "map.pdf"]}, "missing_attachment", "attachments.1",
         {"file": "map.pdf"}),
        ({"tasks": ["odd"]}, "bad_value", "tasks.0", {"text": "No such task."}),
    ],
)  # fmt: skip
def test_each_fault_is_named_with_its_field_and_its_data(
    checking: Checking, change: dict[str, Any], problem: str, path: str, data: dict[str, Any]
) -> None:
    draft = Draft(3, BY_ADDRESS, "renewal", None, {"plan.pdf": 10})
    assert checking(draft).fault({**ADA, **change}) == RowFault(RowProblem(problem), path, data)  # type: ignore[arg-type]


def test_of_rows_with_numbers_the_number_is_the_key_and_practice_has_a_recipient(
    checking: Checking,
) -> None:
    fault = checking(Draft(3, BY_NUMBER, "renewal")).fault(ADA)
    assert fault == RowFault(RowProblem.NO_KEY, "item_id", {"field": "number"})
    draft, item = Draft(3, BY_NUMBER), {"item_id": 4}
    assert checking(draft, "you@example.org").fault(item) is None
    fault = checking(draft).fault(item)
    assert fault is not None
    assert (fault.problem, fault.data["fault"]) == (RowProblem.BAD_ADDRESS, "missing")


@pytest.mark.parametrize("why", ["is missing or empty.", "cannot be read: "])
def test_an_attachment_of_the_template_that_cannot_be_sent_is_told_of_each_row(
    checking: Checking, templates: Templates, why: str
) -> None:
    upload = templates.place_for("renewal", "plan.pdf")
    upload.write_bytes(b"")
    parts = TemplateParts("Renewal", "Dear {{ first_name }}")
    templates.save_parts("renewal", parts, attached=["plan.pdf"])
    if why.startswith("cannot"):
        upload.unlink()
        upload.symlink_to(upload)
    fault = checking().fault(ADA)
    assert fault is not None
    assert fault.problem == RowProblem.BROKEN_TEMPLATE
    if why.startswith("cannot"):
        text = f"The attachment “plan.pdf” of the template “renewal” {why}"
        assert fault.data["text"].startswith(text)
    else:
        assert fault.data == {"file": "plan.pdf", "template": "renewal"}


def test_what_is_wrong_with_the_template_is_told_of_each_row(
    checking: Checking, templates: Templates
) -> None:
    fault = checking(Draft(3, BY_ADDRESS, "gone")).fault(ADA)
    assert fault == RowFault(RowProblem.UNKNOWN_TEMPLATE, "template", {"template": "gone"})
    templates.save("sums", RENEWAL.replace("{{ year }}", "{{ name + 1 }}"))
    fault = checking(Draft(3, BY_ADDRESS, "sums")).fault(ADA)
    assert fault is not None
    assert (fault.problem, fault.path) == (RowProblem.BROKEN_TEMPLATE, "template")
    assert "line 1" in fault.data["text"]


def test_files_that_the_account_does_not_take_are_refused(templates: Templates) -> None:
    limit = SERVICES["microsoft"].files_limit
    draft = Draft(3, BY_ADDRESS, "renewal", attachments={"a": limit.size, "b": 1})
    check = RowChecker(draft, templates, lambda _: None, None, limit)
    assert check.fault({**ADA, "attachments": ["a"]}) is None
    fault = check.fault({**ADA, "attachments": ["a", "b"]})
    assert fault is not None
    assert "more than the 2 MB that Microsoft 365 takes" in fault.data["text"]


def test_files_that_no_message_can_carry_are_refused(checking: Checking) -> None:
    big = Draft(3, BY_ADDRESS, "renewal", None, {"a": 20 * 2**20, "b": 6 * 2**20})
    fault = checking(big).fault({**ADA, "attachments": ["a", "b"]})
    assert fault is not None
    assert (fault.path, fault.data["text"]) == (
        "attachments", FilesLimit().too_much()
    )  # fmt: skip


def test_what_could_not_be_read_stays_refused_when_it_is_checked_again(
    checking: Checking,
) -> None:
    item = with_text(ADA, {"problem": "bad_time", "path": "run_at", "text": "Montag"})
    fault = checking().fault(item)
    assert fault == RowFault(RowProblem.BAD_TIME, "run_at", {"text": "Montag"})


def test_a_row_is_checked_in_few_calls(checking: Checking) -> None:
    check = checking()
    rows = [{**ADA, "recipient": {"name": "Ada", "email": f"a{n}@example.org"}} for n in range(101)]
    assert check.fault(rows.pop()) is None  # what is kept for all rows
    profile = Profile(builtins=False)
    assert all(profile.runcall(check.fault, row) is None for row in rows)
    calls = sum(each.callcount for each in profile.getstats())
    assert calls < 500 * len(rows)


def test_an_error_of_the_spreadsheet_is_not_sent(checking: Checking) -> None:
    for change, path, text in (
        ({"fields": {"Year": "#N/A"}}, "fields.Year", "#N/A"),
        ({"fields": {"Year": "2027", "seat": "#BEZUG!"}}, "fields.seat", "#BEZUG!"),
        ({"recipient": {**ADA["recipient"], "name": "#NV"}}, "recipient.name", "#NV"),
        ({"recipient": {**ADA["recipient"], "name": "Ada #REF!"}}, "recipient.name", "Ada #REF!"),
    ):
        fault = checking().fault({**ADA, **change})
        assert fault == RowFault(RowProblem.CELL_ERROR, path, {"text": text})


def test_an_error_that_no_message_shows_is_no_fault(checking: Checking) -> None:
    fields = {"Year": "2027", "Balance": "#N/A", "note": "#REF!"}
    assert checking().fault({**ADA, "title": "#N/A", "fields": fields}) is None
    listing = checking(Draft(3, BY_ADDRESS)).fault({**ADA, "fields": fields})
    assert listing is not None
    assert (listing.problem, listing.path) == (RowProblem.CELL_ERROR, "fields.Balance")
