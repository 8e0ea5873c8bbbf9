"""Tasks a second."""

from __future__ import annotations

import pytest

from desktop.engine.writer.figures import WINDOW, Throughput


def test_a_steady_flow_is_its_own_rate() -> None:
    meter = Throughput()
    for tenth in range(1000, 1300):
        meter.count(tenth / 10, started=5, finished={"mail": 2, "ledger": 1})
    assert meter.rates(130.0) == {"started": 50.0, "finished": 30.0}
    assert meter.paces(130.0) == pytest.approx({"mail": 20.0, "ledger": 10.0})


def test_the_pace_of_what_has_just_begun_is_not_known() -> None:
    meter = Throughput()
    for tenth in range(1000, 1070):
        meter.count(tenth / 10, started=4, finished={"mail": 4})
        told = meter.paces(tenth / 10)
        assert told == ({} if tenth < 1050 else {"mail": pytest.approx(40, rel=0.05)})
    meter.count(107.0 + 2 * WINDOW, started=1, finished={"mail": 1})
    assert meter.paces(109.0 + 2 * WINDOW) == {}


def test_what_is_over_is_forgotten() -> None:
    meter = Throughput()
    meter.count(100.0, started=1000, finished={"mail": 1000})
    assert meter.rates(100.0 + WINDOW + 1) == {"started": 0.0, "finished": 0.0}
    assert meter.paces(100.0 + WINDOW + 1) == {}
