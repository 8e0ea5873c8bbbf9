"""What is typed into templates and not saved: on disk at once, there for the next window."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from desktop.gui.jobs import Job

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.client.drafts import DraftBox
    from desktop.gui.jobs import Jobs


class TemplateDrafts:
    """Drafts by the names of their templates; ``jobs`` runs one thread, in the order of typing."""

    def __init__(self, box: DraftBox, jobs: Jobs) -> None:
        self._box = box
        self._jobs = jobs
        self._drafts: dict[str, dict[str, Any]] | None = None

    def read(self, follows: Callable[[], object]) -> None:
        """Read what the last window left, the first time; then do what ``follows``."""

        def take(drafts: dict[str, dict[str, Any]]) -> None:
            self._drafts = drafts
            follows()

        if self._drafts is not None:
            follows()
            return
        job = Job(self._box.load_templates).then(take)
        self._jobs.start(job.otherwise(lambda _: take({})))

    def newest(self) -> str:
        """Return the template that was typed in last, or an empty text."""
        return next(reversed(self._drafts or {}), "")

    def of(self, template: str) -> dict[str, Any] | None:
        """Return what was typed into a template."""
        return (self._drafts or {}).get(template)

    def keep(self, template: str, draft: dict[str, Any] | None) -> None:
        """Keep what is typed into a template now; with ``None``, nothing of it."""
        before = self._drafts or {}
        drafts = {name: each for name, each in before.items() if name != template}
        if draft is not None:
            drafts[template] = draft
        if drafts != before:
            self._drafts = drafts
            self._jobs.start(Job(self._box.save_templates, drafts))
