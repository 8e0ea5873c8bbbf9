"""Access tokens are renewed in time, by one thread, once; what cannot be renewed is told."""

from __future__ import annotations

import json
import time
from copy import copy
from dataclasses import replace
from pathlib import Path

import pytest

from desktop.contract.sign_in import SignInProblem
from desktop.mail.errors import MailHeld, SignInNeeded, Unreached
from desktop.mail.sign_in import tokens as tokens_module
from desktop.mail.sign_in.account import SendingAccount
from desktop.mail.sign_in.client import Granted, IssuerClient, IssuerRefused
from desktop.mail.sign_in.issuers import ISSUERS
from desktop.mail.sign_in.tokens import AccessTokens
from desktop.settings.secrets import PasswordFileError, Passwords
from tests.identity_provider import IdentityProvider
from tests.mail.sign_in.conftest import SignInBy, at_once


@pytest.fixture
def tokens(account: SendingAccount, idp: IdentityProvider, sign_in: SignInBy) -> AccessTokens:
    """The tokens of an account that has signed in."""
    sign_in()
    return account.tokens(idp.settings())


def _refresh(file: Path) -> str:
    (kept,) = (json.loads(each) for each in json.loads(file.read_text()).values())
    return str(kept["refresh"])


def test_a_token_is_reused_until_it_is_about_to_end(
    tokens: AccessTokens, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = tokens.token()
    assert tokens.token() == first
    monkeypatch.setattr(tokens_module, "EARLY", 3600.0)  # the provider's last an hour
    assert tokens.token() != first


def test_a_renewed_sign_in_is_kept_before_it_is_used(
    tokens: AccessTokens, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "mail-password.json"
    before, kept = _refresh(file), list[str]()
    renew = IssuerClient.renew

    def watched(self: IssuerClient, refresh: str) -> object:
        kept.append(_refresh(file))
        return renew(self, refresh)

    monkeypatch.setattr(IssuerClient, "renew", watched)
    for _ in range(2):
        monkeypatch.setattr(tokens_module, "AT_ONCE", 0.0)
        tokens.rejected(tokens.token())
        tokens.token()
    assert kept[0] == before
    assert len({*kept, _refresh(file)}) == 3  # each was replaced, and in the file when it was used


def test_a_renewed_sign_in_that_cannot_be_kept_is_not_used_but_tried_again(
    tokens: AccessTokens, idp: IdentityProvider, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise PasswordFileError("The disk is full.")

    tokens.rejected(tokens.token())
    with monkeypatch.context() as away:
        away.setattr(Passwords, "keep", full)
        with pytest.raises(MailHeld, match="disk is full"):
            tokens.token()
    assert tokens.token()  # the provider would take the earlier one no more
    assert idp.renewals()
    assert _refresh(tmp_path / "mail-password.json")


def test_of_many_threads_one_renews(tokens: AccessTokens, idp: IdentityProvider) -> None:
    tokens.rejected(tokens.token())
    before = idp.renewals()
    got = at_once(8, tokens.token)
    assert len(set(got)) == 1
    assert idp.renewals() == before + 1


def test_threads_that_waited_for_a_renewal_share_its_failure(
    tokens: AccessTokens, monkeypatch: pytest.MonkeyPatch
) -> None:
    tokens.rejected(tokens.token())
    monkeypatch.setattr(
        tokens.client, "issuer", replace(tokens.client.issuer, token="http://[::1]:9")
    )
    got = at_once(8, tokens.token)
    assert all("Microsoft cannot be reached" in each for each in got)


def test_a_rejected_token_is_renewed_once(tokens: AccessTokens) -> None:
    first = tokens.token()
    tokens.rejected(first)
    second = tokens.token()
    assert second != first
    tokens.rejected(first)  # a late answer to another thread
    assert tokens.token() == second
    with pytest.raises(SignInNeeded) as needed:
        tokens.rejected(second)
    assert needed.value.problem is SignInProblem.REVOKED


def test_a_revoked_sign_in_needs_a_person_also_after_a_restart(
    tokens: AccessTokens, idp: IdentityProvider, tmp_path: Path, account: SendingAccount,
    sign_in: SignInBy,
) -> None:  # fmt: skip
    idp.revoke(_refresh(tmp_path / "mail-password.json"))
    tokens.rejected(tokens.token())
    with pytest.raises(SignInNeeded) as needed:
        tokens.token()
    assert needed.value.problem is SignInProblem.REVOKED
    later = SendingAccount(Passwords(tmp_path / "mail-password.json"), tmp_path)
    with pytest.raises(SignInNeeded):
        later.check(idp.settings())
    assert sign_in()["problem"] is None
    assert tokens.token()


def test_a_provider_out_of_reach_is_no_problem_of_the_sign_in(
    tokens: AccessTokens, monkeypatch: pytest.MonkeyPatch
) -> None:
    tokens.rejected(tokens.token())
    with monkeypatch.context() as away:
        nowhere = replace(ISSUERS["microsoft"], token="http://127.0.0.1:9/token")
        away.setattr(tokens.client, "issuer", nowhere)
        with pytest.raises(Unreached):
            tokens.token()
    assert tokens.token()


def test_a_provider_that_does_not_renew_now_says_why_in_one_sentence(
    tokens: AccessTokens, monkeypatch: pytest.MonkeyPatch
) -> None:
    def renew(_: str) -> Granted:
        raise IssuerRefused("temporarily_unavailable", "The service is busy.")

    tokens.rejected(tokens.token())
    monkeypatch.setattr(tokens.client, "renew", renew)
    with pytest.raises(Unreached) as caught:
        tokens.token()
    assert str(caught.value).endswith("The service is busy.")
    assert not str(caught.value).endswith("..")


def test_without_a_sign_in_there_is_no_token(
    account: SendingAccount, idp: IdentityProvider
) -> None:
    with pytest.raises(SignInNeeded) as needed:
        account.tokens(idp.settings()).token()
    assert needed.value.problem is SignInProblem.NOT_SIGNED_IN


def test_an_error_that_threads_share_is_copied_whole() -> None:
    error = SignInNeeded("Sign in.", SignInProblem.CONSENT_MISSING, said="AADSTS65001")
    shared = copy(error)
    assert (str(shared), shared.problem, shared.said) == ("Sign in.", error.problem, error.said)


def test_a_missing_consent_is_told_to_all_and_tried_again(
    tokens: AccessTokens, monkeypatch: pytest.MonkeyPatch, account: SendingAccount,
    idp: IdentityProvider,
) -> None:  # fmt: skip
    tokens.rejected(tokens.token())

    def refuse(*_: object) -> object:
        raise IssuerRefused("invalid_grant", "AADSTS65001: not consented.")

    with monkeypatch.context() as refusing:
        refusing.setattr(IssuerClient, "renew", refuse)
        got = at_once(8, tokens.token)
        assert len(got) == 8
        assert all("Your administrator must allow Sendoff" in each for each in got)
        assert account.view(idp.settings())["problem"] is SignInProblem.CONSENT_MISSING
        account.check(idp.settings())  # it may be allowed by now: the next attempt finds out
    assert tokens.token()
    assert account.view(idp.settings())["problem"] is None


def test_a_new_sign_in_that_cannot_be_kept_is_dropped(
    tokens: AccessTokens, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise PasswordFileError("The disk is full.")

    before = _refresh(tmp_path / "mail-password.json")
    granted = Granted("access", "another", time.monotonic() + 3600, "", None)
    with monkeypatch.context() as away:
        away.setattr(Passwords, "keep", full)
        with pytest.raises(MailHeld):
            tokens.take(granted, shared=False)
    assert _refresh(tmp_path / "mail-password.json") == before
    tokens.rejected(tokens.token())
    assert tokens.token()  # by the sign-in that is kept
