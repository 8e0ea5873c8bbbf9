"""Who gets an e-mail twice, by Sendoff and by a loop of ``smtplib``: ``python -m tests.twice``.

Each program sends one e-mail to each of five people. With the third one, something goes wrong:

- *closed*: the mail server takes the e-mail, and closes the connection before it answers;
- *killed*: the program is killed (``kill -9``) while it waits for that answer.

Then the program is started again, as a person would do it. Sendoff is its real backend, asked over
its API. The loop notes each e-mail that was answered, and leaves it out at the next start. With
``--mailmerge``, the program of that name is installed into an environment of its own; it goes on
where it says that it should. The table has the copies that the mail server took for each person,
and what each start said at last. Exit status 1 if Sendoff sent an e-mail twice or not at all.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from desktop.client.api import Api
from desktop.settings.office_folder import OfficeFolder
from sendoff_tasks.client.calls import SortedFilter, new_key
from sendoff_tasks.folder.backend_addresses import Backend, read_backend
from tests import WITHIN
from tests.environments import fresh_environment
from tests.journeys.following import until
from tests.screenshots.mail_server import MailServer, Manners

if TYPE_CHECKING:
    from aiosmtpd.smtp import SMTP, Envelope, Session

PEOPLE: Final = tuple(f"{name}@example.org" for name in ("ada", "bo", "cy", "di", "ed"))
THIRD: Final = PEOPLE[2]
SETTINGS: Final = """[mail]
transport = "smtp"
host = "127.0.0.1"
port = {port}
security = "none"
sender = "Desk <desk@example.org>"
"""
LOOP: Final = """
import smtplib
import sys
from email.message import EmailMessage
from pathlib import Path

sent = Path("sent.txt")
sent.touch()
for person in Path("people.csv").read_text().split()[1:]:
    if person in sent.read_text().split():
        continue
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "desk@example.org", person, "Your seat"
    message.set_content("Your seat is booked.")
    with smtplib.SMTP("127.0.0.1", int(sys.argv[1])) as server:
        server.send_message(message)
    with sent.open("a") as note:
        print(person, file=note)
print("all sent")
"""
TEMPLATE: Final = """TO: {{email}}
SUBJECT: Your seat
FROM: desk@example.org

Your seat is booked.
"""


class Fault(StrEnum):
    """What goes wrong with the third e-mail, the first time that the server takes it."""

    CLOSED = "closed"
    KILLED = "killed"


@dataclass
class Counting(Manners):
    """Takes every e-mail and counts it; the first to the third person gets no answer."""

    fault: Fault
    copies: Counter[str] = field(default_factory=Counter)
    unanswered: threading.Event = field(default_factory=threading.Event)

    async def handle_DATA(self, server: SMTP, _: Session, envelope: Envelope) -> str:  # noqa: N802
        (person,) = envelope.rcpt_tos
        self.copies[person] += 1
        if person == THIRD and self.copies[person] == 1:
            self.unanswered.set()
            if self.fault is Fault.KILLED:
                await asyncio.Event().wait()  # until its client is gone
            assert isinstance(server.transport, asyncio.WriteTransport)
            server.transport.abort()
        return "250 2.0.0 taken"


Sending = Callable[[Path, int, Counting], list[str]]
"""Sends the e-mails, with files in a folder, by a port; returns what was said at last."""


def main() -> int:
    """Have each program send under each fault; returns 0 if each person got one copy of ours."""
    parser = argparse.ArgumentParser(prog="python -m tests.twice", description=__doc__)
    parser.add_argument("--mailmerge", action="store_true", help="also install and try mailmerge")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sendoff-twice-") as scratch:
        folder = Path(scratch)
        programs: dict[str, Sending] = {"Sendoff": _by_sendoff, "smtplib": _by_loop}
        if options.mailmerge:
            installed = fresh_environment(folder / "mailmerge", "mailmerge") / "mailmerge"
            version = subprocess.check_output([installed, "--version"], text=True)
            programs[version.strip().replace(", version", "")] = partial(_by_mailmerge, installed)
        people = [person.partition("@")[0] for person in PEOPLE]
        print(f"| | | {' | '.join(people)} | said |\n| --- | --- |{' --: |' * len(people)} --- |")
        right = True
        for fault in Fault:
            for name, send in programs.items():
                counted = Counting(fault)
                place = folder / f"{name}-{fault}"
                place.mkdir()
                with MailServer(counted) as server:
                    said = send(place, server.port, counted)
                copies = [counted.copies[person] for person in PEOPLE]
                right &= name != "Sendoff" or {*copies} == {1}
                cells = [fault, name, *map(str, copies), "; then ".join(said)]
                print(f"| {' | '.join(cells)} |", flush=True)
    return 0 if right else 1


def _by_sendoff(folder: Path, port: int, counted: Counting) -> list[str]:
    data = OfficeFolder(folder / "data")
    data.create()
    data.settings_file.write_text(SETTINGS.format(port=port), encoding="utf-8")
    is_killed = counted.fault is Fault.KILLED
    with _served(data) as (process, backend), closing(Api(backend)) as api:
        for number, person in enumerate(PEOPLE, 1):
            api.items.submit(number, {"recipient": {"email": person}}, new_key())
        until(backend, lambda: counted.unanswered.is_set() and _open(api) == is_killed)
        if is_killed:
            process.kill()
    with _served(data) as (_, backend), closing(Api(backend)) as api:
        until(backend, lambda: _open(api) == 0)
        rows = api.page(SortedFilter())["tasks"]
    return [f"{row['state']}: {row['error']}" for row in rows if row["state"] != "succeeded"]


@contextmanager
def _served(data: OfficeFolder) -> Iterator[tuple[subprocess.Popen[str], Backend]]:
    """Run the backend of a folder, as ``sendoff serve`` does."""
    command = [sys.executable, "-m", "desktop", "serve", "--data-dir", str(data.root)]
    with (
        (data.root / "stderr").open("a") as stderr,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=stderr, text=True) as process,
    ):
        try:
            assert process.stdout is not None
            json.loads(process.stdout.readline())  # it is ready
            backend = read_backend(data.backend_file)
            assert backend is not None
            yield process, backend
        finally:
            process.terminate()


def _open(api: Api) -> int:
    """Count the e-mails that are not yet sent, failed or uncertain."""
    counts = api.stats()["counts"]
    return len(PEOPLE) - sum(counts[state] for state in ("succeeded", "failed", "uncertain"))


def _by_loop(folder: Path, port: int, counted: Counting) -> list[str]:
    (folder / "people.csv").write_text("\n".join(["email", *PEOPLE]))
    (folder / "loop.py").write_text(LOOP)
    command = [sys.executable, "loop.py", str(port)]
    return [*_started_twice(folder, counted, lambda _: command)]


def _by_mailmerge(program: Path, folder: Path, port: int, counted: Counting) -> list[str]:
    (folder / "mailmerge_database.csv").write_text("\n".join(["email", *PEOPLE]))
    (folder / "mailmerge_template.txt").write_text(TEMPLATE)
    config = f"[smtp_server]\nhost = 127.0.0.1\nport = {port}\n"
    (folder / "mailmerge_server.conf").write_text(config)

    def command(said: str) -> list[str]:
        sent = re.findall(r"message (\d+) sent", said)
        where = ["--resume", str(int(sent[-1]) + 1)] if sent else []
        return [str(program), "--no-dry-run", "--no-limit", "--output-format", "text", *where]

    return [*_started_twice(folder, counted, command)]


def _started_twice(
    folder: Path, counted: Counting, command: Callable[[str], list[str]]
) -> Iterator[str]:
    """Start a program, and once more if it did not end well; yields the last line of each start.

    ``command`` is made of what the first start said.
    """
    said, code = "", -1
    for start in (1, 2):
        if code == 0:
            return
        with subprocess.Popen(
            command(said),
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},  # as in a terminal
        ) as process:
            if start == 1 and counted.fault is Fault.KILLED:
                assert counted.unanswered.wait(WITHIN)
                process.kill()
            said, _ = process.communicate(timeout=WITHIN)
            code = process.returncode
        yield (signal.strsignal(-code) or "") if code < 0 else said.splitlines()[-1]


if __name__ == "__main__":
    sys.exit(main())
