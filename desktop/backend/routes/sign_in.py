"""``/mail/sign-in``: signing in to the provider that takes the messages, and out again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, cast

from anyio import to_thread
from fastapi import APIRouter, Query, Request, Response

from desktop.backend.routes.settings import keep_client_secret, merged
from desktop.backend.services import services_of
from desktop.backend.wire.mail import SIGN_IN_BEGUN, SignInBegun
from desktop.contract.sign_in import SignInName, SignInView
from desktop.mail.errors import MailError, SignInNeeded
from sendoff_tasks.http.guards import ACCESS
from sendoff_tasks.http.wire.openapi import documented
from sendoff_tasks.http.wire.parameters import Route
from sendoff_tasks.http.wire.problems import ProblemError, bad_field
from sendoff_tasks.http.wire.requests import json_response, read
from sendoff_tasks.model.problems import Access
from sendoff_tasks.words.table import ENGLISH

if TYPE_CHECKING:
    from desktop.backend.services import Services
    from desktop.backend.wire.mail import MailChange
    from desktop.settings.preferences import MailSettings

router = APIRouter(tags=["mail"], route_class=Route)

AskedProvider = Annotated[SignInName | None, Query()]
AskedClientId = Annotated[str | None, Query(max_length=200)]
AskedTenant = Annotated[str | None, Query(max_length=253)]
AskedSender = Annotated[str | None, Query(max_length=1000)]


@router.get("/mail/sign-in", **documented(SignInView, 409))
def get_sign_in(
    request: Request,
    sign_in: AskedProvider = None,
    client_id: AskedClientId = None,
    tenant: AskedTenant = None,
    sender: AskedSender = None,
) -> Response:
    """Return the sign-in for the saved mail settings, or for those of the query.

    Who may only look does not see an attempt that is under way.
    """
    services = services_of(request)
    view = services.account.view(_mail(services, sign_in, client_id, tenant, sender))
    if request.scope["state"].get(ACCESS) is not Access.FULL:
        view["under_way"] = None
    return json_response(view)


@router.post("/mail/sign-in", **documented(SignInView, 409, body=SignInBegun))
async def begin_sign_in(request: Request) -> Response:
    """Begin to sign in; ``under_way`` says where a person goes on, for 15 minutes.

    An attempt that is under way ends. Once a person has signed in, a held mail queue tries again.
    """
    body = await read(request, SIGN_IN_BEGUN)
    return json_response(await to_thread.run_sync(_begin, body, services_of(request)))


def _begin(body: SignInBegun, services: Services) -> SignInView:
    change = body.get("mail", {})
    mail = merged(services.settings.shown(), {"mail": change}).mail
    _check_chosen(mail)
    keep_client_secret(mail, change, services.passwords)
    try:
        services.account.begin(mail, shared=body.get("shared", False))
    except SignInNeeded as error:
        raise bad_field("mail.client_id", str(error)) from error
    return services.account.view(mail)


@router.post("/mail/sign-in/cancel", **documented(SignInView, 409))
def cancel_sign_in(request: Request) -> Response:
    """End an attempt that is under way; nothing is changed."""
    services = services_of(request)
    services.account.cancel()
    return json_response(services.account.view(_mail(services)))


@router.delete("/mail/sign-in", **documented(SignInView, 409))
def sign_out(
    request: Request,
    sign_in: AskedProvider = None,
    client_id: AskedClientId = None,
    tenant: AskedTenant = None,
    sender: AskedSender = None,
) -> Response:
    """Delete the sign-in here, and end it at the provider if it can do that.

    It is that of the saved mail settings, or of those of the query.
    """
    services = services_of(request)
    mail = _mail(services, sign_in, client_id, tenant, sender)
    _check_chosen(mail)
    try:
        services.account.sign_out(mail)
    except MailError as error:
        raise ProblemError(409, str(error)) from error
    services.effects.try_mail()
    return json_response(services.account.view(mail))


def _mail(services: Services, *given: str | None) -> MailSettings:
    """Return the saved mail settings, with those given in place of theirs."""
    names = ("sign_in", "client_id", "tenant", "sender")
    change = {name: value for name, value in zip(names, given, strict=False) if value is not None}
    return merged(services.settings.shown(), {"mail": cast("MailChange", change)}).mail


def _check_chosen(mail: MailSettings) -> None:
    if not mail.sign_in:
        raise bad_field("mail.sign_in", ENGLISH.say("mail", "no_sign_in"))
