"""What a person reads of a sign-in: the sentence for each problem, the administrator's request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from desktop.contract.sign_in import ENDS, SignInProblem
from sendoff_tasks.words.table import ENGLISH, WordTable

if TYPE_CHECKING:
    from desktop.contract.sign_in import SignInName, SignInView

ISSUER_NAMES: Final[dict[SignInName, str]] = {"microsoft": "Microsoft", "google": "Google"}
"""What people call the providers, by the word of the setting."""
SENDS: Final[dict[SignInName, str]] = {"microsoft": "Microsoft 365", "google": "Gmail"}
"""What takes the e-mails there."""

_AGAIN: Final = ENDS | {SignInProblem.NOT_SIGNED_IN, SignInProblem.WRONG_TENANT}
"""The problems that another sign-in solves."""


def sentence(
    problem: SignInProblem,
    issuer: str,
    sender: str,
    account: str | None = None,
    words: WordTable = ENGLISH,
) -> str:
    """Return the sentence for a problem; outside the window, with where to sign in."""
    names = {"issuer": issuer, "sender": sender, "account": account or sender}
    said = words.fill("sign_in", problem, fields=names)
    if words is ENGLISH and problem in _AGAIN:
        return f"{said} {words.say('sign_in', 'again')}"
    return said


_REGISTER: Final = (
    "Please register Sendoff once as an application of our organisation at {issuer}, so that it "
    "may send e-mails as {sender}. It cannot read mail.\n"
    "The page “Sign in to Microsoft 365 or Google Workspace” of its documentation has the clicks; "
    "they take five minutes. I need the {wanted} from it.\n"
)
_ALLOW: Final = (
    "Please allow Sendoff to send e-mails as {sender}. It asks for one right: to send as the "
    "person who signs in. It cannot read mail.\n{how}\n"
)
_CONSENT: Final = (
    "Open this page as an administrator and accept. That the browser does not reach localhost at "
    "the end is as it should be.\n{page}"
)
_TRUST: Final = (
    "In admin.google.com, under Security → Access and data control → API controls → Manage app "
    "access, add this client id as trusted: {client_id}"
)


def request(view: SignInView, sender: str) -> str:
    """Return what to send to the administrator of the sender's organisation."""
    issuer, is_google = ISSUER_NAMES[view["sign_in"]], view["sign_in"] == "google"
    if not view["client_id"]:
        wanted = "client id and the client secret" if is_google else "client id"
        return _REGISTER.format(issuer=issuer, sender=sender, wanted=wanted)
    how = _CONSENT.format(page=view["consent_page"])
    if not view["consent_page"]:
        how = _TRUST.format(client_id=view["client_id"])
    return _ALLOW.format(sender=sender, how=how)
