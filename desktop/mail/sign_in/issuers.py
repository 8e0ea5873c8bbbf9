"""The two providers that a person signs in to: their addresses, rights and errors."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from desktop.contract.sign_in import SignInName, SignInProblem

RELEASE_IDS: Final[dict[SignInName, str]] = {"microsoft": "", "google": ""}
"""The client ids of this release; empty: each organisation registers its own.

Whoever publishes a build registers an application and enters its id here.
"""


@dataclass(frozen=True, slots=True)
class Issuer:
    """A provider's addresses, with ``{tenant}`` for the organisation, and what is asked of it."""

    title: str
    authorize: str
    token: str
    userinfo: str
    """Says the address where the ID token does not."""
    scope: str
    """To send as the person who signs in, to renew it, and to know the address."""
    loopback: str
    """The name of this computer in the registered redirect address."""
    server: str
    """The server that takes the messages."""
    device: str = ""
    """Where a code for another device is asked for; empty: there is none."""
    shared_scope: str = ""
    """To send also as a shared mailbox."""
    revoke: str = ""
    consent: str = ""
    """The page on which an administrator allows the program for everyone."""
    extra: tuple[tuple[str, str], ...] = ()
    """Further parameters of the page on which a person signs in."""

    @property
    def right(self) -> str:
        """The right to send."""
        return self.scope.split()[-1]


_ENTRA: Final = "https://login.microsoftonline.com/{tenant}"

ISSUERS: Final[dict[SignInName, Issuer]] = {
    "microsoft": Issuer(
        title="Microsoft",
        authorize=f"{_ENTRA}/oauth2/v2.0/authorize",
        token=f"{_ENTRA}/oauth2/v2.0/token",
        userinfo="https://graph.microsoft.com/oidc/userinfo",
        device=f"{_ENTRA}/oauth2/v2.0/devicecode",
        scope="offline_access openid email https://graph.microsoft.com/Mail.Send",
        shared_scope="https://graph.microsoft.com/Mail.Send.Shared",
        consent=f"{_ENTRA}/v2.0/adminconsent",
        loopback="localhost",  # the only name that it takes with any port
        server="graph.microsoft.com",
    ),
    "google": Issuer(
        title="Google",
        authorize="https://accounts.google.com/o/oauth2/v2/auth",
        token="https://oauth2.googleapis.com/token",  # noqa: S106 - an address, no token
        userinfo="https://openidconnect.googleapis.com/v1/userinfo",
        revoke="https://oauth2.googleapis.com/revoke",
        scope="openid email https://www.googleapis.com/auth/gmail.send",
        loopback="127.0.0.1",
        server="gmail.googleapis.com",
        # Without these it gives a refresh token at the first consent only.
        extra=(("access_type", "offline"), ("prompt", "consent")),
    ),
}
"""By the word of the setting. Tests put their own issuer here."""

_BY_CODE: Final = {
    SignInProblem.CONSENT_MISSING: {65001, 90094, 90095, 90097, 900941},
    SignInProblem.WRONG_TENANT: {50020, 50034, 50194, 90002, 90072, 700016, 500011},
    SignInProblem.WRONG_CLIENT: {700025, 7000215, 7000216, 7000222, 50011, 700054, 500113},
    SignInProblem.NO_PUBLIC_CLIENT: {7000218},
    SignInProblem.EXPIRED: {70008, 70043, 70044, 700082, 700084, 50055, 50089, 50144},
    SignInProblem.ASKS_AGAIN: {50072, 50074, 50076, 50078, 50079, 50158},
    SignInProblem.BLOCKED: {
        *range(53000, 53100),
        *range(530000, 530100),
        50005,
        50097,
        50129,
        50131,
        50187,
    },
    SignInProblem.DISABLED: {50057, 500571},
    SignInProblem.NOT_ASSIGNED: {50105, 7000112},
    SignInProblem.DECLINED: {65004},
}
"""The numbers of Entra's errors (``AADSTS65001``), from its public list, 29 November 2026."""
_BY_WORD: Final = {
    "access_denied": SignInProblem.DECLINED,
    "authorization_declined": SignInProblem.DECLINED,
    "consent_required": SignInProblem.CONSENT_MISSING,
    "admin_policy_enforced": SignInProblem.CONSENT_MISSING,
    "invalid_client": SignInProblem.WRONG_CLIENT,
    "unauthorized_client": SignInProblem.WRONG_CLIENT,
    "redirect_uri_mismatch": SignInProblem.WRONG_CLIENT,
    "org_internal": SignInProblem.WRONG_TENANT,
    "expired_token": SignInProblem.NO_ANSWER,
    "invalid_grant": SignInProblem.REVOKED,
    "interaction_required": SignInProblem.ASKS_AGAIN,
    "login_required": SignInProblem.ASKS_AGAIN,
}
"""The errors of OAuth (RFC 6749, RFC 8628, OpenID Connect) and of Google's own pages."""
_NUMBER: Final = re.compile(r"AADSTS(\d{4,7})")


def problem_of(error: str, description: str) -> SignInProblem | None:
    """Tell what an issuer's error means; ``None`` for one that may pass, or that is not known."""
    if found := _NUMBER.search(description):
        number = int(found[1])
        for problem, numbers in _BY_CODE.items():
            if number in numbers:
                return problem
    return _BY_WORD.get(error)


def said_by(error: str, description: str) -> str:
    """Return what an issuer said, on one line and without the numbers of its own records."""
    text = " ".join(description.split())
    text = re.split(r"\s*(?:Trace ID|Correlation ID|Timestamp):", text)[0]
    return "".join(filter(str.isprintable, text or error))[:300]
