"""Files in a folder and in a database: what mail keeps is the same in both."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from desktop.mail.files import Files, FolderFiles

NUMBERS = count(1)


@pytest.fixture(scope="session")
def url(server: Any) -> str:
    """Make a database with the engine's tables; gives its address."""
    return str(server.database())


IN_EACH_STORE = pytest.mark.parametrize(
    "files", ["folder", "database", "only writer"], indirect=True
)


@pytest.fixture
def files(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Files]:
    """Give a place without files: a folder's, a worker's, or that of the one who decides."""
    kind = getattr(request, "param", "folder")
    if kind == "folder":
        (tmp_path / "own").mkdir()
        yield FolderFiles(tmp_path / "own")
        return
    url = request.getfixturevalue("url")
    from sendoff_tasks.postgres.files import DatabaseFiles, FileStore

    with closing(FileStore(url)) as store:
        folder = f"test {next(NUMBERS)}"
        if kind == "only writer":
            store.write_alone([folder])
        yield DatabaseFiles(store, tmp_path / "uploads").below(folder)
