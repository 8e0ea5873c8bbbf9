"""What a person reads of a sign-in: the sentence for each problem, the administrator's request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from desktop.contract.sign_in import SignInProblem

if TYPE_CHECKING:
    from desktop.contract.sign_in import SignInName, SignInView

ISSUER_NAMES: Final[dict[SignInName, str]] = {"microsoft": "Microsoft", "google": "Google"}
"""What people call the providers, by the word of the setting."""
SENDS: Final[dict[SignInName, str]] = {"microsoft": "Microsoft 365", "google": "Gmail"}
"""What takes the e-mails there."""

_AGAIN: Final = "Sign in in the mail settings, or with `sendoff sign-in`."
_SENTENCES: Final = {
    SignInProblem.NOT_SIGNED_IN: f"Nobody is signed in with {{issuer}}. {_AGAIN}",
    SignInProblem.NO_CLIENT: (
        "Signing in with {issuer} needs a client id, which an administrator makes for the "
        "organisation. Enter it in the mail settings."
    ),
    SignInProblem.WRONG_CLIENT: (
        "{issuer} does not accept the client id or the client secret. Compare both with what the "
        "administrator registered."
    ),
    SignInProblem.PASSWORD_REFUSED: (
        "{issuer} takes no password from programs any more. Sign in instead."
    ),
    SignInProblem.REVOKED: (
        "{issuer} no longer accepts this sign-in. The password was changed, or someone withdrew "
        f"the right. {_AGAIN}"
    ),
    SignInProblem.EXPIRED: f"The sign-in with {{issuer}} has expired. {_AGAIN}",
    SignInProblem.CONSENT_MISSING: (
        "Your administrator must allow Sendoff at {issuer}. The mail settings and `sendoff "
        "sign-in` have the request to send."
    ),
    SignInProblem.WRONG_TENANT: (
        "The account or the client id does not belong to the organisation in the mail settings. "
        f"Correct the tenant there. {_AGAIN}"
    ),
    SignInProblem.OTHER_ACCOUNT: (
        "{account} is signed in and may not send from {sender}. Sign in as {sender}, or change the "
        "sender in the mail settings."
    ),
    SignInProblem.DECLINED: "You chose not to allow it. Nothing was changed.",
    SignInProblem.NO_ANSWER: "No answer came from {issuer}. Nothing was changed.",
    SignInProblem.UNREACHED: "Signing in with {issuer} is not possible now. Nothing was changed.",
}


def sentence(problem: SignInProblem, issuer: str, sender: str, account: str | None = None) -> str:
    """Return the sentence for a problem, with what helps."""
    return _SENTENCES[problem].format(issuer=issuer, sender=sender, account=account or "Another")


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
