"""Stores an uploaded file on the disk: whole, or not at all."""

from __future__ import annotations

import os
import tempfile
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from anyio import to_thread

from desktop.backend.wire.problems import ProblemError
from desktop.settings.atomic import UPLOAD, flush_to_disk

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


class UploadedFile(NamedTuple):
    """A stored upload under its temporary name; ``size`` in bytes."""

    path: Path
    size: int


@asynccontextmanager
async def uploaded(
    chunks: AsyncIterator[bytes], folder: Path, room: int, refusal: str
) -> AsyncIterator[UploadedFile]:
    """Write ``chunks`` into a temporary file of ``folder``, for the block to move.

    A file that the block leaves there is removed. Raises ``ProblemError`` 413 with ``refusal`` for
    more than ``room`` bytes.
    """
    descriptor, temporary = tempfile.mkstemp(prefix=UPLOAD, dir=folder)
    try:
        with os.fdopen(descriptor, "wb") as upload:
            size = await _received(chunks, upload, room, refusal)
            await to_thread.run_sync(flush_to_disk, upload.fileno())
        yield UploadedFile(Path(temporary), size)
    finally:
        with suppress(FileNotFoundError):
            os.unlink(temporary)  # noqa: PTH108 - one call, also where the request is cancelled


async def _received(chunks: AsyncIterator[bytes], upload: BinaryIO, room: int, refusal: str) -> int:
    """Write ``chunks``, up to ``room`` bytes, and return their size."""
    size = 0
    async for chunk in chunks:
        size += len(chunk)
        if size > room:
            raise ProblemError(413, refusal)
        await to_thread.run_sync(upload.write, chunk)
    upload.flush()
    return size
