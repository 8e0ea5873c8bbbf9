"""``sendoff batches`` lists the batches; ``sendoff report`` saves one with its outcomes."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from desktop.client.items import row_pages
from desktop.contract.batch_condition import row_numbers
from desktop.contract.batches import BatchState, rows_to_send
from desktop.sheets.calls import report_suffix, write_batch_report
from desktop.sheets.faults import SheetError, sentence
from desktop.shell.item_session import asks_items
from sendoff_tasks.client.calls import pages
from sendoff_tasks.shell.command_line import fail, local, say, say_list
from sendoff_tasks.words.file_faults import unwritten
from sendoff_tasks.words.table import ENGLISH

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from desktop.client.api import Api
    from desktop.contract.batches import Batch


@asks_items
def list_batches(api: Api, options: argparse.Namespace) -> int:
    """Print all batches, the newest first."""
    say_list(_walk(api), line, as_json=options.json)
    return 0


def line(batch: Batch) -> str:
    """Format a batch as one line: number, state, counts, time of its last message, name.

    A finished batch is *done* if everything was sent, else *ended*.
    """
    counts = batch["counts"]
    if batch["state"] == BatchState.DRAFT:
        rows = ENGLISH.number(counts["rows"])
        said = [
            ENGLISH.say("batch_progress", "ready", done=f"{rows_to_send(counts):,}", whole=rows)
        ]
        if problems := counts["problems"]:
            said.append(ENGLISH.say("batch_rows", "need_look", n=problems))
    else:
        said = [
            f"{n:,} {ENGLISH.say('batch_rows', name)}"
            for name, n in row_numbers(batch).items()
            if n or name == "sent"
        ]
    told = ", ".join(said)
    until = f", until {local(at)}" if (at := batch["leaves"]["last_at"]) and counts["open"] else ""
    is_short = counts["failed"] + counts["uncertain"] + counts["cancelled"] > 0
    state = "ended" if batch["state"] == BatchState.DONE and is_short else batch["state"]
    return f"{batch['batch_id']:>6}  {state:<7}  {told}{until}  {batch['name']}"


def _walk(api: Api) -> Iterator[Batch]:
    for page in pages(lambda after: api.batches.page(after=after)):
        yield from page["batches"]


@asks_items
def save_report(api: Api, options: argparse.Namespace) -> int:
    """Write the report on a batch and print its path."""
    batch_id, wanted = options.batch, options.output
    batch = api.batches.one(batch_id)
    if batch["sheet"] is None:
        return fail(f"The spreadsheet of batch {batch_id} is not kept, so there is no report.")
    name = Path(Path(batch["sheet"]).name)
    suffix = report_suffix(name)
    out = wanted or Path(f"{name.stem}-report{suffix}")
    if out.suffix.lower() != suffix:
        return fail(f"The report on {name} is a {suffix} file; give it that ending.")
    if wanted is None and out.exists():
        return fail(f"{out} is there already; name another file with -o.")
    try:
        with TemporaryDirectory(prefix="sendoff-") as place:
            source = Path(place) / name
            api.batches.sheet(batch_id, source)
            rows = write_batch_report(batch, source, out, row_pages(api.batches, batch_id))
    except SheetError as error:
        return fail(sentence(error))
    except OSError as error:
        return fail(unwritten("The report", error))
    say(f"{out} has {rows:,} {'row' if rows == 1 else 'rows'}.")
    return 0
