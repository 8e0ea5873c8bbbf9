"""The access token of the signed-in account: in memory, renewed before it ends."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from copy import copy
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from desktop.contract.rules.sign_in import sentence
from desktop.contract.sign_in import ENDS, SignInProblem
from desktop.mail.errors import MailError, MailHeld, SignInNeeded, Unreached
from desktop.mail.sign_in.client import Granted, IssuerClient, IssuerRefused
from desktop.mail.sign_in.kept import KeptSignIn, SignIn
from sendoff_tasks.model.times import utc_time

EARLY: Final = 120.0
"""Seconds before its end in which a token is renewed: a large message takes a while."""
AT_ONCE: Final = 60.0
"""Seconds in which a renewed token that is rejected, too, is not renewed again."""


class AccessTokens:
    """The access tokens of the account that sends; thread-safe.

    One thread renews, and those that wait for it share its result. What a person signs in with is
    kept before it is used.
    """

    def __init__(self, client: IssuerClient, kept: KeptSignIn) -> None:
        self.client = client
        self._kept = kept
        self._renewing = threading.RLock()
        self._reading = threading.Lock()
        self._is_read = False
        self._sign_in: SignIn | None = None
        self._unwritten: SignIn | None = None
        self._granted: Granted | None = None
        self._renewed_for_rejection = -AT_ONCE
        self._was_rejected = False
        self._failures = 0
        self._failure: MailError | None = None
        self.trouble: SignInNeeded | None = None
        """Why the last renewal was refused; ``None`` if it was not."""

    @property
    def server(self) -> str:
        """The server that takes the messages."""
        return self.client.issuer.server

    @property
    def sign_in(self) -> SignIn | None:
        """The sign-in, without asking its issuer. Raises as ``KeptSignIn.read`` does."""
        with self._reading:  # nobody who looks waits for a renewal
            if not self._is_read:
                self._sign_in = self._kept.read()
                self._is_read = True
            return self._sign_in

    @property
    def account(self) -> str | None:
        """The address of the account, if its issuer has told it."""
        return self.sign_in.account if self.sign_in else None

    def may_send_as(self, address: str) -> bool:
        """Tell whether the account may send from an address: its own, or a shared mailbox."""
        now = self.sign_in
        if now is None or now.account is None:
            return True  # the server decides
        return now.shared or now.account.casefold() == address.casefold()

    def check(self) -> SignIn:
        """Return the sign-in, or raise the ``SignInNeeded`` that is known; without a network."""
        self.check_client()
        now = self.sign_in
        if now is None:
            raise self._needed(SignInProblem.NOT_SIGNED_IN)
        if now.problem is not None:
            raise self._needed(now.problem, now.said)
        return now

    def check_client(self) -> None:
        """Raise ``SignInNeeded`` if no client id is known."""
        if not self.client.client_id:
            raise self._needed(SignInProblem.NO_CLIENT)

    def check_sender(self, address: str) -> None:
        """Raise ``SignInNeeded`` if the account may not send from an address."""
        if not self.may_send_as(address):
            raise self._needed(SignInProblem.OTHER_ACCOUNT, sender=address)

    def token(self) -> str:
        """Return a token that is valid for a request, renewed if it is about to end.

        Raises:
            SignInNeeded: if a person has to sign in, or an administrator has to act.
            MailHeld: if the keyring needs a person.
            Unreached: if it must be renewed and the issuer or the keyring cannot be reached.
        """
        failures = self._failures
        with self._renewing:
            now = self.check()
            if self._granted and time.monotonic() < self._granted.until - EARLY:
                return self._granted.access
            if self._failure is not None and self._failures != failures:
                raise copy(self._failure) from self._failure
            try:
                return self._renew(self._unwritten or now)
            except MailError as error:
                self._failures += 1
                self._failure = error
                raise

    def rejected(self, token: str) -> None:
        """Note that a server answered 401 to a token: the next :meth:`token` renews it, once.

        Raises ``SignInNeeded`` if it was renewed for this reason just now.
        """
        with self._renewing:
            if self._granted is None or self._granted.access != token:
                return  # another thread has it renewed already
            self._granted = None
            if time.monotonic() < self._renewed_for_rejection + AT_ONCE:
                raise self._note(SignInProblem.REVOKED, "")
            self._was_rejected = True

    def take(self, granted: Granted, *, shared: bool) -> None:
        """Have a person's new sign-in in force, once it is kept.

        Raises ``SignInNeeded`` if the person has not granted to send, else as ``KeptSignIn`` does.
        """
        if not granted.refresh or not granted.may(self.client.issuer.right):
            raise self._needed(SignInProblem.DECLINED)
        now = utc_time(datetime.now(UTC))
        with self._renewing:
            before = self._unwritten
            try:
                self._write(SignIn(granted.refresh, granted.account, shared, now))
            except MailError:
                self._unwritten = before
                raise
            self._granted, self.trouble = granted, None

    def forget(self) -> None:
        """Sign out: delete the sign-in here, then have its issuer end it, if it can."""
        with self._renewing:
            now = self.sign_in
            self._kept.delete()
            self._sign_in = self._granted = self._unwritten = self.trouble = None
        if now is not None:
            with suppress(Unreached):  # it is no longer known here
                self.client.revoke(now.refresh)

    def _renew(self, now: SignIn) -> str:
        """Renew the token; what replaces the refresh token is kept before anything is used."""
        if self._unwritten is not None:
            self._write(now)
        try:
            granted = self.client.renew(now.refresh)
        except IssuerRefused as error:
            if error.problem is None:
                issuer = self.client.issuer.title
                raise Unreached(
                    "not_renewed", server=self.server, issuer=issuer, why=str(error).rstrip(".")
                ) from None
            is_withdrawn = error.problem in {SignInProblem.DECLINED, SignInProblem.NO_ANSWER}
            problem = SignInProblem.REVOKED if is_withdrawn else error.problem
            raise self._note(problem, error.said) from None
        if granted.refresh and granted.refresh != now.refresh:
            self._write(replace(now, refresh=granted.refresh))
        self._granted, self.trouble = granted, None
        if self._was_rejected:
            self._was_rejected, self._renewed_for_rejection = False, time.monotonic()
        return granted.access

    def _write(self, sign_in: SignIn) -> None:
        self._unwritten = sign_in
        self._kept.write(sign_in)
        self._sign_in, self._unwritten, self._is_read = sign_in, None, True

    def _note(self, problem: SignInProblem, said: str) -> SignInNeeded:
        """Note why the token is not renewed; the next try is a person's.

        A sign-in that has ended stays ended, so that is kept with it. Anything else may be solved
        without another sign-in.
        """
        if (now := self.sign_in) is not None and problem in ENDS:
            self._sign_in = replace(now, at=utc_time(datetime.now(UTC)), problem=problem, said=said)
            with suppress(MailHeld, Unreached):
                self._kept.write(self._sign_in)
        self.trouble = self._needed(problem, said)
        return self.trouble

    def _needed(self, problem: SignInProblem, said: str = "", sender: str = "") -> SignInNeeded:
        text = sentence(problem, self.client.issuer.title, sender, self.account)
        return SignInNeeded(f"{text} {said}".strip(), problem, said=said or None)
