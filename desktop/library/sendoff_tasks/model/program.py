"""The program that this process is: its name, its commands, and what it adds to tasks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final


@dataclass
class ProgramWords:
    """The name of the command line, and what it says of tasks besides the library's own.

    - ``title``: what the API's description is called
    - ``serve``: the command that runs tasks without an app, empty if there is none
    - ``words``: files of words besides those of tasks: see ``words.table``
    - ``ends_hold``: what ends the hold of a queue besides a retry, by the hold's action
    - ``numbers``, ``columns``: fields of a row that lists of tasks show, too: numbers before the
      title; texts after it, with their widths in characters
    - ``facts``: fields of a task that its details show, too, by their labels
    - ``reference``: the label of the name by which the outside world knows a task's effect
    """

    name: str = "sendoff-tasks"
    title: str = "sendoff-tasks"
    serve: str = ""
    words: tuple[Path, ...] = ()
    ends_hold: Mapping[str, str] = field(default_factory=dict)
    numbers: tuple[str, ...] = ()
    columns: tuple[tuple[str, int], ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    reference: str = "Reference"

    def runs_as(self, program: ProgramWords) -> None:
        """Be another program: its entry point calls this first."""
        vars(self).update(vars(program))


PROGRAM: Final = ProgramWords()
"""The program of this process."""


def command(line: str) -> str:
    """Return a command of this program as a person types it: ``sendoff-tasks doctor``."""
    return f"`{PROGRAM.name} {line}`"
