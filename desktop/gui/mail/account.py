"""The account that sends: its provider, how that was found, what it asks for, takes and keeps."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.gui.kit.look.appearance import set_role, sized
from desktop.gui.kit.widgets.buttons import Link
from desktop.gui.kit.widgets.choice import Choice
from desktop.gui.kit.widgets.field import editor_label
from desktop.gui.kit.widgets.texts import Paragraph
from desktop.gui.kit.words.ages import DAY, MINUTE, duration
from desktop.gui.kit.words.states import sentences
from desktop.gui.kit.words.table import WORDS
from desktop.mail.providers import providers
from sendoff_tasks.model.times import last_leaves_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from desktop.mail.providers import Provider
    from sendoff_tasks.model.times import Rate


OTHER: Final = "other"
"""The choice of a server that is no known provider's."""
MANY: Final = 3_000
"""As many e-mails are taken as an example."""

translate = QCoreApplication.translate


@dataclass(slots=True)
class FilledByAddress:
    """What the form has filled in, to be changed by it; ``None``: a person has chosen that."""

    server: tuple[str, str, str] | None = None
    """Host, port and security."""
    user: str | None = ""
    rates: list[Rate] | None = None


class AccountPart(QWidget):
    """The choice of the provider; under it, how it was found and what to know or to do first.

    ``instead`` says what works for an account that cannot sign in, of a provider that takes no
    password.
    """

    def __init__(self) -> None:
        super().__init__()
        self.provider = Choice(self.tr("Provider"))
        named = [(each.name, each.name) for each in providers()]
        self.provider.set_choices([(OTHER, self.tr("Another server")), *named])
        self.found = set_role(Paragraph(), "soft")
        self.hint = Paragraph()
        self.instead = Paragraph()
        self.hint_link = Link(self.tr("More about it"))
        self.hint_link.clicked.connect(self._on_hint_link)
        self._link = ""
        column = sized(QVBoxLayout(self), margins=0, spacing=4)
        column.addWidget(editor_label(self.tr("Provider"), self.provider))
        for widget in (self.provider, self.found, self.instead, self.hint):
            column.addWidget(widget)
        column.addWidget(self.hint_link, 0, Qt.AlignmentFlag.AlignLeft)

    def show_provider(self, provider: Provider | None, found: str = "") -> None:
        """Show a provider, and the words of how it was ``found``."""
        self.provider.set_value(OTHER if provider is None else provider.name)
        known = ("", "", "")
        if provider is not None:
            known = provider.hint, provider.instead, provider.hint_link
        hint, instead, self._link = known
        for label, text in ((self.hint, hint), (self.instead, instead)):
            label.setText(translate("providers", text) if text else "")
        self.found.setText(found)
        for label in (self.found, self.hint):
            label.setVisible(bool(label.text()))

    def show_instead(self, is_needed: bool) -> None:
        """Show what works without signing in, if there is something; its page goes with it."""
        is_shown = is_needed and bool(self.instead.text())
        self.instead.setVisible(is_shown)
        self.hint_link.setVisible(bool(self._link) and (is_shown or bool(self.hint.text())))

    def _on_hint_link(self) -> None:
        QDesktopServices.openUrl(QUrl(self._link))


class TakenPart(QWidget):
    """What the account takes, and how long ``MANY`` e-mails need by that; ``change`` is a link."""

    def __init__(self) -> None:
        super().__init__()
        self.rates, self.example = Paragraph(), set_role(Paragraph(), "soft")
        self.change = Link(self.tr("Limits"))
        self.change.setToolTip(self.tr("How many e-mails are sent at once, an hour or a day"))
        self.label = set_role(Paragraph(self.tr("This account takes")), "soft")
        line = sized(QHBoxLayout(), spacing=8)
        line.addWidget(self.label, 1)
        line.addWidget(self.change, 0, Qt.AlignmentFlag.AlignTop)
        column = sized(QVBoxLayout(self), margins=0, spacing=4)
        column.addLayout(line)
        for label in (self.rates, self.example):
            column.addWidget(label)

    def show_rates(self, rates: Sequence[Rate], provider: Provider | None) -> None:
        """Show the rates that are kept to, the longest time first, or those of the provider."""
        self.rates.setText(self._kept_to(rates, provider))
        seconds = last_leaves_at([(each, (), MANY) for each in rates], 0) / 1000
        self.example.setText(self._example(seconds))
        self.example.setVisible(seconds >= MINUTE)

    def _kept_to(self, rates: Sequence[Rate], provider: Provider | None) -> str:
        if rates:
            return _words(reversed(rates))
        if provider is None or not provider.rates:
            return self.tr("Not known. Sendoff learns it while sending.")
        words = self.tr("{rates}, as {provider} says. No limit is set here.")
        return words.format(rates=_words(provider.rates), provider=provider.name)

    def _example(self, seconds: float) -> str:
        takes = duration(seconds)
        if seconds >= 2 * DAY:
            takes = self.tr("%Ln days", None, ceil(seconds / DAY))
        return self.tr("%Ln e-mails take {}.", None, MANY).format(takes)


def server_of(provider: Provider) -> tuple[str, str, str]:
    """Return the host, port and security of a provider's server."""
    return provider.server, str(provider.port), provider.security


def rates_of(provider: Provider) -> list[Rate]:
    """Return the rates of a provider, the longest time first."""
    return sorted(provider.rates, key=lambda each: -each.period_ms)


def _words(rates: Iterable[Rate]) -> str:
    return ", ".join(WORDS.rate(str(each)) for each in rates)


class CopiesPart(QWidget):
    """Asks of which e-mails a copy goes into the folder of sent ones, if the provider has it."""

    def __init__(self) -> None:
        super().__init__()
        name = self.tr("Copies in the Sent folder")
        self.choice = Choice(name)
        self.choice.set_choices(
            [
                ("single", self.tr("Of single e-mails")),
                ("all", self.tr("Also of batches")),
                ("", self.tr("None")),
            ]
        )
        self.choice.setToolTip(
            self.tr("In your account, as other e-mail programs do; without attached files")
        )
        column = sized(QVBoxLayout(self), margins=0, spacing=4)
        column.addWidget(editor_label(name, self.choice))
        column.addWidget(self.choice)


class KeepingPart(QWidget):
    """Asks where the password is kept without a keyring; ``chosen`` carries *session* or *file*."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.question = Paragraph()
        self.until_quit = Link(self.tr("Keep it until you quit Sendoff"))
        self.until_quit.clicked.connect(lambda: self.chosen.emit("session"))
        self.in_file = Link(self.tr("Keep it in a file that only you can read"))
        self.in_file.setToolTip(
            self.tr("Sendoff then also sends after the next start, before you type the password")
        )
        self.in_file.clicked.connect(lambda: self.chosen.emit("file"))
        column = sized(QVBoxLayout(self), margins=0, spacing=4)
        column.addWidget(self.question)
        for link in (self.until_quit, self.in_file):
            column.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)
        self.hide()

    def ask(self, tested: str) -> None:
        """Show the question; ``tested`` is said before."""
        words = self.tr("This computer has no keyring. Choose where to keep the password.")
        self.question.setText(sentences(tested, words))
        self.show()
