"""What is wrong with an e-mail address, in the window's words."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from desktop.contract.rules.addresses import SENTENCES, AddressProblem, check_address
from desktop.contract.rules.mailbox import listed


def address_problem_words(text: str) -> str | None:
    """Say why no message can be sent to an address, or ``None``; a few µs for most."""
    found = check_address(text)
    return address_sentence(found) if isinstance(found, AddressProblem) else None


def copies_problem(line: str) -> str | None:
    """Say why a line of addresses for copies cannot be used, or ``None``."""
    return next(filter(None, map(address_problem_words, listed(line))), None)


def address_sentence(found: AddressProblem) -> str:
    """Say what is wrong with an address."""
    return QCoreApplication.translate("addresses", SENTENCES[found.fault]).format(found.detail)
