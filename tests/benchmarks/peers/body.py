"""The work every peer is given, and the book it leaves: a file of records for each moment.

A record is one ``write`` to a file opened for appending, so it outlives a ``kill -9`` of
its writer; times are of the monotonic clock, which all processes of a machine share.
"""

from __future__ import annotations

import os
import struct
import threading
import time
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

Kind = Literal["nothing", "slow", "waits"]
Moment = Literal["warmed up", "accepted", "ended"]
FOLDER = "BENCHMARK_FOLDER"
"""The environment variable that says where a peer keeps its files."""
TAKES = {"slow": 0.005, "waits": 0.1}
"""Seconds the kinds take that do not end at once."""
_RECORD = struct.Struct("<qqq")


class Record(NamedTuple):
    """A task's number, and when it was asked for and begun, ns."""

    number: int
    asked: int
    began: int


def run(kind: Kind, number: int, asked: int) -> None:
    """Do one task; those with numbers below 0 only warm up."""
    began = time.monotonic_ns()
    if kind != "nothing":
        threading.Event().wait(TAKES[kind])
    note("ended" if number >= 0 else "warmed up", Record(number, asked, began))


def note(moment: Moment, record: Record) -> None:
    """Write a record down."""
    os.write(_file(moment), _RECORD.pack(*record))


def folder() -> Path:
    """Tell where this peer keeps its files."""
    return Path(os.environ[FOLDER])


def written(where: Path, moment: Moment) -> int:
    """Count the records."""
    path = where / moment
    return path.stat().st_size // _RECORD.size if path.exists() else 0


def records(where: Path, moment: Moment) -> list[Record]:
    """Read the records in the order they were written."""
    path = where / moment
    content = path.read_bytes() if path.exists() else b""
    return [Record(*fields) for fields in _RECORD.iter_unpack(content)]


@cache
def _file(moment: Moment) -> int:
    return os.open(folder() / moment, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
