"""The types of ``/mail/sign-in``: how the account that sends signs in to its provider."""

from __future__ import annotations

from enum import StrEnum
from typing import Final, Literal

from typing_extensions import TypedDict

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
    """It is no longer accepted, as after a change of the password."""
    EXPIRED = "expired"
    """The sign-in was unused for too long, or the provider limits its duration."""
    ASKS_AGAIN = "asks_again"
    """The provider wants a person to confirm the sign-in, such as by a second step."""
    BLOCKED = "blocked"
    """A rule of the organisation does not allow the sign-in, as from this computer."""
    DISABLED = "disabled"
    """The account is disabled."""
    NOT_ASSIGNED = "not_assigned"
    """The organisation does not let the account use the program."""
    NO_PUBLIC_CLIENT = "no_public_client"
    """The registration of the program wants a secret, as of a program on a server."""
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
    """The provider or the keyring could not be reached."""


ENDS: Final = frozenset({SignInProblem.REVOKED, SignInProblem.EXPIRED, SignInProblem.ASKS_AGAIN})
"""The problems that only another sign-in solves."""


class SignInUnderWay(TypedDict):
    """A sign-in that waits for a person until ``until``: in a browser, or on any device.

    - ``page``: the address to open in a browser on the backend's computer
    - ``device_code``, ``device_page``: what to enter on which page, on any device; null: there is
      none (yet)
    """

    page: str
    until: str
    device_code: str | None
    device_page: str | None


class SignInView(TypedDict):
    """``GET /mail/sign-in``: the sign-in for the mail settings.

    - ``client_id``: that of the settings, of the environment or of the release, as
      ``client_id_from`` says; empty: none is known
    - ``account``: the address of who is signed in, if known; ``shared``: whether it may send as a
      shared mailbox
    - ``at``: when it was signed in, or since when it is no longer accepted
    - ``problem``: why it cannot send; null if it can. ``said``: the provider's own words
    - ``failed``: why the last attempt to sign in failed, with what was said; it changed nothing
    - ``consent_page``: what an administrator opens to allow it; empty if there is no such page
    """

    sign_in: SignInName
    client_id: str
    client_id_from: Literal["settings", "environment", "release"] | None
    account: str | None
    shared: bool
    at: str | None
    problem: SignInProblem | None
    said: str
    failed: SignInProblem | None
    failed_said: str
    consent_page: str
    under_way: SignInUnderWay | None
