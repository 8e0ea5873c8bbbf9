"""The filters of the task list: what each shows, as the API's own query for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QT_TRANSLATE_NOOP

from desktop.contract.office import OfficeReason
from sendoff_tasks.model.filters import NAMED, TaskFilter
from sendoff_tasks.model.states import State

if TYPE_CHECKING:
    from collections.abc import Mapping

    from desktop.contract.office import OfficeStats
    from sendoff_tasks.model.tasks import TaskCounts


_ASKED: Final = ("states", "standing", "seen", "reasons")


@dataclass(frozen=True, slots=True)
class NamedFilter:
    """One filter: its ``name`` in the program, the tasks that are ``meant``, and its chip.

    ``token`` is the colour of its ``icon``.
    """

    name: str
    title: str
    meant: TaskFilter
    icon: str | None = None
    token: str = "text"  # noqa: S105 - the name of a colour
    about: str = ""
    """The tooltip of its chip."""
    is_urgent: bool = False
    """Whether its number stands out."""

    @property
    def asked(self) -> dict[str, Any]:
        """The arguments of its query."""
        own = {name: getattr(self.meant, name) for name in _ASKED}
        return {name: given for name, given in own.items() if given not in (None, ())}

    def is_in(self, asked: Mapping[str, Any]) -> bool:
        """Tell whether the arguments of a query contain all tasks of the filter."""
        own, reasons = self.meant, asked.get("reasons", ())
        is_part = bool(own.states) and {*asked["states"]}.issuperset(own.states)
        told = ((own.standing, asked.get("standing")), (own.seen, asked.get("seen")))
        is_met = all(each is None or given in {None, each} for each, given in told)
        is_for_reason = not reasons or {*reasons}.issuperset(own.reasons or (None,))
        return is_part and is_met and is_for_reason

    def count(self, counts: OfficeStats | TaskCounts) -> int:
        """Count its tasks by state; no count tells what a filter of reasons has."""
        own, of, standing = self.meant, counts["counts"], counts["standing"]
        count = sum(of.get(state, 0) for state in own.states or of)
        if own.seen is not None:
            seen = sum(counts["seen"].get(state, 0) for state in own.states)
            return seen if own.seen else count - seen
        if own.standing is None:
            return count
        return count - (of.get(State.QUEUED, 0) - standing if own.standing else standing)


ALL: Final = NamedFilter("all", str(QT_TRANSLATE_NOOP("chips", "All")), TaskFilter())
FILTERS: Final = {
    each.name: each
    for each in (
        ALL,
        NamedFilter(
            "need_you",
            str(QT_TRANSLATE_NOOP("chips", "Need you")),
            NAMED["need_you"],
            "triangle-alert",
            "failed",
            about=str(
                QT_TRANSLATE_NOOP(
                    "chips",
                    "Failed and uncertain tasks, and those on hold for a person: the same for"
                    " everyone who uses these data",
                )
            ),
            is_urgent=True,
        ),
        NamedFilter(
            "under_way",
            str(QT_TRANSLATE_NOOP("chips", "Under way")),
            NAMED["under_way"],
            "loader-circle",
            "running",
        ),
        NamedFilter(
            "waiting",
            str(QT_TRANSLATE_NOOP("chips", "Waiting")),
            NAMED["waiting"],
            "rotate-cw",
            "waiting",
        ),
        NamedFilter(
            "scheduled",
            str(QT_TRANSLATE_NOOP("chips", "Scheduled")),
            NAMED["scheduled"],
            "calendar-clock",
            "scheduled",
        ),
        NamedFilter(
            "done",
            str(QT_TRANSLATE_NOOP("chips", "Done")),
            NAMED["done"],
            "circle-check",
            "succeeded",
            about=str(QT_TRANSLATE_NOOP("chips", "Tasks that were sent, or have run")),
        ),
        NamedFilter(
            "failed",
            str(QT_TRANSLATE_NOOP("chips", "Failed")),
            NAMED["failed"],
            "circle-x",
            "failed",
            is_urgent=True,
        ),
        NamedFilter(
            "uncertain",
            str(QT_TRANSLATE_NOOP("chips", "Uncertain")),
            NAMED["uncertain"],
            "circle-help",
            "uncertain",
            is_urgent=True,
        ),
        NamedFilter(
            "cancelled",
            str(QT_TRANSLATE_NOOP("chips", "Cancelled")),
            NAMED["cancelled"],
            "ban",
            "cancelled",
        ),
        NamedFilter(
            "seen",
            str(QT_TRANSLATE_NOOP("chips", "Seen")),
            NAMED["seen"],
            "eye",
            "cancelled",
            about=str(
                QT_TRANSLATE_NOOP(
                    "chips", "Failed and uncertain tasks that were sent again or marked as seen"
                )
            ),
        ),
        NamedFilter(
            "kept",
            str(QT_TRANSLATE_NOOP("chips", "Kept")),
            NAMED["kept"],
            "inbox",
            "kept",
            about=str(QT_TRANSLATE_NOOP("chips", "E-mails that practice mode kept, not sent")),
        ),
        NamedFilter(
            "settled",
            str(QT_TRANSLATE_NOOP("chips", "Marked as done")),
            NAMED["settled"],
            "check",
            "succeeded",
            about=str(QT_TRANSLATE_NOOP("chips", "A person said that they were sent, or done")),
        ),
        NamedFilter(
            "came_back",
            str(QT_TRANSLATE_NOOP("chips", "Bounced")),
            TaskFilter((State.SUCCEEDED,), reasons=(OfficeReason.CAME_BACK,)),
            "mail-x",
            "failed",
            about=str(QT_TRANSLATE_NOOP("chips", "E-mails that were sent and came back")),
        ),
    )
}
"""All filters by name, in their fixed order."""
IN_ROW: Final = ("need_you", "under_way", "waiting", "scheduled", "done")
"""The filters that may stand beside *All*; the others are under *More*."""
MOST_IN_ROW: Final = 4
BY_REASON: Final = {name: each for name, each in FILTERS.items() if each.meant.reasons}
"""The filters that need a count of their own."""


@dataclass(frozen=True, slots=True)
class FoundCounts:
    """The counts of one read: ``states`` of a search by state, ``own`` by name of a filter.

    ``states`` is ``None`` while nothing narrows the list. Each of ``own`` has whether it is exact.
    """

    states: TaskCounts | None = None
    own: Mapping[str, tuple[int, bool]] = field(default_factory=dict)
