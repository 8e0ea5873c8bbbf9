"""Files of e-mails that came back: what is read of them, and what hostile ones cannot do."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.mail.bounces import ADDRESSES, MESSAGE_BYTES, read_bounces
from tests.mail.returned import free_text, report

OURS = "<0123.4567@example.org>"


def file_of(folder: Path, *mails: bytes) -> Path:
    file = folder / "returned.mbox"
    file.write_bytes(b"".join(b"From mailer Mon Nov 30\n" + mail + b"\n\n" for mail in mails))
    return file


def test_a_report_tells_the_address_its_codes_and_the_message(tmp_path: Path) -> None:
    (tmp_path / "one.eml").write_bytes(report("dee@exmaple.org", OURS))
    (found,), others = read_bounces(tmp_path / "one.eml")
    assert found == {
        "address": "dee@exmaple.org",
        "code": 550,
        "enhanced": "5.1.1",
        "said": "550 5.1.1 no such user",
        "message_ids": [OURS],
        "at": None,
    }
    assert others == 0


@pytest.mark.parametrize(
    ("status", "said", "enhanced"),
    [
        ("5.2.2", "host mx.example.org[5.1.1.20] said: 552 5.2.2 mailbox full", "5.2.2"),
        ("5.2.2", "550 5.1.1 no such user", "5.2.2"),
        ("5.2.2 (mailbox full)", "", "5.2.2"),
        ("5.0.0", "550 5.1.1 no such user", "5.1.1"),
        ("5.0.0", "554 refused by 5.1.1.20", "5.0.0"),
        ("", "host 5.1.1.20, 5.1.1.20.example.org (Exim 4.92.3): 552 mailbox full", None),
    ],
)
def test_the_status_tells_why_and_no_address_of_a_server(
    tmp_path: Path, status: str, said: str, enhanced: str | None
) -> None:
    mail = report("bo@example.org", OURS, status=status, said=said)
    (found,), _ = read_bounces(file_of(tmp_path, mail))
    assert found["enhanced"] == enhanced


@pytest.mark.parametrize(
    "said", ["host mx-450.example.org[192.0.2.1]:587 said: 552 full", "552-5.2.2 full"]
)
def test_the_code_is_the_server_s_answer(tmp_path: Path, said: str) -> None:
    mail = report("bo@example.org", OURS, status="5.2.2", said=said)
    (found,), _ = read_bounces(file_of(tmp_path, mail))
    assert found["code"] == 552


def test_words_without_a_report_tell_no_code_of_a_server_s_address(tmp_path: Path) -> None:
    mail = free_text("bo@example.org").replace(b"198.51.100.7", b"5.1.1.20")
    mail = mail.replace(b"550 5.1.1 no such user", b"552 5.2.2 mailbox full")
    (found,), _ = read_bounces(file_of(tmp_path, mail))
    assert (found["code"], found["enhanced"]) == (552, "5.2.2")


def test_a_bounce_without_a_report_is_read_from_its_text(tmp_path: Path) -> None:
    (found,), _ = read_bounces(file_of(tmp_path, free_text("bo@example.org")))
    assert (found["address"], found["code"], found["enhanced"]) == ("bo@example.org", 550, "5.1.1")


@pytest.mark.parametrize("action", ["delayed", "relayed", "delivered"])
def test_what_may_still_arrive_is_no_bounce(tmp_path: Path, action: str) -> None:
    mail = report("bo@example.org", OURS, action=action, status="4.4.1")
    assert read_bounces(file_of(tmp_path, mail)) == ([], 1)


def test_an_answer_by_a_person_is_no_bounce(tmp_path: Path) -> None:
    mail = b"From: bo@example.org\nSubject: Re: Opera night\n\nI am away until Monday.\n"
    found, others = read_bounces(file_of(tmp_path, report("dee@exmaple.org", OURS), mail))
    assert ([each["address"] for each in found], others) == (["dee@exmaple.org"], 1)


def test_hostile_messages_are_bounded_and_do_not_stop_the_others(tmp_path: Path) -> None:
    blocks = b"".join(
        b"\nFinal-Recipient: rfc822; a%d@example.org\nAction: failed\nStatus: 5.1.1\n" % n
        for n in range(10 * ADDRESSES)
    )
    many = report("x@example.org", OURS).replace(
        b"\nFinal-Recipient", blocks + b"\nFinal-Recipient"
    )
    nested = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n) for n in range(3000)
    )
    endless = b"Subject: " + b"a" * (3 * MESSAGE_BYTES)
    garbage = bytes(range(256)) * 200
    last = report("dee@exmaple.org", OURS)
    found, _ = read_bounces(file_of(tmp_path, many, nested, endless, garbage, last))
    assert len(found) == ADDRESSES + 1
    assert found[-1]["address"] == "dee@exmaple.org"
    assert all(len(each["said"]) <= 300 and len(each["message_ids"]) <= 20 for each in found)


def test_a_file_of_hostile_reports_names_a_bounded_number_of_addresses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.mail.bounces.MOST", 50)
    mails = [report(f"a{n}@example.org", OURS) for n in range(60)]
    assert len(read_bounces(file_of(tmp_path, *mails))[0]) == 50
