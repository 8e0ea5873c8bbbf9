"""The form of the mail settings: what the address tells is filled in until a person changes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from desktop.contract.rules.mailbox import Mailbox, parse_mailbox
from desktop.gui.kit.look.appearance import set_role, sized
from desktop.gui.kit.widgets.buttons import Link
from desktop.gui.kit.widgets.choice import Choice, Segments
from desktop.gui.kit.widgets.field import Field, editor_label
from desktop.gui.kit.widgets.surfaces import focus_in_sight
from desktop.gui.kit.widgets.texts import Paragraph
from desktop.gui.kit.words.table import WORDS, say
from desktop.gui.kit.words.typed import address_problem_words, line_problem
from desktop.gui.mail.account import (
    AccountPart,
    CopiesPart,
    FilledByAddress,
    KeepingPart,
    TakenPart,
    rates_of,
    server_of,
)
from desktop.gui.mail.hours import HoursPart
from desktop.gui.mail.queue_limits import QueueLimits
from desktop.gui.mail.sign_in import SignInPart
from desktop.mail.providers import (
    provider_of_address,
    provider_of_server,
    provider_of_sign_in,
    providers,
)
from desktop.settings.preferences import (
    HOST_LIMIT,
    PASSWORD_LIMIT,
    PORT_LIMIT,
    PORTS,
    PRACTICE_SENDER,
    USER_LIMIT,
    is_practice_sender,
)
from sendoff_tasks.folder.backend_addresses import LOOPBACK
from sendoff_tasks.model.text import whole_number

if TYPE_CHECKING:
    from desktop.contract.settings import MailView
    from desktop.mail.providers import Provider
    from sendoff_tasks.model.problems import FieldError


class MailForm(QWidget):
    """Fields for the ``mail`` section of ``/settings``; those of the server only for real sending.

    It asks for sender, provider and password, and for server and login before the password if the
    provider is unknown. The rest, with the ``limits``, is folded. Provider, server, user name and
    limits follow the sender's address as long as they are what was filled in.

    ``edited`` is emitted when the person changes anything, ``forget_chosen`` to delete the stored
    password, ``keep_chosen`` to keep the typed one in memory only, or in a file. ``record_wanted``
    carries an address whose provider the mail record tells: :meth:`show_record` answers.
    """

    edited = Signal()
    record_wanted = Signal(str)
    forget_chosen = Signal()
    keep_chosen = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._keep = "keyring"
        self._kept: str | None = None
        self._kept_for = ("", "")  # the server and user name of the password that is kept
        self._is_open = self._shows_limits = False
        self._address = ""  # for which the form was filled in
        self._looked_up = ""  # the address whose mail record is asked for
        self._taken: Provider | None = None
        self._found = ""  # how, in words
        self._filled = FilledByAddress()
        self.limits = QueueLimits()
        self.hours = HoursPart()
        self.copies = CopiesPart()
        self._make_fields()
        self._make_provider()
        self._lay_out()
        self._on_transport_chosen()

    def _make_fields(self) -> None:
        self.transport = Segments(
            self.tr("How e-mails are sent"),
            [("practice", self.tr("Practice")), ("smtp", self.tr("Real sending"))],
        )
        self.security = Choice(self.tr("Encryption"))
        self.security.set_choices(
            [
                ("starttls", self.tr("After connecting (STARTTLS)")),
                ("tls", self.tr("From the start (TLS)")),
                ("none", self.tr("None")),
            ]
        )
        self.host = Field(self.tr("Server"), self._host_problem, placeholder="mail.example.org")
        self.port = sized(Field(self.tr("Port"), self._port_problem), width=88)
        self.user = Field(
            self.tr("User name"), self._user_problem, placeholder=self.tr("Leave empty for none")
        )
        self.password = Field(self.tr("Password"), self._password_problem, trims=False)
        if isinstance(self.password.editor, QLineEdit):
            self.password.editor.setEchoMode(QLineEdit.EchoMode.Password)
        self.keeping = KeepingPart()
        self.keeping.chosen.connect(self._on_keep_chosen)
        self.password.edited.connect(self.keeping.hide)
        self.sent_from = Field(
            self.tr("Sender"), self._sender_problem, placeholder="Box office <tickets@example.org>"
        )
        self.practice_to = Field(
            self.tr("Recipient in practice"), address_problem_words, placeholder="you@example.org"
        )
        self.practice_to.setToolTip(
            self.tr("The address that practice e-mails go to when their item has no recipient")
        )
        self.sign_in = SignInPart()
        self.sign_in.edited.connect(self._ask_sign_in)
        self.sign_in.shown.connect(self._show_instead)
        self.sign_in.sender_wanted.connect(self._on_sender_wanted)
        self.forget = Link(self.tr("Forget the password"))
        self.forget.clicked.connect(self.forget_chosen)
        self.fields = {
            "sender": self.sent_from,
            "default_recipient": self.practice_to,
            "host": self.host,
            "port": self.port,
            "user": self.user,
            "password": self.password,
            **self.sign_in.fields,
        }
        self.limits.edited.connect(self.edited)
        self.limits.edited.connect(self._show_taken)
        for field in self.fields.values():
            field.edited.connect(self.edited)
        for choice in (self.transport, self.security, self.hours, self.copies.choice):
            choice.chosen.connect(self.edited)
        for editor, offer in ((self.user, self._offer_sender), (self.sent_from, self._offer)):
            if isinstance(editor.editor, QLineEdit):
                editor.editor.editingFinished.connect(offer)
        self.host.edited.connect(self._on_host_edited)
        for field in (self.host, self.user):
            field.edited.connect(self._on_login_edited)
        self.port.edited.connect(self._on_port_edited)
        self.transport.chosen.connect(self._on_transport_chosen)
        self.security.chosen.connect(self._on_security_chosen)

    def _make_provider(self) -> None:
        self.account = AccountPart()
        self.provider = self.account.provider
        self.provider.chosen.connect(self._on_provider_chosen)
        self.app_password = Link(self.tr("Where to get an app password"))
        self.app_password.setToolTip(
            self.tr("This provider gives programs a password of their own; opens its page")
        )
        self.app_password.clicked.connect(self._on_app_password)
        self.other_way = Link("")
        self.other_way.clicked.connect(self._on_other_way)
        self.more = Link(self.tr("Server and user name"))
        self.more.clicked.connect(lambda: self.open(not self._is_open))
        self.taken = TakenPart()
        self.more_limits = self.taken.change
        self.more_limits.clicked.connect(lambda: self.open_limits(not self._shows_limits))

    def _lay_out(self) -> None:
        self._explained = set_role(QLabel(wordWrap=True), "soft")
        self.security_error = set_role(Paragraph(), "error")
        security = editor_label(self.tr("Encryption"), self.security)
        hint = self.tr("Your provider names the port: 587 goes with STARTTLS, 465 with TLS.")
        usual = set_role(Paragraph(hint), "soft")
        secured = sized(QVBoxLayout(), spacing=4)
        for widget in (security, self.security, usual, self.security_error):
            secured.addWidget(widget)
        address = sized(QHBoxLayout(), spacing=12)
        address.addWidget(self.host, 1, Qt.AlignmentFlag.AlignTop)
        address.addWidget(self.port, 0, Qt.AlignmentFlag.AlignTop)
        self.secret = QWidget()
        secret = sized(QVBoxLayout(self.secret), margins=0, spacing=4)
        secret.addWidget(self.password)
        secret.addWidget(self.password.message)
        left = Qt.AlignmentFlag.AlignLeft
        for link in (self.app_password, self.forget):
            secret.addWidget(link, 0, left)
        secret.addWidget(self.keeping)
        self.server = QWidget()
        server = sized(QVBoxLayout(self.server), margins=0, spacing=12)
        addressed = sized(QVBoxLayout(), spacing=4)
        addressed.addLayout(address)
        addressed.addWidget(self.port.message)
        server.addLayout(addressed)
        server.addLayout(secured)
        server.addWidget(self.user)
        column = sized(QVBoxLayout(self), margins=0, spacing=12)
        parts = (self.transport, self._explained, self.sent_from, self.practice_to, self.account)
        for part in parts:
            column.addWidget(part)
        column.addWidget(self.sign_in)
        for link in (self.more, self.other_way):
            column.addWidget(link, 0, left)
        for below in (self.server, self.secret, self.taken, self.limits, self.hours, self.copies):
            column.addWidget(below)

    def show_values(self, mail: MailView) -> None:
        """Show the ``mail`` section of the backend; it never contains the password."""
        self.transport.set_value(mail["transport"])
        self.security.set_value(mail["security"])
        self.host.set_text(mail["host"])
        self.port.set_text(str(mail["port"]))
        self.user.set_text(mail["user"])
        self.sent_from.set_text(mail["sender"])
        self.practice_to.set_text(mail["default_recipient"])
        self.hours.set_value(mail["hours"])
        self.copies.choice.set_value(mail["sent_copies"])
        self.sign_in.show_stored(mail)
        self.password.set_text("")
        kept = mail["password_kept"]
        self._keep = kept if kept in {"session", "file"} else "keyring"
        self.keeping.hide()
        self.show_kept(mail)
        self._warn_if_open()
        self._note_filled()
        self._on_transport_chosen()

    def _note_filled(self) -> None:
        """Take stored values for filled in if they are what would be filled in."""
        self._address, self._looked_up, self._found = self._address_of_sender(), "", ""
        host, user, rates = self.host.text(), self.user.text(), self.limits.rates()
        found = self._taken = provider_of_server(host, self._address)
        is_its = found is not None and self._server() == server_of(found)
        self._filled = FilledByAddress(
            self._server() if is_its else None,
            user if user == self._address or not host else None,
            rates if not rates or (found is not None and rates == rates_of(found)) else None,
        )

    def show_kept(self, mail: MailView) -> None:
        """Show where the password is kept, if there is one, and offer to forget it."""
        self._kept, self._kept_for = mail["password_kept"], (mail["host"], mail["user"])
        self._show_password()

    def _show_password(self) -> None:
        """Show where the password of the entered server and user name is kept."""
        words = {
            "keyring": self.tr("Stored in the keyring"),
            "session": self.tr("Kept until you quit"),
            "file": self.tr("Stored in a file that only you can read"),
            "environment": self.tr("Given when Sendoff was started"),
        }
        shown = words.get(self._kept or "", "")
        if self._is_kept_for_another():
            shown = self.tr("Needed for this server and user name")
        self.password.editor.setPlaceholderText(shown)
        can_forget = self._kept in {"keyring", "session", "file"}
        self.forget.setVisible(can_forget and not self._is_kept_for_another())

    def _is_kept_for_another(self) -> bool:
        """Tell whether the password that is kept is not that of the server and user entered."""
        if self._kept in {None, "environment"}:
            return False
        return self._kept_for != (self.host.text().strip(), self.user.text().strip())

    def typed(self) -> dict[str, str]:
        """Return the input, valid or not, without the password."""
        secrets = {"password", "client_secret"}
        texts = {name: field.text() for name, field in self.fields.items() if name not in secrets}
        chosen = {"transport": self.transport.value(), "security": self.security.value()}
        chosen |= {"hours": self.hours.value(), "sent_copies": self.copies.choice.value()}
        return {**chosen, "sign_in": self.sign_in.where, **texts}

    def values(self) -> dict[str, Any]:
        """Return the section for the API; it has a password only if one was typed."""
        sender = self.sent_from.text().strip()
        values: dict[str, Any] = {"transport": self.transport.value(), "sender": sender}
        if self.is_real():
            values |= {
                "host": self.host.text().strip(),
                "port": whole_number(self.port.text(), PORT_LIMIT) or PORTS["starttls"],
                "security": self.security.value(),
                "user": self.user.text().strip(),
                "hours": self.hours.value(),
                "sent_copies": self.copies.choice.value(),
            }
            values |= self.sign_in.asked(sender)
            if self.password.text():
                values["password"] = self.password.text()
                values["keep_password"] = self._keep
        else:
            values["default_recipient"] = self.practice_to.text().strip()
        return values

    def asked(self) -> list[Field]:
        """Return the shown fields from top to bottom."""
        if not self.is_real():
            return [self.sent_from, self.practice_to]
        if self.sign_in.where:
            return [self.sent_from, *self.sign_in.fields.values()]
        others = (self.practice_to, *self.sign_in.fields.values())
        return [field for field in self.fields.values() if field not in others]

    def check(self) -> bool:
        """Check the shown fields, focus the first wrong one, and tell whether there is none."""
        wrong = [field for field in self.asked() if not field.check()]
        self.focus_error()
        return not wrong

    def show_error(self, error: FieldError) -> bool:
        """Show an error at its field (``mail.port``); tell whether there is such a field."""
        name = error["path"].removeprefix("mail.")
        if name == "security":
            self.security_error.setText(error["message"])
            self.security_error.show()
            return True
        field = self.fields.get(name)
        if field is None or field not in self.asked():
            return False
        self.sign_in.unfold(field)
        field.show_error(error["message"])
        return True

    def focus_error(self) -> None:
        """Focus the first field with an error, or the answers about the password."""
        if self.keeping.isVisible():
            focus_in_sight(self.keeping.until_quit, self.keeping)
        if wrong := [field for field in self.asked() if field.error]:
            self._is_open = self._is_open or self.server.isAncestorOf(wrong[0])
            self._show_provider()
            focus_in_sight(wrong[0], wrong[0].message)

    def choose_real(self) -> None:
        """Choose real sending."""
        self.transport.set_value("smtp")
        self._on_transport_chosen()

    def is_real(self) -> bool:
        """Tell whether real sending is chosen."""
        return self.transport.value() == "smtp"

    def first(self) -> QWidget:
        """Return how messages are sent, or the password of a login where only that is missing."""
        is_known = self._kept is not None and not self._is_kept_for_another()
        wants = self.is_real() and self.user.text() and not self.sign_in.where
        is_missing = wants and not (self.password.text() or is_known)
        return self.password.editor if is_missing else self.transport.button(self.transport.value())

    def _on_transport_chosen(self) -> None:
        self.practice_to.setVisible(not self.is_real())
        self.hours.setVisible(self.is_real())
        self._is_open = self._shows_limits = False
        self._show_provider()
        self._offer_sender()
        self._explained.setText(
            self.tr("E-mails go to their recipients.")
            if self.is_real()
            else self.tr("E-mails stay in the outbox on this computer, where you can look at them.")
        )

    def _offer_sender(self) -> None:
        """Suggest the login as the sender for real sending; practice mode has its own sender."""
        sender, login = self.sent_from.text().strip(), self.user.text().strip()
        if not self.is_real():
            self.sent_from.set_text(sender or PRACTICE_SENDER)
        elif not sender or is_practice_sender(sender):
            self.sent_from.set_text("" if address_problem_words(login) else login)

    def _offer(self) -> None:
        """Fill in what the sender's address tells, if that is another one; ask its mail record."""
        before, address = self._address, self._address_of_sender()
        if not self.is_real() or address in {"", before}:
            return
        self._address = address
        self._fill_in_user()
        domain = address.rpartition("@")[2]
        is_own = bool(self.host.text().strip()) and self._server() != self._filled.server
        if is_own or domain == before.rpartition("@")[2]:
            return
        if self.host.text():
            self.password.set_text("")  # it is for the provider before
        if (found := provider_of_address(address)) is not None:
            self._take(found, self.tr("Found by the address"))
            return
        self._take(None, self.tr("Looking for the provider of {}…").format(domain))
        self._looked_up = address
        self._show_provider()
        self.record_wanted.emit(address)

    def show_record(self, address: str, provider: Provider | None) -> None:
        """Fill in the provider that the mail record of an address tells; ``None``: no known one."""
        if address != self._looked_up:
            return  # the person went on
        domain = address.rpartition("@")[2]
        if provider is None:
            words = self.tr(
                "No provider is known for {}. The person who looks after its e-mail knows the "
                "server."
            )
        else:
            words = self.tr("Found by the mail record of {}")
        self._take(provider, words.format(domain))

    def _address_of_sender(self) -> str:
        try:
            return parse_mailbox(self.sent_from.text()).address
        except ValueError:
            return ""

    def _on_provider_chosen(self, name: str) -> None:
        found = {each.name: each for each in providers()}.get(name)
        if not self.user.text().strip():
            self._filled.user = ""
        self._take(found)
        self._filled.server = None
        if found is None:
            self.host.editor.setFocus(Qt.FocusReason.OtherFocusReason)
        self.edited.emit()

    def _on_host_edited(self) -> None:
        self._taken, self._found, self._looked_up = None, "", ""
        self._show_provider()

    def _take(self, provider: Provider | None, found: str = "") -> None:
        """Fill in a provider's server and limits, or none; ``found`` says how it was found."""
        self._taken, self._found, self._looked_up = provider, found, ""
        only = provider is not None and provider.login == "sign_in"
        self.sign_in.where = provider.sign_in if provider is not None and only else ""
        host, port, security = ("", "587", "starttls") if provider is None else server_of(provider)
        self.host.set_text(host)
        self.port.set_text(port)
        self.security.set_value(security)
        self._warn_if_open()
        self._filled.server = self._server()
        self._fill_in_user()
        if self.limits.rates() == (self._filled.rates or []):
            self.limits.fill_in(provider.rates if provider is not None else ())
            self._filled.rates = self.limits.rates()
        self._show_provider()

    def _fill_in_user(self) -> None:
        """Fill in the user name, which is the address at all known providers."""
        if self.user.text() == self._filled.user:
            self.user.set_text(self._address_of_sender())
            self._filled.user = self.user.text()
            self._show_password()

    def _server(self) -> tuple[str, str, str]:
        return self.host.text(), self.port.text(), self.security.value()

    def _show_provider(self) -> None:
        """Show whose server is entered; a server that is no provider's is shown, too."""
        self._show_password()
        real, found = self.is_real(), self._provider()
        self.account.setVisible(real)
        self.account.show_provider(found, self._found)
        self._show_instead()
        self.app_password.setVisible(found is not None and bool(found.app_passwords))
        signs_in = bool(self.sign_in.where)
        self.secret.setVisible(real and not signs_in)
        self.sign_in.setVisible(real and signs_in)
        can_choose = found is not None and bool(found.sign_in) and found.takes_password
        self.other_way.setVisible(real and can_choose)
        self.other_way.setText(
            self.tr("Use a password instead") if signs_in else self.tr("Sign in instead")
        )
        is_app = found is not None and found.login == "app_password"
        self.password.label.setText(self.tr("App password") if is_app else self.tr("Password"))
        self.more.setVisible(real and found is not None and not signs_in)
        is_asked = found is None and not self._looked_up
        self.server.setVisible(real and (self._is_open or is_asked) and not signs_in)
        self.copies.setVisible(real and found is not None and bool(found.imap) and not signs_in)
        self._show_taken()
        self._ask_sign_in()

    def _ask_sign_in(self) -> None:
        """Ask for the sign-in of what is entered, if that is another one than before."""
        self.sign_in.follow(self._address_of_sender() if self.is_real() else "")

    def _show_instead(self) -> None:
        """Say what works without signing in where a person cannot sign in."""
        self.account.show_instead(not self.sign_in.where or self.sign_in.needs_client)

    def _on_other_way(self) -> None:
        found = self._provider()
        self.sign_in.where = "" if self.sign_in.where or found is None else found.sign_in
        self._show_provider()
        self.edited.emit()

    def offer_sign_in(self) -> None:
        """Show the sign-in as it is now, in place of a password if the provider has one."""
        if self.sign_in.where and self.is_real():
            self.sign_in.wanted.emit()
        elif (found := self._provider()) is not None and found.sign_in:
            self._on_other_way()

    def _on_sender_wanted(self, address: str) -> None:
        name = parse_mailbox(self.sent_from.text()).name
        self.sent_from.set_text(str(Mailbox(name, address)))
        self._offer()
        self._ask_sign_in()
        self.edited.emit()

    def _show_taken(self) -> None:
        self.taken.show_rates(self.limits.rates(), self._provider())
        self.limits.setVisible(self._shows_limits)

    def _provider(self) -> Provider | None:
        """Return whose server is entered."""
        taken, host = self._taken, self.host.text()
        if self.sign_in.where and not host:  # set up without this form
            address = self._address_of_sender()
            return provider_of_address(address) or provider_of_sign_in(self.sign_in.where)
        is_taken = taken is not None and taken.server == host
        return taken if is_taken else provider_of_server(host, self._address_of_sender())

    def open(self, is_open: bool) -> None:
        """Show the server and the user name of a provider, or fold them."""
        self._is_open = is_open
        self._show_provider()

    def open_limits(self, is_open: bool) -> None:
        """Show the limits, or fold them."""
        self._shows_limits = is_open
        self._show_taken()

    def _on_app_password(self) -> None:
        if found := self._provider():
            QDesktopServices.openUrl(QUrl(found.app_passwords))

    def _on_keep_chosen(self, where: str) -> None:
        self._keep = where
        self.keeping.hide()
        self.keep_chosen.emit()

    def _on_login_edited(self) -> None:
        if not self.password.text():
            self.password.clear_error()
        self._show_password()
        self._warn_if_open()

    def _on_port_edited(self) -> None:
        """Choose the encryption that goes with a port; none is chosen by a person only."""
        encrypted = {PORTS[each]: each for each in PORTS if each != "none"}
        usual = encrypted.get(whole_number(self.port.text(), PORT_LIMIT) or 0)
        if usual is not None:
            self.security.set_value(usual)
            self._warn_if_open()

    def _warn_if_open(self) -> None:
        """Warn of a login without encryption, unless the server is on this computer."""
        is_open = self.security.value() == "none" and self.host.text().strip() not in LOOPBACK
        self.security_error.setText(self.tr("Others can read the password and all e-mails."))
        self.security_error.setVisible(is_open and bool(self.user.text().strip()))

    def _on_security_chosen(self, security: str) -> None:
        self._warn_if_open()
        if self.port.text().strip() in {"", *map(str, PORTS.values())}:
            self.port.set_text(str(PORTS[security]))

    def _host_problem(self, text: str) -> str | None:
        if not text.strip():
            return say("mail", "no_host")
        if any(character.isspace() for character in text.strip()):
            return self.tr("There is a space in this name.")
        return line_problem(text, HOST_LIMIT)

    def _port_problem(self, text: str) -> str | None:
        if whole_number(text, PORT_LIMIT) is not None:
            return None
        return say("mail", "bad_port", limit=PORT_LIMIT)

    def _sender_problem(self, text: str) -> str | None:
        if not text.strip():
            return say("mail", "no_sender")
        try:
            address = parse_mailbox(text, WORDS).address
        except ValueError as error:
            return str(error)
        is_for_practice = self.is_real() and is_practice_sender(text)
        return say("mail", "practice_sender", address=address) if is_for_practice else None

    def _user_problem(self, text: str) -> str | None:
        if self.password.text() and not text.strip():
            return say("mail", "no_user")
        return line_problem(text, USER_LIMIT)

    def _password_problem(self, text: str) -> str | None:
        """Ask for the password of another login, also one that was stored before."""
        if text or not self.user.text().strip() or not self._is_kept_for_another():
            return line_problem(text, PASSWORD_LIMIT)
        host, user = self._kept_for
        return say("mail", "other_password", user=user, host=host)
