"""The parameters of paths and queries, and their translation to the engine's filter."""

from __future__ import annotations

import inspect
from collections import Counter
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal
from urllib.parse import parse_qsl

from fastapi import Path, Query
from fastapi.routing import APIRoute
from pydantic import BaseModel, BeforeValidator, Field
from starlette.routing import Match, request_response

from sendoff_tasks.http.wire.bodies import (
    CauseId,
    Id,
    Ids,
    MomentText,
    Reasons,
    SearchText,
    States,
    TaskName,
    moment,
    wrong,
)
from sendoff_tasks.http.wire.openapi import ACT, PERSON, implied
from sendoff_tasks.http.wire.problems import invalid
from sendoff_tasks.model.acts import WHO, ActFilter
from sendoff_tasks.model.queues import Span
from sendoff_tasks.model.tasks import ID_LIMIT, PAGE_LIMIT
from sendoff_tasks.transaction.acts import ASKED, Asked
from sendoff_tasks.words.table import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import Scope

    from sendoff_tasks.model.problems import FieldError

Sort = Literal[
    "id", "-id", "created_at", "-created_at", "finished_at", "-finished_at",
    "state", "-state", "task", "-task", "took", "-took",
]  # fmt: skip


WHO_ASKS: Final = "who"
"""Key in the ``state`` of a request that may change something: the name of who asks."""


def _digits(text: str) -> str:
    """Accept digits only; pydantic would also read ``4_2``, `` 42`` and ``42.0``."""
    if not (text.isascii() and text.isdigit()):
        raise wrong("int_type")
    return text


PathNumber = Annotated[int, Path(ge=1, le=ID_LIMIT), BeforeValidator(_digits)]
"""A number in a path: of a task, of a pending action, or of what a feature has."""


class FilterParameters(BaseModel):
    """The query of ``GET /tasks/counts``; times are RFC 3339, ``since`` ≤ t < ``until``.

    ``known_at`` excludes tasks that were accepted or ended at that time or later. ``id`` is a list
    of task numbers, separated by commas. ``reason`` is that of the row; ``none`` means tasks
    without one.
    """

    state: States | None = None
    task: TaskName | None = None
    called: SearchText = ""
    text: SearchText = ""
    since: MomentText | None = None
    until: MomentText | None = None
    known_at: MomentText | None = None
    reason: Reasons | None = None
    standing: bool | None = None
    seen: bool | None = None
    batch_id: Id | None = None
    queue: TaskName | None = None
    cause: CauseId | None = None
    error: SearchText = ""
    id: Ids | None = None


class IdsParameters(FilterParameters):
    """The query of ``GET /tasks/ids``."""

    sort: Sort = "-id"


class TaskParameters(IdsParameters):
    """The query of ``GET /tasks``."""

    after: Annotated[str, Field(max_length=1000)] | None = None
    offset: Annotated[int, Field(ge=0, le=ID_LIMIT)] | None = None
    limit: Annotated[int, Field(ge=1, le=PAGE_LIMIT)] = 100


class ActParameters(BaseModel):
    """The query of ``GET /acts``: ``who`` is a part of a name; times are as of tasks."""

    who: SearchText = ""
    verb: SearchText = ""
    task: Id | None = None
    since: MomentText | None = None
    until: MomentText | None = None

    def meant(self) -> ActFilter:
        """Return the filter."""
        since, until = (None if each is None else moment(each) for each in (self.since, self.until))
        return ActFilter(self.who, self.verb, self.task, since, until)


class ActPageParameters(ActParameters):
    """The query of a page of acts."""

    after: Id | None = None
    limit: Annotated[int, Field(ge=1, le=PAGE_LIMIT)] = 100


class CauseParameters(BaseModel):
    """The query of ``GET /causes``."""

    state: States | None = None
    batch_id: Id | None = None


class OverviewParameters(BaseModel):
    """The query of ``GET /overview``."""

    span: Span = Span.HOUR


TasksAsked = Annotated[TaskParameters, Query()]
IdsAsked = Annotated[IdsParameters, Query()]
FilterQuery = Annotated[FilterParameters, Query()]
OverviewQuery = Annotated[OverviewParameters, Query()]
CauseQuery = Annotated[CauseParameters, Query()]
ActQuery = Annotated[ActParameters, Query()]
ActPageQuery = Annotated[ActPageParameters, Query()]


class Route(APIRoute):
    """A route that refuses unknown and repeated query keys; its function's name is its operation.

    FastAPI ignores unknown keys, so a mistyped ``partial`` would silently mean something else.
    A path with a number leaves ``words`` to their own routes: paths with a word in its place.

    A coroutine that takes only the request is called as in Starlette. FastAPI's search for further
    parameters takes a tenth of the interpreter's time for a request.
    """

    words = frozenset({"/tasks/bulk", "/tasks/counts", "/tasks/ids"})

    def __init__(self, path: str, endpoint: Callable[..., Any], **described: Any) -> None:
        name = endpoint.__name__
        described |= {"operation_id": name, "summary": name.replace("_", " ").capitalize()}
        told = described.get("responses") or {}
        described["responses"] = implied(path, described.get("methods") or ()) | told
        super().__init__(path, endpoint, **described)
        takes = inspect.signature(endpoint).parameters
        is_alone = [*takes] == ["request"] and not self.dependant.dependencies
        if inspect.iscoroutinefunction(endpoint) and is_alone:
            self.app = request_response(self._checked(endpoint))

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Tell whether the request is for this route."""
        if scope["path"] in self.words and scope["path"] != self.path:
            return Match.NONE, {}
        return super().matches(scope)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Check the keys of the query before FastAPI reads their values."""
        return self._checked(super().get_route_handler())

    def _checked(
        self, handle: Callable[[Request], Coroutine[Any, Any, Response]]
    ) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        known = frozenset(self._query_keys())
        act = (self.openapi_extra or {}).get(ACT)
        verb, _, kind = (self.operation_id or "").rpartition("_")

        async def checked(request: Request) -> Response:
            if query := request.scope["query_string"]:
                errors = list(_key_errors(query, known))
                if errors:
                    raise invalid(errors)
            if not act or (act == PERSON and WHO not in request.headers):
                return await handle(request)
            given = ASKED.set(_asked(request, verb, kind.removesuffix("s")))
            try:
                return await handle(request)
            finally:
                ASKED.reset(given)

        return checked

    def _query_keys(self) -> Iterator[str]:
        for parameter in self.dependant.query_params:
            kind: Any = parameter.field_info.annotation
            if isinstance(kind, type) and issubclass(kind, BaseModel):
                yield from kind.model_fields
            else:
                yield parameter.alias
        for described in (self.openapi_extra or {}).get("parameters", ()):
            if described["in"] == "query":  # the route reads it by itself
                yield described["name"]


def _asked(request: Request, verb: str, kind: str) -> Asked:
    """Return what a request asks for: the first part of its path is the number or the name."""
    who = getattr(request.state, WHO_ASKS, "")
    name = next(map(str, request.path_params.values()), "")
    if kind not in {"task", "action"}:
        return Asked(who, verb, kind, name)
    is_task = "task_id" in request.path_params and name.isascii() and name.isdigit()
    return Asked(who, verb, tasks=(int(name),) if is_task else ())


def _key_errors(query: bytes, known: frozenset[str]) -> Iterator[FieldError]:
    for key, times in Counter(key for key, _ in parse_qsl(query.decode("latin-1"), True)).items():
        if key not in known:
            yield {"path": key, "message": ENGLISH.say("value", "extra_forbidden")}
        elif times > 1:
            yield {"path": key, "message": ENGLISH.say("value", "twice")}
