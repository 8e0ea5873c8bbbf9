"""The end of a folder's owner is noticed by those that are connected to it."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sendoff_tasks.folder.paths import DataFolder
from sendoff_tasks.processes.sockets import connected
from tests import WITHIN

pytestmark = pytest.mark.anyio
OWN = """
import asyncio, os, pathlib, sys
from sendoff_tasks.processes.sockets import listening
from sendoff_tasks.folder.paths import DataFolder

async def serve(reader, writer):
    if not os.fork():
        print("forked", flush=True)
        sys.stdin.read()
        os._exit(0)
    await reader.read()

async def main():
    async with listening(DataFolder(pathlib.Path(sys.argv[1])), serve):
        print("listens", flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


@pytest.fixture
def owner(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process that others reach through the folder; it forks once one has connected."""
    command = [sys.executable, "-c", OWN, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as owner:
        assert owner.stdout is not None
        assert owner.stdout.readline().strip() == b"listens"
        yield owner
        owner.kill()


@pytest.mark.skipif(sys.platform == "win32", reason="nothing is forked there")
async def test_the_end_of_an_owner_is_noticed_though_a_fork_of_it_lives(
    owner: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    reader, writer = await connected(DataFolder(tmp_path))
    assert owner.stdout is not None
    assert owner.stdout.readline().strip() == b"forked"
    owner.kill()
    owner.wait()
    assert await asyncio.wait_for(reader.read(), WITHIN) == b""
    writer.close()
    with pytest.raises(ConnectionRefusedError):
        await connected(DataFolder(tmp_path))
