"""A full disk: submissions are refused with the reason, and taken again once there is room."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.backend.driving import client_of, wait_for
from tests.conftest import RunningBackend

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0, reason="only root on Linux can mount a small disk"
)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Mount a disk of a few MiB."""
    place = tmp_path / "disk"
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(place)], check=True)
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def fill(disk: Path) -> Path:
    """Take all the room there is; gives the file to remove."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"\0" * 4096)
        except OSError:
            return ballast


def test_refused_with_the_reason_and_taken_again_once_there_is_room(
    backends: Callable[[Path], RunningBackend], small_disk: Path
) -> None:
    backend = backends(small_disk / "data")
    with client_of(backend.backend) as client:
        before = client.post("/items/1", json={"tasks": []})
        assert before.status_code == 200
        ballast = fill(small_disk)
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
