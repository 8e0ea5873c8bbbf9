"""The status of a task, for a caller who has its token."""

from collections.abc import AsyncIterator, Sequence
from enum import Enum
from functools import partial
from http import HTTPStatus
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from pydantic import BaseModel, Field

from sendoff_tasks.facade.add_task import follow
from sendoff_tasks.facade.engine import Engine
from sendoff_tasks.fastapi.event_source import EventSource, encoded
from sendoff_tasks.fastapi.requests import NOT_NOW, NotCommittedError, engine_of
from sendoff_tasks.model.reasons import Reason
from sendoff_tasks.model.states import OPEN, State
from sendoff_tasks.postgres.handed_rows import UnacceptedTask

FAILED: Final = "It failed."
UNKNOWN: Final = "There is no such job."
NOT_KEPT: Final = {"Cache-Control": "no-store"}


MomentText = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
"""RFC 3339, UTC."""


StateText = Annotated[str, Field(json_schema_extra={"enum": [*map(str, State)]})]
ReasonText = Annotated[str, Field(json_schema_extra={"enum": [*map(str, Reason)]})]
"""Text: an enum is a schema of its own, by a name that an app may have, too."""


class DurableTaskProgress(BaseModel):
    """The progress of a running task, in units of its own."""

    done: float
    total: float | None
    text: str


class DurableTaskStatus(BaseModel):
    """The status of a task; ``result`` is what its function returned, as JSON."""

    state: StateText
    progress: DurableTaskProgress | None
    result: Any
    error: str | None
    reason: ReasonText | None
    created_at: MomentText
    finished_at: MomentText | None


def status_router(*, errors: bool = False, tags: Sequence[str | Enum] = ("jobs",)) -> APIRouter:
    """Return a router with ``GET /{token}``, the status of the task with this token.

    ``GET /{token}/changes`` sends that status, and again at each change, as server-sent events. It
    ends with the task, or once the app is asked to stop.

    The token is the permission to ask: it has 128 random bits. A failed task says only that it
    failed; with ``errors`` it gives its own words. Unknown tokens and tokens of deleted tasks are
    the same 404. In the app's OpenAPI the routes have these ``tags``.
    """
    router = APIRouter(tags=[*tags])
    unknown: dict[int | str, dict[str, Any]] = {
        HTTPStatus.NOT_FOUND.value: {"description": UNKNOWN}
    }

    def read(engine: Engine, token: str) -> DurableTaskStatus:
        try:
            found = engine.task_with_token(token)
        except NOT_NOW as closed:
            raise NotCommittedError(closed) from closed
        if found is None:
            raise HTTPException(HTTPStatus.NOT_FOUND, UNKNOWN, NOT_KEPT)
        if isinstance(found, UnacceptedTask):
            return _status_of(found, errors)
        error = found["error"] if errors else FAILED if found["state"] == State.FAILED else None
        return DurableTaskStatus.model_validate({**found, "error": error})

    def find(token: str, request: Request) -> DurableTaskStatus:
        return read(engine_of(request), token)

    @router.get("/{token}", responses=unknown, summary="Read a background job")
    def read_job(
        job: Annotated[DurableTaskStatus, Depends(find)], response: Response
    ) -> DurableTaskStatus:
        response.headers.update(NOT_KEPT)
        return job

    @router.get(
        "/{token}/changes",
        dependencies=[Depends(find)],  # before the answer has begun, which then cannot be a 404
        responses=unknown,
        response_class=EventSource,
        summary="Stream a background job until it has ended",
    )
    async def follow_job(token: str, request: Request) -> EventSource:
        return EventSource(changes(engine_of(request), token))

    async def changes(engine: Engine, token: str) -> AsyncIterator[bytes]:
        is_over = lambda job: job.state not in OPEN or engine.is_ending  # noqa: E731
        try:
            async for job in follow(partial(read, engine, token), is_over):
                yield encoded(job.model_dump_json())
        except HTTPException:
            return  # it was deleted, or the app stops

    return router


def _status_of(handed: UnacceptedTask, errors: bool) -> DurableTaskStatus:
    """Return the status of a committed task that is not accepted yet, or could not be."""
    is_refused = handed.error is not None
    return DurableTaskStatus(
        state=State.FAILED if is_refused else State.QUEUED,
        progress=None,
        result=None,
        error=FAILED if is_refused and not errors else handed.error,
        reason=None,
        created_at=handed.since,
        finished_at=None,
    )
