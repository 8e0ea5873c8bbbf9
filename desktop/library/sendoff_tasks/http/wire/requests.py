"""What a request brings: JSON, an ``Idempotency-Key`` or a file; and the JSON of its answer."""

from __future__ import annotations

import asyncio
import hashlib
import json
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final, NamedTuple, TypeVar

import pydantic_core
from anyio import to_thread
from pydantic import TypeAdapter, ValidationError
from starlette.responses import Response

from sendoff_tasks.folder.safe_files import flush_to_disk, open_new, temporary_beside
from sendoff_tasks.http.wire.bodies import IDEMPOTENCY_KEY, UNDO_FOR
from sendoff_tasks.http.wire.problems import ProblemError, bad_field, field_errors, invalid
from sendoff_tasks.model.tasks import GRACE_LIMIT, KEY_LIMIT
from sendoff_tasks.submission import Idempotency
from sendoff_tasks.words.table import ENGLISH

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping
    from concurrent.futures import Future

    from starlette.requests import Request


T = TypeVar("T")

REPLAYED: Final = {"Idempotent-Replayed": "true"}
"""The header of an answer that was given before, for the same ``Idempotency-Key``."""


async def read(request: Request, model: TypeAdapter[T], *, empty: bytes = b"") -> T:
    """Read and check the whole body.

    ``empty`` is used in place of an empty body. Raises ``ProblemError`` 400 for invalid JSON, and
    422 with dotted paths for JSON that does not fit ``model``.
    """
    return parse(await request.body() or empty, model)


def parse(body: bytes, model: TypeAdapter[T]) -> T:
    """Check a body that was already read; see ``read``."""
    try:
        return model.validate_json(body)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
    if found[0]["type"] == "json_invalid":
        raise ProblemError(400, ENGLISH.say("api", "not_json", why=found[0]["ctx"]["error"]))
    raise invalid(field_errors(found))


def json_response(
    data: Any,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    *,
    replayed: bool = False,
) -> Response:
    """Answer with JSON data, without checking or converting it.

    ``replayed`` marks an answer that was given before, for the same ``Idempotency-Key``.
    """
    if replayed:
        headers = {**(headers or {}), **REPLAYED}
    return Response(to_json(data), status, headers, "application/json")


async def json_of(verb: Future[Any]) -> Response:
    """Answer with the result of a verb once it is on disk."""
    return json_response(await asyncio.wrap_future(verb))


def to_json(data: Any) -> bytes:
    """Write JSON as UTF-8; lone surrogates, which UTF-8 cannot encode, as JSON escapes."""
    try:
        return pydantic_core.to_json(data)  # three times as fast as ``json``
    except pydantic_core.PydanticSerializationError:  # lone surrogates, or deeper than 254
        text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
        return text.encode(errors="backslashreplace")


def idempotency_of(request: Request, body: Any, note: Any = None) -> Idempotency | None:
    """Read the request's key; ``None`` if it has none. ``note`` is stored with it.

    Two requests are the same if their path, query and checked body are equal; the order of keys in
    the body does not count. Raises ``ProblemError`` 422 for a key of a wrong length.
    """
    key = request.headers.get(IDEMPOTENCY_KEY)
    if key is None:
        return None
    if not 1 <= len(key) <= KEY_LIMIT:
        raise bad_field(IDEMPOTENCY_KEY, ENGLISH.say("value", "key", most=KEY_LIMIT))
    asked = [request.method, request.url.path, request.url.query, body]
    digest = hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()
    return Idempotency(key, digest, note)


def undo_for(request: Request) -> float:
    """Read for how many seconds what the request asks for can be undone.

    Raises ``ProblemError`` 422 for another text than a number from 0 to ``GRACE_LIMIT``.
    """
    if not request.scope["query_string"]:  # nearly always; it saves reading it
        return 0.0
    text = request.query_params.get(UNDO_FOR, "0")
    with suppress(ValueError):
        if 0 <= (seconds := float(text)) <= GRACE_LIMIT:
            return seconds
    why = ENGLISH.say("value", "within", n=round(GRACE_LIMIT), least=0)
    raise bad_field(UNDO_FOR, why)


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
    with temporary_beside(folder / "upload") as temporary:
        with open_new(temporary) as upload:
            size = await _received(chunks, upload, room, refusal)
            if not size:
                raise ProblemError(400, ENGLISH.say("api", "empty_file"))
            await to_thread.run_sync(flush_to_disk, upload.fileno())
        yield UploadedFile(temporary, size)


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
