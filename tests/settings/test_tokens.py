"""The file of tokens: commands change it one after the other, a backend reads it as it is."""

from __future__ import annotations

import errno
import json
import os
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from sendoff_tasks.folder import safe_files, tokens
from sendoff_tasks.folder.lock_file import LockFile
from sendoff_tasks.folder.safe_files import await_quiet
from sendoff_tasks.folder.tokens import (
    NamedToken,
    NoToken,
    Tokens,
    TokensError,
    add_token,
    read_token,
    remove_token,
)
from sendoff_tasks.model.problems import Access
from tests import WITHIN


def test_a_file_that_cannot_be_read_for_a_moment_lets_in_again_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "tokens.json"
    shown = add_token(file, "Ada", Access.VIEWER).encode()
    let_in = Tokens("own", file)

    def refused(_: Path) -> list[NamedToken]:
        raise TokensError(os.strerror(errno.EMFILE))

    told: list[str] = []
    let_in.on_refusal = told.append
    with monkeypatch.context() as full:
        full.setattr(tokens, "read_tokens", refused)
        assert [let_in.access(shown) for _ in range(2)] == [Access.NONE] * 2
    (said,) = caplog.messages
    assert os.strerror(errno.EMFILE) in said
    assert let_in.access(shown) is Access.VIEWER
    assert told == [said, ""]


def test_a_token_that_is_being_written_is_not_taken_half(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "token"
    file.write_text("a-whole-token-has-32-characters!")
    file.chmod(0o600)
    monkeypatch.setattr(safe_files, "QUIET", WITHIN)
    monkeypatch.setattr(tokens, "await_quiet", partial(await_quiet, within=0.2))
    with pytest.raises(NoToken, match="still being written"):
        read_token(file)
    os.utime(file, (0, 0))
    assert read_token(file) == "a-whole-token-has-32-characters!"


def test_the_beginning_of_a_token_is_none(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("a-whole-token-has-32-characters")
    file.chmod(0o600)
    with pytest.raises(NoToken, match=rf"{file} does not hold a token: 32 .+ makes one: python -c"):
        read_token(file)


def test_no_command_brings_back_what_another_one_removes(tmp_path: Path) -> None:
    file = tmp_path / "tokens.json"
    shown = add_token(file, "Ada", Access.FULL).encode()
    other = LockFile(tmp_path / "tokens.json.lock")
    assert other.take()
    with pytest.raises(TokensError, match="Another command"):
        add_token(file, "Grace", Access.FULL)
    with pytest.raises(TokensError, match="Another command"):
        remove_token(file, "Ada")
    assert Tokens("own", file).access(shown) is Access.FULL
    other.release()
    remove_token(file, "Ada")
    assert Tokens("own", file).access(shown) is Access.NONE


def written(file: Path, **changed: object) -> str:
    """Write the file's token with other parts; ``...`` leaves a part out."""
    (found,) = json.loads(file.read_bytes())["tokens"]
    found = {name: value for name, value in {**found, **changed}.items() if value is not ...}
    return json.dumps({"tokens": [found]})


CUT: list[Callable[[Path], str]] = [
    lambda file: "",
    lambda file: "{}",
    lambda file: "[]",
    lambda file: "null",
    lambda file: '{"tokens": null}',
    lambda file: '{"tokens": {}}',
    lambda file: '{"tokens": [null]}',
    lambda file: "\0" * 400,
    lambda file: file.read_text()[:-1],
    lambda file: file.read_text()[:60],
    lambda file: written(file, expires_at=...),
    lambda file: written(file, expires_at="soon"),
    lambda file: written(file, digest=...),
    lambda file: written(file, digest=1),
    lambda file: written(file, digest="é" * 64),
    lambda file: written(file, expires_at=float("nan")),
    lambda file: written(file, expires_at=float("inf")),
    lambda file: written(file, access="owner"),
    lambda file: written(file, access=...),
    lambda file: written(file, created_at=...),
    lambda file: written(file, more=1),
]


@pytest.mark.parametrize("cut", CUT)
def test_a_file_that_is_not_whole_lets_nobody_in_and_is_not_replaced(
    tmp_path: Path, cut: Callable[[Path], str]
) -> None:
    file = tmp_path / "tokens.json"
    shown = add_token(file, "Ada", Access.VIEWER, time.time() + 60).encode()
    let_in, whole = Tokens("own", file), file.read_bytes()
    assert let_in.access(shown) is Access.VIEWER
    left = cut(file)
    file.write_text(left)
    assert let_in.access(shown) is Access.NONE
    assert Tokens("own", file).access(shown) is Access.NONE
    assert let_in.access(b"") is Access.NONE
    assert let_in.access(b"own") is Access.FULL
    with pytest.raises(TokensError, match="does not hold tokens"):
        add_token(file, "Bo", Access.FULL)
    with pytest.raises(TokensError, match="does not hold tokens"):
        remove_token(file, "Ada")
    assert file.read_text() == left
    file.write_bytes(whole)
    assert let_in.access(shown) is Access.VIEWER


def test_tokens_of_a_newer_version_let_nobody_in_and_stay_as_they_are(tmp_path: Path) -> None:
    file = tmp_path / "tokens.json"
    shown = add_token(file, "Ada", Access.VIEWER).encode()
    newer = file.read_text().replace("{", '{"format": 2, ', 1)
    file.write_text(newer)
    assert Tokens("own", file).access(shown) is Access.NONE
    for use in (lambda: add_token(file, "Bo", Access.FULL), lambda: remove_token(file, "Ada")):
        with pytest.raises(TokensError, match="written by a newer version"):
            use()
    assert file.read_text() == newer


@pytest.mark.skipif(os.name != "posix", reason="there are no such rights")
def test_tokens_that_others_can_change_let_nobody_in(tmp_path: Path) -> None:
    file = tmp_path / "tokens.json"
    shown = add_token(file, "Ada", Access.FULL).encode()
    let_in = Tokens("own", file)
    assert let_in.access(shown) is Access.FULL
    file.chmod(0o666)
    assert let_in.access(shown) is Access.NONE
    with pytest.raises(TokensError, match=r"other users can change it.*chmod go-w"):
        add_token(file, "Bo", Access.FULL)
    file.chmod(0o600)
    assert let_in.access(shown) is Access.FULL
