"""A person signs in at a real provider: by a browser, by a code, as another, or not at all."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from desktop.contract.sign_in import SignInProblem
from desktop.mail.errors import SignInNeeded
from desktop.mail.sign_in import account as account_module
from desktop.mail.sign_in import signing_in
from desktop.mail.sign_in.account import SendingAccount, client_id_of, tenant_of
from desktop.mail.sign_in.client import IssuerClient, IssuerRefused
from desktop.mail.sign_in.issuers import ISSUERS, RELEASE_IDS
from desktop.settings.preferences import MailSettings
from desktop.settings.secrets import Passwords
from tests import WITHIN
from tests.identity_provider import ANA, CONFIDENTIAL, OFFICE, SECRET, IdentityProvider
from tests.looking import eventually
from tests.mail.sign_in.conftest import SignInBy, ended, page_of


def test_a_sign_in_by_the_browser_may_send(sign_in: SignInBy, idp: IdentityProvider) -> None:
    view = sign_in()
    assert (view["account"], view["problem"], view["failed"]) == (OFFICE, None, None)


def test_a_page_asks_only_to_send_and_to_know_the_address(
    account: SendingAccount, idp: IdentityProvider
) -> None:
    account.begin(idp.settings(), shared=False)
    asked = parse_qs(urlsplit(page_of(account, idp.settings())).query)
    assert asked["scope"] == ["offline_access openid email https://graph.microsoft.com/Mail.Send"]
    assert asked["code_challenge_method"] == ["S256"]
    account.begin(idp.settings(), shared=True)
    (scope,) = parse_qs(urlsplit(page_of(account, idp.settings())).query)["scope"]
    assert scope.endswith(" https://graph.microsoft.com/Mail.Send.Shared")


def test_a_sign_in_outlives_the_process(
    sign_in: SignInBy, idp: IdentityProvider, tmp_path: Path
) -> None:
    sign_in()
    later = SendingAccount(Passwords(tmp_path / "mail-password.json"), tmp_path)
    assert later.view(idp.settings())["account"] == OFFICE
    assert later.tokens(idp.settings()).token()
    elsewhere = SendingAccount(Passwords(tmp_path / "mail-password.json"), tmp_path / "other")
    assert elsewhere.view(idp.settings())["problem"] is SignInProblem.NOT_SIGNED_IN


def test_a_code_on_another_device_signs_in(account: SendingAccount, idp: IdentityProvider) -> None:
    mail = idp.settings()
    account.begin(mail, shared=False)
    idp.enter(_code(account, mail))
    assert ended(account, mail)["account"] == OFFICE


def test_a_code_that_is_declined_changes_nothing(
    account: SendingAccount, idp: IdentityProvider
) -> None:
    mail = idp.settings()
    account.begin(mail, shared=False)
    idp.enter(_code(account, mail), action="deny")
    view = ended(account, mail)
    assert view["failed"] is SignInProblem.DECLINED
    assert view["problem"] is SignInProblem.NOT_SIGNED_IN


def _code(account: SendingAccount, mail: MailSettings) -> str:
    def look() -> str | None:
        under_way = account.view(mail)["under_way"]
        return under_way and under_way["device_code"]

    return eventually(look)


def test_a_program_that_may_not_use_codes_signs_in_by_the_browser(
    account: SendingAccount, idp: IdentityProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Entra says so at the poll, not when it gives the code."""
    mail = idp.settings()
    polled = threading.Event()

    def refused(*_: object) -> None:
        polled.set()
        raise IssuerRefused("invalid_client", "AADSTS7000218: It needs a secret.")

    monkeypatch.setattr(IssuerClient, "poll_device", refused)
    account.begin(mail, shared=False)
    page = page_of(account, mail)
    assert polled.wait(WITHIN)
    idp.follow(page)
    assert ended(account, mail)["account"] == OFFICE


def test_google_takes_the_client_secret_and_only_the_account_as_sender(
    account: SendingAccount, idp: IdentityProvider, sign_in: SignInBy, tmp_path: Path
) -> None:
    mail = idp.settings(sign_in="google", client_id=CONFIDENTIAL)
    assert sign_in(mail)["failed"] is SignInProblem.WRONG_CLIENT
    Passwords(tmp_path / "mail-password.json").keep(*account_module.secret_place(mail), SECRET)
    assert sign_in(mail)["problem"] is None
    tokens = account.tokens(mail)
    assert tokens.may_send_as(OFFICE.upper())
    assert not tokens.may_send_as(ANA)
    with pytest.raises(SignInNeeded) as refused:
        tokens.check_sender(ANA)
    assert refused.value.problem is SignInProblem.OTHER_ACCOUNT


def test_another_account_may_send_only_with_the_right_for_shared_mailboxes(
    account: SendingAccount, idp: IdentityProvider, sign_in: SignInBy
) -> None:
    view = sign_in(user="ana")
    assert (view["account"], view["problem"]) == (ANA, SignInProblem.OTHER_ACCOUNT)
    assert account.view(idp.settings(sender=ANA))["problem"] is None
    view = sign_in(user="ana", shared=True)
    assert (view["account"], view["shared"], view["problem"]) == (ANA, True, None)


def test_a_sign_in_tells_who_waits_for_it(sign_in: SignInBy, account: SendingAccount) -> None:
    told: list[str] = []
    account.on_signed_in = partial(told.append, "signed in")
    sign_in()
    assert eventually(lambda: told) == ["signed in"]


def test_a_cancelled_sign_in_takes_no_answer(
    account: SendingAccount, idp: IdentityProvider
) -> None:
    mail = idp.settings()
    account.begin(mail, shared=False)
    page = page_of(account, mail)
    account.cancel()
    with pytest.raises(httpx.ConnectError):
        idp.follow(page)
    view = account.view(mail)
    assert view["under_way"] is None
    assert view["failed"] is None
    assert view["problem"] is SignInProblem.NOT_SIGNED_IN


def test_an_attempt_without_an_answer_ends_by_itself(
    account: SendingAccount, idp: IdentityProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signing_in, "LASTS", timedelta(milliseconds=1))
    account.begin(idp.settings(), shared=False)
    assert ended(account, idp.settings())["failed"] is SignInProblem.NO_ANSWER


def test_a_second_attempt_ends_the_first(account: SendingAccount, idp: IdentityProvider) -> None:
    mail = idp.settings()
    account.begin(mail, shared=False)
    first = page_of(account, mail)
    account.begin(mail, shared=False)
    with pytest.raises(httpx.ConnectError):
        idp.follow(first)
    assert account.view(mail)["under_way"] is not None


def test_signing_out_forgets_the_sign_in_here(
    sign_in: SignInBy, account: SendingAccount, idp: IdentityProvider, tmp_path: Path
) -> None:
    sign_in()
    account.sign_out(idp.settings())
    assert account.view(idp.settings())["problem"] is SignInProblem.NOT_SIGNED_IN
    later = SendingAccount(Passwords(tmp_path / "mail-password.json"), tmp_path)
    assert later.view(idp.settings())["problem"] is SignInProblem.NOT_SIGNED_IN


def test_without_a_client_id_nothing_begins(
    account: SendingAccount, idp: IdentityProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail = idp.settings(client_id="")
    with pytest.raises(SignInNeeded) as refused:
        account.begin(mail, shared=False)
    assert refused.value.problem is SignInProblem.NO_CLIENT
    assert account.view(mail)["problem"] is SignInProblem.NO_CLIENT
    monkeypatch.setenv("SENDOFF_CLIENT_ID", "of-the-club")
    assert account.view(mail)["client_id_from"] == "environment"


def test_a_client_id_is_that_of_the_settings_the_environment_or_the_release(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    mail = MailSettings(sign_in="microsoft")
    assert client_id_of(mail) == ""  # this release has none
    monkeypatch.setitem(RELEASE_IDS, "microsoft", "of the release")
    assert client_id_of(mail) == "of the release"
    monkeypatch.setenv("SENDOFF_CLIENT_ID", "of the environment")
    assert client_id_of(mail) == "of the environment"
    assert client_id_of(MailSettings(sign_in="microsoft", client_id="own")) == "own"


@pytest.mark.parametrize(
    ("sender", "tenant"),
    [
        ("Club <office@tc-aurach.example>", "tc-aurach.example"),
        ("ana@outlook.com", "consumers"),
        ("ana@hotmail.co.uk", "consumers"),
    ],
)
def test_a_tenant_is_that_of_the_sender(
    sender: str, tenant: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert tenant_of(MailSettings(sender=sender)) == tenant
    monkeypatch.setenv("SENDOFF_TENANT", "of the environment")
    assert tenant_of(MailSettings(sender=sender)) == "of the environment"
    assert tenant_of(MailSettings(sender=sender, tenant="own")) == "own"


def test_a_provider_out_of_reach_changes_nothing(
    account: SendingAccount, idp: IdentityProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = replace(ISSUERS["microsoft"], token="http://127.0.0.1:9/token", device="")
    monkeypatch.setitem(ISSUERS, "microsoft", away)
    mail = idp.settings()
    account.begin(mail, shared=False)
    idp.follow(page_of(account, mail))
    view = ended(account, mail)
    assert view["failed"] is SignInProblem.UNREACHED
    assert "cannot be reached" in view["failed_said"]


def test_a_failed_attempt_is_that_of_its_settings_alone(
    account: SendingAccount, idp: IdentityProvider, sign_in: SignInBy
) -> None:
    google = idp.settings(sign_in="google", client_id=CONFIDENTIAL)
    assert sign_in(google)["failed"] is SignInProblem.WRONG_CLIENT  # its secret is missing
    assert account.view(idp.settings())["failed"] is None
    assert account.view(google)["failed"] is SignInProblem.WRONG_CLIENT
    account.cancel()
    assert account.view(google)["failed"] is None
