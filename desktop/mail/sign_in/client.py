"""Asks an issuer for tokens (RFC 6749, 7636, 8628); no request is repeated by itself."""

from __future__ import annotations

import base64
import json
import math
import re
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

import httpx
from authlib.common.errors import AuthlibBaseError
from authlib.oauth2.client import OAuth2Client

from desktop.mail.errors import Unreached
from desktop.mail.http.bounded import BoundedTransport
from desktop.mail.sign_in.issuers import Issuer, problem_of, said_by
from desktop.settings.secrets import SecretError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

WITHIN: Final = 30.0
"""Seconds for each step of a request."""
DEVICE_GRANT: Final = "urn:ietf:params:oauth:grant-type:device_code"
_LIFE: Final = 300.0
"""Seconds that an access token is used if its issuer does not say how long."""


class IssuerRefused(Exception):
    """The issuer refuses: ``error`` is its own word, ``said`` what a person may read."""

    def __init__(self, error: str, description: str) -> None:
        self.error = error
        self.problem = problem_of(error, description)
        self.said = said_by(error, description)
        super().__init__(self.said)


@dataclass(frozen=True, slots=True)
class Granted:
    """What an issuer has granted; ``until`` is by ``time.monotonic``."""

    access: str = field(repr=False)
    refresh: str | None = field(repr=False)
    until: float
    scope: str
    account: str | None

    def may(self, scope: str) -> bool:
        """Tell whether a right is among what was granted; Entra leaves out its beginning."""
        rights = {each.rpartition("/")[2].casefold() for each in self.scope.split()}
        return not rights or scope.rpartition("/")[2].casefold() in rights


@dataclass(frozen=True, slots=True)
class DeviceCode:
    """A code for a page that is opened on any device; times in seconds."""

    code: str
    page: str
    secret: str = field(repr=False)
    interval: float
    expires_in: float


def _oauth(http: httpx.Client | None, client_id: str) -> Any:
    """Make authlib's client on a plain httpx client; its own error refuses Entra's quotes."""
    client = OAuth2Client(http, client_id, code_challenge_method="S256")
    client.oauth_error_class = AuthlibBaseError
    return client


class IssuerClient:
    """The registered program at an issuer; thread-safe. ``tenant`` names the organisation."""

    def __init__(
        self,
        issuer: Issuer,
        client_id: str,
        tenant: str,
        secret: Callable[[], str | None] = lambda: None,
    ) -> None:
        self.issuer = issuer
        self.client_id = client_id
        self._tenant = tenant
        self._find_secret = secret

    def page(self, redirect: str, state: str, verifier: str, scope: str, hint: str) -> str:
        """Return the address of the page on which a person signs in."""
        page, _ = _oauth(None, self.client_id).create_authorization_url(
            self._at(self.issuer.authorize),
            state,
            verifier,
            redirect_uri=redirect,
            scope=scope,
            login_hint=hint or None,
            **dict(self.issuer.extra),
        )
        return str(page)

    def consent_page(self) -> str:
        """Return the page on which an administrator allows the program; empty if there is none."""
        if not self.issuer.consent or not self.client_id:
            return ""
        wanted = {
            "client_id": self.client_id,
            "scope": self.issuer.right,
            "redirect_uri": f"http://{self.issuer.loopback}",
        }
        return f"{self._at(self.issuer.consent)}?{urlencode(wanted)}"

    def exchange(self, code: str, redirect: str, verifier: str) -> Granted:
        """Exchange the code of a browser's answer; raises ``IssuerRefused``, ``Unreached``."""
        return self._ask("authorization_code", code=code, redirect_uri=redirect,
                         code_verifier=verifier)  # fmt: skip

    def renew(self, refresh: str) -> Granted:
        """Ask for a new access token; raises ``IssuerRefused``, ``Unreached``."""
        return self._ask("refresh_token", refresh_token=refresh)

    def begin_device(self, scope: str) -> DeviceCode:
        """Ask for a code for another device; raises ``IssuerRefused``, ``Unreached``."""
        address, asked = self.issuer.device, {"client_id": self.client_id, "scope": scope}
        with self._http(address) as http:
            said = _object(http.post(self._at(address), data=asked))
            if "error" in said:
                raise IssuerRefused(str(said["error"]), str(said.get("error_description", "")))
            return DeviceCode(
                _token(said["user_code"]),
                _token(said["verification_uri"]),
                _token(said["device_code"]),
                max(1.0, _seconds(said, "interval", 5.0)),
                _seconds(said, "expires_in", 900.0),
            )

    def poll_device(self, device: DeviceCode) -> Granted:
        """Ask whether a person has entered the code; raises ``IssuerRefused``, ``Unreached``."""
        return self._ask(DEVICE_GRANT, device_code=device.secret)

    def revoke(self, refresh: str) -> None:
        """Have the issuer end a sign-in, if it can; an issuer that cannot be reached is left."""
        if self.issuer.revoke:
            with self._http(self.issuer.revoke) as http:
                http.post(self._at(self.issuer.revoke), data={"token": refresh})

    def _ask(self, grant: str, **wanted: str) -> Granted:
        """Ask the token endpoint."""
        begun = time.monotonic()
        try:
            secret = self._find_secret()
        except SecretError as error:
            raise Unreached(str(error)) from error
        known = {"client_id": self.client_id} | ({"client_secret": secret} if secret else {})
        with self._http(self.issuer.token) as http:
            try:
                said = _oauth(http, self.client_id).fetch_token(
                    self._at(self.issuer.token),
                    grant_type=grant,
                    auth=httpx.Auth(),  # the program names itself in the body
                    **known,
                    **wanted,
                )
            except AuthlibBaseError as error:
                hidden = {*wanted.values(), secret} - {wanted.get("redirect_uri"), None}
                words = (str(each or "") for each in (error.error, error.description))
                raise IssuerRefused(*(_without(hidden, each) for each in words)) from None
            granted = _granted(said, begun)
        if granted.account is None and grant != "refresh_token":
            return replace(granted, account=self._asked_address(granted.access))
        return granted

    def _asked_address(self, access: str) -> str | None:
        address, bearer = self.issuer.userinfo, {"Authorization": f"Bearer {access}"}
        with suppress(Unreached), self._http(address) as http:
            return _address(_object(http.get(address, headers=bearer)))
        return None

    def _at(self, address: str) -> str:
        return address.format(tenant=self._tenant)

    @contextmanager
    def _http(self, address: str) -> Iterator[httpx.Client]:
        """Give a client for one request to an address; ``Unreached`` if its answer is of no use.

        No error has the request, its answer or an own error as its cause: these have secrets.
        """
        about: dict[str, Any]
        try:
            way = BoundedTransport(self._at(address))
            with httpx.Client(timeout=WITHIN, transport=way) as http:
                yield http
        except httpx.HTTPStatusError as error:
            about = {"what": "status", "status": error.response.status_code}
        except (httpx.ProtocolError, *_UNREADABLE):  # whose words may repeat the request
            about = {"what": "unread"}
        except httpx.HTTPError as error:
            about = {"why": (str(error) or type(error).__name__).rstrip(".")}
        else:
            return
        server = httpx.URL(self.issuer.token.format(tenant="x")).host
        raise Unreached("no_sign_in", server=server, issuer=self.issuer.title, **about) from None


_UNREADABLE: Final = (
    ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError,
)  # fmt: skip
"""What is raised by an answer that no issuer would give."""


def _object(answer: httpx.Response) -> dict[str, Any]:
    if answer.status_code >= 500:
        answer.raise_for_status()
    said = answer.json()
    if not isinstance(said, dict):
        raise TypeError("This is no object.")
    return said


def _without(secrets: Iterable[str | None], text: str) -> str:
    """Leave secrets out of the words of an issuer, which may repeat what it was asked."""
    for each in filter(None, secrets):
        text = text.replace(each, "(token)")
    return text


_TOKEN: Final = re.compile(r"[!-~]+")


def _token(said: object) -> str:
    """Return a token, which is of ASCII's visible characters (RFC 6749): it goes into headers."""
    if not isinstance(said, str) or not _TOKEN.fullmatch(said):
        raise ValueError("This is no token.")
    return said


def _seconds(said: dict[str, Any], name: str, otherwise: float) -> float:
    seconds = float(said.get(name) or otherwise)
    if not 0 < seconds < math.inf:
        raise ValueError("This is no time.")
    return seconds


def _granted(said: dict[str, Any], begun: float) -> Granted:
    """Read what an issuer grants; ``begun`` is when it was asked, by ``time.monotonic``."""
    refresh, scope = said.get("refresh_token"), said.get("scope") or ""
    if not isinstance(scope, str):
        raise TypeError("This is no scope.")
    return Granted(
        _token(said["access_token"]),
        None if refresh in (None, "") else _token(refresh),
        begun + _seconds(said, "expires_in", _LIFE),
        scope,
        _address(_claims(said.get("id_token"))),
    )


def _claims(id_token: object) -> dict[str, Any]:
    """Return what an ID token says; its issuer has sent it over TLS, so no one forged it."""
    if not isinstance(id_token, str) or id_token.count(".") != 2:
        return {}
    body = id_token.split(".")[1]
    told = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    return told if isinstance(told, dict) else {}


def _address(told: dict[str, Any]) -> str | None:
    found = told.get("email") or told.get("preferred_username") or told.get("upn")
    return found if isinstance(found, str) and "@" in found and found.isprintable() else None
