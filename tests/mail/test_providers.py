"""The table of mail providers: each fact has a source, each address and mail record its row."""

from __future__ import annotations

import tomllib
from datetime import date

import pytest

from desktop.mail.providers import (
    Provider,
    provider_of_address,
    provider_of_record,
    provider_of_server,
    providers,
)
from desktop.settings.preferences import PORTS
from desktop.settings.resources import resources
from tests.dns_server import dns_server

ROWS = tomllib.loads((resources() / "providers.toml").read_text("utf-8"))["provider"]
FACTS = {
    "server": ("server", "port", "security"),
    "imap": ("imap",),
    "mx": ("mx",),
    "login": ("login",),
    "limits": ("per_minute", "per_hour", "per_day"),
}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["name"])
def test_each_fact_of_a_provider_has_a_source_and_a_date(row: dict[str, object]) -> None:
    sources = row["sources"]
    assert isinstance(sources, dict)
    needed = {fact for fact, keys in FACTS.items() if any(key in row for key in keys)}
    assert needed <= sources.keys() <= {*FACTS, "hint"}
    for source in sources.values():
        assert source["page"].startswith("https://")
        assert isinstance(source["read"], date)


@pytest.mark.parametrize("provider", providers(), ids=lambda each: each.name)
def test_a_provider_can_be_sent_through(provider: Provider) -> None:
    assert provider.port == PORTS[provider.security]
    assert provider.domains or provider.mx
    assert (provider.login == "app_password") == bool(provider.app_passwords)
    assert provider.login != "sign_in" or provider.sign_in


def test_a_provider_has_its_name_domains_and_records_alone() -> None:
    for each in ("domains", "mx"):
        said = [name for provider in providers() for name in getattr(provider, each)]
        assert len(set(said)) == len(said)
    assert len({each.name for each in providers()}) == len(providers())


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("Ada@GMX.net", "GMX"),
        ("a@hotmail.de", "Outlook.com"),
        ("a@live.com", "Outlook.com"),
        ("office@verein.onmicrosoft.com", "Microsoft 365"),
        ("a@onmicrosoft.com", None),
        ("a@notgmx.net", None),
        ("a@example.org", None),
        ("", None),
    ],
)
def test_a_domain_is_its_providers(address: str, name: str | None) -> None:
    found = provider_of_address(address)
    assert (found and found.name) == name


@pytest.mark.parametrize(
    ("server", "address", "name"),
    [
        ("smtp.gmail.com", "ada@gmail.com", "Gmail"),
        (" SMTP.Gmail.com", "office@verein.example", "Google Workspace"),
        ("mail.gmx.net", "office@verein.example", "GMX"),
        ("mail.example.org", "ada@gmail.com", None),
    ],
)
def test_a_server_of_two_providers_is_that_of_the_address(
    server: str, address: str, name: str | None
) -> None:
    found = provider_of_server(server, address)
    assert (found and found.name) == name


HOSTED = {
    "office": ["10 office-example.mail.protection.outlook.com."],
    "signed": ["0 signed-example.p-v1.mx.microsoft."],
    "workspace": ["1 ASPMX.L.GOOGLE.COM.", "5 alt1.aspmx.l.google.com.", "10 mx.other.example."],
    "workspace2": ["1 smtp.google.com."],
    "ionos": ["10 mx00.ionos.de.", "10 mx01.ionos.de."],
    "older": ["10 mx00.kundenserver.de."],
    "strato": ["5 smtpin.rzone.de."],
    "ovh": ["1 mx1.mail.ovh.net.", "5 mx2.mail.ovh.net."],
    "mailbox": ["10 mxext1.mailbox.org."],
    "fastmail": ["10 in1-smtp.messagingengine.com."],
    "icloud": ["10 mx01.mail.icloud.com."],
    "proofpoint": ["10 mx0a-001.pphosted.com.", "20 office-example.mail.protection.outlook.com."],
    "mimecast": ["10 de-smtp-inbound-1.mimecast.com."],
    "barracuda": ["10 d1.a.ess.de.barracudanetworks.com."],
    "hornet": ["10 mx01.hornetsecurity.com."],
    "mixed": ["10 smtpin.rzone.de.", "10 mx.other.example."],
    "no_mail": ["0 ."],
    "nothing": [],
}
HOSTS = {
    "office": "Microsoft 365",
    "signed": "Microsoft 365",
    "workspace": "Google Workspace",
    "workspace2": "Google Workspace",
    "ionos": "IONOS (DE)",
    "older": "IONOS (DE)",
    "strato": "STRATO",
    "ovh": "OVH",
    "mailbox": "mailbox.org",
    "fastmail": "Fastmail",
    "icloud": "iCloud",
}


def test_an_own_domain_is_that_of_the_provider_that_receives_its_mail() -> None:
    with dns_server(**HOSTED) as server:
        found = {each: provider_of_record(f"office@{each}.example") for each in (*HOSTED, "gone")}
        assert {each: row.name for each, row in found.items() if row} == HOSTS
        assert len(server.asked) >= len(found)


@pytest.mark.parametrize("address", ["", "office@", "office@" + "x" * 64 + ".example", "a@b..c"])
def test_a_domain_that_cannot_be_looked_up_is_unknown(address: str) -> None:
    with dns_server():
        assert provider_of_record(address) is None


def test_without_a_network_an_own_domain_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    with dns_server(**HOSTED) as server:
        monkeypatch.setattr("desktop.mail.providers.LOOKUP_S", 0.1)
        server.is_silent = True
        assert provider_of_record("office@strato.example") is None
        assert server.asked
