"""Measures as Prometheus reads them: the text exposition format 0.0.4."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from desktop import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from desktop.contract.events import LaneStats
    from desktop.contract.queues import Queue
    from desktop.engine.measures import Measures

MEDIA_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"

_ESCAPES: Final = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n"})


@dataclass(frozen=True, slots=True)
class Family:
    """One metric: its name, what it says, and a value for each set of labels.

    One whose name ends with ``_total`` is a counter, any other a gauge.
    """

    name: str
    says: str
    samples: Sequence[tuple[Mapping[str, str], float]]

    def __str__(self) -> str:
        """Write its lines."""
        kind = "counter" if self.name.endswith("_total") else "gauge"
        lines = [f"# HELP {self.name} {self.says}", f"# TYPE {self.name} {kind}"]
        lines += [f"{self.name}{_labels(labels)} {value}" for labels, value in self.samples]
        return "".join(f"{line}\n" for line in lines)


def exposition(measures: Measures) -> str:
    """Write all there is to be measured of the backend."""
    families = [*_of_queues(measures.queues), *_of_lanes(measures.lanes), *_of_all(measures)]
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


def _of_lanes(lanes: Mapping[str, LaneStats]) -> Iterator[Family]:
    slots = [({"lane": name}, lane["slots"]) for name, lane in lanes.items()]
    yield Family("sendoff_lane_slots", "Attempts that may run at once.", slots)
    busy = [({"lane": name}, lane["busy"]) for name, lane in lanes.items()]
    yield Family("sendoff_lane_busy", "Attempts that run now.", busy)


def _of_all(measures: Measures) -> Iterator[Family]:
    yield Family("sendoff_info", "The version.", [({"version": __version__}, 1)])
    for name, says, value in (
        ("attempts_started_total", "Attempts begun.", measures.started),
        ("attempts_finished_total", "Attempts ended.", measures.finished),
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
