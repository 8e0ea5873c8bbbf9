"""``sendoff batches`` lists batches; ``sendoff report`` says what became of each row."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from email.parser import BytesHeaderParser
from pathlib import Path
from typing import Final

import pytest
from aiosmtpd.smtp import Envelope

from desktop.client.api import Api
from desktop.shell.batches import line
from sendoff_tasks.client.calls import SortedFilter, new_key
from tests.mail.server import Server, running
from tests.shell.conftest import Shell, batch_done


def test_each_batch_is_a_line_or_an_object_without_a_report_where_its_sheet_is_gone(
    shell: Shell, api: Api
) -> None:
    assert shell("batches").stdout == ""
    for name in ("May", "June"):
        api.batches.create({"name": name}, name)
    nothing = ["0", "of", "0", "can", "be", "sent"]
    assert [each.split() for each in shell("batches").stdout.splitlines()] == [
        ["2", "draft", *nothing, "June"],
        ["1", "draft", *nothing, "May"],
    ]
    said = shell("report", "1")
    assert (said.returncode, said.stdout) == (1, "")
    assert said.stderr == "The spreadsheet of batch 1 is not kept, so there is no report.\n"
    batches = json.loads(shell("batches", "--json").stdout)
    assert batches == api.batches.page()["batches"]
    batch = batches[0] | {"state": "running"}
    batch["leaves"]["last_at"] = "2030-03-01T08:00:00.000Z"
    batch["counts"] |= {"sent": 1200, "kept": 34, "failed": 2, "open": 5}
    assert "1,200 sent, 34 kept, 5 to come, 2 failed, until " in line(batch)
    batch["counts"] |= {"cancelled": 7, "left_out": 4}
    assert "5 to come, 2 failed, 7 cancelled, 4 left out, until " in line(batch)
    batch["counts"] |= {"cancelled": 0, "left_out": 0}
    batch["counts"] |= {"kept": 0}
    batch["marked"] = 34
    assert "1,166 sent, 5 to come, 2 failed, 34 marked as sent, " in line(batch)
    assert f"{batch['batch_id']:>6}  running  " in line(batch)
    assert "  ended    1,166 sent, 5 to come, 2 failed, 34 marked as sent, " in line(
        batch | {"state": "done"}
    )
    batch["counts"] |= {"failed": 0}
    assert "  done     1,166 sent, 5 to come, 34 marked as sent, " in line(
        batch | {"state": "done"}
    )


def test_each_row_says_what_became_of_it(shell: Shell, api: Api, tmp_path: Path) -> None:
    sheet, out = tmp_path / "members.csv", tmp_path / "report.csv"
    sheet.write_text("E-Mail;Jahr\nada@example.org;2027\nalan.example.org;2027\n")
    shell("import", str(sheet))
    batch_done(api, 1)
    said = shell("report", "1", "-o", str(out))
    assert (said.returncode, said.stdout) == (0, f"{out} has 2 rows.\n")
    head, ada, alan = csv.reader(out.read_text().splitlines(), delimiter=";")
    assert head == [
        "E-Mail",
        "Jahr",
        "Sendoff status",
        "sent at",
        "sent to",
        "answer",
        "Message-ID",
    ]
    assert ada[:3] == ["ada@example.org", "2027", "kept on this computer"]
    assert ada[6].startswith("<")
    assert alan[2:] == ["problem", "", "", "There is no @ in this address.", ""]
    out.write_text("mine")
    for arguments, sentence in (
        (("9",), "There is no batch 9."),
        (("1", "-o", str(tmp_path / "report.xlsx")), "is a .csv file; give it that ending."),
        (("1", "-o", str(tmp_path / "none" / "report.csv")), "could not be written"),
    ):
        said = shell("report", *arguments)
        assert (said.returncode, said.stdout, len(said.stderr.splitlines())) == (1, "", 1)
        assert sentence in said.stderr
    assert out.read_text() == "mine"


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
    for _, to, _, status, sent_at, sent_to, answer, message_id in rows:
        assert to in sent_to
        if status == "sent":
            assert received.pop(to) == [message_id]
            assert (bool(sent_at), answer) == (True, "250 2.0.0 queued as 4711")
        else:
            assert (status, sent_at) == ("failed", "")
            assert "no such mailbox" in answer
            assert to not in received
    assert received == {}


@pytest.mark.parametrize(
    ("many", "fail"), [(10, 2), pytest.param(1000, 25, marks=pytest.mark.long)]
)
def test_retry_runs_exactly_what_failed_and_the_report_agrees_with_the_server(
    shell: Shell, api: Api, tmp_path: Path, many: int, fail: int
) -> None:
    sheet, out = tmp_path / "members.tsv", tmp_path / "report.tsv"
    numbers = range(2, many + 2)
    refused = numbers[2 :: many // fail]
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
        write(sheet, numbers, changed=8)
        assert shell("import", str(sheet), "--changed").returncode == 0
        batch_done(api, api.batches.page()["batches"][0]["batch_id"])
        (mail,) = server.mails[many:]
        assert mail.rcpt_tos == [address(8)]


def use(api: Api, server: Server) -> None:
    """Have the backend send through this server."""
    mail = {"transport": "smtp", "host": "127.0.0.1", "port": server.port, "security": "none"}
    api.save_settings({"mail": {**mail, "sender": "desk@example.org"}})


def started(api: Api) -> dict[int, str | None]:
    """Tell when each task was started last."""
    page = api.page(SortedFilter(batch_id=1), limit=1000)
    return {row["id"]: row["started_at"] for row in page["tasks"]}
