"""Functions that only workers have: as they are told, so they are known."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from desktop.backend.arguments import parameters_of
from desktop.engine import CURRENT, TaskContext, task
from desktop.engine.errors import BadCall
from desktop.engine.functions.registry import Registry
from desktop.engine.functions.spec import TaskSpec, described
from desktop.engine.functions.worker_offer import stand_in, tell


@task(
    title="Weigh all",
    queue="scales",
    lane="cpu",
    retry=3,
    timeout=5,
    deadline=60,
    concurrency=2,
    rate="3/min",
    key="one",
)
def weighs(item_id: int, *rest: str, month: date, note: object = None) -> None:
    """Weigh."""


@task(cron="0 7 * * mon", timezone="Europe/Berlin", missed="skip")
async def nightly(ctx: TaskContext = CURRENT) -> None: ...


@task(every="10 min")
def often() -> None: ...


@task(every="1 day", kwargs={"until": date(2026, 7, 1)})
def sums(until: date) -> None: ...


@task
def counts(day: date = date(2026, 1, 1), of: tuple[str, ...] = (), most: int = 3) -> None: ...


@task(key=lambda number: f"{number}")
def keyed(number: int) -> None: ...


@task(reference=lambda: "made here")
def referred() -> None: ...


def spec_of(function: Any) -> TaskSpec:
    spec = described(function)
    assert spec is not None
    return spec


def known(function: Any) -> TaskSpec:
    """Describe a function as another process does that was told of it."""
    spec = spec_of(function)
    return stand_in(spec.name, json.loads(json.dumps(tell(spec))))


@pytest.mark.parametrize("function", [weighs, nightly, often, sums])
def test_one_that_is_told_is_accepted_as_where_it_is(function: Any) -> None:
    there, here = spec_of(function), known(function)
    assert not here.is_here
    assert described(here.function) is not None
    for what in ("name", "title", "queue", "lane", "timeout", "deadline", "concurrency", "rate"):
        assert getattr(here, what) == getattr(there, what)
    assert (here.key, here.schedule, here.source) == (there.key, there.schedule, there.source)
    assert here.kwargs == there.kwargs
    assert here.retry.attempts == there.retry.attempts
    assert here.function.__doc__ == (there.function.__doc__ or "")
    assert here.parameters == there.parameters


def test_it_is_called_as_its_parameters_say() -> None:
    spec = known(weighs)
    spec.check_arguments((1, "b"), {"month": "2026-01-01"})
    with pytest.raises(BadCall, match="month"):
        spec.check_arguments((1,), {})
    kinds = {name: each.annotation for name, each in spec.signature.parameters.items()}
    assert (kinds["item_id"], kinds["month"]) == (int, date)


def test_a_default_that_json_has_not_is_no_null() -> None:
    spec = known(counts)
    spec.check_arguments((), {})
    schema = parameters_of(spec.function)
    assert schema["required"] == []
    defaults = {name: each.get("default", "-") for name, each in schema["properties"].items()}
    assert defaults == {"day": "-", "of": "-", "most": 3}


def test_what_needs_code_to_be_accepted_is_not_told() -> None:
    assert tell(spec_of(keyed)) is None
    assert tell(spec_of(referred)) is None


def test_a_function_of_this_process_goes_before_a_worker_s() -> None:
    registry, spec = Registry(), known(often)
    registry.know_elsewhere({"often": spec})
    assert registry.get("often") is spec
    version = registry.version
    registry.know_elsewhere({"often": spec})
    assert registry.version == version
    own = registry.add(often)
    assert registry.get("often") is own
    registry.know_elsewhere({})
    assert registry.names() == ["often"]
