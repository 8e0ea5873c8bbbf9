"""What a person typed and the backend has not answered yet, on disk until it has."""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from desktop.client.api import new_key
from desktop.settings.atomic import flush_folder, write_atomic

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from desktop.contract.items import NewItem
    from desktop.contract.problems import Problem

FORM: Final = "form.json"
SUBMISSION: Final = ".submission.json"
KEY_HOLDS_S: Final = 6 * 24 * 3600
"""Seconds for which sending a submission again is harmless: the backend knows its key for seven
days, and is given one of them to answer."""
BROKEN: Final = ".broken"
"""Put behind the name of a file that cannot be read: it is kept, not deleted."""


class Typed(StrEnum):
    """What a person types into besides the form, by the file that keeps it."""

    TEMPLATES = "templates.json"
    """By the template."""
    CORRECTIONS = "corrections.json"
    """By the item."""
    IMPORTS = "imports.json"
    """By the draft of a batch: those that this window brought in, with what is typed in a row."""
    SHEETS = "sheets.json"
    """By the sheet and what it is about: the mail settings, a run, an address, a time."""
    ACTIONS = "actions.json"
    """By its key: what a person started, until it is carried out or undone."""


@dataclass(frozen=True, slots=True)
class DraftItem:
    """An item on its way: ``key`` makes sending it twice the same as once.

    ``form`` is the form as it was, to bring it back. ``since`` is when it was made (epoch, ns)
    and so its place in the line. ``aside`` says why it waits for the person instead of the
    backend, and ``problem`` is the backend's answer if it refused it.
    """

    number: int | None
    body: NewItem
    form: Mapping[str, Any]
    key: str = field(default_factory=new_key)
    since: int = field(default_factory=time.time_ns)
    aside: str | None = None
    problem: Problem | None = None

    def key_holds(self, now: float) -> bool:
        """Tell whether it may be sent again at ``now`` (epoch, s) without a second effect."""
        return now - self.since / 1e9 < KEY_HOLDS_S


@dataclass(frozen=True, slots=True)
class Drafts:
    """What the last window left behind; ``broken`` names files that could not be read."""

    form: dict[str, Any] | None
    submissions: list[DraftItem]
    broken: list[Path]


class DraftBox:
    """The folder of drafts. Its methods write, so they run as jobs, one after the other.

    Each file is replaced whole; a crash or power cut leaves the old one or the new one. All
    methods raise ``OSError`` when the folder cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def load(self) -> Drafts:
        """Read everything, oldest submission first."""
        broken: list[Path] = []
        submissions = []
        form = None
        for path in sorted(self._folder.glob("*.json")):
            if path.name in set(Typed):
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
        """Keep what is in the form; ``None`` when it is empty."""
        path = self._folder / FORM
        if form is None:
            path.unlink(missing_ok=True)
        else:
            write_atomic(path, json.dumps(form).encode())

    def load_typed(self, kind: Typed) -> dict[str, dict[str, Any]]:
        """Read what was typed and not saved, by name."""
        path = self._folder / kind
        try:
            return dict(json.loads(path.read_bytes()))
        except FileNotFoundError:
            return {}
        except (ValueError, TypeError):
            path.replace(path.with_name(path.name + BROKEN))
            return {}

    def save_typed(self, kind: Typed, drafts: Mapping[str, Mapping[str, Any]]) -> None:
        """Keep what is typed, by name; with nothing, nothing stays."""
        path = self._folder / kind
        if drafts:
            write_atomic(path, json.dumps(drafts).encode())
        else:
            path.unlink(missing_ok=True)

    def keep(self, submission: DraftItem) -> None:
        """Put a submission in the box, or change it there."""
        write_atomic(self._path(submission), json.dumps(asdict(submission)).encode())

    def drop(self, submission: DraftItem) -> None:
        """Take a submission out: it was answered, or the person took it back."""
        self._path(submission).unlink(missing_ok=True)
        flush_folder(self._folder)

    def _path(self, submission: DraftItem) -> Path:
        return self._folder / f"{submission.key}{SUBMISSION}"
