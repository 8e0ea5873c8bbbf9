"""Well-known mail providers: their servers, and where they give passwords to programs."""

from __future__ import annotations

from typing import Final, NamedTuple


class Provider(NamedTuple):
    """A provider's server for sending, as its own help names it (November 2026).

    ``domains`` are those of its addresses. ``app_passwords`` is the page where a password for a
    program is made; empty if the usual password serves.
    """

    name: str
    host: str
    port: int
    security: str
    domains: tuple[str, ...] = ()
    app_passwords: str = ""


PROVIDERS: Final = (
    Provider(
        *("Gmail", "smtp.gmail.com", 587, "starttls", ("gmail.com", "googlemail.com")),
        "https://myaccount.google.com/apppasswords",
    ),
    Provider("GMX", "mail.gmx.net", 587, "starttls", ("gmx.de", "gmx.net", "gmx.at", "gmx.ch")),
    Provider("WEB.DE", "smtp.web.de", 587, "starttls", ("web.de",)),
    Provider("Microsoft 365", "smtp.office365.com", 587, "starttls"),
    Provider(
        *("iCloud", "smtp.mail.me.com", 587, "starttls", ("icloud.com", "me.com", "mac.com")),
        "https://account.apple.com/account/manage",
    ),
    Provider(
        *("Yahoo", "smtp.mail.yahoo.com", 465, "tls", ("yahoo.com", "yahoo.de", "ymail.com")),
        "https://login.yahoo.com/account/security",
    ),
    Provider("IONOS", "smtp.ionos.com", 465, "tls"),
    Provider("IONOS (DE)", "smtp.ionos.de", 465, "tls"),
    Provider("STRATO", "smtp.strato.de", 465, "tls"),
    Provider("mailbox.org", "smtp.mailbox.org", 465, "tls", ("mailbox.org",)),
    Provider("Posteo", "posteo.de", 465, "tls", ("posteo.de", "posteo.net", "posteo.org")),
    Provider(
        *("Fastmail", "smtp.fastmail.com", 465, "tls", ("fastmail.com", "fastmail.fm")),
        "https://app.fastmail.com/settings/security",
    ),
    Provider("OVH", "ssl0.ovh.net", 465, "tls"),
)


def provider_of_host(host: str) -> Provider | None:
    """Return the provider of a server."""
    return next((each for each in PROVIDERS if each.host == host.strip().casefold()), None)


def provider_of_address(address: str) -> Provider | None:
    """Return the provider of an address, by its domain."""
    domain = address.rpartition("@")[2].casefold()
    return next((each for each in PROVIDERS if domain in each.domains), None)
