"""Spreadsheets in: what one holds, and its rows as items, read by a child process."""

from __future__ import annotations

import json
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

from desktop.sheets.child import ReaderChild
from desktop.sheets.description import Description, SheetChoice, Writing
from desktop.sheets.frames import FrameKind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from desktop.contract.batch_rows import NewRow
    from desktop.sheets.child import Stop


@dataclass(frozen=True, slots=True)
class Chunk:
    """Up to 1,000 rows as they are sent.

    ``body`` is the JSON of ``POST /batches/{batch_id}/rows``, at most 4 MiB; ``count`` rows are in
    it. ``read`` rows were read so far, which is ``share`` (0 to 1) of the file.
    """

    body: bytes
    count: int
    read: int
    share: float

    @property
    def rows(self) -> list[NewRow]:
        """The rows themselves."""
        return cast("list[NewRow]", json.loads(self.body)["rows"])


def describe(
    path: Path,
    choice: SheetChoice | None = None,
    stop: Stop | None = None,
    columns: Collection[str] = (),
    writing: Writing | None = None,
    copy_in: Path | None = None,
) -> Description:
    """Find out what a file holds; blocks while a child process reads it.

    With ``columns``, of a batch made from this file, the sheet, header and encoding are found that
    the batch was made by. Without ``writing``, dates and numbers are written as the system's
    locale has it, where that is installed. With ``copy_in``, a folder, the file is copied first;
    the copy is described and read, so all rows are of one version of the file.

    Raises:
        SheetError: with what is wrong with the file; ``CHANGED`` while it was copied.
    """
    request = {
        "verb": "describe",
        "path": str(path.absolute()),
        "choice": asdict(choice or SheetChoice()),
        "columns": list(columns),
        "writing": asdict(writing) if writing else None,
        "copy_in": str(copy_in.absolute()) if copy_in else None,
    }
    with ReaderChild(request, stop) as child:
        return Description.from_dict(child.result())


def read_rows(
    description: Description,
    mapping: Mapping[str, str | None],
    stop: Stop | None = None,
    writing: Writing | None = None,
) -> Iterator[Chunk]:
    """Read the rows below the header as items; blank ones are left out.

    ``mapping`` says for each header what the column becomes (``is_target``), or null. The child
    process waits while the caller works on a chunk, and ends when the iterator is closed.

    Raises:
        SheetError: with what is wrong; ``CHANGED`` may come after the last row.
    """
    request = {
        "verb": "rows",
        "path": str(description.source),
        "description": description.as_dict(),
        "mapping": dict(mapping),
        "writing": asdict(writing) if writing else None,
    }
    with ReaderChild(request, stop) as child:
        ahead = {}
        for kind, body in child.frames():
            if kind is FrameKind.AHEAD:
                ahead = json.loads(body)
            elif kind is FrameKind.ROWS:
                yield Chunk(body=body, **ahead)


def keep_pasted(text: str, folder: Path) -> Path:
    """Keep pasted cells as a file of tab separated values, to be read like any other.

    Raises:
        OSError: when it cannot be written.
    """
    own = Path(tempfile.mkdtemp(dir=folder))
    file = own / f"pasted {time.strftime('%H.%M')}.tsv"
    # Half a character cannot be kept; the clipboard of some systems has such.
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    file.write_text(whole, encoding="utf-8", newline="")
    return file
