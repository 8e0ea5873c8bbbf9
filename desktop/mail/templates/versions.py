"""The earlier versions of a template, each a file named after its time."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from io import StringIO
from typing import TYPE_CHECKING, Final

from desktop.contract.rules.templates import is_template_name
from desktop.mail.errors import BadTemplate

if TYPE_CHECKING:
    from desktop.mail.files import Files

SUFFIX: Final = ".jinja"
VERSIONS_KEPT: Final = 20
_VERSION: Final = re.compile(r"\d{1,14}")  # milliseconds; no date has more


class UnknownTemplate(BadTemplate):
    """There is no template of this name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no template “{name}”.")


@dataclass(frozen=True, slots=True)
class KeptVersion:
    """An earlier version of a template; ``at`` is the time at which it was replaced."""

    version: str
    at: datetime


class Versions:
    """The versions, in one folder for each template."""

    def __init__(self, files: Files) -> None:
        self._files = files

    def keep(self, name: str, source: bytes) -> None:
        """Store a version, and delete all but the last ``VERSIONS_KEPT``."""
        newest = self.of(name)[:1]
        ms = max(time.time_ns() // 1_000_000, int(newest[0].version) + 1 if newest else 0)
        self._files.write(f"{name}/{ms}{SUFFIX}", source)
        for old in self.of(name)[VERSIONS_KEPT:]:
            self._files.remove(f"{name}/{old.version}{SUFFIX}")

    def move(self, before: str, now: str) -> None:
        """Move the versions of a template to another name."""
        self._files.merge(before, now)

    def of(self, name: str) -> list[KeptVersion]:
        """List the versions of a template, the newest first."""
        if not is_template_name(name):
            return []
        files = [file for file in self._files.names(name) if file.endswith(SUFFIX)]
        stems = filter(_VERSION.fullmatch, (file.removesuffix(SUFFIX) for file in files))
        return [
            KeptVersion(stem, datetime.fromtimestamp(int(stem) / 1000, UTC))
            for stem in sorted(stems, key=int, reverse=True)
        ]

    def names(self) -> list[str]:
        """List the templates with versions, also deleted ones."""
        return list(filter(is_template_name, self._files.folders()))

    def read(self, name: str, version: str) -> str:
        """Read the source of a version; raises ``UnknownTemplate``."""
        if not _VERSION.fullmatch(version) or not is_template_name(name):
            raise UnknownTemplate(name)
        return read_template(self._files.below(name), version)


def read_template(files: Files, name: str) -> str:
    """Read a template; raises ``UnknownTemplate``, or ``BadTemplate`` if it is not text."""
    file = f"{name}{SUFFIX}"
    try:
        return StringIO(files.read(file).decode(), newline=None).read()
    except FileNotFoundError as error:
        raise UnknownTemplate(name) from error
    except (OSError, UnicodeDecodeError) as error:
        raise BadTemplate(f"{files.where(file)} cannot be read: {error}.") from error
