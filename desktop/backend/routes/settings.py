"""``/settings``: how mails leave, the window behaves, queues are limited; all count at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from anyio import to_thread
from fastapi import APIRouter, Request, Response

from desktop.backend import examples, shapes
from desktop.backend.body import read
from desktop.backend.models import SETTINGS_CHANGE, SettingsChange
from desktop.backend.openapi import WRITES, documented
from desktop.backend.parts import parts_of
from desktop.backend.problems import bad_field, invalid
from desktop.backend.responses import json_response
from desktop.backend.settings_effects import mail_may_go_on
from desktop.settings import secrets
from desktop.settings.preferences import Settings, SettingsError, from_mapping
from desktop.settings.secrets import NoKeyring

if TYPE_CHECKING:
    from desktop.backend.parts import Parts
    from desktop.settings.preferences import MailSettings

router = APIRouter(tags=["mail"])


@router.get(
    "/settings",
    summary="Read the settings",
    **documented(200, shapes.SettingsView, examples.SETTINGS, 409),
)
def read_settings(request: Request) -> Response:
    """Give all settings; of the password only whether there is one."""
    return json_response(_view(parts_of(request).settings.get()))


@router.put(
    "/settings",
    summary="Change settings",
    **documented(
        200,
        shapes.SettingsView,
        examples.SETTINGS,
        *WRITES,
        409,
        body=(SettingsChange, examples.SETTINGS_CHANGE),
    ),
)
async def change_settings(request: Request) -> Response:
    """Change what is named, and give all settings as they are now.

    New mail settings may be the cure a held mail queue waits for, so it goes on with them.
    """
    parts = parts_of(request)
    change = await read(request, SETTINGS_CHANGE)
    settings = await to_thread.run_sync(_change, change, parts)
    if "mail" in change:
        await mail_may_go_on(parts.engine)
    return json_response(await to_thread.run_sync(_view, settings))


def _change(change: SettingsChange, parts: Parts) -> Settings:
    def make(settings: Settings) -> Settings:
        changed = merged(settings, change)
        password = change.get("mail", {}).get("password")
        if password is not None:
            _keep_password(changed.mail, password)
        return changed

    return parts.settings.change(make)


def merged(settings: Settings, change: SettingsChange) -> Settings:
    """Lay a change over settings; raises ``ProblemError`` 422 for values that cannot be used."""
    try:
        return from_mapping(_laid_over(asdict(settings), change))
    except SettingsError as error:
        raise invalid(error.errors) from error


def _laid_over(before: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    """Change what is named, and in a section what is named there."""
    changed = {
        key: _laid_over(before.get(key, {}), value) if isinstance(value, Mapping) else value
        for key, value in change.items()
    }
    return {**before, **changed}


def _keep_password(mail: MailSettings, password: str) -> None:
    """Put the password into the keyring, or take it out."""
    if password and not mail.user:
        raise bad_field("mail.user", "A password is of no use without a user name.")
    try:
        if password:
            secrets.write_password(mail.host, mail.user, password)
        else:
            secrets.delete_password(mail.host, mail.user)
    except NoKeyring as error:
        raise bad_field("mail.password", str(error)) from error


def _view(settings: Settings) -> dict[str, Any]:
    view: dict[str, Any] = asdict(settings)
    view["mail"]["password_set"] = _has_password(settings.mail)
    return view


def _has_password(mail: MailSettings) -> bool:
    try:
        return bool(mail.user) and secrets.read_password(mail.host, mail.user) is not None
    except NoKeyring:
        return False
