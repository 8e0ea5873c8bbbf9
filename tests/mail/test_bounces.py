"""Files of e-mails that came back: what is read of them, and what hostile ones cannot do."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path
from quopri import encodestring

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
    (found,), others, unread = read_bounces(tmp_path / "one.eml")
    assert found == {
        "address": "dee@exmaple.org",
        "code": 550,
        "enhanced": "5.1.1",
        "said": "550 5.1.1 no such user",
        "message_ids": [OURS],
        "at": None,
    }
    assert (others, unread) == (0, 0)


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
    ((found,), *_) = read_bounces(file_of(tmp_path, mail))
    assert found["enhanced"] == enhanced


@pytest.mark.parametrize(
    "said", ["host mx-450.example.org[192.0.2.1]:587 said: 552 full", "552-5.2.2 full"]
)
def test_the_code_is_the_server_s_answer(tmp_path: Path, said: str) -> None:
    mail = report("bo@example.org", OURS, status="5.2.2", said=said)
    ((found,), *_) = read_bounces(file_of(tmp_path, mail))
    assert found["code"] == 552


def test_words_without_a_report_tell_no_code_of_a_server_s_address(tmp_path: Path) -> None:
    mail = free_text("bo@example.org").replace(b"198.51.100.7", b"5.1.1.20")
    mail = mail.replace(b"550 5.1.1 no such user", b"552 5.2.2 mailbox full")
    ((found,), *_) = read_bounces(file_of(tmp_path, mail))
    assert (found["code"], found["enhanced"]) == (552, "5.2.2")


def test_a_bounce_without_a_report_is_read_from_its_text(tmp_path: Path) -> None:
    ((found,), *_) = read_bounces(file_of(tmp_path, free_text("bo@example.org")))
    assert (found["address"], found["code"], found["enhanced"]) == ("bo@example.org", 550, "5.1.1")


@pytest.mark.parametrize("action", ["delayed", "relayed", "delivered"])
def test_what_may_still_arrive_is_no_bounce(tmp_path: Path, action: str) -> None:
    mail = report("bo@example.org", OURS, action=action, status="4.4.1")
    assert read_bounces(file_of(tmp_path, mail)) == ([], 1, 0)


def test_an_answer_by_a_person_is_no_bounce(tmp_path: Path) -> None:
    mail = b"From: bo@example.org\nSubject: Re: Opera night\n\nI am away until Monday.\n"
    found, *counts = read_bounces(file_of(tmp_path, report("dee@exmaple.org", OURS), mail))
    assert ([each["address"] for each in found], counts) == (["dee@exmaple.org"], [1, 0])


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
    endless = b"From: eve@example.org\nSubject: " + b"a" * (3 * MESSAGE_BYTES)
    garbage = bytes(range(256)) * 200
    last = report("dee@exmaple.org", OURS)
    found, others, unread = read_bounces(file_of(tmp_path, many, nested, endless, garbage, last))
    assert len(found) == ADDRESSES + 1
    assert (others, unread) == (1, 1)
    assert found[-1]["address"] == "dee@exmaple.org"
    assert all(len(each["said"]) <= 300 and len(each["message_ids"]) <= 20 for each in found)


def test_a_file_of_hostile_reports_names_a_bounded_number_of_addresses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.mail.bounces.MOST", 50)
    mails = [report(f"a{n}@example.org", OURS) for n in range(60)]
    found, others, unread = read_bounces(file_of(tmp_path, *mails))
    assert (len(found), others, unread) == (50, 0, 10)


def utf_8(to: str, written: str, kind: str = "", encoding: str = "") -> bytes:
    """Return a report about an address beyond ASCII (RFC 6533)."""
    text = (
        report(to, OURS).decode().replace("rfc822; ", "utf-8; ").replace(f"; {to}", f"; {written}")
    )
    head, _, rest = text.partition("message/delivery-status\n\n")
    blocks, end, last = rest.partition("\n--b\n")
    if encoding == "base64":
        blocks = b64encode(blocks.encode()).decode()
    elif encoding:
        blocks = encodestring(blocks.encode()).decode()
    told = f"Content-Transfer-Encoding: {encoding or '8bit'}"
    return f"{head}message/{kind}delivery-status\n{told}\n\n{blocks}{end}{last}".encode()


@pytest.mark.parametrize(
    "mail",
    [
        utf_8("bo@example.org", "bo@example.org", "global-"),
        utf_8("jörg@bücher.example", "jörg@bücher.example", "global-"),
        utf_8("jörg@bücher.example", "jörg@bücher.example", "Global-", "base64"),
        utf_8("jörg@bücher.example", "jörg@bücher.example", "global-", "quoted-printable"),
        utf_8("jörg@bücher.example", "j\\x{F6}rg@b\\x{FC}cher.example"),
    ],
)
def test_a_report_about_an_address_beyond_ascii_is_read(tmp_path: Path, mail: bytes) -> None:
    found, *counts = read_bounces(file_of(tmp_path, mail))
    assert [each["address"].partition("@")[0] for each in found] in (["bo"], ["jörg"])
    assert [each["enhanced"] for each in found] == ["5.1.1"]
    assert counts == [0, 0]


THREE = [report(f"{name}@example.org", OURS).decode() for name in ("ada", "bo", "cy")]
LINE = "From MAILER-DAEMON Mon Nov 30 10:00:00 2026\n"
MBOX = "".join(f"{LINE}{each}\n" for each in THREE)
PROSE = "Your message could not be delivered.\n\nFrom now on at 10:00, please write elsewhere.\n"
QUOTED = MBOX.replace("Your message could not be delivered.\n", PROSE)


@pytest.mark.parametrize(
    "content",
    [
        MBOX.encode(),
        MBOX.replace("\n", "\r\n").encode(),
        MBOX.replace("\n", "\r").encode(),
        f"\n \n{MBOX}".encode(),
        f"\ufeff{MBOX}".encode(),
        "".join(f"\ufeff{LINE}{each}\n" for each in THREE).encode(),
        "".join(f"{LINE}{each.rstrip()}\n" for each in THREE).encode(),
        QUOTED.encode(),
        MBOX.replace(LINE, "From ???@???\nX-Mozilla-Status: 0001\n").encode(),
        MBOX.encode("utf-16"),
        MBOX.encode("utf-16-be"),
    ],
    ids=[
        *("mbox", "dos", "old mac", "blank first", "mark first", "joined", "no blank between"),
        *("from in a text", "no time", "utf-16", "utf-16 without a mark"),
    ],
)
def test_a_mailbox_is_read_as_programs_write_it(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "returned.mbox"
    file.write_bytes(content)
    found, *counts = read_bounces(file)
    assert [each["address"] for each in found] == [f"{n}@example.org" for n in ("ada", "bo", "cy")]
    assert counts == [0, 0]


@pytest.mark.parametrize(
    "content",
    [
        f"\ufeff{THREE[0]}".encode(),
        f"\n\n{THREE[0]}".encode(),
        THREE[0].encode("utf-16"),
        f'{len(THREE[0])}\n{THREE[0]}<?xml version="1.0"?>\n<plist/>\n'.encode(),
    ],
    ids=["mark first", "blank first", "utf-16", "emlx"],
)
def test_a_message_is_read_as_programs_write_it(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "returned.eml"
    file.write_bytes(content)
    found, *counts = read_bounces(file)
    assert ([each["address"] for each in found], counts) == (["ada@example.org"], [0, 0])


@pytest.mark.parametrize(
    "content", [b"%PDF-1.7\n%abc\n", b"Dear all,\n\nbo@example.org came back.\n", b"\xd0\xcf" * 99]
)
def test_what_is_no_message_is_not_counted_as_one(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "returned.eml"
    file.write_bytes(content)
    assert read_bounces(file) == ([], 0, 1)
