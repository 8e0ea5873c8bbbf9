"""What a query may hold: the keys of its route, each of them once."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.routing import Match

from desktop.backend.wire.problems import invalid, problem_response

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from starlette.routing import BaseRoute
    from starlette.types import ASGIApp, Receive, Scope, Send

    from desktop.contract.problems import FieldError


class QueryKeysMiddleware:
    """Pure ASGI middleware that answers 422 to a key its route does not know, or that comes twice.

    FastAPI leaves such keys alone, except where a model takes the whole query: a mistyped
    ``partial`` would quietly mean something else.
    """

    def __init__(self, app: ASGIApp, *, routes: Sequence[BaseRoute]) -> None:
        self._app = app
        self._routes = routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer it."""
        if scope["type"] == "http" and scope["query_string"]:
            errors = list(self._errors(scope))
            if errors:
                problem = invalid(errors)
                answer = problem_response(problem.status, problem.detail, errors)
                await answer(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _errors(self, scope: Scope) -> Iterator[FieldError]:
        found = (r for r in self._routes if r.matches(scope)[0] is Match.FULL)
        route = next(found, None)
        if not isinstance(route, APIRoute):
            return
        known = _keys(route)
        text = scope["query_string"].decode("latin-1")
        for key, times in Counter(key for key, _ in parse_qsl(text, True)).items():
            if key not in known:
                yield {"path": key, "message": "There is no such key here."}
            elif times > 1:
                yield {"path": key, "message": "This key is given more than once."}


def _keys(route: APIRoute) -> set[str]:
    """Collect what the route's function asks of the query, alone or as the fields of a model."""
    keys: set[str] = set()
    for parameter in route.dependant.query_params:
        kind: Any = parameter.field_info.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            keys.update(kind.model_fields)
        else:
            keys.add(parameter.alias)
    return keys
