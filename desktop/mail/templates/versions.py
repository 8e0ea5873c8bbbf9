"""What a template was before: the last saves, each a file named after its moment."""

from __future__ import annotations

import re
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from desktop.contract.rules.templates import is_template_name
from desktop.mail.errors import BadTemplate
from desktop.mail.templates.files import SUFFIX, merge_folder
from desktop.settings.atomic import write_atomic

if TYPE_CHECKING:
    from pathlib import Path

VERSIONS_KEPT: Final = 20
_VERSION: Final = re.compile(r"\d{1,20}")


class UnknownTemplate(BadTemplate):
    """There is no template of this name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no template “{name}”.")


@dataclass(frozen=True, slots=True)
class TemplateVersion:
    """A template as it was; ``version`` names it, ``at`` is when it was replaced."""

    version: str
    at: datetime


class Versions:
    """A folder with one folder of versions for each template."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, template: Path) -> None:
        """Keep what is in a template's file, if it is there, and the last versions only."""
        if not template.exists():
            return
        name = template.stem
        folder = self._folder / name
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        newest = self.of(name)[:1]
        ms = max(time.time_ns() // 1_000_000, int(newest[0].version) + 1 if newest else 0)
        write_atomic(folder / f"{ms}{SUFFIX}", template.read_bytes())
        for old in self.of(name)[VERSIONS_KEPT:]:
            with suppress(FileNotFoundError):
                (folder / f"{old.version}{SUFFIX}").unlink()

    def move(self, before: str, now: str) -> None:
        """Take the versions of a template along to another name."""
        merge_folder(self._folder / before, self._folder / now)

    def of(self, name: str) -> list[TemplateVersion]:
        """List what a template was before, the newest first."""
        stems = [path.stem for path in (self._folder / name).glob(f"*{SUFFIX}")]
        stems = sorted(filter(_VERSION.fullmatch, stems), key=int, reverse=True)
        return [
            TemplateVersion(stem, datetime.fromtimestamp(int(stem) / 1000, UTC)) for stem in stems
        ]

    def names(self) -> list[str]:
        """List what has versions, deleted templates too."""
        return [path.name for path in self._folder.glob("*") if is_template_name(path.name)]

    def read(self, name: str, version: str) -> str:
        """Read the source of a version; raises ``UnknownTemplate``."""
        if not _VERSION.fullmatch(version) or not is_template_name(name):
            raise UnknownTemplate(name)
        return read_template(self._folder / name / f"{version}{SUFFIX}")


def read_template(path: Path) -> str:
    """Read a template's file; raises ``UnknownTemplate``, ``BadTemplate`` where it is no text."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise UnknownTemplate(path.stem) from error
    except (OSError, UnicodeDecodeError) as error:
        raise BadTemplate(f"{path} cannot be read: {error}.") from error
