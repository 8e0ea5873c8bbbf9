"""A full disk: submissions are refused with the reason, and taken again once there is room."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.backend.driving import client_of, wait_for
from tests.conftest import RunningBackend
from tests.small_disk import CAN_MOUNT, WHY_NOT, fill, small_disk

pytestmark = pytest.mark.skipif(not CAN_MOUNT, reason=WHY_NOT)


def test_refused_with_the_reason_and_taken_again_once_there_is_room(
    backends: Callable[[Path], RunningBackend], tmp_path: Path
) -> None:
    with small_disk(tmp_path / "disk", "6m") as disk:
        backend = backends(disk / "data")
        with client_of(backend.backend) as client:
            before = client.post("/items/1", json={"tasks": []})
            assert before.status_code == 200
            ballast = fill(disk)
            body = {"tasks": [], "fields": {"text": "x" * 100_000}}
            number = 1
            while (answer := client.post(f"/items/{(number := number + 1)}", json=body)).is_success:
                assert number < 100, "the disk does not get full"
            assert answer.status_code == 503
            assert "full" in answer.json()["detail"]
            assert int(answer.headers["Retry-After"]) > 0
            assert client.get("/items/1").status_code == 200
            assert client.get(f"/items/{number}").status_code == 404
            ballast.unlink()
            assert client.post(f"/items/{number}", json=body).status_code == 200
            (sent,) = client.post("/items").headers["X-Task-Ids"].split(",")
            wait_for(client, int(sent), "succeeded")
        assert backend.stop() == 0
