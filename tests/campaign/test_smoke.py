"""Each campaign runs, small, and keeps what was promised."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.campaign import storage
from tests.campaign.__main__ import CAMPAIGNS
from tests.campaign.faults import CannotRun, Plan

# Power cuts of the real program take a C compiler; the simulation's are part of every run.
HERE = CAMPAIGNS if storage.compiler() else [n for n in CAMPAIGNS if n not in ("power", "fsync")]


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
