"""Signing in over the API: begun, watched, cancelled, ended; secrets stay where they belong."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from anyio import to_thread

from desktop.backend.application import create_app
from desktop.backend.services import Services
from desktop.contract.sign_in import SignInProblem, SignInView
from desktop.mail.sign_in.client import Granted, IssuerClient
from desktop.settings.office_folder import OfficeFolder
from desktop.settings.secrets import Passwords
from sendoff_tasks.folder.tokens import add_token
from sendoff_tasks.model.problems import Access
from tests import WITHIN
from tests.backend.conftest import PORT, TOKEN, bad_paths, client_of
from tests.backend.routes.test_batches import made
from tests.backend.test_settings_effects import queue
from tests.identity_provider import (
    ANA,
    CLIENT,
    CONFIDENTIAL,
    OFFICE,
    SECRET,
    IdentityProvider,
    idp,
    provider,
)
from tests.looking import eventually

__all__ = ["idp", "provider"]

pytestmark = pytest.mark.anyio

MICROSOFT = {
    "transport": "smtp", "sign_in": "microsoft", "client_id": CLIENT, "sender": OFFICE,
}  # fmt: skip


async def soon(look: Callable[[], Any]) -> Any:
    """Wait for something, while the application goes on."""
    return await to_thread.run_sync(lambda: eventually(look))


async def signed_in(client: httpx.AsyncClient, services: Services, idp: IdentityProvider) -> Any:
    """Sign in with the saved settings; returns the sign-in then."""
    begun: SignInView = (await client.post("/mail/sign-in", json={})).json()
    assert begun["under_way"] is not None
    await to_thread.run_sync(idp.follow, begun["under_way"]["page"])
    mail = services.settings.get().mail
    await soon(lambda: services.account.view(mail)["under_way"] is None)
    return (await client.get("/mail/sign-in")).json()


async def test_mail_is_on_hold_until_a_person_signs_in(
    client: httpx.AsyncClient, services: Services, idp: IdentityProvider
) -> None:
    await client.put("/settings", json={"mail": MICROSOFT})
    held = await soon(lambda: queue(services, "mail")["held"])
    assert held["action"] == "sign_in"
    view = await signed_in(client, services, idp)
    assert (view["account"], view["problem"], view["under_way"]) == (OFFICE, None, None)
    await soon(lambda: queue(services, "mail")["held"] is None)
    assert (await client.delete("/mail/sign-in")).json()["problem"] == SignInProblem.NOT_SIGNED_IN
    await soon(lambda: queue(services, "mail")["held"])


async def test_settings_to_try_are_signed_in_to_before_they_are_saved(
    client: httpx.AsyncClient, services: Services, idp: IdentityProvider
) -> None:
    google = {"sign_in": "google", "client_id": CONFIDENTIAL, "sender": OFFICE}
    begun = await client.post("/mail/sign-in", json={"mail": {**google, "client_secret": SECRET}})
    await to_thread.run_sync(idp.follow, begun.json()["under_way"]["page"])

    def look() -> Any:
        view = services.account.view(idp.settings(**google))
        return None if view["under_way"] else view

    assert (await soon(look))["account"] == OFFICE
    assert (await client.get("/mail/sign-in", params=google)).json()["problem"] is None
    assert (await client.get("/mail/sign-in")).json()["sign_in"] == ""


async def test_a_sign_in_that_is_cancelled_is_over(
    client: httpx.AsyncClient, idp: IdentityProvider
) -> None:
    await client.put("/settings", json={"mail": MICROSOFT})
    assert (await client.post("/mail/sign-in", json={})).json()["under_way"]
    assert (await client.post("/mail/sign-in/cancel")).json()["under_way"] is None


async def test_a_sign_in_needs_a_provider_and_a_client_id(refusing: httpx.AsyncClient) -> None:
    assert bad_paths(await refusing.post("/mail/sign-in", json={})) == ["mail.sign_in"]
    nobody = {"mail": {"sign_in": "google", "client_id": ""}}
    assert bad_paths(await refusing.post("/mail/sign-in", json=nobody)) == ["mail.client_id"]


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"sign_in": "yahoo"}, "mail.sign_in"),
        ({"client_id": "two words"}, "mail.client_id"),
        ({"tenant": "club/../other"}, "mail.tenant"),
    ],
)
async def test_settings_that_cannot_be_used_are_refused(
    refusing: httpx.AsyncClient, change: dict[str, str], path: str
) -> None:
    assert bad_paths(await refusing.put("/settings", json={"mail": change})) == [path]


async def test_who_may_only_look_sees_no_code(
    client: httpx.AsyncClient, services: Services, idp: IdentityProvider, folder: OfficeFolder
) -> None:
    await client.put("/settings", json={"mail": MICROSOFT})
    await client.post("/mail/sign-in", json={})
    viewer = add_token(folder.tokens_file, "viewer", Access.VIEWER, None)
    app = create_app(services, token=TOKEN, port=PORT, tokens_file=folder.tokens_file)
    async with client_of(app, viewer) as looking:
        assert (await looking.get("/mail/sign-in")).json()["under_way"] is None
        assert (await looking.post("/mail/sign-in", json={})).status_code == 403
    await client.post("/mail/sign-in/cancel")


async def test_no_token_secret_or_code_is_anywhere_but_in_its_place(
    client: httpx.AsyncClient,
    services: Services,
    idp: IdentityProvider,
    folder: OfficeFolder,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    secrets = _overheard(monkeypatch)
    google = {**MICROSOFT, "sign_in": "google", "client_id": CONFIDENTIAL}
    answer = await client.put("/settings", json={"mail": {**google, "client_secret": SECRET}})
    assert answer.json()["mail"]["client_secret_set"] is True
    begun = (await client.post("/mail/sign-in", json={})).json()
    browser = threading.Thread(target=idp.follow, args=[begun["under_way"]["page"]], name="browser")
    browser.start()
    mail = services.settings.get().mail
    await soon(lambda: services.account.view(mail)["under_way"] is None)
    await to_thread.run_sync(browser.join, WITHIN)
    tokens = services.account.tokens(mail)
    await to_thread.run_sync(lambda: tokens.rejected(tokens.token()))
    await to_thread.run_sync(tokens.token)
    secrets.append(SECRET)
    assert len(secrets) >= 6  # the code, the verifier, two of each token
    seen = b"".join(_read(each) for each in folder.root.rglob("*") if each != folder.password_file)
    for path in ("/metrics", "/settings", "/mail/sign-in", "/queues", "/stats"):
        seen += (await client.get(path)).content
    records = [each.getMessage() for each in caplog.records if each.threadName != "browser"]
    seen += "\n".join([*records, *capfd.readouterr()]).encode()
    assert records
    assert [each for each in secrets if each.encode() in seen] == []
    assert folder.password_file.stat().st_mode & 0o077 == 0


def _read(file: Path) -> bytes:
    return file.read_bytes() if file.is_file() else b""


def _overheard(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Collect each secret that goes to the provider or comes from it."""
    secrets: list[str] = []
    ask = IssuerClient._ask

    def overhearing(self: IssuerClient, grant: str, **wanted: str) -> Granted:
        secrets.extend(wanted[name] for name in ("code", "code_verifier") if name in wanted)
        granted = ask(self, grant, **wanted)
        secrets.extend([granted.access, granted.refresh or granted.access])
        return granted

    monkeypatch.setattr(IssuerClient, "_ask", overhearing)
    return secrets


async def test_a_refused_code_says_nothing_of_it(
    client: httpx.AsyncClient, services: Services, idp: IdentityProvider
) -> None:
    """Another program that got hold of the code lacks the verifier (RFC 7636)."""
    await client.put("/settings", json={"mail": MICROSOFT})
    begun = (await client.post("/mail/sign-in", json={})).json()
    under_way = services.account._under_way
    assert under_way is not None
    under_way._verifier = "another-verifier-of-the-forty-three-letters-that-it-has-to-have"
    await to_thread.run_sync(idp.follow, begun["under_way"]["page"])
    mail = services.settings.get().mail
    await soon(lambda: services.account.view(mail)["under_way"] is None)
    view = (await client.get("/mail/sign-in")).json()
    assert view["problem"] == SignInProblem.NOT_SIGNED_IN
    assert view["failed"] == SignInProblem.NO_ANSWER
    assert "verifier-of" not in str(view)


async def test_passwords_of_the_mail_are_not_taken_for_sign_ins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SENDOFF_MAIL_PASSWORD", "of the mail")
    passwords = Passwords(tmp_path / "file")
    passwords.keep("microsoft", "sign-in", "kept")
    assert passwords.read("microsoft", "sign-in", variable="") == "kept"


async def test_a_template_with_a_sender_of_its_own_is_refused_before_it_is_sent(
    client: httpx.AsyncClient, services: Services, idp: IdentityProvider
) -> None:
    await client.put("/settings", json={"mail": MICROSOFT})
    await signed_in(client, services, idp)
    parts = {"subject": "Hi", "text": "Hi", "sender": ANA}
    saved = await client.put("/templates/other", json={"parts": parts})
    assert saved.status_code == 200, saved.text
    item = {"recipient": {"email": "bo@example.org"}, "template": "other"}
    refused = await client.post("/items", json=item)
    assert bad_paths(refused) == ["template"]
    assert f"may not send from {ANA}" in refused.text
    place = await made(client, 1, template="other")
    (checked,) = (await client.get(f"{place}/rows")).json()["rows"]
    assert f"may not send from {ANA}" in str(checked)
