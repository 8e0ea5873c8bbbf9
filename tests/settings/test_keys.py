"""What keys sign: no text of one use is one of another, and what is stored stays as it is."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendoff_tasks.folder.keys import (
    Use,
    fingerprint,
    is_same,
    new_nonce,
    new_secret,
    proof,
    side_proof,
)

KEY = "a" * 64
TABLE = Path(__file__).parents[2] / "docs" / "decisions" / "one-file-makes-every-key.md"
SHARED = [pair for pair in combinations(Use, 2) if pair[0].key == pair[1].key]
"""The uses that sign with keys of one kind."""


@given(st.data())
@pytest.mark.parametrize("uses", SHARED)
def test_no_two_uses_of_one_key_have_the_same_text(
    uses: tuple[Use, Use], data: st.DataObject
) -> None:
    for use, other in (uses, uses[::-1]):
        text = data.draw(st.from_regex(use.texts, fullmatch=True))
        assert use.sign(b"key", text)
        with pytest.raises(ValueError, match=other.name):
            other.sign(b"key", text)


def test_two_uses_or_more_share_a_kind_of_key() -> None:
    assert len(SHARED) >= 3  # the test above sees them


@given(st.binary() | st.from_regex(rb"[0-9a-f]{30,34}\s?"))
def test_what_a_stranger_chooses_is_signed_as_a_nonce_only(text: bytes) -> None:
    """Also the key of sessions, by a backend of an earlier version, which signed each UTF-8."""
    is_nonce = len(text) == 32 and text.isalnum() and not text.lower().strip(b"0123456789abcdef")
    if is_nonce:
        assert Use.PROOF.sign(b"key", text)
    else:
        with pytest.raises(ValueError, match="PROOF"):
            Use.PROOF.sign(b"key", text)
    with pytest.raises(UnicodeDecodeError):
        b"\xffpage sessions".decode()
    assert Use.SESSIONS.sign(b"key", b"\xffpage sessions")


def test_what_programs_of_before_know_is_byte_for_byte_the_same() -> None:
    nonce = "0123456789abcdef" * 2
    said = [proof(KEY, nonce), side_proof(KEY, "owner"), side_proof(KEY, "other")]
    assert said == [
        "e5f1473800e3f0f2fe0513b5f1f367459bba0392486e2244e9adf971f3c241de",
        "d74f2668d2ec744a99fd5ee8457fcd7fb019b9bd125737437c4ba3fc4b27df0a",
        "4e6ef8631b1d72c9a18c391e88947086a533d35dc78e8b1b9ed59b12cb5bf30e",
    ]
    assert fingerprint("ab" * 32, "ada@example.org") == (
        "#de2db2a4d8d221e3f758fe741ff1f70685691f9a5f72f8306fd841ffa05c52de"
    )


def test_a_secret_is_new_and_can_stand_on_any_command_line() -> None:
    made = {new_secret() for _ in range(100)}
    assert len(made) == 100
    assert all(each.isalnum() and len(each) == 64 for each in made)
    assert Use.PROOF.sign(b"key", new_nonce().encode())


@pytest.mark.parametrize("shown", ["", "sec", "secret ", "é", "\udcff", b"\xff"])
def test_only_the_secret_is_the_secret(shown: str | bytes) -> None:
    assert not is_same(shown, "secret")
    assert is_same(b"secret", "secret")


def test_the_page_of_decisions_has_each_use() -> None:
    table = TABLE.read_text("utf-8")
    assert [use.name for use in Use if f"`{use.name}`" not in table] == []
