"""The program that this process is; sentences name its commands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final


@dataclass
class ProgramName:
    """The name of the command line, by which sentences say what to type.

    - ``title``: what the API's description is called
    - ``serve``: the command that runs tasks without an app, empty if there is none
    - ``ends_hold``: what ends the hold of a queue besides a retry, by the hold's action
    """

    name: str = "sendoff-tasks"
    title: str = "sendoff-tasks"
    serve: str = ""
    ends_hold: Mapping[str, str] = field(default_factory=dict)

    def runs_as(self, program: ProgramName) -> None:
        """Be another program: its entry point calls this first."""
        vars(self).update(vars(program))


PROGRAM: Final = ProgramName()
"""The program of this process."""


def command(line: str) -> str:
    """Return a command of this program as a person types it: ``sendoff-tasks doctor``."""
    return f"`{PROGRAM.name} {line}`"
