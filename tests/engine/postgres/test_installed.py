"""The tests of this folder need a server and its driver; where one is missing, this says so."""

from __future__ import annotations

from typing import Any


def test_there_is_a_server_to_test_with(server: Any) -> None:
    assert server.url.startswith("postgresql://")
