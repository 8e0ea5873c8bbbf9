"""Scrubs the store: nothing is left in its files of what the tables no longer have.

A deleted word stays in the search index until its parts are merged, and a deleted row in the log
until that is written over. The tables' own pages are overwritten at once (``secure_delete``).
"""

from __future__ import annotations

from enum import IntEnum
from functools import partial
from typing import Final

from sendoff_tasks.model.times import DAY_MS
from sendoff_tasks.store.gaps import END
from sendoff_tasks.store.tables import statements
from sendoff_tasks.transaction.group import Group
from sendoff_tasks.transaction.parts import Part
from sendoff_tasks.transaction.replies import More

WAIT_MS: Final = 10 * 60_000
"""How long after words were deleted the duty begins, ms; more are deleted meanwhile."""
EVERY_MS: Final = DAY_MS
"""How often it begins at most, ms: it writes the whole index."""
PAUSE_MS: Final = 20
"""Between two steps, ms; most of the time, disk and GIL are free for others."""
LATER_MS: Final = 5_000
"""Between two steps while callers wait, or others read the log, ms."""


class ScrubPhase(IntEnum):
    """What a scrub does, in this order."""

    NONE = 0
    ENDING = 1
    """It ends merges that are under way, because parts that came later are not in them."""
    MERGING = 2
    """It merges all parts of the index into one."""
    FILE = 3
    """It empties the log, and overwrites the unused bytes of the file's pages."""


class Scrubbing(Part):
    """How far the duty is, and when it does its next step, epoch ms; 0 for not yet known."""

    def __init__(self) -> None:
        self.phase = ScrubPhase.NONE
        self.page = 1  # of the file, the next one
        self.due = 0
        self._not_before = 0

    def load(self, source: object) -> None:
        """Begin again: the last step may not be on disk."""
        self.phase, self.due = ScrubPhase.NONE, 0

    def shift(self, group: Group, ms: int) -> None:
        """Go on at once."""
        self.due = self._not_before = 0

    def commit(self, group: Group) -> None:
        """Note what was done after the COMMIT."""
        if group.scrubs_from is None:
            return
        if group.scrubbed_to is None:
            self.due = group.now + LATER_MS
            return
        self.page = group.scrubbed_to
        if self.page == END:
            self.phase, self.due = ScrubPhase.NONE, 0
            self._not_before = group.now + EVERY_MS

    def begin_at(self, now: int) -> int:
        """Return when a scrub begins of which the need was just found."""
        return max(now + WAIT_MS, self._not_before)


def scrub(group: Group, *, alone: bool) -> None:
    """Do one step, and record when the next is due; ``alone``: no caller waits for the group."""
    state = group.part(Scrubbing)
    if state.phase is ScrubPhase.NONE:
        if group.search.is_scrubbed:
            return
        state.due = state.due or (
            group.now if group.search.is_urgent else state.begin_at(group.now)
        )
    if group.now >= state.due:
        _step(group)
        state.due = group.now + (PAUSE_MS if alone else LATER_MS)
    group.again_at(state.due)


def scrub_now(group: Group) -> More:
    """Scrub at once; the answer comes when all that was deleted before is overwritten.

    While others read the log, only they have it, and a standing duty goes on afterwards.
    """
    group.search.unscrub(is_urgent=True)
    group.part(Scrubbing).phase = ScrubPhase.ENDING
    return More(partial(_go_on, page=None))


def _go_on(group: Group, *, page: int | None) -> More | None:
    """Do a step, unless the scrub has ended, or stands at ``page``."""
    state = group.part(Scrubbing)
    if state.phase is ScrubPhase.NONE or state.page == page:
        return None
    _step(group)
    return More(partial(_go_on, page=state.page if state.phase is ScrubPhase.FILE else None))


def _step(group: Group) -> None:
    """Do a little; words that this group has deleted are not in the index's parts yet."""
    state, search = group.part(Scrubbing), group.search
    if state.phase is ScrubPhase.NONE:
        state.phase = ScrubPhase.ENDING
    if state.phase is ScrubPhase.ENDING:
        if search.lost_now or group.merge_words(all_parts=False):
            return
        state.phase, search.is_scrubbed, search.is_urgent = ScrubPhase.MERGING, True, False
        if group.merge_words(all_parts=True):
            return
    if state.phase is ScrubPhase.MERGING:
        if group.merge_words(all_parts=False):
            return
        state.phase, state.page = ScrubPhase.FILE, 1
        if search.is_scrubbed:
            group.cursor.execute(statements.DELETE_META, (statements.UNSCRUBBED,))
    group.scrubs_from = state.page
