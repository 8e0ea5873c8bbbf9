"""Texts for why a server cannot be used, and for what is wrong with its address."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from sendoff_tasks.client.health import Away, Missing, ServerFault
from sendoff_tasks.folder.backend_addresses import UrlFault

translate = QCoreApplication.translate

_SENTENCES: Final[dict[ServerFault, object]] = {
    ServerFault.NO_ANSWER: QT_TRANSLATE_NOOP(
        "servers", "The server does not answer. Sendoff tries again every two seconds."
    ),
    ServerFault.SPARE: QT_TRANSLATE_NOOP(
        "servers",
        "This server is a spare: it runs the tasks once no other one does. This window then"
        " continues here.",
    ),
    ServerFault.NO_NAME: QT_TRANSLATE_NOOP(
        "servers", "No server with this name was found. Check the address, and your connection."
    ),
    ServerFault.NO_TRUST: QT_TRANSLATE_NOOP(
        "servers",
        "The server cannot prove that it is the one at this address: its certificate is not"
        " trusted. The token was not sent.",
    ),
    ServerFault.NOT_SENDOFF: QT_TRANSLATE_NOOP(
        "servers", "A program other than Sendoff answers at this address. Check the address."
    ),
    ServerFault.OTHER_ADDRESS: QT_TRANSLATE_NOOP(
        "servers",
        "The server does not know this address as its own. A tunnel needs the same port at both"
        " ends.",
    ),
    ServerFault.TOKEN: QT_TRANSLATE_NOOP(
        "servers", "The server does not know this token. Ask for a new one."
    ),
    ServerFault.EXPIRED: QT_TRANSLATE_NOOP("servers", "This token has expired. Ask for a new one."),
    ServerFault.OLDER: QT_TRANSLATE_NOOP(
        "servers",
        "Sendoff {version} runs the tasks, which is older than this window. Update it there.",
    ),
    ServerFault.NEWER: QT_TRANSLATE_NOOP(
        "servers",
        "Sendoff {version} runs the tasks, which is newer than this window. Update Sendoff here,"
        " then restart it.",
    ),
}
ADDRESSES: Final[dict[UrlFault, object]] = {
    UrlFault.NONE_GIVEN: QT_TRANSLATE_NOOP("servers", "Enter the address of a server."),
    UrlFault.NO_ADDRESS: QT_TRANSLATE_NOOP(
        "servers", "This is not an address such as https://sendoff.example.org."
    ),
    UrlFault.UNENCRYPTED: QT_TRANSLATE_NOOP(
        "servers", "This would send the token unencrypted. Use https, or a tunnel."
    ),
    UrlFault.SECRET: QT_TRANSLATE_NOOP(
        "servers", "Enter the address alone, without a name, a password or a token."
    ),
}
TOKENS: Final = frozenset({ServerFault.TOKEN, ServerFault.EXPIRED})
"""Faults that another token can fix."""


def server_sentence(away: Away) -> str:
    """Say why a server cannot be used, and what to do."""
    assert isinstance(away.missing, ServerFault)  # noqa: S101 - the others are local
    return translate("servers", str(_SENTENCES[away.missing])).format(version=away.version)


def away_state(away: Away) -> str:
    """Say in a few words what is missing."""
    match away.missing:
        case Missing.APP:
            return translate("servers", "App not running")
        case Missing.DATABASE:
            return translate("servers", "Server not running")
        case _:
            return translate("servers", "No connection to the server")
