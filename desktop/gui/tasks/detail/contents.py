"""What a task works with: its values, its letter, and where its result leads."""

from __future__ import annotations

import json
import os
import re
import tempfile
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import urlsplit

from desktop.contract.items import MAIL_QUEUE
from desktop.gui.kit.words.states import in_words
from desktop.gui.kit.words.table import say
from desktop.gui.kit.words.task_row import row_of
from desktop.gui.tasks.detail.desk_content import Values
from sendoff_tasks.client.errors import Refused
from sendoff_tasks.model.secrets import task_without_secrets
from sendoff_tasks.model.states import State

if TYPE_CHECKING:
    from collections.abc import Mapping

    from desktop.client.api import Api
    from desktop.contract.items import ItemDetail
    from desktop.contract.office import OfficeTask

LENGTH_LIMIT: Final = 2000
"""Longest text, in characters, that is taken for an address or a path."""
SHORT: Final = 60
"""Longest value, in characters, that is written on one line."""
_PROGRAMS: Final = re.compile(
    r"\.(app|bat|cmd|com|command|cpl|desktop|exe|hta|jar|js|jse|lnk|msc|msi|pif|ps1|py|pyw|reg|scf"
    r"|scr|sh|url|vbe|vbs|wsf|wsh)",
    re.IGNORECASE,
)
"""Endings of files that the system would run."""


class Opens(Enum):
    """What opening a result shows."""

    PAGE = auto()
    FILE = auto()
    FOLDER = auto()
    """The folder of a file: opening the file itself would run it."""


@dataclass(frozen=True, slots=True)
class LinkTarget:
    """The target of a result: an address, or a path on this computer."""

    opens: Opens
    where: str


def target_of(result: Any) -> LinkTarget | None:
    """Return the target of a result that is an address or an existing file; reads the disk."""
    if not isinstance(result, str) or not result or len(result) > LENGTH_LIMIT:
        return None
    if not result.isprintable():
        return None
    return _page(result) or _file(result)


def _page(text: str) -> LinkTarget | None:
    try:
        parts = urlsplit(text)
        is_page = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return None
    return LinkTarget(Opens.PAGE, text) if is_page and " " not in text else None


def _file(text: str) -> LinkTarget | None:
    """Find a file or folder by its absolute path; paths of other computers are not touched."""
    if text.startswith(("//", "\\\\")):
        return None
    path = Path(text)
    try:
        if not path.is_absolute() or not (path.is_file() or path.is_dir()):
            return None
        runs = _PROGRAMS.fullmatch(path.suffix) is not None or (
            path.is_file() and os.name == "posix" and os.access(path, os.X_OK)
        )
    except OSError:
        return None
    return LinkTarget(Opens.FOLDER, str(path.parent)) if runs else LinkTarget(Opens.FILE, str(path))


@dataclass(frozen=True, slots=True)
class TaskRead:
    """What was read of a task: itself, its item, the target of its result, and its letter.

    ``letter`` is as the API tells it; without one ``why`` says what kept it from being read.
    """

    task: OfficeTask
    item: ItemDetail | None = None
    target: LinkTarget | None = None
    letter: Mapping[str, Any] | None = None
    why: str = ""

    @property
    def letter_of(self) -> tuple[object, ...]:
        """What a letter is read for: it may change with each attempt and state."""
        row = row_of(self.task)
        return row.id, row.attempt, row.state, row.is_repeated


def read_task(api: Api, task_id: int, known: TaskRead | None = None) -> TaskRead:
    """Read a task, and its letter if it is not that of what is ``known``.

    The result of an e-mail is the server's answer, which has no target.
    """
    task, item = api.task_with_item(task_id)
    if task["queue"] != MAIL_QUEUE:
        return TaskRead(task, item, target_of(task["result"]))
    read = TaskRead(task, item)
    if known is not None and known.letter_of == read.letter_of:
        return TaskRead(task, item, None, known.letter, known.why)
    try:
        return TaskRead(task, item, None, api.message(task_id))
    except Refused as error:
        return TaskRead(task, item, None, None, str(in_words(error)))


def write_letter(source: str, folder: Path) -> Path:
    """Write a letter to a new file that only its owner can read."""
    descriptor, name = tempfile.mkstemp(prefix="message-", suffix=".eml", dir=folder)
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
        file.write(source)
    return Path(name)


def values_of(task: OfficeTask) -> Values:
    """Return the result and the arguments of a task, as they are written, without secrets."""
    task = cast("OfficeTask", task_without_secrets(task))
    known = len(task["parameters"])
    names = [*task["parameters"], *map(str, range(known + 1, len(task["args"]) + 1))]
    placed = dict(zip(names, task["args"], strict=True))
    lines = [_written(name, each) for name, each in (placed | task["kwargs"]).items()]
    result = task["result"]
    said = result if isinstance(result, str) else "" if result is None else _json(result)
    none = "nothing_returned" if task["state"] == State.SUCCEEDED else "no_result"
    return Values(said, say("desk", none), "\n".join(lines))


def _written(name: str, value: Any) -> str:
    """Write an argument on one line, or a long one on several."""
    short = json.dumps(value, ensure_ascii=False)
    return f"{name}: {short if len(short) <= SHORT else _json(value)}"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
