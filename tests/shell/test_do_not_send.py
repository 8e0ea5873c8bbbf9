"""``sendoff do-not-send`` and ``sendoff bounces``: the list and what came back, from a shell."""

from __future__ import annotations

import json
from pathlib import Path

from desktop.client.api import Api
from sendoff_tasks.client.calls import SortedFilter
from sendoff_tasks.words.table import ENGLISH
from tests.looking import eventually
from tests.mail.returned import report
from tests.shell.conftest import Shell


def test_the_list_is_extended_read_asked_and_shortened(
    shell: Shell, api: Api, tmp_path: Path
) -> None:
    added = shell("do-not-send", "--add", "Ada@Example.org", "@alt.example", "--note", "phoned")
    assert (added.returncode, added.stdout) == (0, "Added: 2. On the list before: 0.\n")
    wrong = shell("do-not-send", "--add", "ada")
    assert (wrong.returncode, wrong.stdout) == (1, "")
    assert wrong.stderr == "“ada”: There is no @ in this address.\n"
    file = tmp_path / "left.csv"
    file.write_text("E-Mail\nada@example.org\nbo@example.org\n")
    told = shell("do-not-send", "--from-file", str(file))
    assert told.stdout == "Added: 1. On the list before: 1.\n"
    file.write_text("E-Mail\nbo@example.org\nda@example,org\nno.example.org\nx@example.org\n")
    partly = shell("do-not-send", "--from-file", str(file))
    assert (partly.returncode, partly.stdout) == (1, "Added: 1. On the list before: 1.\n")
    assert partly.stderr.splitlines() == [
        f"“{text}”: {ENGLISH.say('address', fault)}"
        for text, fault in (("da@example", "no_domain_dot"), ("no.example.org", "no_at"))
    ]
    assert shell("do-not-send", "--remove", "x@example.org").returncode == 0
    lines = shell("do-not-send").stdout.splitlines()
    assert [each.split()[0] for each in lines] == [
        "bo@example.org",
        "@alt.example",
        "ada@example.org",
    ]
    assert lines[0].endswith("left (left.csv)")
    assert lines[2].endswith("asked “phoned”")
    assert json.loads(shell("do-not-send", "ada", "--json").stdout)[0]["address"] == (
        "ada@example.org"
    )
    refused = shell("submit", "--to", "ada@example.org")
    assert refused.returncode == 1
    assert "On the list “Do not send” since" in refused.stderr
    assert shell("submit", "--to", "ada@example.org", "--send-anyway").returncode == 0
    by_domain = shell("do-not-send", "--remove", "x@alt.example")
    assert by_domain.returncode == 1
    assert "@alt.example" in by_domain.stdout
    for each in ("ADA@example.org", "@alt.example"):
        assert shell("do-not-send", "--remove", each).stdout == "Off the list: 1.\n"
    assert len(shell("do-not-send").stdout.splitlines()) == 1


def test_a_returned_e_mail_that_is_unknown_marks_nothing(
    shell: Shell, api: Api, tmp_path: Path
) -> None:
    assert shell("submit", "--to", "ada@example.org").returncode == 0
    eventually(lambda: api.page(SortedFilter(states=("succeeded",)))["tasks"])
    file = tmp_path / "returned.eml"
    file.write_bytes(report("bo@example.org", "<1@example.org>"))
    told = shell("bounces", str(file), "--yes")
    assert (told.returncode, told.stdout) == (0, "bo@example.org  none\n")
    mailbox = tmp_path / "Returned.mbox" / "mbox"  # as Apple Mail exports it
    mailbox.parent.mkdir()
    mails = report("bo@example.org", "<1@example.org>"), b"X-Old-Header: 1\n\nCame back.\n"
    mailbox.write_bytes(b"".join(b"From x 10:00\n" + each for each in mails))
    partly = shell("bounces", str(mailbox.parent))
    assert (partly.returncode, partly.stdout) == (1, "bo@example.org  none\n")
    assert partly.stderr == f"{ENGLISH.say('bounces', 'unread', n=1)}\n"
    file.write_bytes(b"%PDF-1.7\n")
    unread = shell("bounces", str(file))
    assert (unread.returncode, unread.stdout) == (1, "")
    assert ENGLISH.say("no_copy", "bounces") in unread.stderr
    missing = shell("bounces", str(tmp_path / "none.eml"))
    assert missing.returncode == 1
    assert "none.eml cannot be read" in missing.stderr
