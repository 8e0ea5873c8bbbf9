"""Reads a file of bounces in a child process, which it cannot slow down, fill or crash."""

from __future__ import annotations

import json
import subprocess
import tempfile
from typing import TYPE_CHECKING, Final

from desktop.child_process import start
from desktop.contract.do_not_send import FoundBounces, ReadBounce
from sendoff_tasks.http.wire.problems import ProblemError
from sendoff_tasks.words.table import ENGLISH

if TYPE_CHECKING:
    from pathlib import Path

    from desktop.backend.services import Services

COMMAND: Final = "bounce-reader"
BOUNCES_BYTES: Final = 100 * 1024 * 1024
"""The largest file of bounces."""
WITHIN: Final = 60.0
"""Seconds that reading one may take."""
_COMPOUND: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How a ``.msg`` of Outlook begins."""


def find_bounced(file: Path, services: Services) -> FoundBounces:
    """Return what a file of bounces has; takes its time.

    Raises ``ProblemError`` 422 for a file that cannot be read.
    """
    found, others, unread = _read(file)
    if not (found or others):
        with file.open("rb") as opened:
            is_outlook = opened.read(len(_COMPOUND)) == _COMPOUND
        raise ProblemError(422, ENGLISH.say("no_copy", "outlook" if is_outlook else "bounces"))
    bounces = services.do_not_send.find_bounced(found)
    return FoundBounces(bounces=bounces, others=others, unread=unread)


def _read(file: Path) -> tuple[list[ReadBounce], int, int]:
    with tempfile.TemporaryFile() as told:
        child = start(COMMAND, stdout=told.fileno(), stderr=subprocess.DEVNULL)
        try:
            child.communicate(f"{file}\n".encode(), timeout=WITHIN)
            told.seek(0)
            found, others, unread = json.loads(told.read())  # nothing if the child has failed
        except (subprocess.TimeoutExpired, ValueError) as error:
            raise ProblemError(422, ENGLISH.say("no_copy", "bounces")) from error
        finally:
            child.kill()
            child.wait()
    return found, others, unread
