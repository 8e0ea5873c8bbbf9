"""A sign-in as it is kept: in the keyring, else in the file that only its owner can read."""

from __future__ import annotations

import json
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from desktop.contract.sign_in import SignInProblem
from desktop.mail.errors import MailHeld, Unreached
from desktop.settings.secrets import NoKeyring, SecretError, SilentKeyring

if TYPE_CHECKING:
    from collections.abc import Iterator

    from desktop.settings.secrets import Passwords


@dataclass(frozen=True, slots=True)
class SignIn:
    """The sign-in of an account; ``at`` is the time of signing in, or since when it has a problem.

    - ``shared``: whether it may send as a shared mailbox, too
    - ``problem``, ``said``: why its issuer no longer accepts it, and what that said
    """

    refresh: str = field(repr=False)
    account: str | None
    shared: bool
    at: str
    problem: SignInProblem | None = None
    said: str = ""


class KeptSignIn:
    """The place of one sign-in: of a data folder, with one client id, in one organisation."""

    def __init__(self, passwords: Passwords, folder: str, *where: str) -> None:
        self._passwords = passwords
        self._place = (" ".join(where), f"sign-in of {folder}")

    def read(self) -> SignIn | None:
        """Read it; ``None`` if there is none.

        Raises ``Unreached`` if it cannot be read for now, ``MailHeld`` until a person helps.
        """
        text = None
        with _secrets_told(), suppress(NoKeyring):
            text = self._passwords.read(*self._place, variable="")
        try:
            told = json.loads(text or "null")
            return told and SignIn(**{**told, "problem": _problem(told["problem"])})
        except (ValueError, TypeError, KeyError):
            return None

    def write(self, kept: SignIn) -> None:
        """Replace it. Raises as :meth:`read` does."""
        text = json.dumps(asdict(kept))
        with _secrets_told():
            self._passwords.keep(*self._place, text)

    def delete(self) -> None:
        """Delete it, if there is one. Raises as :meth:`read` does."""
        with _secrets_told(), suppress(NoKeyring):
            self._passwords.delete(*self._place)


def _problem(word: str | None) -> SignInProblem | None:
    return None if word is None else SignInProblem(word)


@contextmanager
def _secrets_told() -> Iterator[None]:
    try:
        yield
    except SilentKeyring as error:
        raise Unreached(str(error)) from error
    except SecretError as error:
        raise MailHeld(str(error)) from error
