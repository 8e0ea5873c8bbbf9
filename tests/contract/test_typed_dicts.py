"""The shapes on the wire: every key of the row is there, and a detail is a row and more."""

from __future__ import annotations

from desktop.contract.items import Item, NewItem
from desktop.contract.tasks import BULK_LIMIT, ID_LIMIT, PAGE_LIMIT, TaskDetail, TaskPage, TaskRow

ROW = {
    "id", "rev", "item_id", "task", "title", "to", "next_to", "state", "why", "reason",
    "reason_data",
    "attempt", "max_attempts",
    "progress", "lane", "queue", "priority", "created_at", "run_at", "started_at", "finished_at",
    "error", "resend_of", "copy", "seen", "batch_id", "cause",
}  # fmt: skip
DETAIL = {
    "history",
    "log",
    "args",
    "parameters",
    "kwargs",
    "result",
    "message_id",
    "handed_over",
    "addressee",
    "lacks",
    "template",
    "repeated_by",
}


def test_a_row_has_what_the_contract_says() -> None:
    assert set(TaskRow.__required_keys__) == ROW


def test_a_detail_is_a_row_and_what_is_behind_it() -> None:
    assert set(TaskDetail.__required_keys__) == ROW | DETAIL


def test_a_page_has_what_the_contract_says() -> None:
    assert set(TaskPage.__required_keys__) == {"tasks", "next", "as_of", "total", "total_is_exact"}


def test_everything_of_a_new_item_may_be_left_out() -> None:
    assert not NewItem.__required_keys__
    assert {"title", "recipient", "template", "fields"} <= NewItem.__optional_keys__
    assert set(Item.__required_keys__) >= {"item_id", "created_at", "tasks"}


def test_the_limits_are_those_of_the_contract() -> None:
    assert (PAGE_LIMIT, BULK_LIMIT, ID_LIMIT) == (1000, 10_000, 2**53 - 1)
