"""The types of ``/mail/sign-in``: how the account that sends signs in to its provider."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

SignInName = Literal["", "microsoft", "google"]
"""The provider to sign in to; empty: a login with a password, or none."""


class SignInProblem(StrEnum):
    """Why an account cannot send until a person signs in or an administrator acts."""

    NOT_SIGNED_IN = "not_signed_in"
    """Nobody has signed in, or somebody has signed out."""
    NO_CLIENT = "no_client"
    """No client id is known: an administrator makes one for the organisation."""
    WRONG_CLIENT = "wrong_client"
    """The provider does not accept the client id or the client secret."""
    PASSWORD_REFUSED = "password_refused"  # noqa: S105 - a name, no password
    """The mail server takes no password from programs."""
    REVOKED = "revoked"
    """The password was changed, or the right was withdrawn."""
    EXPIRED = "expired"
    """The sign-in was unused for too long, or the provider limits its duration."""
    CONSENT_MISSING = "consent_missing"
    """An administrator must allow the program."""
    WRONG_TENANT = "wrong_tenant"
    """The account or the client id does not belong to the organisation of the settings."""
    OTHER_ACCOUNT = "other_account"
    """The account is not the sender's, and may not send as it."""
    DECLINED = "declined"
    """The person chose not to allow it."""
    NO_ANSWER = "no_answer"
    """No answer came in time."""
    UNREACHED = "unreached"
    """The provider could not be reached."""
