"""What is typed and not saved: on disk at once, there for the next window."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, Signal

from desktop.gui.jobs import Job

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.client.drafts import DraftBox, Typed
    from desktop.gui.jobs import Jobs
    from desktop.gui.widgets.sheets.keeping_sheet import KeepingSheet

ASIDE: Final = "aside"
"""Marks a draft that is not pointed to any more; it is there where it was typed."""


class TypedDrafts(QObject):
    """The drafts of one kind by name, the one that was typed in last at the end.

    ``changed`` tells that one came, changed or went, ``taken_up`` which one is in sight again.
    ``jobs`` runs one thread, in the order of typing.
    """

    changed = Signal()
    taken_up = Signal(str)

    def __init__(self, kind: Typed, box: DraftBox, jobs: Jobs, parent: QObject) -> None:
        super().__init__(parent)
        self._kind = kind
        self._box = box
        self._jobs = jobs
        self._drafts: dict[str, dict[str, Any]] | None = None

    def read(self, follows: Callable[[], object]) -> None:
        """Read what the last window left, the first time; then do what ``follows``."""

        def take(drafts: dict[str, dict[str, Any]]) -> None:
            if self._drafts is None:
                self._drafts = drafts
            follows()

        if self._drafts is not None:
            follows()
            return
        job = Job(self._box.load_typed, self._kind).then(take)
        self._jobs.start(job.otherwise(lambda _: take({})))

    def names(self) -> list[str]:
        """Return what there are drafts of, the one that was typed in last at the end."""
        return list(self._drafts or {})

    def of(self, name: str) -> dict[str, Any] | None:
        """Return the draft of that name."""
        return (self._drafts or {}).get(name)

    def left(self) -> list[str]:
        """Return the names of those that are pointed to."""
        return [name for name, draft in (self._drafts or {}).items() if ASIDE not in draft]

    def put_aside(self, name: str) -> None:
        """Point to a draft no more; it stays where it was typed."""
        self.read(lambda: self._mark(name, {ASIDE: True}))

    def take_up(self, name: str) -> None:
        """Take note that a draft is in sight again."""
        self.read(lambda: self._mark(name, {}))
        self.taken_up.emit(name)

    def follow(self, sheet: KeepingSheet) -> None:
        """Keep what is typed into a sheet; it is pointed to until the person closes that."""
        sheet.draft_changed.connect(self.keep)
        sheet.draft_shown.connect(self.take_up)
        sheet.closed.connect(lambda: self.put_aside(sheet.draft_name))

    def put_back(self, sheet: KeepingSheet) -> None:
        """Show in a sheet what was typed before into what it asks for, if anything was."""
        self.read(partial(self._put_back, sheet, sheet.draft_name))

    def keep(self, name: str, draft: dict[str, Any] | None) -> None:
        """Keep this as the draft of that name; with ``None``, nothing."""
        self.read(lambda: self._keep(name, draft))

    def when_kept(self, follows: Callable[[], object]) -> None:
        """Do what ``follows`` once what was kept before is on the disk."""
        self.read(lambda: self._jobs.start(Job(lambda: None).then(lambda _: follows())))

    def _put_back(self, sheet: KeepingSheet, name: str) -> None:
        draft = self.of(name)
        if draft is not None and sheet.draft_name == name:
            sheet.show_draft(draft)

    def _mark(self, name: str, marks: dict[str, Any]) -> None:
        draft = self.of(name)
        if draft is not None:
            unmarked = {key: value for key, value in draft.items() if key != ASIDE}
            self._keep(name, unmarked | marks)

    def _keep(self, name: str, draft: dict[str, Any] | None) -> None:
        before = self._drafts or {}
        drafts = {each: kept for each, kept in before.items() if each != name}
        if draft is not None:
            drafts[name] = draft
        if drafts != before:
            self._drafts = drafts
            self._jobs.start(Job(self._box.save_typed, self._kind, drafts))
            self.changed.emit()
