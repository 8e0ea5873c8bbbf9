"""Each campaign runs, small, and keeps what was promised. All but one are long."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from tests.campaign import storage
from tests.campaign.__main__ import CAMPAIGNS, ON_SERVER
from tests.campaign.apps.workers import AT_ONCE, killed_owners
from tests.campaign.faults import CannotRun, Plan
from tests.campaign.undoing import undoing

if TYPE_CHECKING:
    from pathlib import Path

# Power cuts of the real program take a C compiler; the simulation's are part of every run.
NOT_HERE = {"desk", "undo", "owner", "reload", "reload-uvicorn"} | (
    set() if storage.compiler() else {"power", "fsync"}
)
HERE = [
    pytest.param(name, marks=[] if name == "kill" else [pytest.mark.long])
    for name in CAMPAIGNS
    if name not in NOT_HERE
]


@pytest.mark.long
@pytest.mark.timeout(300)
def test_what_waits_is_carried_out_once_or_undone(tmp_path: Path) -> None:
    verdict, steps = undoing(Plan(tmp_path, faults=3, items=0, seed=3))
    assert verdict.kept(0), (verdict, steps.odd)
    assert steps.waits


@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", HERE)
def test_every_promise_is_kept(name: str, tmp_path: Path) -> None:
    plan = Plan(tmp_path, faults=2, items=50, seed=3)
    try:
        verdict, clients = CAMPAIGNS[name](plan)
    except CannotRun as reason:
        pytest.skip(str(reason))
    assert verdict.kept(plan.in_flight), verdict
    assert verdict.accepted == 50
    assert not clients.odd


@pytest.mark.long
@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", [name for name in ON_SERVER if name not in NOT_HERE])
def test_every_promise_is_kept_in_a_database_on_a_server(
    name: str, tmp_path: Path, server: Any
) -> None:
    plan = Plan(tmp_path, faults=2, items=50, seed=3, database=server.empty)
    verdict, clients = CAMPAIGNS[name](plan)
    assert verdict.kept(plan.in_flight), verdict
    assert (verdict.accepted, clients.odd) == (50, [])


@pytest.mark.long
@pytest.mark.parametrize("on_server", [False, True])
def test_an_app_of_two_processes_keeps_its_promises(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
    *,
    on_server: bool,
) -> None:
    monkeypatch.setenv("ORDERS_LONG", "0.5")
    plan = Plan(tmp_path, faults=1, items=150, seed=3)
    if on_server:
        plan = replace(plan, database=request.getfixturevalue("server").empty)
    verdict, orders = killed_owners(plan, workers=2)
    assert verdict.kept(in_flight=AT_ONCE), verdict
    assert (verdict.accepted, orders.odd) == (150, [])
