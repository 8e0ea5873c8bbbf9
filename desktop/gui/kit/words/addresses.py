"""What is wrong with an e-mail address, in the window's words."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from desktop.contract.rules.addresses import SENTENCES, AddressProblem, check_address
from desktop.contract.rules.mailbox import COPIES_LIMIT, listed


def address_problem_words(text: str) -> str | None:
    """Say why no message can be sent to an address, or ``None``; a few µs for most."""
    found = check_address(text)
    return address_sentence(found) if isinstance(found, AddressProblem) else None


def copies_words(line: str) -> str | None:
    """Say why no copies can be sent to a line of addresses, or ``None``."""
    found = listed(line)
    if len(found) > COPIES_LIMIT:
        words = "At most %Ln addresses can get a copy."
        return QCoreApplication.translate("addresses", words, None, COPIES_LIMIT)
    return next(filter(None, map(address_problem_words, found)), None)


def address_sentence(found: AddressProblem) -> str:
    """Say what is wrong with an address."""
    return QCoreApplication.translate("addresses", SENTENCES[found.fault]).format(found.detail)
