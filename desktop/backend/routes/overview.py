"""``/overview``: how it went in the last hour or day."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from desktop.backend.parts.parts import parts_of
from desktop.backend.wire.body import json_response
from desktop.backend.wire.examples.queues import OVERVIEW
from desktop.backend.wire.openapi import READS, documented
from desktop.backend.wire.parameters import OverviewQuery, Route
from desktop.contract.overview import Overview

router = APIRouter(tags=["queues"], route_class=Route)


@router.get(
    "/overview",
    operation_id="get_overview",
    summary="What ended in the last hour or day, and how long it took",
    **documented(200, Overview, OVERVIEW, *READS),
)
def overview(query: OverviewQuery, request: Request) -> Response:
    """Tell the last hour by minutes, or the last day by hours, and each queue as it is now.

    What ended is counted in the transaction that ends it, so nothing is scanned and a restart
    loses nothing. Minutes are kept for three hours, hours for eight days.
    """
    return json_response(parts_of(request).engine.overview(query.span))
