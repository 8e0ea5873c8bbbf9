"""``/settings``: e-mail, the window, limits, how long things are kept; changes apply at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields, replace
from typing import TYPE_CHECKING, Any, TypeVar

from anyio import to_thread
from fastapi import APIRouter, Request, Response

from desktop.backend.services import services_of
from desktop.backend.wire.mail import SETTINGS_SAVED, SettingsChange, SettingsSaved
from desktop.contract.office import OfficeRefusal
from desktop.contract.rules.mailbox import parse_mailbox
from desktop.contract.settings import SettingsView
from desktop.items.practice import count_for_real
from desktop.mail.sign_in.account import secret_place
from desktop.settings.preferences import (
    KeepSettings,
    MailSettings,
    Settings,
    WindowSettings,
    is_practice_sender,
    problems_of,
)
from desktop.settings.secrets import (
    CLIENT_SECRET_VARIABLE,
    KeyringFault,
    NoKeyring,
    PasswordFileError,
    SecretError,
)
from sendoff_tasks.errors import Conflict
from sendoff_tasks.folder.queue_limits import QueueSettings
from sendoff_tasks.http.wire.openapi import documented
from sendoff_tasks.http.wire.parameters import Route
from sendoff_tasks.http.wire.problems import bad_field, invalid
from sendoff_tasks.http.wire.requests import json_response, read
from sendoff_tasks.words.table import ENGLISH

if TYPE_CHECKING:
    from desktop.backend.services import Services
    from desktop.backend.wire.mail import MailChange
    from desktop.settings.secrets import Passwords
    from sendoff_tasks.model.problems import FieldError

T = TypeVar("T", MailSettings, WindowSettings, KeepSettings, QueueSettings)

router = APIRouter(tags=["mail"], route_class=Route)


@router.get("/settings", **documented(SettingsView, 409))
def get_settings(request: Request) -> Response:
    """Return all settings; of the password, only whether and where one is kept."""
    services = services_of(request)
    return json_response(_view(services.settings.shown(), services.passwords))


@router.put("/settings", **documented(SettingsView, 409, body=SettingsSaved))
async def change_settings(request: Request) -> Response:
    """Change the given settings, and return all settings.

    New mail settings may solve the problem of a held mail queue, so it tries again. Without the
    password of its login it is held. Practice mode is refused while e-mails are open that were
    submitted for real, unless ``open`` says what becomes of them.
    """
    services = services_of(request)
    change = await read(request, SETTINGS_SAVED)
    settings = await to_thread.run_sync(_change, change, services)
    return json_response(await to_thread.run_sync(_view, settings, services.passwords))


def _change(change: SettingsSaved, services: Services) -> Settings:
    def make(settings: Settings) -> Settings:
        changed, mail = merged(settings, change), change.get("mail", {})
        begins = (settings.mail.transport, changed.mail.transport) == ("smtp", "practice")
        if begins and "open" not in change:
            _refuse_while_open(services)
        if "password" in mail:
            _keep_password(changed.mail, mail, services.passwords)
        keep_client_secret(changed.mail, mail, services.passwords)
        return changed

    changed = services.settings.change(make, keeps_open=change.get("open") == "keep")
    if "mail" in change:
        services.effects.try_mail()
    return changed


def _refuse_while_open(services: Services) -> None:
    """Raise ``Conflict`` if practice mode would divert e-mails that were submitted for real."""
    count = services.engine.read(count_for_real, services.settings.sending)
    if count:
        raise Conflict(OfficeRefusal.STILL_OPEN, count=count)


def merged(settings: Settings, change: SettingsChange) -> Settings:
    """Apply a change to settings; raises ``ProblemError`` 422 for values that cannot be used."""
    queues = {
        name: _laid_over(settings.queues.get(name, QueueSettings()), queue)
        for name, queue in change.get("queues", {}).items()
    }
    changed = Settings(
        mail=_laid_over(settings.mail, change.get("mail", {})),
        window=_laid_over(settings.window, change.get("window", {})),
        keep=_laid_over(settings.keep, change.get("keep", {})),
        queues={**settings.queues, **queues},
    )
    errors = list(problems_of(changed))
    if errors:
        raise invalid(errors)
    if "mail" in change and changed.mail.transport == "smtp":
        _refuse_practice_sender(changed.mail.sender)
    return changed


def _laid_over(section: T, change: Mapping[str, Any]) -> T:
    """Change the given settings of a section; the password, for one, is not among them."""
    known = {each.name for each in fields(section)}
    return replace(section, **{key: value for key, value in change.items() if key in known})


def _refuse_practice_sender(sender: str) -> None:
    if is_practice_sender(sender):
        address = parse_mailbox(sender).address
        raise bad_field("mail.sender", ENGLISH.say("mail", "practice_sender", address=address))


def _keep_password(mail: MailSettings, change: MailChange, passwords: Passwords) -> None:
    """Keep the password where the person wants it; an empty one deletes it."""
    password = change["password"]
    places = {"session": passwords.remember, "file": passwords.store_in_file}
    keep = places.get(change.get("keep_password", "keyring"), passwords.write)
    if password and not mail.user:
        raise bad_field("mail.user", ENGLISH.say("mail", "no_user"))
    try:
        if password:
            keep(mail.host, mail.user, password)
        else:
            passwords.delete(mail.host, mail.user)
    except PasswordFileError as error:
        raise bad_field("mail.password", str(error)) from error
    except KeyringFault as error:
        refusal: FieldError = {
            "path": "mail.password",
            "message": str(error),
            "reason": "no_keyring",
        }
        raise invalid([refusal]) from error


def keep_client_secret(mail: MailSettings, change: MailChange, passwords: Passwords) -> None:
    """Keep the client secret of a change, if it has one; an empty one deletes it."""
    if (secret := change.get("client_secret")) is None:
        return
    try:
        if secret:
            passwords.keep(*secret_place(mail), secret)
        else:
            passwords.delete(*secret_place(mail))
    except NoKeyring:
        return  # there was none to delete
    except SecretError as error:
        raise bad_field("mail.client_secret", str(error)) from error


def _view(settings: Settings, passwords: Passwords) -> dict[str, Any]:
    mail = settings.mail
    kept = passwords.where(mail.host, mail.user) if mail.user else None
    view: dict[str, Any] = asdict(settings)
    secret = passwords.where(*secret_place(mail), CLIENT_SECRET_VARIABLE) if mail.sign_in else None
    view["mail"] |= {
        "password_set": kept is not None,
        "password_kept": kept,
        "client_secret_set": secret is not None,
    }
    return view
