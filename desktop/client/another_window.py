"""Opens another window in a process of its own: on a server, or on this computer."""

from __future__ import annotations

import os
import subprocess
import threading
from typing import TYPE_CHECKING

from desktop.client.child import program
from desktop.settings.paths import DATA_DIR_VARIABLE

if TYPE_CHECKING:
    from desktop.settings.backend_file import Backend
    from desktop.settings.paths import DataFolder


def open_window(home: DataFolder, server: Backend | None) -> subprocess.Popen[bytes]:
    """Start a window on a server, or on the data folder ``home``; an open one comes forward.

    It stays open when this process ends. The token is sent through a pipe, because other users can
    read command lines. Raises ``OSError``.
    """
    place = ["--data-dir", str(home.root)]
    if server is not None:
        place = ["--url", server.url, "--token-file", "-"]
    process = subprocess.Popen(  # noqa: S603 - our own program
        [*program(), *place],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, DATA_DIR_VARIABLE: str(home.root)},
        start_new_session=os.name == "posix",
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
    assert process.stdin is not None  # noqa: S101 - it was asked for
    with process.stdin as pipe:
        pipe.write(b"" if server is None else server.token.encode())
    threading.Thread(target=process.wait, daemon=True).start()  # else it stays as a zombie
    return process
