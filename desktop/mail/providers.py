"""The known mail providers: which one an address has, and its server, login and limits.

``resources/providers.toml`` is the table, with a source of each fact. The window, the shell and
*doctor* read it here.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final, Literal

from desktop.settings.resources import resources
from sendoff_tasks.model.times import DAY_MS, HOUR_MS, MINUTE_MS, Rate

if TYPE_CHECKING:
    from collections.abc import Iterable

    from desktop.contract.settings import Security

LOOKUP_S: Final = 3.0
"""The longest time that the look-up of a mail record takes, s."""


@dataclass(frozen=True, slots=True)
class Provider:
    """A row of the table; its user name is always the address.

    - ``domains``, ``mx``: of its addresses, and of the mail servers of the domains that it hosts;
      ``*.x`` stands for all below ``x``
    - ``imap``: the server of the mailbox, where copies go into its folder of sent e-mails; empty if
      it files them itself
    - ``login``: what it takes: the usual ``password``, one made for programs at ``app_passwords``,
      or none, only ``sign_in``
    - ``sign_in``: whose sign-in it has, whatever its ``login``; empty for none
    - ``per_minute``, ``per_hour``, ``per_day``: how many e-mails an account takes; ``None``: not
      published
    - ``instead``: what works for an account that cannot sign in, in English; with
      ``password_if_allowed``, that is also the usual password where an administrator allows it
    - ``hint``: what a person has to do or to know first, in English; more is at ``hint_link``
    """

    name: str
    server: str
    port: int
    security: Security
    login: Literal["password", "app_password", "sign_in"]
    imap: str = ""
    sign_in: Literal["", "microsoft", "google"] = ""
    app_passwords: str = ""
    domains: tuple[str, ...] = ()
    mx: tuple[str, ...] = ()
    per_minute: int | None = None
    per_hour: int | None = None
    per_day: int | None = None
    instead: str = ""
    password_if_allowed: bool = False
    hint: str = ""
    hint_link: str = ""

    @property
    def takes_password(self) -> bool:
        """Whether any password may work."""
        return self.login != "sign_in" or self.password_if_allowed

    @property
    def rates(self) -> tuple[Rate, ...]:
        """What an account takes, the shortest time first."""
        counts = {MINUTE_MS: self.per_minute, HOUR_MS: self.per_hour, DAY_MS: self.per_day}
        return tuple(Rate(count, ms) for ms, count in counts.items() if count is not None)


@cache
def providers() -> tuple[Provider, ...]:
    """Return the table, in its order."""
    rows = tomllib.loads((resources() / "providers.toml").read_text("utf-8"))["provider"]
    return tuple(_provider(row) for row in rows)


def _provider(row: dict[str, Any]) -> Provider:
    known = {key: value for key, value in row.items() if key != "sources"}
    names = {key: tuple(row.get(key, ())) for key in ("domains", "mx")}
    return Provider(**{**known, **names})


def provider_of_address(address: str) -> Provider | None:
    """Return the provider of an address, by its domain alone."""
    domain = address.rpartition("@")[2]
    return next((each for each in providers() if _is_among(domain, each.domains)), None)


def provider_of_sign_in(sign_in: str) -> Provider:
    """Return the first provider that has a sign-in."""
    return next(each for each in providers() if each.sign_in == sign_in)


def provider_of_server(server: str, address: str) -> Provider | None:
    """Return the provider of a server; of two with the same one, that of the address."""
    name = server.strip().casefold()
    found = [each for each in providers() if each.server == name]
    domain = address.rpartition("@")[2]
    own = [each for each in found if _is_among(domain, each.domains)]
    hosting = [each for each in found if each.mx]
    return next(iter(own or hosting or found), None)


def provider_of_record(address: str) -> Provider | None:
    """Look up the provider that hosts the domain of an address; this may take ``LOOKUP_S``.

    ``None``: without a network, and for a domain whose mail is received by a server that is no
    provider's, such as a filter's.
    """
    import dns.resolver  # 60 ms, for own domains only
    from dns.exception import DNSException

    try:  # the system's servers of today, so no resolver is kept
        answer = dns.resolver.Resolver().resolve(
            address.rpartition("@")[2], "MX", lifetime=LOOKUP_S
        )
    except (DNSException, OSError):
        return None
    first = min(record.preference for record in answer)
    names = [str(record.exchange) for record in answer if record.preference == first]
    return next((each for each in providers() if all(_is_among(n, each.mx) for n in names)), None)


def _is_among(name: str, patterns: Iterable[str]) -> bool:
    """Tell whether a domain is one of these, or below one that begins with ``*.``."""
    said = name.casefold().removesuffix(".")
    return any(
        said.endswith(each[1:]) if each.startswith("*.") else said == each for each in patterns
    )
