"""Drafts: what is typed and not saved is kept on disk, until the backend has answered."""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, TypedDict

from PySide6.QtCore import QObject, Signal

from desktop.gui.link.jobs import Job
from sendoff_tasks.client.calls import new_key
from sendoff_tasks.folder.safe_files import flush_folder, sweep_below, write_atomic

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from desktop.contract.items import NewItem
    from desktop.gui.link.jobs import Jobs
    from sendoff_tasks.model.problems import Problem

FORM: Final = "form.json"
SUBMISSION: Final = ".submission.json"
KEY_HOLDS_S: Final = 6 * 24 * 3600
"""Seconds for which a submission can safely be repeated: the backend remembers its key for seven
days, and one of them is left for its answer."""
BROKEN: Final = ".broken"
"""The suffix of an unreadable file, which is kept, not deleted."""


class DraftKind(StrEnum):
    """Kinds of unsaved input besides the form; the value is the name of their file."""

    TEMPLATES = "templates.json"
    """Edits of templates, by template."""
    IMPORTS = "imports.json"
    """Drafts of batches that this window imported, with the text typed into a row."""
    CORRECTIONS = "corrections.json"
    """Corrections that are typed and not saved, by item."""


class ItemChange(TypedDict):
    """How an item is corrected.

    With ``send`` its message is sent again, unless the open task ``user`` uses the correction.
    ``changes`` tells whether anything was changed.
    """

    send: bool
    user: int | None
    changes: bool


@dataclass(frozen=True, slots=True)
class DraftItem:
    """An item, or its correction, on its way to the backend; ``key`` makes it have one effect.

    - ``form``: the content of the form, to restore it
    - ``since``: when the item was made (epoch, ns), which is also its place in the order
    - ``undo_for``: for how many seconds it can be taken back
    - ``change``: of a correction, how
    - ``aside``: why it waits for the person instead of the backend
    - ``problem``: the backend's answer, if it refused the item
    """

    number: int | None
    body: NewItem
    form: Mapping[str, Any]
    key: str = field(default_factory=new_key)
    since: int = field(default_factory=time.time_ns)
    undo_for: float = 0
    change: ItemChange | None = None
    aside: str | None = None
    problem: Problem | None = None

    def is_for(self, address: str) -> bool:
        """Tell whether it is for the person with this address, also if that was only typed."""
        to = self.body.get("recipient")
        typed = self.form.get("values", {}).get("recipient.email", "")
        said = typed.strip() if to is None else to["email"]
        return said.casefold() == address.casefold()

    def key_holds(self, now: float) -> bool:
        """Tell whether it can be sent again at ``now`` (epoch, s) without a second effect."""
        return now - self.since / 1e9 < KEY_HOLDS_S


@dataclass(frozen=True, slots=True)
class Drafts:
    """The drafts that the last window left; ``broken`` names files that could not be read."""

    form: dict[str, Any] | None
    submissions: list[DraftItem]
    broken: list[Path]


class DraftBox:
    """The folder of drafts. Its methods write, so they run as jobs, one after the other.

    Each file is replaced atomically: after a crash or power cut, it is the old or the new one. All
    methods raise ``OSError`` if the folder cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def load(self) -> Drafts:
        """Read the form and the submissions, the oldest first; sweep what a killed window left."""
        sweep_below(self._folder)
        broken: list[Path] = []
        submissions = []
        form = None
        for path in sorted(self._folder.glob("*.json")):
            if path.name in set(DraftKind):
                continue
            try:
                content = json.loads(path.read_bytes())
                if path.name == FORM:
                    form = dict(content)
                else:
                    submissions.append(DraftItem(**content))
            except (ValueError, TypeError):
                broken.append(path.replace(path.with_name(path.name + BROKEN)))
        submissions.sort(key=lambda each: each.since)
        return Drafts(form, submissions, broken)

    def save_form(self, form: Mapping[str, Any] | None) -> None:
        """Store the content of the form; ``None`` if it is empty."""
        path = self._folder / FORM
        if form is None:
            path.unlink(missing_ok=True)
        else:
            write_atomic(path, json.dumps(form).encode())

    def free_form(self, submission: DraftItem) -> None:
        """Delete the content of the form if the submission that has it is stored."""
        if self._path(submission).exists():
            self.save_form(None)

    def load_typed(self, kind: DraftKind) -> dict[str, dict[str, Any]]:
        """Read the unsaved input of a kind, by name."""
        path = self._folder / kind
        try:
            return dict(json.loads(path.read_bytes()))
        except FileNotFoundError:
            return {}
        except (ValueError, TypeError):
            path.replace(path.with_name(path.name + BROKEN))
            return {}

    def save_typed(
        self,
        kind: DraftKind,
        drafts: Mapping[str, Mapping[str, Any]],
        once: DraftItem | None = None,
    ) -> None:
        """Store the unsaved input of a kind, by name; delete the file if there is none.

        What has become a submission goes ``once`` that is stored.
        """
        path = self._folder / kind
        if once is not None and not self._path(once).exists():
            return
        if drafts:
            write_atomic(path, json.dumps(drafts).encode())
        else:
            path.unlink(missing_ok=True)

    def save(self, submission: DraftItem) -> None:
        """Store a submission, or its change."""
        write_atomic(self._path(submission), json.dumps(asdict(submission)).encode())

    def drop(self, submission: DraftItem) -> None:
        """Delete a submission that was answered, or that the person took back."""
        self._path(submission).unlink(missing_ok=True)
        flush_folder(self._folder)

    def forget(self, address: str) -> None:
        """Delete all submissions for the person with this address."""
        for submission in self.load().submissions:
            if submission.is_for(address):
                self.drop(submission)

    def _path(self, submission: DraftItem) -> Path:
        return self._folder / f"{submission.key}{SUBMISSION}"


class TypedDrafts(QObject):
    """The drafts of one kind by name; the one changed last is at the end.

    ``jobs`` runs on one thread, so drafts are written in the order of typing. ``saving`` asks for
    what is typed now, before the window ends.
    """

    saving = Signal()

    def __init__(self, kind: DraftKind, box: DraftBox, jobs: Jobs, parent: QObject) -> None:
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

    def save(self, name: str, draft: dict[str, Any] | None, once: DraftItem | None = None) -> None:
        """Keep a draft under a name; ``None`` removes it, from the disk ``once`` another has it."""
        self.read(lambda: self._save(name, draft, once))

    def forget(self, address: str) -> None:
        """Drop from all drafts what has an address: its person was forgotten."""

        def drop() -> None:
            for name, draft in (self._drafts or {}).items():
                kept = {
                    key: value
                    for key, value in draft.items()
                    if address.casefold() not in json.dumps(value, ensure_ascii=False).casefold()
                }
                self._save(name, kept)

        self.read(drop)

    def _save(self, name: str, draft: dict[str, Any] | None, once: DraftItem | None = None) -> None:
        before = self._drafts or {}
        drafts = {each: kept for each, kept in before.items() if each != name}
        if draft is not None:
            drafts[name] = draft
        if drafts != before:
            self._drafts = drafts
            self._jobs.start(Job(self._box.save_typed, self._kind, drafts, once))
