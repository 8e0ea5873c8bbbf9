"""The filters of the task list: what each shows, as the API's own query for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from desktop.contract.office import OfficeReason
from desktop.gui.kit.words.table import say
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

    ``token`` is the colour of its ``icon``. The number of one that ``is_urgent`` stands out.
    """

    name: str
    meant: TaskFilter
    icon: str | None = None
    token: str = "text"  # noqa: S105 - the name of a colour
    is_urgent: bool = False

    @property
    def title(self) -> str:
        """Its words."""
        return say("filter", self.name)

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


ALL: Final = NamedFilter("all", TaskFilter())
CAME_BACK: Final = TaskFilter((State.SUCCEEDED,), reasons=(OfficeReason.CAME_BACK,))
FILTERS: Final = {
    each.name: each
    for each in (
        ALL,
        NamedFilter("need_you", NAMED["need_you"], "triangle-alert", "failed", is_urgent=True),
        NamedFilter("under_way", NAMED["under_way"], "loader-circle", "running"),
        NamedFilter("waiting", NAMED["waiting"], "rotate-cw", "waiting"),
        NamedFilter("scheduled", NAMED["scheduled"], "calendar-clock", "scheduled"),
        NamedFilter("done", NAMED["done"], "circle-check", "succeeded"),
        NamedFilter("failed", NAMED["failed"], "circle-x", "failed", is_urgent=True),
        NamedFilter("uncertain", NAMED["uncertain"], "circle-help", "uncertain", is_urgent=True),
        NamedFilter("cancelled", NAMED["cancelled"], "ban", "cancelled"),
        NamedFilter("seen", NAMED["seen"], "eye", "cancelled"),
        NamedFilter("kept", NAMED["kept"], "inbox", "kept"),
        NamedFilter("settled", NAMED["settled"], "check", "succeeded"),
        NamedFilter("came_back", CAME_BACK, "mail-x", "failed"),
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
