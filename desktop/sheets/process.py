"""The main function of the child process: one request on stdin, frames on stdout."""

from __future__ import annotations

import json
import os
import sys
import threading
from dataclasses import replace
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from desktop.sheets.child import FrameKind, receive, send, send_json
from desktop.sheets.description import Description, SheetChoice, Writing
from desktop.sheets.faults import SheetError, SheetFault
from desktop.sheets.reader.addresses import list_entries
from desktop.sheets.reader.describing import describe
from desktop.sheets.reader.files.cells import system_writing
from desktop.sheets.reader.files.source import copied, opened
from desktop.sheets.reader.rows import pieces
from desktop.sheets.reader.tables import find
from desktop.sheets.writer import Report, write_new_table

if TYPE_CHECKING:
    from collections.abc import Iterator


def limit(size: int) -> None:
    """Limit this process to ``size`` bytes from now on, on Linux; other systems ignore that.

    The system refuses more: Python raises ``MemoryError``, and libraries abort.
    """
    if sys.platform == "linux":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (size, size))


def be_modest() -> None:
    """Lower the priority of this process below the window's."""
    if os.name == "posix":
        os.nice(5)


def run() -> int:
    """Answer one request; returns the exit status."""
    asked, told = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # output of libraries is not a frame
    request = receive(asked)
    if request is None or request[0] is not FrameKind.REQUEST:
        print("The sheet reader is started by Sendoff itself.", file=sys.stderr)  # noqa: T201
        return 2
    wanted = json.loads(request[1])

    def fail(error: SheetError) -> None:
        send_json(told, FrameKind.FAULT, {"fault": error.fault, "data": error.data})

    be_modest()
    limit(wanted["memory"])
    try:
        _answer(wanted, asked, told)
    except SheetError as error:
        fail(error)
    except MemoryError:
        fail(SheetError(SheetFault.OUT_OF_MEMORY, limit=wanted["memory"]))
    except BrokenPipeError:  # the parent has ended, or needs no more
        return 1
    return 0


def _answer(wanted: dict[str, Any], asked: IO[bytes], told: IO[bytes]) -> None:
    if wanted["verb"] == "table":
        written = write_new_table(wanted, Path(wanted["folder"]), _pages(asked, told))
        send_json(told, FrameKind.DONE, written)
        return
    if wanted["verb"] == "describe":
        _end_with_parent(asked)
        send_json(told, FrameKind.DONE, _described(wanted).as_dict())
        return
    with opened(Path(wanted["path"])) as source:
        if wanted["verb"] == "report":
            report = Report(source, **wanted["report"])
            written = report.write(Path(wanted["folder"]), _pages(asked, told))
            send_json(told, FrameKind.DONE, written)
            return
        _end_with_parent(asked)
        if wanted["verb"] == "addresses":
            send_json(told, FrameKind.DONE, list_entries(source))
            return
        described = Description.from_dict(wanted["description"])
        for ahead, body in pieces(
            source, described, wanted["mapping"], wanted["plain"], wanted["kinds"]
        ):
            send_json(told, FrameKind.AHEAD, ahead)
            send(told, FrameKind.ROWS, body)
        send_json(told, FrameKind.DONE, None)


def _described(wanted: dict[str, Any]) -> Description:
    path, folder, columns = Path(wanted["path"]), wanted.get("copy_in"), wanted.get("columns")
    chosen = wanted["choice"].get("writing")
    writing = Writing.from_dict(chosen) if chosen else system_writing()
    copy = copied(path, Path(folder)) if folder else None
    with opened(copy or path) as source:
        choice = SheetChoice(**wanted["choice"])
        if columns:
            found = find(source, columns, sheet=choice.sheet, encoding=choice.encoding)
            choice = replace(
                choice,
                sheet=found.table.sheet,
                header=found.header.row,
                encoding=found.table.encoding,
            )
        described = describe(source, replace(choice, writing=writing))
    return replace(described, path=str(path), copy=str(copy) if copy else None)


def _pages(asked: IO[bytes], told: IO[bytes]) -> Iterator[Any]:
    """Ask the parent for pages, and yield their rows."""
    while True:
        send(told, FrameKind.MORE, b"")
        heard = receive(asked)
        if heard is None:
            raise BrokenPipeError
        page = json.loads(heard[1])
        if not page:
            return
        yield from page


def _end_with_parent(asked: IO[bytes]) -> None:
    """End at once when the parent's end of stdin closes, also while a large file is read."""

    def wait() -> None:
        os.read(asked.fileno(), 1)  # unbuffered: Python needs the buffer's lock at its exit
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()
