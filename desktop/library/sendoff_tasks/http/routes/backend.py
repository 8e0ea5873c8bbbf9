"""``/health``, ``/stats`` and ``/metrics``: the state of the backend."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Annotated, Final, Literal, cast

from fastapi import APIRouter, Query, Request, Response

from sendoff_tasks.folder.keys import NONCE
from sendoff_tasks.folder.tokens import START, Tokens, token_id
from sendoff_tasks.http.guards import ACCESS, OPEN_PAGE
from sendoff_tasks.http.page_codes import CODE_S, OnceCodes
from sendoff_tasks.http.services import task_services
from sendoff_tasks.http.wire.bodies import Health, PageCode
from sendoff_tasks.http.wire.openapi import documented
from sendoff_tasks.http.wire.parameters import Route
from sendoff_tasks.http.wire.problems import RETRY
from sendoff_tasks.http.wire.requests import json_response
from sendoff_tasks.model import VERSION
from sendoff_tasks.model.events import Stats
from sendoff_tasks.model.problems import CONTRACT
from sendoff_tasks.writer.figures import BOUNDS, Histogram

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sendoff_tasks.facade.measures import Measures
    from sendoff_tasks.model.events import LaneStats
    from sendoff_tasks.model.queues import Queue
    from sendoff_tasks.writer.figures import Attempts

METRICS_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"

UNFIT: Final = frozenset({"spare", "no_database"})
"""The statuses of a backend that cannot serve the tasks; balancers expect a 503."""

router = APIRouter(tags=["backend"], route_class=Route)


@router.get(
    "/health",
    **documented(
        Health,
        also={503: "The backend cannot serve the tasks; `status` says why."},
        open_to_all=True,
    ),
)
async def get_health(
    request: Request,
    nonce: Annotated[
        str | None, Query(pattern=f"^{NONCE}$", description="Asks for a proof: 32 hex digits")
    ] = None,
    token_id: Annotated[
        str | None, Query(max_length=200, description="Which token the proof is of")
    ] = None,
) -> Response:
    """Answer while requests are served, even on a full disk; the answer holds no secret.

    With the status ``damaged``, the database file is damaged and nothing more is written to it.
    With the status ``spare``, another backend runs the tasks of the database; ``address`` is where
    that one is, if it was told. With the status ``no_database``, this backend has no session with
    the server of its database; the monitor of an app tells that by a notice only. With both, the
    HTTP status is 503, as balancers expect it.

    ``proof`` is the HMAC-SHA256 (hex) of the ``nonce``, with the token as key: a client can check
    that this is the backend before it sends the token. Anyone may ask for one, so a nonce is 32 hex
    digits, and nothing else that is signed looks like that. For a token of ``token add``, the
    key is the token's SHA-256 (hex), and ``token_id`` is the third of its four parts. ``access`` is
    what the token of the request allows.
    """
    answer: Health = {
        "status": request.app.state.health(),
        "version": VERSION,
        "contract": CONTRACT,
    }
    if answer["status"] == "spare" and (address := request.app.state.spare.address):
        answer["address"] = address
    if nonce is not None:
        tokens = cast("Tokens", request.app.state.tokens)
        answer["proof"] = tokens.proof(token_id, nonce)
    access = request.scope.get("state", {}).get(ACCESS)
    if access is not None:
        answer["access"] = access
    if answer["status"] in UNFIT:
        return json_response(answer, 503, RETRY)
    return json_response(answer)


@router.post(OPEN_PAGE, **documented(PageCode))
def make_page_code(request: Request) -> Response:
    """Make a code that opens the page of the tasks once, with the right of the request's token.

    The page is at ``/monitor/`` of the same address; a browser is sent to ``/monitor/#once=CODE``.
    The code counts for ``seconds``. When it is shown a second time, it is refused and ends the
    session that it gave.
    """
    shown = request.headers["authorization"].partition(" ")[2].strip()
    code = cast("OnceCodes", request.app.state.codes).make(token_id(shown) or START)
    answer: PageCode = {"code": code, "seconds": CODE_S}
    return json_response(answer)


@router.get("/stats", **documented(Stats))
def get_stats(request: Request) -> Response:
    """Return counts; the time this takes does not depend on the number of tasks."""
    return json_response(task_services(request).engine.stats())


@router.get("/metrics", **documented(str, media=METRICS_TYPE))
def get_metrics(request: Request) -> Response:
    """Return metrics in Prometheus' text format 0.0.4, in a time independent of the tasks."""
    text = exposition(task_services(request).engine.measures())
    return Response(text, media_type=METRICS_TYPE)


_ESCAPES: Final = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n"})


@dataclass(frozen=True, slots=True)
class Family:
    """One metric: its name, its help text, and a value for each set of labels.

    A metric whose name ends with ``_total`` is a counter; others are gauges or histograms.
    """

    name: str
    says: str
    samples: Sequence[tuple[Mapping[str, str], float | Histogram]]
    kind: Literal["gauge", "histogram"] = "gauge"

    def __str__(self) -> str:
        """Write the lines of the metric."""
        kind = "counter" if self.name.endswith("_total") else self.kind
        lines = [f"# HELP {self.name} {self.says}", f"# TYPE {self.name} {kind}"]
        for labels, value in self.samples:
            if isinstance(value, Histogram):
                lines += self._buckets(labels, value)
            else:
                lines.append(f"{self.name}{_labels(labels)} {value}")
        return "".join(f"{line}\n" for line in lines)

    def _buckets(self, labels: Mapping[str, str], histogram: Histogram) -> Iterator[str]:
        """Write a histogram: its cumulative buckets, then sum and count."""
        bounds = (*map(str, BOUNDS), "+Inf")
        for bound, count in zip(bounds, accumulate(histogram.counts), strict=True):
            yield f"{self.name}_bucket{_labels({**labels, 'le': bound})} {count}"
        yield f"{self.name}_sum{_labels(labels)} {histogram.total:.3f}"
        yield f"{self.name}_count{_labels(labels)} {sum(histogram.counts)}"


def exposition(measures: Measures) -> str:
    """Write all metrics of the backend."""
    families = [
        *_queue_metrics(measures.queues),
        *_attempt_metrics(measures.attempts),
        *_lane_metrics(measures.lanes),
        *_other_metrics(measures),
    ]
    return "".join(map(str, families))


def _queue_metrics(queues: Sequence[Queue]) -> Iterator[Family]:
    tasks = [
        ({"queue": queue["name"], "state": state}, number)
        for queue in queues
        for state, number in queue["counts"].items()
    ]
    yield Family("sendoff_tasks", "Tasks by queue and state.", tasks)
    paused = [({"queue": queue["name"]}, int(queue["paused"] is not None)) for queue in queues]
    yield Family("sendoff_queue_paused", "1 while a person has it paused.", paused)
    held = [({"queue": queue["name"]}, int(queue["held"] is not None)) for queue in queues]
    yield Family("sendoff_queue_held", "1 while its tasks are held because of a problem.", held)


def _attempt_metrics(attempts: Attempts) -> Iterator[Family]:
    started = [({"queue": queue}, number) for queue, number in attempts.started.items()]
    yield Family("sendoff_attempts_started_total", "Attempts begun.", started)
    finished = [
        ({"queue": queue, "outcome": outcome.replace(" ", "_")}, number)
        for (queue, outcome), number in attempts.finished.items()
    ]
    yield Family("sendoff_attempts_finished_total", "Attempts ended.", finished)
    for name, says, found in (
        ("waiting", "From when a task could start until it did, pauses included.", attempts.waited),
        ("running", "From an attempt's start to its end.", attempts.ran),
    ):
        samples = [({"queue": queue}, histogram) for queue, histogram in found.items()]
        yield Family(f"sendoff_{name}_seconds", says, samples, "histogram")


def _lane_metrics(lanes: Mapping[str, LaneStats]) -> Iterator[Family]:
    slots = [({"lane": name}, lane["slots"]) for name, lane in lanes.items()]
    yield Family("sendoff_lane_slots", "Attempts that may run at once.", slots)
    busy = [({"lane": name}, lane["busy"]) for name, lane in lanes.items()]
    yield Family("sendoff_lane_busy", "Attempts that run now.", busy)


def _other_metrics(measures: Measures) -> Iterator[Family]:
    yield Family("sendoff_info", "The version.", [({"version": VERSION}, 1)])
    for name, says, value in (
        (
            "oldest_queued_seconds",
            "Time since the oldest queued task was accepted.",
            measures.oldest_queued,
        ),
        ("last_event_id", "Number of the last change.", measures.last_event),
        ("store_bytes", "Size of the database and its log.", measures.store_bytes),
        (
            "refused_tasks",
            "Tasks that an app committed in the database and that could not be accepted.",
            measures.refused,
        ),
    ):
        yield Family(f"sendoff_{name}", says, [({}, value)])


def _labels(labels: Mapping[str, str]) -> str:
    pairs = ",".join(f'{name}="{value.translate(_ESCAPES)}"' for name, value in labels.items())
    return f"{{{pairs}}}" if pairs else ""
