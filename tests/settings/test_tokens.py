"""The file of tokens: commands change it one after the other, a backend reads it as it is."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

import pytest

from desktop.contract.access import Access
from desktop.settings import tokens
from desktop.settings.lock_file import LockFile
from desktop.settings.tokens import NamedToken, Tokens, TokensError, add_token, remove_token

if TYPE_CHECKING:
    from pathlib import Path


def test_a_file_that_cannot_be_read_for_a_moment_lets_in_again_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "tokens.json"
    shown = add_token(file, "Ada", Access.VIEWER).encode()
    let_in = Tokens("own", file)

    def refused(_: Path) -> list[NamedToken]:
        raise TokensError(os.strerror(errno.EMFILE))

    with monkeypatch.context() as full:
        full.setattr(tokens, "read_tokens", refused)
        assert [let_in.access(shown) for _ in range(2)] == [Access.NONE] * 2
    (said,) = caplog.messages
    assert os.strerror(errno.EMFILE) in said
    assert let_in.access(shown) is Access.VIEWER


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
