"""What a request has beside its JSON: an ``Idempotency-Key``, or a file."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import os
import tempfile
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

from anyio import to_thread

from desktop.backend.wire.bodies import IDEMPOTENCY_KEY, KEY_LIMIT
from desktop.backend.wire.problems import ProblemError, bad_field
from desktop.engine.errors import Conflict, EngineError
from desktop.engine.submission import Idempotency
from desktop.engine.verbs.submit.idempotency import OTHER_REQUEST, recall, remember
from desktop.settings.atomic import UPLOAD, flush_to_disk

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from starlette.requests import Request

    from desktop.backend.services import Services
    from desktop.engine.facade.engine import Engine

log = logging.getLogger(__name__)


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


async def once(
    services: Services, key: Idempotency | None, call: Callable[[], Awaitable[Any]]
) -> tuple[Any, bool]:
    """Return the JSON answer of a ``call`` that adds no task, and whether it is a repeated one.

    A failure is not stored. An answer that cannot be stored is still returned.
    Raises ``Conflict`` for the key of another request.
    """
    if key is None:
        return await call(), False
    known = services.under_way.get(key.key)
    if known is not None:
        body_hash, first = known
        if body_hash != key.body_hash:
            raise Conflict(OTHER_REQUEST)
        answer, _ = await asyncio.shield(first)
        return answer, True
    first = asyncio.ensure_future(_first(services.engine, key, call))
    services.under_way[key.key] = key.body_hash, first
    first.add_done_callback(lambda _: services.under_way.pop(key.key))
    return await asyncio.shield(first)


async def _first(
    engine: Engine, key: Idempotency, call: Callable[[], Awaitable[Any]]
) -> tuple[Any, bool]:
    kept = await engine.ask(lambda group: recall(group, key))
    if kept is not None:
        return kept, True
    answer = await call()
    try:
        await engine.ask(lambda group: remember(group, key, answer))
    except EngineError as error:
        log.warning("An answer is not kept for its Idempotency-Key: %s", error)
    return answer, False


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
