"""Sessions of the page: who has one, how long, and what ends it."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from sendoff_tasks.folder.keys import hash_of
from sendoff_tasks.folder.tokens import Tokens, add_token, read_tokens, remove_token
from sendoff_tasks.http.page.visitors import (
    Right,
    Visitor,
    begin_session,
    visitor_in,
    visitor_of,
)
from sendoff_tasks.http.page_codes import SESSION_S
from sendoff_tasks.model.problems import Access

OWN = "a" * 64


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "tokens.json"


@pytest.fixture
def tokens(file: Path) -> Tokens:
    return Tokens(OWN, file)


def begun(tokens: Tokens, token: str) -> str:
    session = begin_session(tokens, token)
    assert session is not None
    return session


@pytest.mark.parametrize(
    ("access", "right"), [(Access.FULL, Right.RUN), (Access.VIEWER, Right.LOOK)]
)
def test_the_session_of_a_named_token_has_its_right_and_name(
    tokens: Tokens, file: Path, access: Access, right: Right
) -> None:
    session = begun(tokens, add_token(file, "ana", access))
    assert visitor_in(tokens, session) == Visitor(right, "ana")
    remove_token(file, "ana")
    assert visitor_in(tokens, session).right is Right.NONE


def test_a_session_ends_with_its_time_and_with_its_token_s(tokens: Tokens, file: Path) -> None:
    session = begun(tokens, OWN)
    assert visitor_in(tokens, session).right is Right.RUN
    assert visitor_in(tokens, session, time.time() + SESSION_S).right is Right.NONE
    assert visitor_in(Tokens("b" * 64, file), session).right is Right.NONE
    soon = time.time() + 3600
    token = add_token(file, "bo", Access.FULL, soon)
    session = begun(tokens, token)
    assert visitor_in(tokens, session, soon - 1).right is Right.RUN
    assert visitor_in(tokens, session, soon).right is Right.NONE


def test_a_session_ends_within_its_time_whatever_it_says(tokens: Tokens, file: Path) -> None:
    for token in (OWN, add_token(file, "ana", Access.FULL)):
        later = begin_session(tokens, token, time.time() + 60)
        assert later is not None
        assert visitor_in(tokens, later).right is Right.NONE


def test_what_the_folder_keeps_of_a_token_signs_no_session(tokens: Tokens, file: Path) -> None:
    """A copy of the file is in each backup of a folder; the token of the start is not."""
    session = begun(tokens, token := add_token(file, "ana", Access.FULL))
    (ana,) = read_tokens(file)
    forged = begin_session(Tokens(ana.digest, file), token)
    assert forged is not None
    assert visitor_in(tokens, forged).right is Right.NONE
    assert visitor_in(Tokens("b" * 64, file), session).right is Right.NONE
    assert begin_session(tokens, ana.digest) is None


def test_a_session_ends_with_a_token_that_another_one_replaces(tokens: Tokens, file: Path) -> None:
    session = begun(tokens, add_token(file, "ana", Access.FULL))
    (ana,) = read_tokens(file)
    text = file.read_text()
    file.write_text(text.replace(ana.digest, hash_of("another")))
    assert visitor_in(tokens, session).right is Right.NONE
    file.write_text(text)
    assert visitor_in(tokens, session).right is Right.RUN


@pytest.mark.parametrize("token", ["", "a", OWN[:-1], OWN.upper(), "é" * 64, f"{OWN}\n"])
def test_a_session_is_not_begun_with_a_wrong_token(tokens: Tokens, token: str) -> None:
    assert begin_session(tokens, token) is None


def test_a_session_that_was_changed_is_nobody_s(tokens: Tokens, file: Path) -> None:
    session = begun(tokens, add_token(file, "ana", Access.VIEWER))
    public, until, signature = session.split(".")
    forged = [
        f"start.{until}.{signature}",
        f"{public}.{int(until) + 1}.{signature}",
        f"{public}.{until}.{'0' * len(signature)}",
        f"{public}.{until}",
        f"{public}.0{until}.{signature}",
        f"{public}.{until}.{signature.upper()}",
        f"{public}.²{until}.{signature}",
        f"{public}.{'9' * 5000}.{signature}",
        f"ffffffffffffffff.{until}.{signature}",
        "..",
        "",
    ]
    assert {visitor_in(tokens, each).right for each in forged} == {Right.NONE}


def test_a_right_includes_those_above_it() -> None:
    rights = [Right.NONE, Right.LOOK, Right.ACT, Right.RUN]
    for place, right in enumerate(rights):
        assert [other for other in rights if right.includes(other)] == rights[: place + 1]


def test_visitor_of_reads_a_right_or_a_right_and_a_name() -> None:
    assert visitor_of(None) == Visitor(Right.NONE)
    assert visitor_of("look") == Visitor(Right.LOOK)
    assert visitor_of((Right.ACT, "ana")) == Visitor(Right.ACT, "ana")
    with pytest.raises(ValueError, match="owner"):
        visitor_of("owner")
    with pytest.raises(ValueError, match="True"):
        visitor_of(True)
