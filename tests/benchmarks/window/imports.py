"""A workbook becomes a draft while the window is used, and a large batch starts."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

import xlsxwriter
from python_calamine import CalamineWorkbook

from desktop.sheets.calls import describe, read_rows
from tests.benchmarks.backend.busy import answers
from tests.benchmarks.backend.mail import set_up, sink
from tests.benchmarks.backend.servers import Server, sendoff
from tests.benchmarks.figures import Figure, against, alone, quantile
from tests.benchmarks.window.rows import fill
from tests.benchmarks.window.window import OFFSCREEN
from tests.sheets.measured import description_of, measured

if TYPE_CHECKING:
    from pathlib import Path

    from tests.benchmarks.plan import Plan

DRAFT_WITHIN = 60.0
FIRST_MAIL_WITHIN = 2.0
"""Seconds, of 100,000 rows."""
ABOVE_EMPTY = 150.0
"""MiB, window and reader together."""
GAP_WITHIN = 8.0
"""Milliseconds, p99."""
TIMES_IDLE = 3.0
REQUESTS_A_SECOND = 250
"""A thousand in four seconds: a p99 of 200 is its second or third worst."""
IN_THE_TABLE = 1_000
"""Tasks that the window shows meanwhile."""
HEADER = ["Number", "First name", "Last name", "E-mail", "Title", "Fee", "Town", "Note"]


def run(plan: Plan) -> list[Figure]:
    """Import by the window, then start what was imported."""
    path = _workbook(plan)
    return [*_drafts(plan, path), *_starts(plan, path)]


def _workbook(plan: Plan) -> Path:
    path = plan.place("imports") / "members.xlsx"
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet("Members")
        sheet.write_row(0, 0, HEADER)
        for row in range(1, plan.rows + 1):
            address = f"ada{row}@example.org"
            values = [row, "Ada", f"Müller {row}", address, "Membership", row / 4, "Köln", "cake"]
            sheet.write_row(row, 0, values)
    return path


def _drafts(plan: Plan, path: Path) -> list[Figure]:
    found, alone_s, readers = [], [], []
    data_dir = plan.place("imports")
    with sendoff(data_dir) as server:
        fill(server, min(plan.rows, IN_THE_TABLE))
        for _ in range(plan.reps):
            found.append(_probe(data_dir, path, plan))
            began = time.monotonic()
            CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
            alone_s.append(time.monotonic() - began)
            readers.append(_reader(path))
    seconds = [each["seconds"] for each in found]
    above = [each["above"] + reader for each, reader in zip(found, readers, strict=True)]
    gaps = [[each[when]["p99"] for each in found] for when in ("busy", "quiet")]
    rows = f"{plan.rows:,} rows of .xlsx"
    return [
        against(
            f"{rows} read, checked, a draft",
            "s",
            seconds,
            alone_s,
            beside="calamine alone",
            limit=DRAFT_WITHIN,
        ),
        alone(f"{rows}: window above empty, with its reader", "MiB", above, at_most=ABOVE_EMPTY),
        alone(f"{rows}: the reader", "MiB", readers),
        against(
            f"{rows}: scrolling meanwhile, gap p99",
            "ms",
            *gaps,
            beside="no import",
            limit=GAP_WITHIN,
        ),
    ]


def _probe(data_dir: Path, path: Path, plan: Plan) -> Any:
    command = [
        sys.executable,
        "-m",
        "tests.benchmarks.window.import_probe",
        str(data_dir),
        str(path),
    ]
    command += ["--seconds", str(plan.seconds)]
    done = subprocess.run(command, env=OFFSCREEN, stdout=subprocess.PIPE, check=True)
    found = json.loads(done.stdout)
    if found["rows"] != plan.rows:
        raise RuntimeError(f"{found['rows']} of {plan.rows} rows are in the draft")
    return found


def _reader(path: Path) -> float:
    """Measure the most memory the reading process takes for either of its answers; MiB."""
    frames, fault, describing = measured(description_of(path))
    if fault is not None:
        raise fault
    described = json.loads(frames[-1][1])
    mapping = {column["header"]: column["target"] for column in described["columns"]}
    request = {"verb": "rows", "path": str(path), "description": described, "mapping": mapping}
    request["plain"] = []
    request["kinds"] = {}
    _, fault, reading = measured(request)
    if fault is not None:
        raise fault
    return max(describing, reading) / 2**20


def _starts(plan: Plan, path: Path) -> list[Figure]:
    first, idle, busy = [], [], []
    described = describe(path)
    for _ in range(plan.reps):
        with sink(0.0) as port, sendoff(plan.place("imports")) as server:
            set_up(server, port)
            wanted = {"name": "Members", "columns": described.mapping}
            batch = f"/batches/{server.call('POST', '/batches', wanted)['batch_id']}"
            for chunk in read_rows(described, described.mapping):
                server.call("POST", f"{batch}/rows", {"rows": chunk.rows})
            idle.append(answers(server, plan.times(REQUESTS_A_SECOND)))
            first.append(_first_mail(server, batch))
            busy.append(answers(server, plan.times(REQUESTS_A_SECOND)))
    p99 = [[quantile(times, 0.99) for times in found] for found in (busy, idle)]
    rows = f"start of {plan.rows:,} rows"
    return [
        alone(f"{rows}: first mail sent", "s", first, at_most=FIRST_MAIL_WITHIN),
        against(f"{rows}: the API, p99", "ms", *p99, beside="idle", at_most=TIMES_IDLE),
    ]


def _first_mail(server: Server, batch: str) -> float:
    began = time.monotonic()
    server.call("POST", f"{batch}/start", {})
    pause = threading.Event()
    while not server.call("GET", batch)["counts"]["sent"]:
        pause.wait(0.005)
    return time.monotonic() - began
