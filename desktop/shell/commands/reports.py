"""``sendoff report``: a batch's spreadsheet once more, with what became of each row."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from desktop.sheets import (
    REPORT_HEADINGS,
    SheetError,
    report_cells,
    report_suffix,
    sentence,
    write_report,
)
from desktop.shell.commands.batches import rows_of
from desktop.shell.session import with_backend
from desktop.shell.terminal import fail, say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from desktop.client.api import Api
    from desktop.shell.place import BackendPlace

PAGE = 1000
"""Rows of a page as it is written."""


def run(place: BackendPlace, batch_id: int, wanted: Path | None) -> int:
    """Write the report on a batch and say where it is."""

    def command(api: Api) -> int:
        batch = api.batches.one(batch_id)
        if batch["sheet"] is None:
            return fail(f"The spreadsheet of batch {batch_id} is not kept, so there is no report.")
        name = Path(Path(batch["sheet"]).name)
        suffix = report_suffix(name)
        out = wanted or Path(f"{name.stem}-report{suffix}")
        if out.suffix.lower() != suffix:
            return fail(f"The report on {name} is a {suffix} file; let its name end so.")
        if wanted is None and out.exists():
            return fail(f"{out} is there already; name another file with -o.")
        try:
            with TemporaryDirectory(prefix="sendoff-") as place:
                source = Path(place) / name
                api.batches.sheet(batch_id, source)
                pages = _pages(api, batch_id)
                rows = write_report(source, out, batch["columns"], REPORT_HEADINGS, pages)
        except SheetError as error:
            return fail(sentence(error))
        except OSError as error:
            return fail(f"The report cannot be written: {error.strerror}.")
        say(f"{out} has {rows:,} {'row' if rows == 1 else 'rows'}.")
        return 0

    return with_backend(place, command)


def _pages(api: Api, batch_id: int) -> Iterator[list[tuple[int, list[str], str]]]:
    cells = map(report_cells, rows_of(api, batch_id))
    while page := list(islice(cells, PAGE)):
        yield page
