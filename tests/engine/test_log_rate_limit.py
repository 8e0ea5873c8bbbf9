"""A sentence stands in a log once a minute, however often its reason is met."""

from __future__ import annotations

import logging
import time

import pytest

from desktop.engine.log_rate_limit import LogRateLimit


def test_why_a_server_is_away_is_logged_once_a_minute(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    moments = iter((5.0, 6.0, 64.0, 66.0, 67.0, 68.0, 68.0))
    monkeypatch.setattr(time, "monotonic", lambda: next(moments))
    log = logging.Logger("server")
    log.addFilter(LogRateLimit())
    log.addHandler(caplog.handler)
    for _ in range(4):
        log.info("There is no session: %s", "too many")
    log.info("There is no session: %s", "it is starting")
    for _ in range(2):
        log.warning("It is lost")
    assert caplog.messages == [
        "There is no session: too many",
        "There is no session: too many",
        "There is no session: it is starting",
        "It is lost",
        "It is lost",
    ]
