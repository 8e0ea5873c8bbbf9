"""The filters of the task list: what each shows, as the API's own query for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QT_TRANSLATE_NOOP

from desktop.contract.office import OfficeReason
from sendoff_tasks.model.reasons import NEEDS_PERSON, NO_REASON, Reason
from sendoff_tasks.model.states import State

if TYPE_CHECKING:
    from collections.abc import Mapping

    from desktop.contract.office import OfficeStats
    from sendoff_tasks.model.tasks import TaskCounts


@dataclass(frozen=True, slots=True)
class NamedFilter:
    """One filter: its ``name`` in the program, the arguments of its query, and its chip.

    ``standing`` limits queued tasks to those that a pause or a hold stops (true), or to the others
    (false). ``seen`` limits failed and uncertain tasks to those that a person has dealt with, or to
    those that need one. ``token`` is the colour of its ``icon``.
    """

    name: str
    title: str
    states: tuple[str, ...] = ()
    icon: str | None = None
    token: str = "text"  # noqa: S105 - the name of a colour
    standing: bool | None = None
    seen: bool | None = None
    reasons: tuple[str, ...] = ()
    about: str = ""
    """The tooltip of its chip."""
    is_urgent: bool = False
    """Whether its number stands out."""

    @property
    def asked(self) -> dict[str, Any]:
        """The arguments of its query."""
        own = {
            "states": self.states,
            "standing": self.standing,
            "seen": self.seen,
            "reasons": self.reasons,
        }
        return {name: given for name, given in own.items() if given not in (None, ())}

    def is_in(self, asked: Mapping[str, Any]) -> bool:
        """Tell whether the arguments of a query contain all tasks of the filter."""
        is_part = bool(self.states) and {*asked["states"]}.issuperset(self.states)
        reasons = asked.get("reasons", ())
        told = ((self.standing, asked.get("standing")), (self.seen, asked.get("seen")))
        is_met = all(own is None or given in {None, own} for own, given in told)
        return (
            is_part and is_met and (not reasons or {*reasons}.issuperset(self.reasons or (None,)))
        )

    def count(self, counts: OfficeStats | TaskCounts) -> int:
        """Count its tasks by state; no count tells what a filter of reasons has."""
        of, standing = counts["counts"], counts["standing"]
        count = sum(of.get(state, 0) for state in self.states or of)
        if self.seen is not None:
            seen = sum(counts["seen"].get(state, 0) for state in self.states)
            return seen if self.seen else count - seen
        if self.standing is None:
            return count
        return count - (of.get(State.QUEUED, 0) - standing if self.standing else standing)


ALL: Final = NamedFilter("all", str(QT_TRANSLATE_NOOP("chips", "All")))
FILTERS: Final = {
    each.name: each
    for each in (
        ALL,
        NamedFilter(
            "need_you",
            str(QT_TRANSLATE_NOOP("chips", "Need you")),
            (State.FAILED, State.UNCERTAIN, State.WAITING),
            "triangle-alert",
            "failed",
            seen=False,
            reasons=tuple(sorted(NEEDS_PERSON)),
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
            (State.QUEUED, State.RUNNING),
            "loader-circle",
            "running",
            standing=False,
        ),
        NamedFilter(
            "waiting",
            str(QT_TRANSLATE_NOOP("chips", "Waiting")),
            (State.WAITING, State.QUEUED),
            "rotate-cw",
            "waiting",
            standing=True,
        ),
        NamedFilter(
            "scheduled",
            str(QT_TRANSLATE_NOOP("chips", "Scheduled")),
            (State.SCHEDULED,),
            "calendar-clock",
            "scheduled",
        ),
        NamedFilter(
            "done",
            str(QT_TRANSLATE_NOOP("chips", "Done")),
            (State.SUCCEEDED,),
            "circle-check",
            "succeeded",
            reasons=(NO_REASON,),
            about=str(QT_TRANSLATE_NOOP("chips", "Tasks that were sent, or have run")),
        ),
        NamedFilter(
            "failed",
            str(QT_TRANSLATE_NOOP("chips", "Failed")),
            (State.FAILED,),
            "circle-x",
            "failed",
            seen=False,
            is_urgent=True,
        ),
        NamedFilter(
            "uncertain",
            str(QT_TRANSLATE_NOOP("chips", "Uncertain")),
            (State.UNCERTAIN,),
            "circle-help",
            "uncertain",
            seen=False,
            is_urgent=True,
        ),
        NamedFilter(
            "cancelled",
            str(QT_TRANSLATE_NOOP("chips", "Cancelled")),
            (State.CANCELLED,),
            "ban",
            "cancelled",
        ),
        NamedFilter(
            "seen",
            str(QT_TRANSLATE_NOOP("chips", "Seen")),
            (State.FAILED, State.UNCERTAIN),
            "eye",
            "cancelled",
            seen=True,
            about=str(
                QT_TRANSLATE_NOOP(
                    "chips", "Failed and uncertain tasks that were sent again or marked as seen"
                )
            ),
        ),
        NamedFilter(
            "kept",
            str(QT_TRANSLATE_NOOP("chips", "Kept")),
            (State.SUCCEEDED,),
            "inbox",
            "kept",
            reasons=(Reason.KEPT,),
            about=str(QT_TRANSLATE_NOOP("chips", "E-mails that practice mode kept, not sent")),
        ),
        NamedFilter(
            "settled",
            str(QT_TRANSLATE_NOOP("chips", "Marked as done")),
            (State.SUCCEEDED,),
            "check",
            "succeeded",
            reasons=(Reason.SETTLED_BY_PERSON,),
            about=str(QT_TRANSLATE_NOOP("chips", "A person said that they were sent, or done")),
        ),
        NamedFilter(
            "came_back",
            str(QT_TRANSLATE_NOOP("chips", "Bounced")),
            (State.SUCCEEDED,),
            "mail-x",
            "failed",
            reasons=(OfficeReason.CAME_BACK,),
            about=str(QT_TRANSLATE_NOOP("chips", "E-mails that were sent and came back")),
        ),
    )
}
"""All filters by name, in their fixed order."""
IN_ROW: Final = ("need_you", "under_way", "waiting", "scheduled", "done")
"""The filters that may stand beside *All*; the others are under *More*."""
MOST_IN_ROW: Final = 4
BY_REASON: Final = {name: each for name, each in FILTERS.items() if each.reasons}
"""The filters that need a count of their own."""


@dataclass(frozen=True, slots=True)
class FoundCounts:
    """The counts of one read: ``states`` of a search by state, ``own`` by name of a filter.

    ``states`` is ``None`` while nothing narrows the list. Each of ``own`` has whether it is exact.
    """

    states: TaskCounts | None = None
    own: Mapping[str, tuple[int, bool]] = field(default_factory=dict)
