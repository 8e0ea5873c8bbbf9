"""The account of a data folder, and a person who signs in at a real identity provider."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from desktop.contract.sign_in import SignInView
from desktop.mail.errors import MailError
from desktop.mail.sign_in.account import SendingAccount
from desktop.settings.preferences import MailSettings
from desktop.settings.secrets import Passwords
from tests import WITHIN
from tests.identity_provider import IdentityProvider, idp, provider
from tests.looking import eventually

__all__ = ["idp", "provider"]


@pytest.fixture
def account(tmp_path: Path) -> Iterator[SendingAccount]:
    found = SendingAccount(Passwords(tmp_path / "mail-password.json"), tmp_path)
    yield found
    found.cancel()


SignInBy = Callable[..., SignInView]


@pytest.fixture
def sign_in(account: SendingAccount, idp: IdentityProvider) -> SignInBy:
    """Sign in by the browser; returns the sign-in when the attempt is over."""

    def by(
        mail: MailSettings | None = None, user: str = "office", *, shared: bool = False
    ) -> SignInView:
        mail = mail or idp.settings()
        account.begin(mail, shared=shared)
        idp.follow(page_of(account, mail), user)
        return ended(account, mail)

    return by


def page_of(account: SendingAccount, mail: MailSettings) -> str:
    under_way = account.view(mail)["under_way"]
    assert under_way is not None
    return under_way["page"]


def ended(account: SendingAccount, mail: MailSettings) -> SignInView:
    """Wait for the end of an attempt."""
    return eventually(lambda: view if not (view := account.view(mail))["under_way"] else None)


def at_once(count: int, call: Callable[[], str]) -> list[str]:
    """Call from so many threads at once; returns what each got, also the words of an error."""
    ready, got = threading.Barrier(count), list[str]()

    def one() -> None:
        ready.wait(WITHIN)
        try:
            got.append(call())
        except MailError as error:
            got.append(str(error))

    threads = [threading.Thread(target=one) for _ in range(count)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(WITHIN)
    return got
