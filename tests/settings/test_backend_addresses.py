"""``backend.json`` says where the backend is, to its owner alone."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import pytest

from sendoff_tasks.folder import backend_addresses
from sendoff_tasks.folder.backend_addresses import (
    Backend,
    BackendFileError,
    read_backend,
    remove_backend,
    write_backend,
)

OURS = Backend(url="http://127.0.0.1:4711", token="secret", pid=42)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    assert read_backend(tmp_path / "backend.json") is None
    write_backend(tmp_path / "backend.json", OURS)
    assert read_backend(tmp_path / "backend.json") == OURS


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX modes")
def test_only_the_owner_may_read_the_token(tmp_path: Path) -> None:
    write_backend(tmp_path / "backend.json", OURS)
    assert stat.S_IMODE((tmp_path / "backend.json").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"7", b"{}", b"\xff"],
)
def test_a_damaged_file_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "backend.json"
    path.write_bytes(content)
    with pytest.raises(BackendFileError, match=r"backend\.json"):
        read_backend(path)


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX modes")
def test_that_of_another_user_is_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It could send items to another user's program."""
    path = tmp_path / "backend.json"
    write_backend(path, OURS)
    monkeypatch.setattr(backend_addresses, "belongs_here", lambda _: False)
    with pytest.raises(BackendFileError, match="belongs to another user"):
        read_backend(path)


def test_only_our_own_file_is_removed(tmp_path: Path) -> None:
    path = tmp_path / "backend.json"
    write_backend(path, OURS)
    remove_backend(path, Backend(url="http://127.0.0.1:1", token="other", pid=43))
    assert path.exists()
    remove_backend(path, OURS)
    assert not path.exists()
    remove_backend(path, OURS)
