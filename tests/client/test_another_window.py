"""Another window is a process of its own, and its token is in no command line and no file."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from desktop.client.child import open_window
from desktop.contract.access import Access
from desktop.settings.backend_file import NO_PID, Backend
from desktop.settings.opened_servers import forget_server, remembered_servers
from desktop.settings.paths import DataFolder
from desktop.settings.tokens import add_token
from tests import WITHIN
from tests.looking import eventually

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import RunningBackend


def content(file: Path) -> bytes:
    """Read a file; nothing where it is a folder, or was there for a moment only."""
    with suppress(FileNotFoundError, IsADirectoryError):
        return file.read_bytes()
    return b""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="/proc is looked at")
def test_a_window_on_a_server_gets_its_token_by_a_pipe_and_is_remembered(
    tmp_path: Path,
    backends: Callable[[Path], RunningBackend],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    home, served = DataFolder(tmp_path / "home"), DataFolder(tmp_path / "server")
    served.create()
    token = add_token(served.tokens_file, "Ada", Access.FULL)
    server = Backend(backends(served.root).backend.url, token, NO_PID)
    process = open_window(home, server)
    try:
        place = home.at_address(server.url)
        eventually(lambda: place.window_lock.exists() and place.window_lock.stat().st_size > 0)
        seen = Path(f"/proc/{process.pid}")
        assert os.getsid(process.pid) == process.pid  # a terminal's Ctrl+C is not for it
        for file in (seen / "cmdline", seen / "environ", *place.root.rglob("*")):
            assert token.encode() not in content(file)
        assert remembered_servers(home) == [server.url]
        assert not home.backend_lock.exists()
        again = open_window(home, server)
        assert again.wait(WITHIN) == 0  # it has raised the first
    finally:
        process.terminate()
        process.wait(WITHIN)
    forget_server(home, server.url)
    assert remembered_servers(home) == []
