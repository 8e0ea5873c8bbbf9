"""Signing in in the real window: a person in a browser, a real backend, a real provider."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Any, cast

import pytest
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtTest import QTest

from desktop.contract.sign_in import SignInProblem, SignInUnderWay, SignInView
from desktop.gui.kit.words.table import WORDS
from desktop.gui.mail.sign_in import SignInPart
from sendoff_tasks.client.errors import Refused
from tests.gui.hands import pick
from tests.gui.mail.conftest import problem, save, settings_with
from tests.gui.play import Play
from tests.identity_provider import ANA, CLIENT, OFFICE, IdentityProvider, idp, provider

if TYPE_CHECKING:
    from desktop.gui.mail.mail_settings import MailSettingsDialog
    from desktop.settings.office_folder import OfficeFolder

__all__ = ["idp", "provider"]


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The pages that were opened in the browser."""
    pages: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: pages.append(url.toString()))
    return pages


@pytest.fixture
def signing(data: OfficeFolder, provider: IdentityProvider) -> IdentityProvider:
    """Have the window's backend talk to the provider."""
    (data.tasks / "provider.py").write_text(provider.code)
    return provider


def _choose_microsoft(play: Play, sender: str = OFFICE) -> MailSettingsDialog:
    sheet: MailSettingsDialog = play.window.mail.dialog
    sheet.open_for_real()
    sheet.form.sent_from.set_text(sender)
    pick(sheet.form.provider, "Microsoft 365")
    return sheet


def _heading(part: SignInPart) -> str:
    return part.head.text()


async def test_a_person_signs_in_and_sees_it(
    play: Play, signing: IdentityProvider, opened: list[str]
) -> None:
    await play.ready()
    sheet = _choose_microsoft(play)
    part = sheet.form.sign_in
    await play.until(lambda: "must register" in _heading(part))
    part.primary.click()
    assert "Please register Sendoff once" in QGuiApplication.clipboard().text()
    part.client_id.editor.setFocus()
    for letter in CLIENT:
        QTest.keyClicks(part.client_id.editor, letter)
        await play.until(lambda: not play.program.jobs.under_way)
        assert part.client_id.editor.isVisible()
    await play.until(lambda: part.primary.text() == "Sign in with Microsoft")
    part.primary.click()
    await play.until(lambda: opened)
    await play.until(lambda: part.code.text())  # the code for another device
    assert _heading(part) == "Continue in your browser"
    await asyncio.to_thread(signing.follow, opened[0])
    await play.until(lambda: _heading(part) == "Signed in")
    assert OFFICE in part.text.text()
    assert len(opened) == 1
    part.link.click()
    await play.until(lambda: part.primary.text() == "Sign in with Microsoft")


async def test_another_account_is_shown_with_its_ways_out(
    play: Play, signing: IdentityProvider, opened: list[str]
) -> None:
    await play.ready()
    sheet = _choose_microsoft(play)
    part = sheet.form.sign_in
    part.client_id.set_text(CLIENT)
    part.edited.emit()
    await play.until(lambda: part.primary.text() == "Sign in with Microsoft")
    part.primary.click()
    await play.until(lambda: opened)
    await asyncio.to_thread(signing.follow, opened[0], "ana")
    await play.until(lambda: _heading(part) == "This is not the sender’s account")
    part.second.click()
    assert sheet.form.sent_from.text() == ANA
    await play.until(lambda: _heading(part) == "Signed in")


async def test_closing_the_sheet_ends_the_attempt(
    play: Play, signing: IdentityProvider, opened: list[str]
) -> None:
    await play.ready()
    sheet = _choose_microsoft(play)
    part = sheet.form.sign_in
    part.client_id.set_text(CLIENT)
    part.edited.emit()
    await play.until(lambda: part.primary.text() == "Sign in with Microsoft")
    part.primary.click()
    await play.until(lambda: part.is_under_way)
    sheet._on_discarded()
    settings = {"sign_in": "microsoft", "client_id": CLIENT, "sender": OFFICE}
    read = partial(play.api.sign_in.read, settings)

    await play.until(lambda: read()["under_way"] is None)


def test_a_password_that_is_refused_for_good_leads_to_signing_in(
    sheet: MailSettingsDialog,
) -> None:
    sheet.show_settings(settings_with(host="smtp.office365.com", sender=OFFICE, user=OFFICE))
    form = sheet.form
    assert (form.secret.isVisible(), form.sign_in.isVisible()) == (True, False)
    sheet.test_to.set_text(OFFICE)
    sheet.test_button.click()
    refused = problem(("mail.sign_in", "Microsoft takes no password from programs any more."))
    sheet.show_failure(Refused(refused))
    assert (form.secret.isVisible(), form.sign_in.isVisible()) == (False, True)
    assert form.values()["sign_in"] == "microsoft"
    form.other_way.click()
    assert form.values()["sign_in"] == ""


BY_ADMINISTRATOR = {"blocked", "disabled", "not_assigned", "no_public_client"}


def test_each_problem_has_a_heading_a_sentence_and_a_way_out(sheet: MailSettingsDialog) -> None:
    stored = settings_with(
        sign_in="microsoft", client_id=CLIENT, sender=OFFICE, host="smtp.office365.com"
    )
    sheet.show_settings(stored)
    part, instead = sheet.form.sign_in, sheet.form.account.instead
    said = "AADSTS50057: The user account is disabled."
    for each in SignInProblem:
        part.show_view(_view(problem=each, account=ANA, at="2026-11-30T09:12:00Z", said=said))
        assert part.leads, each
        assert each is SignInProblem.NOT_SIGNED_IN or (part.head.text() and part.text.text())
        is_asked = _heading(part) == "Your administrator must act"
        assert is_asked is (each in BY_ADMINISTRATOR), each
        if is_asked:  # signing in would not help
            assert part.text.text() == WORDS.say("sign_in", each, issuer="Microsoft")
            assert part.note.text().endswith(said)
            assert part.primary.text() == "Try again"
    part.show_view(_view(problem=SignInProblem.NO_CLIENT))
    assert instead.isVisible()  # what works without signing in
    part.show_view(_view(account=OFFICE))
    assert not part.leads
    assert part.link.text() == "Sign out"
    assert not instead.isVisible()
    sheet.show_settings(stored)
    assert not instead.isVisible()


def test_a_backend_elsewhere_gets_its_code_from_any_device(
    sheet: MailSettingsDialog, opened: list[str]
) -> None:
    sheet.show_settings(settings_with(sign_in="microsoft", client_id=CLIENT, sender=OFFICE))
    part = sheet.form.sign_in
    part.begin()
    under_way: SignInUnderWay = {
        "page": "https://login.example/",
        "until": "2026-11-30T09:27:00Z",
        "device_code": "KD7Q4XRM",
        "device_page": "https://microsoft.com/devicelogin",
    }
    part.show_view(_view(under_way=under_way), is_here=False)
    assert opened == []
    assert part.code.text() == "KD7Q 4XRM"
    assert "microsoft.com/devicelogin" in part.note.text()


def _view(**changes: Any) -> SignInView:
    view: dict[str, Any] = {
        "sign_in": "microsoft", "client_id": CLIENT, "client_id_from": "settings",
        "account": None, "shared": False, "at": None, "problem": None, "said": "",
        "failed": None, "failed_said": "", "consent_page": "https://login.example/consent",
        "under_way": None,
    }  # fmt: skip
    return cast("SignInView", {**view, **changes})


def test_a_typed_client_secret_is_a_change_and_is_saved(
    sheet: MailSettingsDialog, saved: list[Any]
) -> None:
    sheet.show_settings(settings_with(sign_in="google", client_id=CLIENT, sender=OFFICE))
    assert not sheet.has_changes()
    sheet.form.sign_in.secret.set_text("GOCSPX-of-the-club")
    assert sheet.has_changes()
    save(sheet)
    assert saved[-1]["mail"]["client_secret"] == "GOCSPX-of-the-club"
    assert "GOCSPX-of-the-club" not in str(sheet.form.typed())
