"""``/acts``: who asked for what."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Final

from fastapi import APIRouter, Request, Response
from starlette.responses import StreamingResponse

from sendoff_tasks.http.services import task_services
from sendoff_tasks.http.wire.openapi import documented
from sendoff_tasks.http.wire.parameters import ActPageQuery, ActQuery, Route
from sendoff_tasks.http.wire.requests import json_response
from sendoff_tasks.model.acts import ActPage
from sendoff_tasks.model.tasks import PAGE_LIMIT
from sendoff_tasks.model.text import defused
from sendoff_tasks.store.reads.acts import read_acts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sendoff_tasks.facade.engine import Engine
    from sendoff_tasks.model.acts import ActFilter

router = APIRouter(tags=["tasks"], route_class=Route)

COLUMNS: Final = ("at", "who", "verb", "kind", "name", "count", "tasks")


@router.get("/acts", **documented(ActPage))
def list_acts(query: ActPageQuery, request: Request) -> Response:
    """Return what people asked for, the newest first; ``next`` is the ``after`` of the next page.

    Acts are kept as long as succeeded tasks. A page may be short, or empty, while ``next`` is set.
    """
    engine = task_services(request).engine
    return json_response(engine.read(read_acts, query.meant(), query.after, query.limit))


@router.get("/acts/export", **documented(str, media="text/csv"))
def export_acts(query: ActQuery, request: Request) -> Response:
    """Return all of them as a table with a header; times are UTC."""
    lines = _lines(task_services(request).engine, query.meant())
    return StreamingResponse(lines, media_type="text/csv")


def _lines(engine: Engine, wanted: ActFilter) -> Iterator[str]:
    yield _line(COLUMNS)
    after: int | None = None
    while True:
        page = engine.read(read_acts, wanted, after, PAGE_LIMIT)
        for act in page["acts"]:
            runs = (f"{a}-{b}" if a < b else str(a) for a, b in act["tasks"])
            yield _line([*(str(act[name]) for name in COLUMNS[:-1]), " ".join(runs)])
        after = page["next"]
        if after is None:
            return


def _line(cells: Sequence[str]) -> str:
    """Write a line; a spreadsheet takes no cell for a formula."""
    text = io.StringIO()
    csv.writer(text).writerow(map(defused, cells))
    return text.getvalue()
