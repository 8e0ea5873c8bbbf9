"""Confirmations by SMTP, from the posted items to the last answer, against a ``smtplib`` loop."""

from __future__ import annotations

import smtplib
import sys
import time
from contextlib import contextmanager
from email.message import EmailMessage
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tests.benchmarks.backend.servers import Server, sendoff, start, stopping
from tests.benchmarks.figures import Figure, against

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.benchmarks.plan import Plan

SLOW = 0.02
"""Seconds the slow server takes for each command."""
PLAIN_A_SECOND = {SLOW: 8, 0.0: 300}
OURS_A_SECOND = {SLOW: 150, 0.0: 300}


def run(plan: Plan) -> list[Figure]:
    """Measure both servers; the loops connect for each mail, or once for all."""
    with sendoff(plan.place("mail")) as server:
        return [figure for pause in (SLOW, 0.0) for figure in _beside_loops(plan, server, pause)]


def _beside_loops(plan: Plan, server: Server, pause: float) -> list[Figure]:
    ours, connecting, kept = [], [], []
    with sink(pause) as port:
        set_up(server, port)
        _mails_a_second(server, 16)  # connects
        for _ in range(plan.reps):
            ours.append(_mails_a_second(server, plan.times(OURS_A_SECOND[pause])))
            connecting.append(_in_a_loop(port, plan.times(PLAIN_A_SECOND[pause])))
            kept.append(_over_one_connection(port, plan.times(PLAIN_A_SECOND[pause])))
    words = f"{pause * 1000:g} ms a command" if pause else "an instant server"
    target = 10.0 if pause else 1.0
    what = f"confirmations, {words}"
    return [
        against(what, "mails/s", ours, connecting, beside="smtplib loop", at_least=target),
        against(f"  {what}", "mails/s", ours, kept, beside="smtplib loop, one connection"),
    ]


@contextmanager
def sink(pause: float) -> Iterator[int]:
    """Run a mail server that throws everything away; gives its port."""
    command = ["-m", "tests.benchmarks.backend.mail_sink", "--pause", str(pause)]
    server = start([sys.executable, *command])
    with stopping(server):
        yield urlsplit(server.url).port or 0


def set_up(server: Server, port: int) -> None:
    """Have the backend send its mails to the server on this port."""
    mail = {"transport": "smtp", "host": "127.0.0.1", "port": port, "security": "none"}
    mail["sender"] = "Sendoff <sendoff@example.org>"
    server.call("PUT", "/settings", {"mail": mail})


def _mails_a_second(server: Server, mails: int) -> float:
    before = server.counts().get("succeeded", 0)
    recipients = [{"name": "Ada", "email": f"ada{number}@example.org"} for number in range(mails)]
    items = [{"title": "Two seats", "recipient": recipient} for recipient in recipients]
    began = time.monotonic()
    server.call("POST", "/items/batch", {"items": items})
    return mails / (server.wait_done(before + mails) - began)


def _message(number: int) -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Sendoff <sendoff@example.org>"
    message["To"] = f"Ada <ada{number}@example.org>"
    message["Subject"] = f"Item {number} is confirmed"
    message.set_content(f"Hello Ada,\n\nitem {number} (Two seats) is confirmed.\n")
    html = f"<p>Hello Ada,</p><p>item {number} (Two seats) is confirmed.</p>"
    message.add_alternative(html, subtype="html")
    return message


def _in_a_loop(port: int, mails: int) -> float:
    """Do what a ``BackgroundTasks`` function would do for each mail."""
    began = time.monotonic()
    for number in range(mails):
        # Without a name smtplib would look up the machine's own for each mail.
        with smtplib.SMTP("127.0.0.1", port, local_hostname="localhost") as connection:
            connection.send_message(_message(number))
    return mails / (time.monotonic() - began)


def _over_one_connection(port: int, mails: int) -> float:
    began = time.monotonic()
    with smtplib.SMTP("127.0.0.1", port, local_hostname="localhost") as connection:
        for number in range(mails):
            connection.send_message(_message(number))
    return mails / (time.monotonic() - began)
