"""What the sender's address fills in, for each provider, until a person changes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices

from desktop.gui.link.jobs import ApiSource
from desktop.gui.mail.account import OTHER
from desktop.gui.mail.mail_settings import MailSettingsDialog
from desktop.gui.mail.room import MailSetup
from desktop.mail.providers import providers
from tests.dns_server import DnsServer, dns_server
from tests.gui.hands import pick
from tests.gui.mail.conftest import settings_with
from tests.gui.outboxes import silent_outbox

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from desktop.gui.link.jobs import Jobs


@pytest.fixture
def dns() -> Iterator[DnsServer]:
    with dns_server(
        m365=["10 m365-example.mail.protection.outlook.com."],
        workspace=["1 smtp.google.com."],
        ionos=["10 mx00.ionos.com."],
        ionos_de=["10 mx00.ionos.de."],
        strato=["5 smtpin.rzone.de."],
        ovh=["1 mx1.mail.ovh.net."],
        filtered=["10 mx0a-001.pphosted.com."],
    ) as server:
        yield server


@pytest.fixture
def empty(sheet: MailSettingsDialog, jobs: Jobs) -> Iterator[MailSettingsDialog]:
    """Give the sheet before anything was entered, but that e-mails are sent for real."""
    source = ApiSource(jobs)
    setup = MailSetup(sheet, source, silent_outbox(sheet, source))
    setup.serve(sheet)
    sheet.show_settings(settings_with(host="", user="", sender="", password_kept=None))
    yield sheet
    jobs.cancel_all()


def enter(sheet: MailSettingsDialog, address: str, qtbot: QtBot) -> None:
    """Type an address over the one before, and leave the field."""
    editor = sheet.form.sent_from.editor
    editor.setFocus()
    editor.selectAll()
    qtbot.keyClicks(editor, address)
    qtbot.keyClick(editor, Qt.Key.Key_Tab)


def settled(sheet: MailSettingsDialog, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: "Looking" not in sheet.form.account.found.text())


def filled_in(sheet: MailSettingsDialog) -> tuple[Any, ...]:
    form = sheet.form
    provider, server = form.provider.value(), (form.host.text(), form.port.text())
    return provider, *server, form.security.value(), *sheet.limits.values()["mail"].values()


TLS, STARTTLS = ("465", "tls"), ("587", "starttls")
TABLE = {
    "a@x.onmicrosoft.com": ("Microsoft 365", "smtp.office365.com", *STARTTLS, "30/min", 10_000),
    "a@m365.example": ("Microsoft 365", "smtp.office365.com", *STARTTLS, "30/min", 10_000),
    "a@outlook.com": ("Outlook.com", "smtp-mail.outlook.com", *STARTTLS, None, None),
    "a@hotmail.de": ("Outlook.com", "smtp-mail.outlook.com", *STARTTLS, None, None),
    "a@live.com": ("Outlook.com", "smtp-mail.outlook.com", *STARTTLS, None, None),
    "a@msn.com": ("Outlook.com", "smtp-mail.outlook.com", *STARTTLS, None, None),
    "a@gmail.com": ("Gmail", "smtp.gmail.com", *STARTTLS, None, 500),
    "a@workspace.example": ("Google Workspace", "smtp.gmail.com", *STARTTLS, None, 2000),
    "a@gmx.de": ("GMX", "mail.gmx.net", *STARTTLS, None, None),
    "a@gmx.com": ("GMX.com", "mail.gmx.com", *STARTTLS, None, None),
    "a@web.de": ("WEB.DE", "smtp.web.de", *STARTTLS, None, None),
    "a@me.com": ("iCloud", "smtp.mail.me.com", *STARTTLS, None, 1000),
    "a@yahoo.de": ("Yahoo", "smtp.mail.yahoo.com", *TLS, None, 500),
    "a@aol.com": ("AOL", "smtp.aol.com", *TLS, None, 500),
    "a@t-online.de": ("t-online.de", "securesmtp.t-online.de", *TLS, None, None),
    "a@freenet.de": ("freenet.de", "mx.freenet.de", *STARTTLS, None, None),
    "a@orange.fr": ("Orange", "smtp.orange.fr", *TLS, None, None),
    "a@bluewin.ch": ("Bluewin", "smtpauths.bluewin.ch", *TLS, None, None),
    "a@ionos.example": ("IONOS", "smtp.ionos.com", *TLS, "500/h", None),
    "a@ionos_de.example": ("IONOS (DE)", "smtp.ionos.de", *TLS, "5000/h", None),
    "a@strato.example": ("STRATO", "smtp.strato.de", *TLS, None, None),
    "a@mailbox.org": ("mailbox.org", "smtp.mailbox.org", *TLS, None, None),
    "a@posteo.de": ("Posteo", "posteo.de", *TLS, None, None),
    "a@fastmail.com": ("Fastmail", "smtp.fastmail.com", *TLS, None, None),
    "a@ovh.example": ("OVH", "ssl0.ovh.net", *TLS, None, None),
    "a@filtered.example": (OTHER, "", *STARTTLS, None, None),
    "a@gone.example": (OTHER, "", *STARTTLS, None, None),
}


def test_the_table_has_each_provider() -> None:
    assert {each[0] for each in TABLE.values()} == {OTHER, *(each.name for each in providers())}


@pytest.mark.parametrize("address", TABLE)
def test_an_address_fills_in_its_providers_server_and_limits(
    empty: MailSettingsDialog, dns: DnsServer, qtbot: QtBot, address: str
) -> None:
    enter(empty, address.replace("_", "-"), qtbot)
    settled(empty, qtbot)
    provider, host, port, security, rate, per_day = TABLE[address]
    assert filled_in(empty) == (provider, host, port, security, rate, None, per_day)
    assert empty.form.user.text() == address.replace("_", "-")
    row = next((each for each in providers() if each.name == provider), None)
    shown = empty.form
    assert shown.server.isHidden() == (row is not None)
    assert shown.app_password.isVisible() == (row is not None and row.login == "app_password")
    assert shown.account.hint.text() == ("" if row is None else row.hint)
    assert shown.account.instead.text() == ("" if row is None else row.instead)
    signs_in = row is not None and row.login == "sign_in"
    assert (shown.sign_in.isVisible(), shown.secret.isVisible()) == (signs_in, not signs_in)


def test_a_typed_password_goes_to_no_other_provider(
    empty: MailSettingsDialog, qtbot: QtBot
) -> None:
    form = empty.form
    enter(empty, "ofice@gmx.de", qtbot)
    qtbot.keyClicks(form.password.editor, "of-gmx")
    enter(empty, "office@gmx.de", qtbot)
    assert form.values()["password"] == "of-gmx"
    enter(empty, "office@gmail.com", qtbot)
    assert "password" not in form.values()


@pytest.mark.parametrize("name", ["host", "port", "user", "limits"])
def test_what_a_person_entered_stays(empty: MailSettingsDialog, qtbot: QtBot, name: str) -> None:
    form = empty.form
    enter(empty, "office@gmx.de", qtbot)
    texts = {"host": "relay.example.org", "port": "465", "user": "club"}
    field = empty.limits.fields["per_day"] if name == "limits" else form.fields[name]
    field.replace(texts.get(name, "90"))
    enter(empty, "office@gmail.com", qtbot)
    assert field.text() == texts.get(name, "90")
    is_server = name in {"host", "port"}
    assert (form.provider.value() == "Gmail") != is_server
    assert (form.user.text() == "office@gmail.com") == (name != "user")
    assert empty.limits.fields["per_day"].text() == ("90" if name == "limits" else "500") or (
        is_server
    )


def test_a_chosen_provider_stays_and_has_the_user_name_of_the_address(
    empty: MailSettingsDialog, dns: DnsServer, qtbot: QtBot
) -> None:
    form = empty.form
    enter(empty, "ofice@filtered.example", qtbot)
    settled(empty, qtbot)
    pick(form.provider, "Microsoft 365")
    enter(empty, "office@strato.example", qtbot)
    assert filled_in(empty)[:2] == ("Microsoft 365", "smtp.office365.com")
    assert form.user.text() == "office@strato.example"
    assert form.taken.rates.text() == "30 a minute, 10,000 a day"
    assert form.taken.example.text() == "3,000 e-mails take 1 h 39 min."


def test_limits_are_the_providers_and_those_that_a_person_removed_stay_away(
    empty: MailSettingsDialog, qtbot: QtBot
) -> None:
    taken, per_day = empty.form.taken, empty.limits.fields["per_day"]
    enter(empty, "office@gmx.de", qtbot)
    assert taken.rates.text() == "Not known. Sendoff learns it while sending."
    enter(empty, "office@gmail.com", qtbot)
    assert filled_in(empty)[:2] == ("Gmail", "smtp.gmail.com")
    assert taken.rates.text() == "500 a day"
    assert taken.example.text() == "3,000 e-mails take 5 days."
    per_day.replace("")
    enter(empty, "office@yahoo.de", qtbot)
    assert empty.limits.values()["mail"]["per_day"] is None
    assert taken.rates.text() == "500 a day, as Yahoo says. No limit is set here."


def test_the_provider_of_an_own_domain_is_looked_for_beside_the_window(
    empty: MailSettingsDialog, dns: DnsServer, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = empty.form
    enter(empty, "office@strato.example", qtbot)
    assert form.account.found.text() == "Looking for the provider of strato.example…"
    assert form.server.isHidden()
    settled(empty, qtbot)
    assert form.account.found.text() == "Found by the mail record of strato.example"
    enter(empty, "office@filtered.example", qtbot)
    settled(empty, qtbot)
    assert form.account.found.text().startswith("No provider is known for filtered.example.")
    assert form.server.isVisible()
    enter(empty, "box@filtered.example", qtbot)
    assert dns.asked == ["strato.example", "filtered.example"]
    monkeypatch.setattr("desktop.mail.providers.LOOKUP_S", 0.1)
    dns.is_silent = True  # as without a network
    enter(empty, "office@ionos.example", qtbot)
    settled(empty, qtbot)
    assert form.server.isVisible()
    assert not empty.trouble.text()


def test_a_late_answer_about_another_address_is_dropped(
    empty: MailSettingsDialog, dns: DnsServer, jobs: Jobs, qtbot: QtBot
) -> None:
    enter(empty, "office@strato.example", qtbot)
    enter(empty, "office@gmail.com", qtbot)
    qtbot.waitUntil(lambda: not jobs.under_way)
    assert filled_in(empty)[:2] == ("Gmail", "smtp.gmail.com")
    enter(empty, "office@ionos.example", qtbot)
    empty.form.host.replace("relay.example.org")
    qtbot.waitUntil(lambda: not jobs.under_way)
    assert filled_in(empty)[:2] == (OTHER, "relay.example.org")


def test_a_hint_and_an_app_password_lead_to_their_pages(
    empty: MailSettingsDialog, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    form, hint = empty.form, QUrl("https://hilfe.web.de/pop-imap/einschalten.html")
    enter(empty, "office@web.de", qtbot)
    form.account.hint_link.click()
    enter(empty, "office@gmail.com", qtbot)
    form.app_password.click()
    assert opened == [hint, QUrl("https://myaccount.google.com/apppasswords")]
