"""Drafts: what is typed and not saved is kept on disk for the next window."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, Signal

from desktop.gui.link.jobs import Job

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.client.drafts import DraftBox, Typed
    from desktop.gui.link.jobs import Jobs

ASIDE: Final = "aside"
"""Marks a draft that is no longer offered; it stays where it was typed."""


class TypedDrafts(QObject):
    """The drafts of one kind by name; the one changed last is at the end.

    ``changed`` says that a draft was added, changed or removed, ``taken_up`` which one is shown
    again. ``jobs`` runs on one thread, so drafts are written in the order of typing.
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
        """Read the drafts of the last window, the first time; then call ``follows``."""

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
        """Return the names of all drafts; the one changed last is at the end."""
        return list(self._drafts or {})

    def of(self, name: str) -> dict[str, Any] | None:
        """Return the draft of that name."""
        return (self._drafts or {}).get(name)

    def left(self) -> list[str]:
        """Return the names of the drafts that are still offered."""
        return [name for name, draft in (self._drafts or {}).items() if ASIDE not in draft]

    def put_aside(self, name: str) -> None:
        """Stop offering a draft; it stays where it was typed."""
        self.read(lambda: self._mark(name, {ASIDE: True}))

    def take_up(self, name: str) -> None:
        """Note that a draft is shown again."""
        self.read(lambda: self._mark(name, {}))
        self.taken_up.emit(name)

    def keep(self, name: str, draft: dict[str, Any] | None) -> None:
        """Keep a draft under a name; ``None`` removes it."""
        self.read(lambda: self._keep(name, draft))

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
