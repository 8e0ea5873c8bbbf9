"""A spreadsheet of which one row in forty is refused: retried, reported, and sent again."""

from __future__ import annotations

import csv
from email.parser import BytesHeaderParser
from typing import TYPE_CHECKING, Final

import pytest

from desktop.client.api import TaskQuery, new_key
from tests.mail.server import Server, running
from tests.shell.conftest import batch_done

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from aiosmtpd.smtp import Envelope

    from desktop.client.api import Api
    from tests.shell.conftest import Shell

SAID: Final = "550 5.1.1 no such mailbox"


def address(row: int) -> str:
    return f"member{row}@example.org"


def write(sheet: Path, numbers: range, changed: int | None = None) -> None:
    rows = (f"Member {n}\t{address(n)}\t{2028 if n == changed else 2027}" for n in numbers)
    sheet.write_text("\n".join(["Name\tE-Mail\tJahr", *rows]) + "\n")


def report(shell: Shell, number: int, place: Path) -> list[list[str]]:
    """Save the report on a batch; returns its rows without the header."""
    said = shell("report", str(number), "-o", str(place))
    assert said.returncode == 0, said.stderr
    with place.open(newline="") as file:
        return list(csv.reader(file, delimiter="\t"))[1:]


def agree(rows: list[list[str]], numbers: range, mails: Sequence[Envelope]) -> None:
    """Compare each row of a report with what the server has received."""
    received: dict[str, list[str]] = {}
    for mail in mails:
        message_id = BytesHeaderParser().parsebytes(mail.original_content or b"")["Message-ID"]
        received.setdefault(mail.rcpt_tos[0], []).append(message_id)
    assert [row[1] for row in rows] == [address(n) for n in numbers]
    for _, to, _, status, sent_at, answer, message_id in rows:
        if status == "sent":
            assert received.pop(to) == [message_id]
            assert (bool(sent_at), answer) == (True, "250 2.0.0 queued as 4711")
        else:
            assert (status, sent_at) == ("failed", "")
            assert "no such mailbox" in answer
            assert to not in received
    assert received == {}


@pytest.mark.parametrize(
    ("many", "fail"), [(200, 5), pytest.param(1000, 25, marks=pytest.mark.long)]
)
def test_retry_runs_exactly_what_failed_and_the_report_agrees_with_the_server(
    shell: Shell, api: Api, tmp_path: Path, many: int, fail: int
) -> None:
    sheet, out = tmp_path / "members.tsv", tmp_path / "report.tsv"
    numbers = range(2, many + 2)
    refused = numbers[7::40]
    write(sheet, numbers)
    with running() as server:
        use(api, server)
        server.faults = {f"RCPT TO:<{address(n)}>": SAID for n in refused}
        assert shell("import", str(sheet)).returncode == 0
        counts = batch_done(api, 1)["counts"]
        assert (counts["sent"], counts["failed"]) == (many - fail, fail)
        agree(report(shell, 1, out), numbers, server.mails)

        before = started(api)
        server.faults.clear()
        api.batches.retry(1, new_key())
        counts = batch_done(api, 1)["counts"]
        assert (counts["sent"], counts["failed"]) == (many, 0)
        again = {task for task, times in started(api).items() if times != before[task]}
        rows = api.batches.rows(1, limit=1000)["rows"]
        assert again == {row["task_id"] for row in rows if row["row"] in refused}
        agree(report(shell, 1, out), numbers, server.mails)

        said = shell("import", str(sheet))
        assert (said.returncode, said.stdout.splitlines()[0]) == (0, "Nothing to send.")
        assert len(server.mails) == many
        write(sheet, numbers, changed=100)
        assert shell("import", str(sheet)).returncode == 0
        batch_done(api, api.batches.page()["batches"][0]["batch_id"])
        (mail,) = server.mails[many:]
        assert mail.rcpt_tos == [address(100)]


def use(api: Api, server: Server) -> None:
    """Have the backend send through this server."""
    mail = {"transport": "smtp", "host": "127.0.0.1", "port": server.port, "security": "none"}
    api.save_settings({"mail": {**mail, "sender": "desk@example.org"}})


def started(api: Api) -> dict[int, str | None]:
    """Tell when each task was started last."""
    page = api.page(TaskQuery(batch_id=1), limit=1000)
    return {row["id"]: row["started_at"] for row in page["tasks"]}
