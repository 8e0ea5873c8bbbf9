"""``python -m tests.campaign [NAME…] [--faults 100] [--items 10000] [--seed 1] [--keep DIR]``.

With ``--postgres`` the store of each is a database on a server of its own.
"""

from __future__ import annotations

import argparse
import os
import platform
import sqlite3
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import astuple, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.campaign.account import accounts
from tests.campaign.apps.workers import killed_owners, reloads, reloads_with_uvicorn
from tests.campaign.faults import (
    CannotRun,
    Plan,
    early_kills,
    failing_fsync,
    full_disk,
    kills,
    power_cuts,
)
from tests.campaign.spreadsheets.batch import batches, letters
from tests.campaign.undoing import undoing
from tests.campaign.windows.desk import desks
from tests.campaign.windows.window import windows

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.campaign.apps.orders import Orders
    from tests.campaign.clients import Clients
    from tests.campaign.judge import Verdict
    from tests.campaign.spreadsheets.upload import Upload
    from tests.campaign.undoing import Steps
    from tests.campaign.windows.desk import Log
    from tests.campaign.windows.window import Hand

CAMPAIGNS: Final[
    dict[str, Callable[[Plan], tuple[Verdict, Clients | Upload | Hand | Log | Orders | Steps]]]
] = {
    "kill": kills,
    "early": early_kills,
    "batch": batches,
    "letter": letters,
    "account": accounts,
    "window": windows,
    "desk": desks,
    "undo": undoing,
    "power": power_cuts,
    "fsync": failing_fsync,
    "disk": full_disk,
    "owner": killed_owners,
    "reload": reloads,
    "reload-uvicorn": reloads_with_uvicorn,
}
ON_SERVER: Final = ("kill", "batch", "owner", "reload", "reload-uvicorn")
"""The others are about the file, or the windows on its folder."""
HEADINGS: Final = (
    "fault", "times", "accepted", "lost", "mails", "twice", "uncertain", "of these arrived",
    "repeated", "unexplained", "sound", "refused", "s",
)  # fmt: skip


def main() -> int:
    """Run what was named, or all; prints a line of the table after each; 1 when one was broken."""
    parser = argparse.ArgumentParser(prog="python -m tests.campaign")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(CAMPAIGNS)}")
    parser.add_argument("--faults", type=int, default=100)
    parser.add_argument("--items", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--postgres", action="store_true", help=", ".join(ON_SERVER))
    parser.add_argument("--keep", type=Path, help="leave the data folders here")
    options = parser.parse_args()
    names = ON_SERVER if options.postgres else CAMPAIGNS
    unknown = set(options.names).difference(names)
    if unknown:
        parser.error(f"there is no campaign {', '.join(sorted(unknown))}; see --help")
    print(f"{_heading(options.seed)}\n\n{_line(HEADINGS)}\n{_line(['---'] * len(HEADINGS))}")
    broken = False
    with ExitStack() as held:
        scratch = held.enter_context(tempfile.TemporaryDirectory(prefix="sendoff-campaign-"))
        plan = Plan(options.keep or Path(scratch), options.faults, options.items, options.seed)
        if options.postgres:
            from tests.engine.postgres.server import serving

            plan = replace(plan, database=held.enter_context(serving()).empty)
        plan.folder.mkdir(parents=True, exist_ok=True)
        for name in options.names or names:
            broken = not _run(name, plan) or broken
    return 1 if broken else 0


def _run(name: str, plan: Plan) -> bool:
    """Run one campaign and print its line; tells whether every promise was kept."""
    began = time.monotonic()
    try:
        verdict, clients = CAMPAIGNS[name](plan)
    except CannotRun as reason:
        print(_line([name, f"not run here: {reason}"]), flush=True)
        return True
    took = time.monotonic() - began
    cells = [name, plan.faults, *astuple(verdict), clients.refused, round(took)]
    print(_line(["yes" if cell is True else "NO" if cell is False else cell for cell in cells]))
    for odd in clients.odd[:5]:
        print(odd, file=sys.stderr)
    sys.stdout.flush()
    return verdict.kept(plan.in_flight) and not clients.odd


def _heading(seed: int) -> str:
    """Say where, when and how this was run."""
    command = " ".join(["python -m tests.campaign", *sys.argv[1:]])
    words = [time.strftime("%Y-%m-%d"), f"seed {seed}", f"{os.cpu_count()} cores"]
    words += [f"Python {platform.python_version()}", f"SQLite {sqlite3.sqlite_version}"]
    return f"{', '.join(words)}: `{command}`"


def _line(cells: object) -> str:
    return f"| {' | '.join(str(cell) for cell in cells)} |"  # type: ignore[attr-defined]


if __name__ == "__main__":
    sys.exit(main())
