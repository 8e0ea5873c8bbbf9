"""The parameters of queries about items and batches."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Query
from pydantic import BaseModel, Field

from desktop.backend.wire.items import InformedWords, OfficeReasons, Outcomes, RowChecks
from sendoff_tasks.http.wire.bodies import Grace, Id, SearchText
from sendoff_tasks.http.wire.parameters import (
    FilterParameters,
    IdsParameters,
    Route,
    Sort,
    TaskParameters,
)
from sendoff_tasks.model.tasks import PAGE_LIMIT


class ItemParameters(BaseModel):
    """The query of ``GET /items``; several words of ``informed`` are separated by commas.

    With ``deeds``, each item has what people did about its tasks. ``tasks=none`` leaves out those
    that have a task.
    """

    text: SearchText = ""
    batch_id: Id | None = None
    informed: InformedWords | None = None
    sort: Literal["item_id", "-item_id"] = "-item_id"
    after: Id | None = None
    limit: Annotated[int, Field(ge=1, le=PAGE_LIMIT)] = 100
    deeds: bool = False
    tasks: Literal["none"] | None = None


class OfficeFilterParameters(FilterParameters):
    """The query of ``GET /tasks/counts``, where tasks may be messages."""

    item_id: Id | None = None
    to: SearchText = ""
    reason: OfficeReasons | None = None


class OfficeIdsParameters(OfficeFilterParameters, IdsParameters):
    """The query of ``GET /tasks/ids``, where tasks may be messages."""

    sort: Literal[Sort, "to", "-to", "item_id", "-item_id"] = "-id"  # type: ignore[assignment]


class OfficeTaskParameters(OfficeIdsParameters, TaskParameters):
    """The query of ``GET /tasks``, where tasks may be messages."""


class BatchParameters(BaseModel):
    """The query of ``GET /batches``."""

    after: Annotated[str, Field(max_length=1000)] | None = None
    limit: Annotated[int, Field(ge=1, le=PAGE_LIMIT)] = 100


class DeleteParameters(BaseModel):
    """The query of ``DELETE /batches/{batch_id}``."""

    delay: Grace = 0


class RowParameters(BatchParameters):
    """The query of ``GET /batches/{batch_id}/rows``; several words are separated by commas."""

    check: RowChecks | None = None
    outcome: Outcomes | None = None


BatchQuery = Annotated[BatchParameters, Query()]
DeleteQuery = Annotated[DeleteParameters, Query()]
RowQuery = Annotated[RowParameters, Query()]
OfficeIds = Annotated[OfficeIdsParameters, Query()]
OfficeTasks = Annotated[OfficeTaskParameters, Query()]
OfficeFilterQuery = Annotated[OfficeFilterParameters, Query()]
ItemPage = Annotated[ItemParameters, Query()]


class ItemRoute(Route):
    """A route of items."""

    words = frozenset({"/items/batch", "/items/next"})
