"""Drafts: what is typed and not saved is kept on disk for the next window."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from desktop.gui.link.jobs import Job

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.client.drafts import DraftBox, Typed
    from desktop.gui.link.jobs import Jobs


class TypedDrafts(QObject):
    """The drafts of one kind by name; the one changed last is at the end.

    ``jobs`` runs on one thread, so drafts are written in the order of typing. ``saving`` asks for
    what is typed now, before the window ends.
    """

    saving = Signal()

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

    def keep(self, name: str, draft: dict[str, Any] | None) -> None:
        """Keep a draft under a name; ``None`` removes it."""
        self.read(lambda: self._keep(name, draft))

    def _keep(self, name: str, draft: dict[str, Any] | None) -> None:
        before = self._drafts or {}
        drafts = {each: kept for each, kept in before.items() if each != name}
        if draft is not None:
            drafts[name] = draft
        if drafts != before:
            self._drafts = drafts
            self._jobs.start(Job(self._box.save_typed, self._kind, drafts))
