"""Describes a spreadsheet and reads its rows as items, in a child process."""

from __future__ import annotations

import json
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

from desktop.contract.rules.text import whole_characters
from desktop.sheets.child import FrameKind, SheetChild
from desktop.sheets.description import Description, SheetChoice

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from desktop.contract.batches import NewRow
    from desktop.sheets.child import Stop


@dataclass(frozen=True, slots=True)
class Chunk:
    """Up to 1,000 rows, ready to be sent.

    ``body`` is the JSON of ``POST /batches/{batch_id}/rows``, at most 4 MiB, with ``count`` rows.
    ``read`` rows were read so far, which is ``share`` (0 to 1) of the file.
    """

    body: bytes
    count: int
    read: int
    share: float

    @property
    def rows(self) -> list[NewRow]:
        """The parsed rows."""
        return cast("list[NewRow]", json.loads(self.body)["rows"])


def describe(
    path: Path,
    choice: SheetChoice | None = None,
    stop: Stop | None = None,
    columns: Collection[str] = (),
    copy_in: Path | None = None,
) -> Description:
    """Describe a file; blocks while a child process reads it.

    - ``columns``: those of a batch made from this file; its sheet and header are found, and its
      encoding if the chosen one does not fit
    - ``copy_in``: a folder into which the file is copied first. The copy is described and read, so
      all rows are from one version of the file.

    Raises:
        SheetError: the fault of the file; ``CHANGED`` if it changed while it was copied.
    """
    request = {
        "verb": "describe",
        "path": str(path.absolute()),
        "choice": asdict(choice or SheetChoice()),
        "columns": list(columns),
        "copy_in": str(copy_in.absolute()) if copy_in else None,
    }
    with SheetChild(request, stop) as child:
        return Description.from_dict(child.result())


def read_rows(
    description: Description,
    mapping: Mapping[str, str | None],
    plain: Collection[str] = (),
    stop: Stop | None = None,
) -> Iterator[Chunk]:
    """Read the rows below the header as items, without blank rows.

    ``mapping`` has the target of each header (``is_target``), or null. The columns ``plain`` have
    plain values, not as the sheet shows them. The child process waits while the caller works on a
    chunk, and ends when the iterator is closed.

    Raises:
        SheetError: ``CHANGED`` may be raised after the last row.
    """
    request = {
        "verb": "rows",
        "path": str(description.source),
        "description": description.as_dict(),
        "mapping": dict(mapping),
        "plain": [*plain],
    }
    with SheetChild(request, stop) as child:
        ahead = {}
        for kind, body in child.frames():
            if kind is FrameKind.AHEAD:
                ahead = json.loads(body)
            elif kind is FrameKind.ROWS:
                yield Chunk(body=body, **ahead)


def keep_pasted(text: str, folder: Path) -> Path:
    """Write pasted cells to a file of tab-separated values, which is read like any other.

    Raises:
        OSError: if it cannot be written.
    """
    own = Path(tempfile.mkdtemp(dir=folder))
    file = own / f"pasted {time.strftime('%H.%M')}.tsv"
    file.write_text(whole_characters(text), encoding="utf-8", newline="")
    return file
