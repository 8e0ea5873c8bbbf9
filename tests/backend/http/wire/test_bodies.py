"""Bodies and their fields: what is accepted, what is refused, and in which words."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.backend.wire.batches import ACT_ON_BATCH
from desktop.backend.wire.items import MANY_ITEMS, NEW_ITEM, OfficeFilter
from desktop.backend.wire.parameters import OfficeFilterParameters
from desktop.contract.rules.addresses import address_problem
from sendoff_tasks.http.wire.bodies import (
    BULK,
    DELAY_LIMIT,
    NEW_TASKS,
    PRIORITY_LIMIT,
    FilterBody,
    moment,
)
from sendoff_tasks.http.wire.parameters import FilterParameters
from sendoff_tasks.http.wire.problems import ProblemError
from sendoff_tasks.http.wire.requests import parse
from sendoff_tasks.model.filters import TaskFilter
from sendoff_tasks.model.tasks import GRACE_LIMIT
from sendoff_tasks.words.typed import line_problem, text_problem

NEW_ITEM_KEYS = {
    "title", "recipient", "template", "fields", "tasks", "delay", "run_at", "deadline", "priority",
}  # fmt: skip

lines = st.text(max_size=60).filter(lambda text: not line_problem(text, 200))
texts = st.text(max_size=30).filter(lambda text: not text_problem(text))
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(lines, inner, max_size=4),
    max_leaves=8,
)  # fmt: skip
addresses = st.emails().filter(lambda address: not address_problem(address))
timings: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.fixed_dictionaries({}),
    st.fixed_dictionaries({"delay": st.floats(0, DELAY_LIMIT) | st.integers(0, 1000)}),
    st.fixed_dictionaries({"run_at": st.just("2026-03-01T09:30:00+01:00")}),
)
items = st.builds(
    lambda item, timing: {**item, **timing},
    st.fixed_dictionaries(
        {},
        optional={
            "title": lines,
            "recipient": st.fixed_dictionaries({"email": addresses}, optional={"name": lines}),
            "template": st.from_regex(r"[A-Za-z0-9_-]{1,20}", fullmatch=True),
            "fields": st.dictionaries(lines, json_values, max_size=4),
            "tasks": st.lists(st.text("abc_", min_size=1, max_size=9), max_size=4),
            "priority": st.integers(-PRIORITY_LIMIT, PRIORITY_LIMIT),
            "deadline": st.just("2027-03-01T09:30:00Z"),
        },
    ),
    timings,
)


def body_of(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def judged(body: bytes) -> ProblemError | None:
    """Give the problem with a body, if there is one; anything else it raises fails the test."""
    try:
        parse(body, NEW_ITEM)
    except ProblemError as problem:
        return problem
    return None


def refusal(body: bytes, model: Any = NEW_ITEM) -> ProblemError:
    with pytest.raises(ProblemError) as refused:
        parse(body, model)
    return refused.value


def paths(value: Any, model: Any = NEW_ITEM) -> list[str]:
    problem = refusal(body_of(value), model)
    assert problem.status == 422
    assert all(error["message"].endswith(".") for error in problem.errors)
    return [error["path"] for error in problem.errors]


@given(items, st.randoms())
def test_a_good_item_comes_out_as_it_went_in_in_any_order(
    item: dict[str, Any], random: Any
) -> None:
    keys = list(item)
    random.shuffle(keys)
    assert parse(body_of({key: item[key] for key in keys}), NEW_ITEM) == item


@given(json_values)
def test_any_json_is_taken_or_refused_with_its_path(value: Any) -> None:
    problem = judged(body_of(value))
    assert problem is None or (problem.status == 422 and problem.errors)


@given(st.binary(max_size=50))
def test_no_bytes_break_the_reader(body: bytes) -> None:
    problem = judged(body)
    assert problem is None or problem.status in {400, 422}


@given(items, lines.filter(lambda key: key not in NEW_ITEM_KEYS))
def test_an_unknown_key_is_refused_at_its_path(item: dict[str, Any], key: str) -> None:
    assert paths({**item, key: 1}) == [key]


@pytest.mark.parametrize(
    ("item", "path"),
    [
        ({"title": "a\r\nBcc: all@example.org"}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"title": None}, "title"),
        ({"title": 5}, "title"),
        ({"recipient": {"name": "Ada\nEve", "email": "ada@example.org"}}, "recipient.name"),
        ({"recipient": {"name": "Ada"}}, "recipient.email"),
        ({"recipient": {"email": "missing"}}, "recipient.email"),
        ({"recipient": {"email": "a@b.c\r\nBcc: x@y.z"}}, "recipient.email"),
        ({"recipient": {"email": "ada@example.org", "phone": 1}}, "recipient.phone"),
        ({"recipient": "ada@example.org"}, "recipient"),
        ({"template": "../../etc/passwd"}, "template"),
        ({"template": ""}, "template"),
        ({"fields": []}, "fields"),
        ({"fields": {"a\nb": 1}}, "fields"),
        ({"fields": {"a": "x\x00y"}}, "fields.a"),
        ({"fields": {"a": [1, {"b": "\x1b[31m"}]}}, "fields.a.1.b"),
        ({"fields": {"a": {"b\b": 1}}}, "fields.a"),
        ({"tasks": "send_confirmation_email"}, "tasks"),
        ({"tasks": ["ok", 3]}, "tasks.1"),
        ({"delay": -1}, "delay"),
        ({"delay": "5"}, "delay"),
        ({"delay": True}, "delay"),
        ({"delay": DELAY_LIMIT + 1}, "delay"),
        ({"run_at": "soon"}, "run_at"),
        ({"run_at": "2026-03-01T09:30:00"}, "run_at"),
        ({"delay": 1, "run_at": "2026-03-01T09:30:00Z"}, "run_at"),
        ({"run_at": "2026-03-01T09:30:00Z", "deadline": "2026-03-01T09:30:00Z"}, "deadline"),
        ({"deadline": 17}, "deadline"),
        ({"priority": 1.5}, "priority"),
        ({"priority": PRIORITY_LIMIT + 1}, "priority"),
    ],
)
def test_a_bad_field_is_named(item: dict[str, Any], path: str) -> None:
    assert paths(item) == [path]


def test_what_is_no_json_is_400_and_json_that_is_no_object_422() -> None:
    for body in (b"{", b"", b"title=5", b"\xff\xfe", b'{"a":1} x', b"\xef\xbb\xbf{}"):
        problem = refusal(body)
        assert problem.status == 400
        assert problem.detail.startswith("The body is not JSON: ")
    assert {refusal(body).status for body in (b"[]", b"5", b'"x"', b"null")} == {422}
    assert refusal(b'{"fields":{"a":' + b"[" * 100_000).status == 400  # nested without end


@pytest.mark.parametrize("number", [b"NaN", b"Infinity", b"-Infinity", b"1e999"])
@pytest.mark.parametrize("field", [b'"fields":{"a":[%s]}', b'"delay":%s'])
def test_numbers_that_are_none_are_refused(field: bytes, number: bytes) -> None:
    assert refusal(b"{" + field % number + b"}").status in {400, 422}


def test_a_note_may_have_lines_and_tabs() -> None:
    item = {"fields": {"note": "one\r\n\ttwo\n", "name": "نامه\u200cای \u2067א\u2069"}}
    assert parse(body_of(item), NEW_ITEM) == item


def test_all_bad_fields_are_told_at_once() -> None:
    problem = refusal(body_of({"title": 5, "delay": -1, "nope": 1}))
    assert {error["path"] for error in problem.errors} == {"title", "delay", "nope"}
    assert "(2 more)" in problem.detail


def test_errors_of_many_say_which_one() -> None:
    batch = {"items": [{}, {"title": 5}, {"recipient": {"email": "x"}}, {"item_id": 0}]}
    bad = ["items.1.title", "items.2.recipient.email", "items.3.item_id"]
    assert paths(batch, MANY_ITEMS) == bad
    assert paths([{"task": "a"}, {"args": []}], NEW_TASKS) == ["1.task"]
    lost = {"action": "retry", "filter": {"state": "failed,lost"}}
    assert paths(lost, BULK) == ["filter.state"]


@pytest.mark.parametrize(
    ("model", "body"), [(BULK, {"action": "cancel", "ids": [1]}), (ACT_ON_BATCH, {})]
)
def test_an_action_waits_an_hour_at_most(model: Any, body: dict[str, Any]) -> None:
    assert parse(body_of(body | {"delay": GRACE_LIMIT}), model)
    assert paths(body | {"delay": GRACE_LIMIT + 1}, model) == ["delay"]


offsets = st.integers(-14 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m)))


@given(
    st.datetimes(datetime(1970, 1, 3), datetime(9998, 12, 30), timezones=offsets)  # noqa: DTZ001
)
def test_every_moment_is_read_as_the_one_it_is(at: datetime) -> None:
    assert moment(at.isoformat()) == pytest.approx(at.timestamp(), abs=1e-5)


OTHERS = (
    *("", "tomorrow", "2026-03-01", "2026-03-01T09:30:00", "2026-03-01T09:30Z"),
    *("20260301T093000Z", "2026-W09-7T09:30:00Z", "2026-02-30T09:30:00Z", "2026-03-01T25:00:00Z"),
    *("2026-03-01T09:30:00+25:00", "٢٠٢٦-03-01T09:30:00Z", "1969-12-31T23:59:59Z"),
    *("9999-12-31T23:59:59-14:00", "2026-03-01T09:30:00Z\n"),
)


def test_all_spellings_mean_the_same_and_anything_else_is_refused_with_a_sentence() -> None:
    for text in ("2026-03-01T09:30:00Z", "2026-03-01t09:30:00z", "2026-03-01 10:30:00+01:00"):
        assert moment(text) == datetime(2026, 3, 1, 9, 30, tzinfo=UTC).timestamp()
    for text in OTHERS:
        with pytest.raises(ValueError, match=r"time"):
            moment(text)


@given(st.text())
def test_what_is_no_moment_is_a_value_error_and_nothing_else(text: str) -> None:
    said = "."
    try:
        moment(text)  # hypothesis also tries constants of our modules, which may be one
    except ValueError as error:
        said = str(error)
    assert said.endswith(".")


def test_a_list_and_an_action_on_many_tasks_take_every_condition_of_a_filter() -> None:
    some: dict[str, Any] = {"states": ("failed",), "reasons": ("kept",), "ids": (1,), "seen": True}
    some |= dict.fromkeys(("since", "until", "known_at"), 1.0)
    names = [each.name for each in fields(TaskFilter)]
    sent = TaskFilter(**{name: some.get(name, "1") for name in names}).parameters()
    assert len(sent) == len(names)
    asked, acted_on = OfficeFilterParameters.model_fields, OfficeFilter.__annotations__
    assert sent.keys() == asked.keys() == acted_on.keys()
    assert {*asked} - {*FilterParameters.model_fields} == {"item_id", "to"}
    assert {*acted_on} - {*FilterBody.__annotations__} == {"item_id", "to"}
