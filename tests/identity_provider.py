"""A real identity provider, nanoidp, as a process of its own, and the browser of a person."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from desktop.contract.sign_in import SignInName
from desktop.mail.sign_in.issuers import ISSUERS
from desktop.settings.preferences import MailSettings
from tests import WITHIN
from tests.looking import eventually

CLIENT: Final = "sendoff-of-the-club"
SECRET: Final = "a-secret-of-the-club"
CONFIDENTIAL: Final = "sendoff-with-a-secret"
OFFICE: Final = "office@tc-aurach.example"
ANA: Final = "ana@tc-aurach.example"
PASSWORD: Final = "s3cret-of-the-person"

_SETTINGS: Final = """
config_version: 1
server: {{host: 127.0.0.1, port: {port}}}
oauth:
  issuer: {url}
  audience: sendoff
  refresh_token_rotation: true
  require_pkce: true
  scope_enforcement: false
  scopes_supported: [openid, email, profile, offline_access, {scopes}]
  clients:
    - {{client_id: {client}, token_endpoint_auth_method: none}}
    - {{client_id: {confidential}, client_secret: {secret},
       token_endpoint_auth_method: client_secret_post, redirect_uris: ["http://127.0.0.1/"]}}
device_flow: {{polling_interval: 1}}
"""
_USERS: Final = """
config_version: 1
users:
  office: {{password: {password}, email: {office}}}
  ana: {{password: {password}, email: {ana}}}
"""


@dataclass
class IdentityProvider:
    """The provider's address, and what a person does there."""

    url: str

    @property
    def addresses(self) -> dict[SignInName, dict[str, str]]:
        """The addresses with which this provider plays Microsoft and Google."""
        both = {name: f"{self.url}/{name}" for name in ("authorize", "token", "userinfo")}
        device, revoke = f"{self.url}/device_authorization", f"{self.url}/revoke"
        return {"microsoft": {**both, "device": device}, "google": {**both, "revoke": revoke}}

    @property
    def code(self) -> str:
        """Python for a backend's process, which has it talk to this provider."""
        return (
            "from dataclasses import replace\n"
            "from desktop.mail.sign_in.issuers import ISSUERS\n"
            f"for name, addresses in {self.addresses!r}.items():\n"
            "    ISSUERS[name] = replace(ISSUERS[name], **addresses)\n"
        )

    def settings(self, **changes: Any) -> MailSettings:
        """Give settings that send by Microsoft, as this provider plays it."""
        defaults = {
            "transport": "smtp", "sign_in": "microsoft", "client_id": CLIENT, "sender": OFFICE,
        }  # fmt: skip
        return MailSettings(**{**defaults, **changes})

    def follow(self, page: str, user: str = "office", password: str = PASSWORD) -> httpx.Response:
        """Open the page in a browser and sign in; returns where the browser ends."""
        with httpx.Client(follow_redirects=True, timeout=WITHIN) as browser:
            form = browser.get(page)
            hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form.text))
            filled = {**hidden, "username": user, "password": password}
            return browser.post(form.url, data=filled)

    def enter(self, code: str, user: str = "office", action: str = "authorize") -> None:
        """Enter a code on the page for other devices, and allow it or not."""
        filled = {"user_code": code, "username": user, "password": PASSWORD, "action": action}
        httpx.post(f"{self.url}/device", data=filled, timeout=WITHIN).raise_for_status()

    def revoke(self, refresh: str, client: str = CLIENT) -> None:
        """Withdraw a sign-in, as an administrator does."""
        told = {"token": refresh, "token_type_hint": "refresh_token", "client_id": client}
        httpx.post(f"{self.url}/revoke", data=told, timeout=WITHIN).raise_for_status()

    def renewals(self) -> int:
        """Count the refresh tokens that were spent."""
        asked = {"limit": 1000}
        events = httpx.get(f"{self.url}/api/audit", params=asked, timeout=WITHIN).json()
        return str(events).count("'grant_type': 'refresh_token'")


@contextmanager
def identity_provider(folder: Path) -> Iterator[IdentityProvider]:
    """Run the provider while the block runs, with its files in ``folder``."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    scopes = {issuer.scope.split()[-1] for issuer in ISSUERS.values()}
    scopes |= {issuer.shared_scope for issuer in ISSUERS.values() if issuer.shared_scope}
    told = {"port": port, "url": url, "scopes": ", ".join(f'"{each}"' for each in scopes)}
    clients = {"client": CLIENT, "confidential": CONFIDENTIAL, "secret": SECRET}
    (folder / "settings.yaml").write_text(_SETTINGS.format(**told, **clients))
    (folder / "users.yaml").write_text(_USERS.format(password=PASSWORD, office=OFFICE, ana=ANA))
    command = [sys.executable, "-m", "nanoidp", "--config", str(folder), "--port", str(port)]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
    try:
        eventually(lambda: _is_up(url))
        yield IdentityProvider(url)
    finally:
        process.kill()
        process.wait()


def _is_up(url: str) -> bool:
    try:
        return httpx.get(f"{url}/api/health").is_success
    except httpx.TransportError:
        return False


@pytest.fixture(scope="session")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[IdentityProvider]:
    """Run a provider for all tests of a process."""
    with identity_provider(tmp_path_factory.mktemp("provider")) as running:
        yield running


@pytest.fixture
def idp(provider: IdentityProvider, monkeypatch: pytest.MonkeyPatch) -> IdentityProvider:
    """Have both issuers be the provider for a test."""
    for name, addresses in provider.addresses.items():
        monkeypatch.setitem(ISSUERS, name, replace(ISSUERS[name], **addresses))  # type: ignore[arg-type]
    return provider
