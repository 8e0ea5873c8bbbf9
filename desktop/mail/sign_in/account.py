"""The account that sends: the tokens for some settings, and a sign-in under way."""

from __future__ import annotations

import os
import re
import threading
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Final, Literal

from desktop.contract.rules.mailbox import parse_mailbox
from desktop.contract.sign_in import SignInProblem
from desktop.mail.errors import MailError, SignInNeeded
from desktop.mail.sign_in.issuers import ISSUERS, RELEASE_IDS
from desktop.settings.secrets import CLIENT_SECRET_VARIABLE, NoKeyring
from sendoff_tasks.model.times import utc_time

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from desktop.contract.sign_in import SignInUnderWay, SignInView
    from desktop.mail.sign_in.signing_in import SignInEnd, SigningIn
    from desktop.mail.sign_in.tokens import AccessTokens
    from desktop.settings.preferences import MailSettings
    from desktop.settings.secrets import Passwords

CLIENT_ID_VARIABLE: Final = "SENDOFF_CLIENT_ID"
TENANT_VARIABLE: Final = "SENDOFF_TENANT"
_PRIVATE: Final = re.compile(r"(outlook|hotmail|live|msn)\.[a-z.]+", re.IGNORECASE)
"""The domains of Microsoft's private accounts, which belong to no organisation."""


def client_id_of(mail: MailSettings) -> str:
    """Return the client id of some settings: theirs, the environment's, or this release's."""
    given = mail.client_id or os.environ.get(CLIENT_ID_VARIABLE, "")
    return given or RELEASE_IDS.get(mail.sign_in, "")


def tenant_of(mail: MailSettings) -> str:
    """Return the tenant of some settings; without one, the sender's domain names it."""
    domain = parse_mailbox(mail.sender).address.rpartition("@")[2]
    given = mail.tenant or os.environ.get(TENANT_VARIABLE, "")
    return given or ("consumers" if _PRIVATE.fullmatch(domain) else domain)


def secret_place(mail: MailSettings) -> tuple[str, str]:
    """Return where the client secret is among the passwords."""
    return mail.sign_in, f"client secret of {client_id_of(mail)}"


class SendingAccount:
    """The account of one data folder; thread-safe.

    ``on_signed_in`` is called after each sign-in that succeeded.
    """

    def __init__(self, passwords: Passwords, folder: Path) -> None:
        self.on_signed_in: Callable[[], object] = lambda: None
        self._passwords = passwords
        self._folder = str(folder)
        self._lock = threading.Lock()
        self._tokens: dict[tuple[str, ...], AccessTokens] = {}
        self._under_way: SigningIn | None = None
        self._failed: SignInEnd | None = None
        """How the last attempt to sign in failed."""
        self._tried: AccessTokens | None = None
        """What the last attempt was for."""

    def tokens(self, mail: MailSettings) -> AccessTokens:
        """Return the tokens for some settings, which say where to sign in; always the same ones."""
        client_id, tenant = client_id_of(mail), tenant_of(mail)
        key = mail.sign_in, client_id, tenant
        with self._lock:
            if key not in self._tokens:
                # These import httpx and authlib, which would delay the backend's start.
                from desktop.mail.sign_in.client import IssuerClient
                from desktop.mail.sign_in.kept import KeptSignIn
                from desktop.mail.sign_in.tokens import AccessTokens

                find = partial(self._client_secret, *secret_place(mail))
                client = IssuerClient(ISSUERS[mail.sign_in], client_id, tenant, find)
                kept = KeptSignIn(self._passwords, self._folder, *key)
                self._tokens[key] = AccessTokens(client, kept)
            return self._tokens[key]

    def check(self, mail: MailSettings) -> None:
        """Raise the ``MailError`` that is known to keep an account from sending."""
        tokens = self.tokens(mail)
        tokens.check()
        tokens.check_sender(_sender(mail))

    def begin(self, mail: MailSettings, *, shared: bool) -> None:
        """Begin to sign in, in place of an attempt under way; ``shared``: also for a mailbox.

        Raises ``SignInNeeded`` without a client id.
        """
        from desktop.mail.sign_in.signing_in import SigningIn

        tokens = self.tokens(mail)
        tokens.check_client()
        issuer = tokens.client.issuer
        scope = f"{issuer.scope} {issuer.shared_scope}" if shared else issuer.scope
        ended = partial(self._end, tokens, shared=shared)
        hint = "" if shared else _sender(mail)
        self._replace(lambda: SigningIn(tokens.client, scope, hint, ended), tokens)

    def cancel(self) -> None:
        """End an attempt that is under way; nothing is changed."""
        self._replace(lambda: None)

    def sign_out(self, mail: MailSettings) -> None:
        """Forget the sign-in. Raises ``MailError`` if the keyring cannot be changed."""
        self.cancel()
        self.tokens(mail).forget()

    def view(self, mail: MailSettings) -> SignInView:
        """Return the sign-in for some settings, without asking its issuer."""
        view: SignInView = {
            "sign_in": mail.sign_in,
            "client_id": client_id_of(mail),
            "client_id_from": None,
            "account": None,
            "shared": False,
            "at": None,
            "problem": None,
            "said": "",
            "failed": None,
            "failed_said": "",
            "consent_page": "",
            "under_way": None,
        }
        if not mail.sign_in:
            return view
        tokens = self.tokens(mail)
        if self._tried is tokens:
            view["under_way"] = _shown(self._under_way)
            if (failed := self._failed) is not None:
                view.update({"failed": failed.problem, "failed_said": failed.said})
        view["client_id_from"] = _client_id_from(mail)
        view["consent_page"] = tokens.client.consent_page()
        try:
            if (now := tokens.sign_in) is not None:
                view.update({"account": now.account, "shared": now.shared, "at": now.at})
            self.check(mail)
            if tokens.trouble is not None:
                view.update({"problem": tokens.trouble.problem, "said": tokens.trouble.said or ""})
        except SignInNeeded as error:
            view.update({"problem": error.problem, "said": error.said or ""})
        except MailError as error:
            view.update({"problem": SignInProblem.UNREACHED, "said": str(error)})
        return view

    def _client_secret(self, host: str, user: str) -> str | None:
        with suppress(NoKeyring):
            return self._passwords.read(host, user, variable=CLIENT_SECRET_VARIABLE)
        return None

    def _replace(
        self, begin: Callable[[], SigningIn | None], tokens: AccessTokens | None = None
    ) -> None:
        with self._lock:  # an attempt that ends at once is told after this
            before, self._under_way = self._under_way, begin()
            self._failed, self._tried = None, tokens
        if before is not None:
            before.cancel()

    def _end(
        self, tokens: AccessTokens, signing_in: SigningIn, ended: SignInEnd, *, shared: bool
    ) -> None:
        """Have a sign-in in force that a person has made."""
        from desktop.mail.sign_in.signing_in import SignInEnd

        if ended.granted is not None:
            try:
                tokens.take(ended.granted, shared=shared)
            except SignInNeeded as error:
                ended = SignInEnd(problem=error.problem)
            except MailError as error:
                ended = SignInEnd(problem=SignInProblem.UNREACHED, said=str(error))
        with self._lock:
            if self._under_way is signing_in:
                self._under_way, self._failed = None, ended
        if ended.granted is not None:
            self.on_signed_in()


def _sender(mail: MailSettings) -> str:
    return parse_mailbox(mail.sender).address


def _client_id_from(mail: MailSettings) -> Literal["settings", "environment", "release"] | None:
    if mail.client_id:
        return "settings"
    if os.environ.get(CLIENT_ID_VARIABLE):
        return "environment"
    return "release" if client_id_of(mail) else None


def _shown(signing_in: SigningIn | None) -> SignInUnderWay | None:
    if signing_in is None:
        return None
    device = signing_in.device
    return {
        "page": signing_in.page,
        "until": utc_time(signing_in.until),
        "device_code": device.code if device else None,
        "device_page": device.page if device else None,
    }
