"""A new office sets up its own address in the real window, sends, and signs in again later.

The DNS server, the identity provider (nanoidp) and the Graph are real servers of the tests; the
Graph is ours, written from Microsoft's documents.
"""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.dns_server import DnsServer, dns_server
from tests.gui.mail.test_sign_in import opened
from tests.identity_provider import CLIENT, OFFICE, IdentityProvider, provider
from tests.mail.web_services import WebService, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

    from desktop.gui.mail.mail_settings import MailSettingsDialog
    from desktop.settings.office_folder import OfficeFolder
    from tests.gui.play import Play

__all__ = ["opened", "provider"]

SERVED = "from desktop.mail.http.services import SERVICES\n"


@pytest.fixture
def graph(data: OfficeFolder, provider: IdentityProvider) -> Iterator[WebService]:
    """Have the window's backend sign in at the provider and send to a Graph."""
    with serving("microsoft") as found:
        found.account, found.tokens = OFFICE, None
        here = (
            f"SERVICES['microsoft'] = replace(SERVICES['microsoft'], base={found.service.base!r})"
        )
        (data.tasks / "provider.py").write_text(f"{provider.code}{SERVED}{here}\n")
        yield found


@pytest.fixture
def dns() -> Iterator[DnsServer]:
    with dns_server(tc_aurach=["10 tc-aurach-example.mail.protection.outlook.com."]) as server:
        yield server


async def test_an_own_domain_signs_in_and_its_e_mails_arrive(
    play: Play,
    data: OfficeFolder,
    provider: IdentityProvider,
    graph: WebService,
    dns: DnsServer,
    opened: list[str],
) -> None:
    await play.ready()
    sheet: MailSettingsDialog = play.window.mail.dialog
    form, part = sheet.form, sheet.form.sign_in
    sheet.open_for_real()
    sheet.activateWindow()
    await play.until(form.sent_from.editor.hasFocus)
    form.sent_from.set_text("")
    QTest.keyClicks(form.sent_from.editor, f"Tennis Club Aurach <{OFFICE}>")
    QTest.keyClick(form.sent_from.editor, Qt.Key.Key_Tab)
    await play.until(lambda: form.provider.value() == "Microsoft 365")
    assert dns.asked == ["tc-aurach.example"]
    await play.until(lambda: "must register" in part.head.text())
    QTest.keyClicks(part.client_id.editor, CLIENT)
    await play.until(lambda: part.primary.text() == "Sign in with Microsoft")
    QTest.mouseClick(part.primary, Qt.MouseButton.LeftButton)
    await play.until(lambda: opened)
    await asyncio.to_thread(provider.follow, opened[0])
    await play.until(lambda: part.head.text() == "Signed in")
    sheet.test_to.set_text(OFFICE)
    QTest.mouseClick(sheet.test_button, Qt.MouseButton.LeftButton)
    await play.until(lambda: "The settings are saved." in sheet.told.text())
    (test,) = graph.parsed()
    assert test["From"] == f'"Tennis Club Aurach" <{OFFICE}>'
    assert sheet.close()

    play.submit("Ada")
    await play.until(lambda: len(graph.mails) == 2)
    _withdraw(data, provider)
    graph.revoke()
    play.submit("Bo")
    play.submit("Cy")
    await play.until(lambda: "sign_in" in play.told())
    play.choose("sign_in")
    await play.until(lambda: "no longer accepts" in part.text.text())
    QTest.mouseClick(part.primary, Qt.MouseButton.LeftButton)
    await play.until(lambda: len(opened) == 2)
    await asyncio.to_thread(provider.follow, opened[1])
    await play.until(lambda: play.states() == ["succeeded"] * 3)
    assert len(graph.mails) == 4
    await play.until(lambda: "sign_in" not in play.told())


def _withdraw(data: OfficeFolder, provider: IdentityProvider) -> None:
    """End the sign-in at the provider, as an administrator does."""
    for text in json.loads(data.password_file.read_text()).values():
        provider.revoke(json.loads(text)["refresh"])
