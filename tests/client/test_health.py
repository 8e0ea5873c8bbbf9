"""Whether a backend is there is told apart from whether somebody listens."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest

from desktop.client import health
from desktop.client.health import Health, check
from desktop.settings.backend_file import Backend
from tests.client.conftest import Canned

if TYPE_CHECKING:
    from collections.abc import Callable


def test_a_200_answers(answering: Callable[[Canned], Backend]) -> None:
    canned = Canned(200, b'{"status": "ok"}')
    assert check(answering(canned)) is Health.ANSWERS
    assert canned.heard[0][1] == "/health"
    assert "Authorization" not in canned.heard[0][2]


@pytest.mark.parametrize("canned", [Canned(404), Canned(200, b"<html>"), Canned(200, b"[]")])
def test_a_stranger_on_the_port_is_silent(
    answering: Callable[[Canned], Backend], canned: Canned
) -> None:
    assert check(answering(canned)) is Health.SILENT


def test_nobody_there_is_gone() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert check(Backend(f"http://127.0.0.1:{port}", "t", 1)) is Health.GONE


def test_one_that_accepts_and_says_nothing_is_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "ANSWER_WITHIN", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert check(Backend(f"http://127.0.0.1:{server.getsockname()[1]}", "t", 1)) is (
            Health.SILENT
        )
