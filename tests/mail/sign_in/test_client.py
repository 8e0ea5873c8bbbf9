"""What an issuer answers is bounded and checked: what cannot be read is for later, and not kept."""

from __future__ import annotations

import base64
import gzip
import json
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.contract.sign_in import SignInProblem
from desktop.mail.errors import SignInNeeded, Unreached
from desktop.mail.http import bounded
from desktop.mail.sign_in.client import DeviceCode, IssuerClient, IssuerRefused
from desktop.mail.sign_in.issuers import ISSUERS
from desktop.mail.sign_in.tokens import AccessTokens
from sendoff_tasks.words.table import ENGLISH
from tests import WITHIN
from tests.mail.issuer import Answer, Issuer, granting, issuing, settings, sign_in
from tests.mail.sending import chained

MUCH = 50_000_000
"""Bytes that a bounded reader never holds."""


@pytest.fixture
def issuer(monkeypatch: pytest.MonkeyPatch) -> Iterator[Issuer]:
    with issuing() as found:
        monkeypatch.setitem(ISSUERS, "microsoft", found.played)
        yield found


@pytest.fixture
def tokens(issuer: Issuer, tmp_path: Path) -> AccessTokens:
    """Give tokens the first of which has been refused by a service."""
    found = sign_in(tmp_path / "passwords", tmp_path).tokens(settings())
    found.rejected(found.token())
    return found


def _kept(folder: Path) -> str:
    (kept,) = json.loads((folder / "passwords").read_text()).values()
    return str(json.loads(kept)["refresh"])


def _id_token(claims: bytes) -> str:
    return f"e30.{base64.urlsafe_b64encode(claims).decode().rstrip('=')}.x"


UNREADABLE = {
    "no JSON": Answer(b"<html>"),
    "no object": Answer(b'["access_token"]'),
    "deep": Answer(b'{"access_token": "A", "x": ' + b"[" * 60_000 + b"]" * 60_000 + b"}"),
    "deeper": Answer(b"[" * 65_000),
    "endless": Answer(b" " * 65_536, endless=True),
    "endless token": Answer(b'{"access_token": "A' + b"x" * 60_000, endless=True),
    "compressed": Answer(
        gzip.compress(granting(x="x" * MUCH).body, 1), headers=(("Content-Encoding", "gzip"),)
    ),
    "no token": granting(access_token=None),
    "a number": granting(access_token=7),
    "empty": granting(access_token=""),
    "two lines": granting(access_token="a\r\nX-Evil: 1"),
    "a blank at the end": granting(access_token="a "),
    "beyond ASCII": granting(access_token="tökén"),
    "half a character": granting(access_token="\ud800"),
    "refresh number": granting(refresh_token=7),
    "refresh false": granting(refresh_token=False),
    "refresh object": granting(refresh_token={"a": 1}),
    "refresh lines": granting(refresh_token="R\n"),
    "refresh beyond ASCII": granting(refresh_token="Ü"),
    "no time": granting(expires_in="soon"),
    "infinite": granting(expires_in=float("inf")),
    "never": granting(expires_in=float("nan")),
    "before": granting(expires_in=-5),
    "scopes": granting(scope=["Mail.Send"]),
    "a deep ID token": granting(id_token=_id_token(b"[" * 9_000)),
    "a broken ID token": granting(id_token="e30.!!!.x"),
}  # fmt: skip


@pytest.mark.parametrize("answer", UNREADABLE.values(), ids=UNREADABLE)
def test_an_answer_that_cannot_be_read_is_for_later_and_not_kept(
    tokens: AccessTokens, issuer: Issuer, tmp_path: Path, answer: Answer
) -> None:
    issuer.answers.append(answer)
    tracemalloc.start()
    try:
        with pytest.raises(Unreached) as caught:
            tokens.token()
        assert tracemalloc.get_traced_memory()[1] < MUCH / 10
    finally:
        tracemalloc.stop()
    assert str(caught.value) == ENGLISH.say("sending", "no_sign_in", "unread", issuer="Microsoft")
    assert len(chained(caught.value)) == 1
    assert not answer.endless or issuer.left.acquire(timeout=WITHIN)
    assert _kept(tmp_path) == "R0"
    assert tokens.token() == "A1"
    assert [form["refresh_token"] for form in issuer.forms] == ["R0", "R0"]


def test_an_answer_that_takes_too_long_is_left(
    tokens: AccessTokens, issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounded, "WITHIN", 0.0)
    issuer.answers.append(Answer(b" ", endless=True))
    with pytest.raises(Unreached):
        tokens.token()
    assert issuer.left.acquire(timeout=WITHIN)


def test_a_token_without_another_refresh_token_is_as_good(
    tokens: AccessTokens, issuer: Issuer, tmp_path: Path
) -> None:
    issuer.answers += [granting(refresh_token=None), granting(refresh_token="")]
    assert tokens.token() == "A"
    assert _kept(tmp_path) == "R0"


@pytest.mark.parametrize("error", ["invalid_grant", "temporarily_unavailable"])
@pytest.mark.parametrize("repeats", ["error", "error_description"])
def test_no_token_stands_in_the_words_of_a_refusal(
    tokens: AccessTokens, issuer: Issuer, error: str, repeats: str
) -> None:
    told = {"error": error, "error_description": "No.", repeats: f"{error} R0"}
    issuer.answers.append(Answer(json.dumps(told).encode(), 400))
    with pytest.raises((SignInNeeded, Unreached)) as caught:
        tokens.token()
    assert not any("R0" in str(each) for each in chained(caught.value))


@pytest.mark.parametrize(
    ("number", "problem", "signs_in"),
    [
        (50076, SignInProblem.ASKS_AGAIN, True),
        (53003, SignInProblem.BLOCKED, False),
        (50057, SignInProblem.DISABLED, False),
        (50105, SignInProblem.NOT_ASSIGNED, False),
        (530003, SignInProblem.BLOCKED, False),
        (7000218, SignInProblem.NO_PUBLIC_CLIENT, False),
    ],
)
def test_a_sign_in_that_ended_says_why_and_whether_another_one_helps(
    tokens: AccessTokens, issuer: Issuer, number: int, problem: SignInProblem, signs_in: bool
) -> None:
    words = f"AADSTS{number}: Microsoft's own words."
    told = {"error": "invalid_grant", "error_description": f"{words} Trace ID: 1"}
    issuer.answers.append(Answer(json.dumps(told).encode(), 400))
    with pytest.raises(SignInNeeded) as caught:
        tokens.token()
    assert caught.value.problem is problem
    again = f" {ENGLISH.say('sign_in', 'again')}" if signs_in else ""
    said = ENGLISH.say("sign_in", problem, issuer="Microsoft")
    assert str(caught.value) == f"{said}{again} {words}"
    if signs_in:
        with pytest.raises(SignInNeeded):
            tokens.check()
    else:  # an administrator may have acted
        assert tokens.token() == "A1"


CODE = {"user_code": "AB-CD", "verification_uri": "https://x.example", "device_code": "d"}


def _client(issuer: Issuer) -> IssuerClient:
    return IssuerClient(issuer.played, "club", "t.example")


@pytest.mark.parametrize(
    "change",
    [
        {"user_code": 7}, {"user_code": "A\x1b[2J"}, {"device_code": "ü"},
        {"verification_uri": "https://x.example/\u202e"}, {"interval": "often"},
        {"interval": float("nan")}, {"interval": -1}, {"expires_in": -1},
    ],
)  # fmt: skip
def test_a_code_for_another_device_that_cannot_be_read_is_none(
    issuer: Issuer, change: dict[str, object]
) -> None:
    issuer.answers.append(Answer(json.dumps({**CODE, **change}).encode()))
    with pytest.raises(Unreached):
        _client(issuer).begin_device("scope")


def test_a_code_for_another_device_is_not_asked_about_all_the_time(issuer: Issuer) -> None:
    issuer.answers.append(Answer(json.dumps({**CODE, "interval": 0.001}).encode()))
    found = _client(issuer).begin_device("scope")
    assert found == DeviceCode("AB-CD", "https://x.example", "d", 1.0, 900.0)


def test_a_refused_code_says_why_without_it(issuer: Issuer) -> None:
    told = {"error": "invalid_grant", "error_description": "No “code-1”, verifier-1 at http://x/"}
    issuer.answers.append(Answer(json.dumps(told).encode(), 400))
    with pytest.raises(IssuerRefused) as caught:
        _client(issuer).exchange("code-1", "http://x/", "verifier-1")
    assert caught.value.said == "No “(token)”, (token) at http://x/"
