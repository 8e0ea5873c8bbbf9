"""What is wrong with an e-mail address, in the window's words."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QLocale

from desktop.contract.rules.addresses import (
    ADDRESS_LIMIT,
    LOCAL_LIMIT,
    AddressFault,
    AddressProblem,
    check_address,
)

WORDS: Final[dict[AddressFault, object]] = {
    AddressFault.MISSING: QT_TRANSLATE_NOOP("addresses", "Enter an e-mail address."),
    AddressFault.CONTROL_CHARACTER: QT_TRANSLATE_NOOP(
        "addresses", "Line breaks and control characters cannot be used here."
    ),
    AddressFault.SEVERAL: QT_TRANSLATE_NOOP(
        "addresses", "There is more than one address here. Enter one."
    ),
    AddressFault.SPACE: QT_TRANSLATE_NOOP("addresses", "There is a space in this address."),
    AddressFault.INVISIBLE_CHARACTER: QT_TRANSLATE_NOOP(
        "addresses", "There is an invisible character ({detail}). Type the address again."
    ),
    AddressFault.NO_AT: QT_TRANSLATE_NOOP("addresses", "There is no @ in this address."),
    AddressFault.SEVERAL_ATS: QT_TRANSLATE_NOOP(
        "addresses", "There is more than one @ in this address."
    ),
    AddressFault.NOTHING_BEFORE_AT: QT_TRANSLATE_NOOP(
        "addresses", "There is nothing before the @."
    ),
    AddressFault.NOTHING_AFTER_AT: QT_TRANSLATE_NOOP("addresses", "There is nothing after the @."),
    AddressFault.LOCAL_TOO_LONG: QT_TRANSLATE_NOOP(
        "addresses", "The part before the @ is longer than {limit} bytes."
    ),
    AddressFault.LOCAL_DOT: QT_TRANSLATE_NOOP(
        "addresses", "There is a dot in the wrong place before the @."
    ),
    AddressFault.LOCAL_CHARACTER: QT_TRANSLATE_NOOP(
        "addresses", "The character {detail} is not allowed before the @."
    ),
    AddressFault.LOCAL_MARK: QT_TRANSLATE_NOOP(
        "addresses", "The part before the @ cannot begin or end with {detail}."
    ),
    AddressFault.COMMA: QT_TRANSLATE_NOOP("addresses", "There is a comma in this address."),
    AddressFault.NO_DOMAIN_DOT: QT_TRANSLATE_NOOP(
        "addresses", "The part after the @ has no dot, as in example.org."
    ),
    AddressFault.DOMAIN_DOT: QT_TRANSLATE_NOOP(
        "addresses", "There is a dot in the wrong place after the @."
    ),
    AddressFault.DOMAIN_LABEL: QT_TRANSLATE_NOOP(
        "addresses", "“{detail}” cannot be part of a domain name."
    ),
    AddressFault.RESERVED_DOMAIN: QT_TRANSLATE_NOOP(
        "addresses", "Domains that end in .{detail} receive no e-mail."
    ),
    AddressFault.TOO_LONG: QT_TRANSLATE_NOOP(
        "addresses", "This address is longer than {limit} bytes."
    ),
}


def address_problem(text: str) -> str | None:
    """Say why no message can be sent to an address, or ``None``; a few µs for most."""
    found = check_address(text)
    return address_sentence(found) if isinstance(found, AddressProblem) else None


def address_sentence(found: AddressProblem) -> str:
    """Say what is wrong with an address."""
    limit = LOCAL_LIMIT if found.fault is AddressFault.LOCAL_TOO_LONG else ADDRESS_LIMIT
    words = QCoreApplication.translate("addresses", str(WORDS[found.fault]))
    return words.format(detail=found.detail, limit=QLocale().toString(limit))
