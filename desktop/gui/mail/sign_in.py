"""The part of the mail settings that signs in: what to do now, and how it went."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from desktop.contract.rules.sign_in import ISSUER_NAMES, request, sentence
from desktop.contract.sign_in import ENDS, SignInProblem
from desktop.gui.kit.look import icons
from desktop.gui.kit.look.appearance import in_monospace, restyle, set_font, set_role, sized
from desktop.gui.kit.widgets.accent import ACCENT, AccentClaim
from desktop.gui.kit.widgets.buttons import ActionButton, Link
from desktop.gui.kit.widgets.field import Field
from desktop.gui.kit.widgets.surfaces import FlowPane, focus_in_sight
from desktop.gui.kit.widgets.texts import Paragraph, announce
from desktop.gui.kit.words.ages import day_and_time, time_of_day
from desktop.gui.kit.words.table import WORDS
from desktop.gui.kit.words.typed import line_problem
from desktop.settings.preferences import CLIENT_ID_LIMIT, HOST_LIMIT, PASSWORD_LIMIT

if TYPE_CHECKING:
    from desktop.contract.settings import MailView
    from desktop.contract.sign_in import SignInName, SignInUnderWay, SignInView

Pressed = Callable[[], object]
Press = tuple[str, str, Pressed]
"""A button: its words, its icon, and what it does."""
ASKS_CLIENT: Final = frozenset(
    {SignInProblem.NO_CLIENT, SignInProblem.WRONG_CLIENT, SignInProblem.WRONG_TENANT}
)
"""The problems that the fields of the registered program solve."""


@dataclass(frozen=True, slots=True)
class _Said:
    """What is shown of a state: the heading in the ink of a role, buttons (the first one leads)."""

    head: str = ""
    role: str = "good"
    text: str = ""
    buttons: tuple[Press, ...] = ()
    note: str = ""
    code: str = ""
    link: tuple[str, Pressed] | None = None


class SignInPart(QWidget):
    """Signs in for the sender of the form, in place of a password.

    ``where`` is the provider to sign in to, empty for none. ``wanted`` asks for the sign-in of
    other settings than before, ``begin_wanted`` carries whether to ask for shared mailboxes, too:
    :meth:`show_view` answers both, and ``shown`` follows. ``sender_wanted`` carries the address to
    send from instead. ``edited`` tells of the fields of the registered program.
    """

    wanted = Signal()
    shown = Signal()
    begin_wanted = Signal(bool)
    cancel_wanted = Signal()
    sign_out_wanted = Signal()
    sender_wanted = Signal(str)
    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.where: SignInName = ""
        self._view: SignInView | None = None
        self._asked: dict[str, str] = {}
        self._sender = ""
        self._is_here = True  # the backend is on this computer, with its browser
        self._opens = False  # the page, once it is known
        self._shows_client = False
        self.head = set_font(QLabel(wordWrap=True), 14)
        self.text = Paragraph()
        self.primary = ActionButton("")
        self.second, self.third = ActionButton(""), ActionButton("")
        self.note = set_role(Paragraph(), "soft")
        self.code = set_font(in_monospace(QLabel()), 20)
        self.code.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.link = Link("")
        self._do: dict[QPushButton, Pressed] = {}
        for button in (self.primary, self.second, self.third, self.link):
            button.clicked.connect(lambda _=False, button=button: self._do[button]())
        ACCENT.give(self.primary, lambda: AccentClaim.TYPED)
        self.client_link = Link(self.tr("Client id"))
        self.client_link.setToolTip(self.tr("Of the application that your organisation registered"))
        self.client_link.clicked.connect(self._on_client_link)
        self._make_fields()
        self._lay_out()

    def _make_fields(self) -> None:
        self.client_id = Field(
            self.tr("Client id"), lambda text: line_problem(text, CLIENT_ID_LIMIT)
        )
        self.tenant = Field(
            self.tr("Tenant"),
            lambda text: line_problem(text, HOST_LIMIT),
            placeholder=self.tr("The domain of the sender"),
        )
        self.secret = Field(
            self.tr("Client secret"), lambda text: line_problem(text, PASSWORD_LIMIT)
        )
        if isinstance(self.secret.editor, QLineEdit):
            self.secret.editor.setEchoMode(QLineEdit.EchoMode.Password)
        self.fields = {
            "client_id": self.client_id, "tenant": self.tenant, "client_secret": self.secret,
        }  # fmt: skip
        for field in self.fields.values():
            field.edited.connect(self._on_edited)

    def _lay_out(self) -> None:
        self._beside = FlowPane()
        for button in (self.second, self.third):
            self._beside.flow.addWidget(button)
        column = sized(QVBoxLayout(self), margins=0, spacing=8)
        parts = (self.head, self.text, self.primary, self._beside, self.note, self.code)
        for part in parts:
            column.addWidget(part)
        for link in (self.link, self.client_link):
            column.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)
        for field in self.fields.values():
            column.addWidget(field)

    @property
    def is_under_way(self) -> bool:
        """Whether an attempt waits for a person."""
        return self._view is not None and self._view["under_way"] is not None

    @property
    def leads(self) -> bool:
        """Whether its button is the one to press next."""
        return self.isVisible() and not self.primary.isHidden()

    @property
    def needs_client(self) -> bool:
        """Whether nothing can begin, as no client id is known."""
        return self._view is not None and self._view["problem"] == SignInProblem.NO_CLIENT

    def show_stored(self, mail: MailView) -> None:
        """Show what is stored."""
        self.where = mail["sign_in"]
        self.client_id.set_text(mail["client_id"])
        self.tenant.set_text(mail["tenant"])
        self.secret.set_text("")
        stored = self.tr("Stored") if mail["client_secret_set"] else ""
        self.secret.editor.setPlaceholderText(stored)

    def asked(self, sender: str) -> dict[str, str]:
        """Return where to sign in, for what sender; with the client secret if one was typed."""
        values = {name: self.fields[name].text().strip() for name in ("client_id", "tenant")}
        if self.secret.text() and self.where:
            values["client_secret"] = self.secret.text()
        return {"sign_in": self.where, "sender": sender, **values}

    def follow(self, sender: str) -> None:
        """Ask for the sign-in of a sender, an address, if it is another one than before.

        An attempt for the one before ends.
        """
        asked = self.asked(sender) if sender and self.where else {}
        if asked != self._asked:
            self.cancel()
            self._asked = asked
            self._sender = sender
            if self._view is not None and self._view["sign_in"] != self.where:
                self.show_view(None)
            if asked:
                self.wanted.emit()

    @property
    def settings(self) -> dict[str, str]:
        """The settings for which it was asked last; empty: for none."""
        return self._asked

    def begin(self, *, shared: bool = False) -> None:
        """Ask for an attempt to sign in; its page opens in the browser once it is known."""
        self._opens = True
        self.begin_wanted.emit(shared)

    def cancel(self) -> None:
        """End an attempt that is under way, or forget that one failed."""
        failed = None if self._view is None else self._view["failed"]
        if self.is_under_way or failed not in {None, SignInProblem.CONSENT_MISSING}:
            self.cancel_wanted.emit()

    def show_view(self, view: SignInView | None, *, is_here: bool = True) -> None:
        """Show a sign-in, ``None`` until it is read; ``is_here``: the backend is on this computer.

        One at another provider is dropped: the person went on.
        """
        if view is not None and view["sign_in"] != self.where:
            return
        before = self._said().head
        self._view, self._is_here = view, is_here
        if view is not None and (under_way := view["under_way"]) and self._opens:
            self._opens = False
            if is_here:
                QDesktopServices.openUrl(QUrl(under_way["page"]))
        self._show(before)
        self.shown.emit()

    def _show(self, before: str) -> None:
        said = self._said()
        restyle(self.head, role=said.role)
        for label, words in (
            *((self.head, said.head), (self.text, said.text)),
            *((self.note, said.note), (self.code, said.code)),
        ):
            label.setText(words)
            label.setVisible(bool(words))
        had_focus = any(each.hasFocus() for each in (self.primary, self.second, self.third))
        buttons = (self.primary, self.second, self.third)
        presses: tuple[Press | None, ...] = said.buttons
        if self.is_under_way:  # nothing leads: the person goes on in the browser
            presses = (None, *presses)
        for button, press in zip(buttons, (*presses, None, None, None), strict=False):
            button.setVisible(press is not None)
            if press is not None:
                words, icon, self._do[button] = press
                button.setText(words)
                icons.put(button, icon, "on accent" if button is self.primary else "text")
        self._beside.setVisible(not self.second.isHidden() or not self.third.isHidden())
        self.link.setVisible(said.link is not None)
        if said.link is not None:
            words, self._do[self.link] = said.link
            self.link.setText(words)
        self._show_client()
        if said.head and said.head != before:
            announce(self, said.head)
            if had_focus and not self.primary.isHidden():
                focus_in_sight(self.primary)

    def _show_client(self) -> None:
        view = self._view
        problem = None if view is None else view["failed"] or view["problem"]
        shown = self._shows_client or problem in ASKS_CLIENT
        is_google = view is not None and view["sign_in"] == "google"
        self.client_link.setVisible(problem not in ASKS_CLIENT and not self.is_under_way)
        self.client_id.setVisible(shown)
        self.tenant.setVisible(shown and not is_google)
        self.secret.setVisible(shown and is_google)
        self.client_id.editor.setPlaceholderText(
            view["client_id"] if view is not None and view["client_id_from"] != "settings" else ""
        )

    def unfold(self, field: Field) -> None:
        """Show the fields of the registered program, if this is one of them."""
        self._shows_client |= field in self.fields.values()
        self._show_client()

    def _on_edited(self) -> None:
        self._shows_client = True  # also once it is the right one
        self.edited.emit()

    def _on_client_link(self) -> None:
        self._shows_client = not self._shows_client
        self._show_client()

    def _said(self) -> _Said:
        """Return what is shown of the state."""
        view = self._view
        if view is None or not view["sign_in"]:
            return _Said()
        issuer = ISSUER_NAMES[view["sign_in"]]
        if view["under_way"] is not None:
            return self._under_way(view["under_way"])
        again = self._press_sign_in(self.tr("Sign in again"))
        sign_in = self._press_sign_in(self.tr("Sign in with {}").format(issuer))
        problem, said = view["problem"], view["said"]
        if view["failed"] is not None:
            problem, said = view["failed"], view["failed_said"]
        match problem:
            case None:
                who = self.tr("{account} may send, and nothing else.")
                text = who.format(account=view["account"] or self._sender)
                out = (self.tr("Sign out"), self.sign_out_wanted.emit)
                return _Said(self.tr("Signed in"), "good", text, link=out)
            case SignInProblem.NOT_SIGNED_IN:
                note = self.tr(
                    "Opens your browser. Sendoff asks for one right: to send as you. It cannot "
                    "read your e-mail."
                )
                return _Said(buttons=(sign_in,), note=note)
            case SignInProblem.NO_CLIENT:
                head = self.tr("Your administrator must register Sendoff")
                note = self.tr("“Copy the request” has the text to send.")
                text = self._why(view, problem)
                return _Said(head, "waiting", text, (self._copy_request(),), note)
            case SignInProblem.CONSENT_MISSING:
                return self._consent_missing(view)
            case SignInProblem.OTHER_ACCOUNT:
                return self._other_account(view)
            case (
                SignInProblem.BLOCKED
                | SignInProblem.DISABLED
                | SignInProblem.NOT_ASSIGNED
                | SignInProblem.NO_PUBLIC_CLIENT
            ):
                head = self.tr("Your administrator must act")
                note = _joined(self.tr("What you submit is kept until then."), said)
                return _Said(head, "waiting", self._why(view, problem), (self._try_again(),), note)
            case _:
                said = _joined(self.tr("E-mails wait until you have signed in."), said)
                press = again if problem in ENDS else sign_in
                text = _joined(self._since(view), self._why(view, problem))
                role = "error" if problem in ENDS else "waiting"
                return _Said(self.tr("Not signed in"), role, text, (press,), said)

    def _why(self, view: SignInView, problem: SignInProblem) -> str:
        issuer = ISSUER_NAMES[view["sign_in"]]
        return sentence(problem, issuer, self._sender, view["account"], WORDS)

    def _try_again(self) -> Press:
        return self.tr("Try again"), "rotate-cw", self.begin

    def _press_sign_in(self, words: str) -> Press:
        return words, "log-in", self.begin

    def _under_way(self, under_way: SignInUnderWay) -> _Said:
        until = time_of_day(_moment(under_way["until"]))
        copy = (self.tr("Copy the link"), "copy", lambda: _copy(under_way["page"]))
        cancel = (self.tr("Cancel"), self.cancel_wanted.emit)
        on = self.tr("This sheet continues by itself. It waits until {}.").format(until)
        text = self.tr("Sign in as {sender} and allow it.")
        code = note = ""
        if under_way["device_code"]:
            code = _spaced(under_way["device_code"])
            page = (under_way["device_page"] or "").removeprefix("https://")
            device = self.tr("No browser here? On any device open {page} and enter this code.")
            note = device.format(page=page)
        if not self._is_here:
            head = self.tr("Continue on another device")
            text = self.tr("Enter the code there.")
            if not code:
                text = self.tr("The link works only in a browser on the computer of the backend.")
            return _Said(head, "title", _joined(text, on), (copy,), note, code, cancel)
        head = self.tr("Continue in your browser")
        reopen = (
            self.tr("Open the page again"),
            "link",
            lambda: QDesktopServices.openUrl(QUrl(under_way["page"])),
        )
        text = _joined(text.format(sender=self._sender), on)
        return _Said(head, "title", text, (reopen, copy), note, code, cancel)

    def _consent_missing(self, view: SignInView) -> _Said:
        head = self.tr("Your administrator must allow Sendoff")
        text = self.tr("What you submit is kept, and goes out as soon as Sendoff is allowed.")
        note = self.tr("Sendoff asks for one right: to send as the person who signs in.")
        page, link = view["consent_page"], None
        if page:
            admin = self.tr("I am the administrator")
            link = (admin, lambda: QDesktopServices.openUrl(QUrl(page)))
        said = view["failed_said"] or view["said"]
        buttons = (self._copy_request(), self._try_again())
        return _Said(head, "waiting", text, buttons, _joined(note, said), link=link)

    def _other_account(self, view: SignInView) -> _Said:
        account = view["account"] or ""
        head = self.tr("This is not the sender’s account")
        text = self._why(view, SignInProblem.OTHER_ACCOUNT)
        as_sender = self._press_sign_in(self.tr("Sign in as {}").format(_short(self._sender)))
        other = (
            self.tr("Send from {}").format(_short(account)), "mail",
            lambda: self.sender_wanted.emit(account),
        )  # fmt: skip
        link = None
        if view["sign_in"] == "microsoft":
            words = self.tr("It may send as this mailbox. Keep both.")
            link = (words, lambda: self.begin(shared=True))
        return _Said(head, "waiting", text, (as_sender, other), link=link)

    def _since(self, view: SignInView) -> str:
        if view["at"] is None or view["problem"] not in ENDS:
            return ""
        return self.tr("Since {}.").format(day_and_time(_moment(view["at"]), time.time()))

    def _copy_request(self) -> Press:
        def copy() -> None:
            if self._view is not None:
                _copy(request(self._view, self._sender))

        return self.tr("Copy the request"), "copy", copy


def _copy(text: str) -> None:
    QGuiApplication.clipboard().setText(text)


def _moment(stamp: str) -> float:
    return datetime.fromisoformat(stamp.upper()).timestamp()


def _joined(*sentences: str) -> str:
    return " ".join(filter(None, sentences))


def _short(address: str) -> str:
    """Cut an address for a button; the sentence above has it whole."""
    return f"{address.partition('@')[0]}@…"


def _spaced(code: str) -> str:
    """Write a code in two halves, which are easier to read and to type."""
    return f"{code[: len(code) // 2]} {code[len(code) // 2 :]}"
