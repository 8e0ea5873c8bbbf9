"""Good answers: plain JSON, and the headers that tell what was scheduled."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from desktop.backend.parts.idempotency import REPLAYED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def json_response(
    data: Any, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """Answer with data that is JSON already: nothing is looked at or converted on the way."""
    return Response(to_json(data), status, headers, "application/json")


def to_json(data: Any) -> bytes:
    """Write JSON, half characters (lone surrogates) as JSON's own escapes: they have no UTF-8."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text.encode(errors="backslashreplace")


def scheduled(location: str, task_ids: Sequence[int], *, replayed: bool) -> dict[str, str]:
    """Give the headers of an answer that says where something new is, and its tasks."""
    headers = {"Location": location, "X-Task-Ids": ",".join(map(str, task_ids))}
    return {**headers, **REPLAYED} if replayed else headers
