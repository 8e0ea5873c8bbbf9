"""What a request has beside its JSON: an ``Idempotency-Key``, or a file."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

from anyio import to_thread

from desktop.backend.wire.bodies import IDEMPOTENCY_KEY, KEY_LIMIT
from desktop.backend.wire.problems import ProblemError, bad_field
from desktop.engine.submission import Idempotency
from desktop.settings.atomic import UPLOAD, flush_to_disk

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request


def idempotency_of(request: Request, body: Any, note: Any = None) -> Idempotency | None:
    """Read the request's key; ``None`` if it has none. ``note`` is stored with it.

    Two requests are the same if their path, query and checked body are equal; the order of keys in
    the body does not count. Raises ``ProblemError`` 422 for a key of a wrong length.
    """
    key = request.headers.get(IDEMPOTENCY_KEY)
    if key is None:
        return None
    if not 1 <= len(key) <= KEY_LIMIT:
        raise bad_field(IDEMPOTENCY_KEY, f"A key has 1 to {KEY_LIMIT} characters.")
    asked = [request.method, request.url.path, request.url.query, body]
    digest = hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()
    return Idempotency(key, digest, note)


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
    more than ``room`` bytes, and 400 for none.
    """
    descriptor, temporary = tempfile.mkstemp(prefix=UPLOAD, dir=folder)
    try:
        with os.fdopen(descriptor, "wb") as upload:
            size = await _received(chunks, upload, room, refusal)
            if not size:
                raise ProblemError(400, "The file is empty.")
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
