"""Writes metrics in Prometheus' text exposition format 0.0.4."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Final, Literal

from desktop import __version__
from desktop.engine.writer.figures import BOUNDS, Histogram

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from desktop.contract.events import LaneStats
    from desktop.contract.queues import Queue
    from desktop.engine.facade.measures import Measures
    from desktop.engine.writer.figures import Attempts

MEDIA_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"

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
        *_of_queues(measures.queues),
        *_of_attempts(measures.attempts),
        *_of_lanes(measures.lanes),
        *_of_all(measures),
    ]
    return "".join(map(str, families))


def _of_queues(queues: Sequence[Queue]) -> Iterator[Family]:
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


def _of_attempts(attempts: Attempts) -> Iterator[Family]:
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


def _of_lanes(lanes: Mapping[str, LaneStats]) -> Iterator[Family]:
    slots = [({"lane": name}, lane["slots"]) for name, lane in lanes.items()]
    yield Family("sendoff_lane_slots", "Attempts that may run at once.", slots)
    busy = [({"lane": name}, lane["busy"]) for name, lane in lanes.items()]
    yield Family("sendoff_lane_busy", "Attempts that run now.", busy)


def _of_all(measures: Measures) -> Iterator[Family]:
    yield Family("sendoff_info", "The version.", [({"version": __version__}, 1)])
    for name, says, value in (
        (
            "oldest_queued_seconds",
            "Time since the oldest queued task was accepted.",
            measures.oldest_queued,
        ),
        ("last_event_id", "Number of the last change.", measures.last_event),
        ("store_bytes", "Size of the database and its log.", measures.store_bytes),
    ):
        yield Family(f"sendoff_{name}", says, [({}, value)])


def _labels(labels: Mapping[str, str]) -> str:
    pairs = ",".join(f'{name}="{value.translate(_ESCAPES)}"' for name, value in labels.items())
    return f"{{{pairs}}}" if pairs else ""
