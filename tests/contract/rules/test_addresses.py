"""What is accepted as an address can be sent to; what is not says what is wrong with it."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import nullcontext
from email.errors import NonASCIILocalPartDefect
from email.headerregistry import Address as ParsedAddress
from email.policy import SMTPUTF8
from email.utils import parseaddr
from pathlib import Path

import email_validator
import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from desktop.backend.batches import Draft
from desktop.backend.rows import RowChecker
from desktop.backend.wire.items import NEW_ITEM
from desktop.contract.batches import BY_ADDRESS
from desktop.contract.rules.addresses import (
    ADDRESS_LIMIT,
    LOCAL_LIMIT,
    Address,
    AddressFault,
    AddressProblem,
    address_problem,
    check_address,
)
from desktop.contract.rules.mailbox import PROVIDERS, addresses_meant, provider_meant
from desktop.gui.items.form.item_fields import item_fields
from desktop.mail.files import FolderFiles
from desktop.mail.templates.store import Templates, built_in_templates
from sendoff_tasks.http.wire.problems import ProblemError
from sendoff_tasks.http.wire.requests import parse

LETTERS = st.sampled_from(
    "aZ0-_.@+ \"<,;'éüß½①ａ。．｡·ÀÅ\u0301\u0338\u037e\u200b\u200c\u200d\u00ad\u3164अाभ"
)
TYPED = st.one_of(
    st.emails(),
    st.text(LETTERS, max_size=40),
    st.builds("{}@{}".format, st.text(LETTERS, min_size=1, max_size=12), st.text(max_size=30)),
    st.builds("{}@{}.org".format, st.text(min_size=1, max_size=20), st.text(LETTERS, max_size=70)),
)

LONG = ("ü" * 40 + ".") * 6 + "com"
"""Of right labels, and too long in ASCII."""


@pytest.mark.parametrize(
    ("address", "domain"),
    [
        ("a@b.de", "b.de"),
        ("sendoff@localhost", "localhost"),
        ("ada@mail.local", "mail.local"),
        ("ada@shop.test", "shop.test"),
        ("ada@ＭＡＩＬ．ＬＯＣＡＬ", "mail.local"),
        ("ada.lovelace+tickets@mail.example.org", "mail.example.org"),
        ("!#$%&'*+-/=?^_`{}~@EXAMPLE.org", "example.org"),
        ("zoë@example.org", "example.org"),
        ("1@2.3.example", "2.3.example"),
        ("x" * 64 + "@example.org", "example.org"),
        ("ada@xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("ada@bücher.example", "xn--bcher-kva.example"),
        ("ada@faß.de", "xn--fa-hia.de"),
        ("用户@例え。jp", "xn--r8jz45g.jp"),
        ("ada@ヴ・ア.jp", "xn--cck1iva.jp"),
        ("ada@paral·lel.cat", "xn--parallel-koa.cat"),
        ("ada@डाटामेल.भारत", "xn--c2bd4bq1db8d.xn--h2brj9c"),
        ("ada@மின்.இந்தியா", "xn--wlcj5czc.xn--xkc2dl3a5ee0h"),
        ("ada@മെയില്.ഭാരതം", "xn--0wccj5c7a7b.xn--rvc1e0am3e"),
        ("ada@ಅಂಚೆ.ಭಾರತ", "xn--3rcf8d6i.xn--2scrj9c"),
        ("ada@తపాలా.భారత్", "xn--fpcmy1cb.xn--fpcrj9c3d"),
        ("ada@ટપાલ.ભારત", "xn--becwy1c.xn--gecrj9c"),
        ("ada@ਡਾਕ.ਭਾਰਤ", "xn--d9bx1g.xn--s9brj9c"),
        ("ada@ডাক.ভারত", "xn--p5bx1g.xn--45brj9c"),
        ("ada@คน.ไทย", "xn--42c6b.xn--o3cw4h"),
        ("ada@ශ්‍රී.ලංකා", "xn--10cl1a0b660p.xn--fzc2c9e2c"),
        ("ada@ខ្មែរ.example", "xn--j2e0cg3n2c.example"),
        ("ada@မြန်မာ.example", "xn--7idjb0f4ck.example"),
        ("ada@བོད.example", "xn--nddj8i.example"),
        ("ada@نامه‌ای.com", "xn--mgba3gch31f060k.com"),
        ("ada@xn--mgba3gch31f060k.com", "xn--mgba3gch31f060k.com"),
    ],
)
def test_addresses_people_have_are_accepted(address: str, domain: str) -> None:
    assert check_address(address) == Address(address.partition("@")[0], domain)


@pytest.mark.parametrize(
    ("address", "fault", "position", "detail"),
    [
        ("", AddressFault.MISSING, 0, ""),
        ("ada", AddressFault.NO_AT, 3, ""),
        ("0351 4567890", AddressFault.NO_AT, 12, ""),
        ("@example.org", AddressFault.NOTHING_BEFORE_AT, 0, ""),
        ("ada@", AddressFault.NOTHING_AFTER_AT, 4, ""),
        ("ada@@example.org", AddressFault.SEVERAL_ATS, 4, ""),
        ("a@b.org; c@d.org", AddressFault.SEVERAL, 1, ""),
        ("a@b.org c@d.org", AddressFault.SEVERAL, 1, ""),
        ("ada lovelace@example.org", AddressFault.SPACE, 3, ""),
        ("ada\u00a0@example.org", AddressFault.SPACE, 3, ""),
        ("ada@example.org ", AddressFault.SPACE, 15, ""),
        (".ada@example.org", AddressFault.LOCAL_DOT, 0, ""),
        ("ada.@example.org", AddressFault.LOCAL_DOT, 3, ""),
        ("a..da@example.org", AddressFault.LOCAL_DOT, 1, ""),
        ("x|ada@example.org", AddressFault.LOCAL_CHARACTER, 1, "|"),
        ("a@b.org|c@d.org", AddressFault.SEVERAL, 1, ""),
        ("'ada@example.org", AddressFault.LOCAL_MARK, 0, "'"),
        ("ada’@example.org", AddressFault.LOCAL_MARK, 3, "’"),
        ("`ada`@example.org", AddressFault.LOCAL_MARK, 0, "`"),
        ('"ada"@example.org', AddressFault.LOCAL_CHARACTER, 0, '"'),
        ("ada<eve@example.org", AddressFault.LOCAL_CHARACTER, 3, "<"),
        ("ada,eve@example.org", AddressFault.LOCAL_CHARACTER, 3, ","),
        ("ada\u037eeve@example.org", AddressFault.LOCAL_CHARACTER, 3, "\u037e"),
        ("\u0301ada@example.org", AddressFault.LOCAL_CHARACTER, 0, "U+0301"),
        ("a\ue000@example.org", AddressFault.LOCAL_CHARACTER, 1, "U+E000"),
        ("x" * 65 + "@example.org", AddressFault.LOCAL_TOO_LONG, 0, ""),
        ("é" * 33 + "@example.org", AddressFault.LOCAL_TOO_LONG, 0, ""),
        ("a\u200bda@example.org", AddressFault.INVISIBLE_CHARACTER, 1, "U+200B"),
        ("\u3164@example.org", AddressFault.INVISIBLE_CHARACTER, 0, "U+3164"),
        ("a\u200dda@example.org", AddressFault.INVISIBLE_CHARACTER, 1, "U+200D"),
        ("ada@exa\u00admple.org", AddressFault.INVISIBLE_CHARACTER, 7, "U+00AD"),
        ("ada@exa\u200cmple.org", AddressFault.INVISIBLE_CHARACTER, 7, "U+200C"),
        ("ada@example.org\u202e", AddressFault.INVISIBLE_CHARACTER, 15, "U+202E"),
        ("a\ud83d@example.org", AddressFault.INVISIBLE_CHARACTER, 1, "U+D83D"),
        ("ada@x.org\nBo <bo@x.org>", AddressFault.SEVERAL, 3, ""),
        ("ada@example.org\r\nBcc: eve@x.org", AddressFault.CONTROL_CHARACTER, 15, "U+000D"),
        ("ada@example", AddressFault.NO_DOMAIN_DOT, 4, ""),
        ("ada@example,org", AddressFault.COMMA, 11, ""),
        ("ada@example.org,", AddressFault.COMMA, 15, ""),
        ("ada@example..org", AddressFault.DOMAIN_DOT, 11, ""),
        ("ada@example.org。", AddressFault.DOMAIN_DOT, 15, ""),
        ("ada@a.-example.org", AddressFault.DOMAIN_LABEL, 6, "-example"),
        ("ada@example.c0m", AddressFault.DOMAIN_LABEL, 12, "c0m"),
        ("ada@exam_ple.org", AddressFault.DOMAIN_LABEL, 4, "exam_ple"),
        ("ada@[127.0.0.1]", AddressFault.DOMAIN_LABEL, 4, "[127"),
        ("ada@" + "x" * 64 + ".org", AddressFault.DOMAIN_LABEL, 4, "x" * 64),
        ("ada@½.com", AddressFault.DOMAIN_LABEL, 4, "½"),
        ("ada@" + "ü" * 63 + ".com", AddressFault.DOMAIN_LABEL, 4, "ü" * 63),
        ("ada@٣com.com", AddressFault.DOMAIN_LABEL, 4, "٣com"),
        ("ada@aא.com", AddressFault.DOMAIN_LABEL, 4, "aא"),
        ("ada@◌́abc.com", AddressFault.DOMAIN_LABEL, 4, "◌́abc"),
        ("ada@xn--zz.com", AddressFault.DOMAIN_LABEL, 4, "xn--zz"),
        ("ada@shop.invalid", AddressFault.RESERVED_DOMAIN, 9, "invalid"),
        ("ada@" + LONG, AddressFault.DOMAIN_LABEL, 4, LONG),
        ("ada@" + "x." * 130 + "org", AddressFault.TOO_LONG, ADDRESS_LIMIT, ""),
    ],
)  # fmt: skip
def test_what_is_no_address_says_what_and_where(
    address: str, fault: AddressFault, position: int, detail: str
) -> None:
    assert check_address(address) == AddressProblem(fault, position, detail)


def test_each_fault_has_a_sentence() -> None:
    assert address_problem("ada@example.org") is None
    assert address_problem("") == "Enter an e-mail address."
    assert address_problem("a;b@example.org") == "The character ; is not allowed before the @."
    assert address_problem("ada@½.com") == "“½” cannot be part of a domain name."


@pytest.mark.parametrize(
    ("address", "is_right"),
    [
        ("用户@例え。jp", True),
        ("ada@डाटामेल.भारत", True),
        ("ada@shop.test", True),
        ("ada@½.com", False),
        ("ada@" + "ü" * 63 + ".com", False),
        ("ada@exa\u00admple.org", False),
        ("ada@shop.invalid", False),
    ],
)
def test_the_form_the_api_and_an_import_have_one_check(
    address: str, is_right: bool, tmp_path: Path
) -> None:
    body = {"recipient": {"email": address}}
    (typed,) = (field for field in item_fields() if field.path == "recipient.email")
    assert (typed.check(address) is None) is is_right
    with nullcontext() if is_right else pytest.raises(ProblemError):
        parse(json.dumps(body).encode(), NEW_ITEM)
    templates = Templates(FolderFiles(tmp_path), built_in_templates())
    rows = RowChecker(Draft(1, BY_ADDRESS, "confirmation"), templates, lambda _: None, None)
    assert (rows.fault(body) is None) is is_right


@given(st.emails())
def test_addresses_of_the_standard_are_accepted_unless_marks_stand_around_them(
    address: str,
) -> None:
    local = address.rpartition("@")[0]
    assume("|" not in local and local.strip("'`") == local)
    assert address_problem(address) is None


@given(TYPED)
@example("a\u0338@b.org")
@example("=\u0338@b.org")
def test_what_is_accepted_reads_back_from_a_header_and_fits_an_envelope(text: str) -> None:
    found = check_address(text)
    assume(isinstance(found, Address))
    assert isinstance(found, Address)
    written = str(found)
    assert len(written.encode()) <= ADDRESS_LIMIT
    assert len(found.local.encode()) <= LOCAL_LIMIT
    assert found.domain == found.domain.encode("idna").decode()
    assert not set(written) & set('<> \r\n\t,;"')
    assert parseaddr(written) == ("", written)
    header = SMTPUTF8.header_factory("To", f"Ada <{written}>")
    assert header.addresses == (ParsedAddress("Ada", found.local, found.domain),)
    assert {type(each) for each in header.defects} <= {NonASCIILocalPartDefect}
    assert check_address(written) == found


@settings(suppress_health_check=[HealthCheck.filter_too_much])  # few texts are addresses
@given(TYPED)
@example("ada@xn--bcher-kva.example")
def test_the_quick_way_answers_as_email_validator_does(text: str) -> None:
    """Addresses in plain ASCII are not asked of the library."""
    found = check_address(text)
    assume(isinstance(found, Address) and text.isascii())
    assert isinstance(found, Address)
    assume(found.domain.rpartition(".")[2] not in {"local", "localhost", "test"})
    theirs = email_validator.validate_email(
        text, check_deliverability=False, strict=True, globally_deliverable=False
    )
    assert found.domain == theirs.ascii_domain
    assert found.local.lower() == theirs.local_part.lower()


@given(st.text(max_size=300))
def test_any_text_gets_an_answer(text: str) -> None:
    problem = address_problem(text)
    assert problem is None or problem.endswith(".")


def test_the_library_is_left_as_it_is_and_waits_for_the_first_unusual_address() -> None:
    """An app around the engine may use it too; the window's start does not pay for it."""
    look = (
        "import sys; from desktop.contract.rules.addresses import check_address as check\n"
        "for each in ('you@example.org', 'sendoff@localhost', 'ada', 'ada@exa'): check(each)\n"
        "print('email_validator' in sys.modules); check('ada@bücher.local')\n"
        "from email_validator import SPECIAL_USE_DOMAIN_NAMES as names\n"
        "print({'local', 'localhost', 'test'} <= set(names), 'dns' in sys.modules)\n"
    )
    found = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert found.stdout.split() == ["False", "True", "False"]


SLIPS = {
    "gmail.com": "gmial.com gmai.com gmail.co gmail.con gmail.cmo gmaill.com gnail.com gmailcom",
    "hotmail.com": "hotmial.com hotmal.com hotmail.con HOTMIAL.COM",
    "gmx.de": "gmx.ed gxm.de gmx.d gmxx.de gmx.dee gmxde gmx,de",
    "web.de": "web.ed wbe.de web.d webb.de web,de webde",
    "t-online.de": "tonline.de t-onlin.de t-online.ed",
    "yahoo.com": "yaho.com yahooo.com yhaoo.com",
    "outlook.com": "outlok.com outllok.com",
}


OTHERS = (
    "example.org wed.de gm.de we.de line.com life.com meta.com macy.com web.de.example"
    " gmail.example uni-mainz.de x"
)


def test_a_slip_is_noticed() -> None:
    for meant, slips in SLIPS.items():
        for typed in slips.split():
            assert provider_meant(typed) == meant, typed
            assert addresses_meant(f"ada@{typed}") == [f"ada@{meant}"]


def test_a_provider_itself_and_another_domain_get_no_hint() -> None:
    assert {provider_meant(domain) for domain in (*PROVIDERS, *OTHERS.split())} == {None}


@given(st.sampled_from(PROVIDERS), st.integers(0, 30), st.sampled_from("aqz"))
def test_a_letter_too_few_or_too_many_in_a_long_domain_is_noticed(
    domain: str, at: int, letter: str
) -> None:
    name = domain.partition(".")[0]
    place = at % (len(domain) + 1)
    for typed in (domain[:place] + letter + domain[place:], domain[:place] + domain[place + 1 :]):
        if len(name) > 4 and typed not in PROVIDERS:
            assert provider_meant(typed) is not None
