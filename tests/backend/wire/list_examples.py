"""The examples of the routes about the list *Do not send*, and about bounces."""

from __future__ import annotations

from typing import Any, Final

LIST_ENTRY: Final = {
    "entry_id": 3,
    "address": "k.weber@example.com",
    "reason": "asked",
    "note": "phoned",
    "origin": "person",
    "source": "",
    "since": "2026-11-03T09:30:00.000Z",
    "left_out": 5,
}
NEW_ENTRIES: Final = {
    "entries": [
        {"address": "k.weber@example.com", "reason": "asked", "note": "phoned"},
        {"address": "@alt.example", "reason": "left"},
    ]
}
ADDRESSES: Final = {"addresses": ["K.Weber@example.com", "ada@example.org"]}
LISTED: Final = {
    "addresses": [
        {"address": "K.Weber@example.com", "entry": LIST_ENTRY},
        {"address": "ada@example.org", "entry": None},
    ]
}
REFUSED_ADDRESSES: Final = {
    "refused": [
        {
            "address": "dee@exmaple.org",
            "reason": "no_mailbox",
            "source": "550 5.1.1",
            "task_id": 17,
        }
    ]
}
BOUNCED_TASK: Final = {
    "task_id": 17,
    "code": 550,
    "enhanced": "5.1.1",
    "said": "550 5.1.1 <dee@exmaple.org>: no such user",
}
FOUND_BOUNCES: Final = {
    "bounces": [{"address": "dee@exmaple.org", "match": "message_id", "tasks": [BOUNCED_TASK]}],
    "others": 0,
    "unread": 0,
}
OF_THE_LIST: Final[dict[str, tuple[Any, Any]]] = {
    "list_do_not_send": (None, {"entries": [LIST_ENTRY], "count": 1, "next": None}),
    "add_do_not_send": (NEW_ENTRIES, {"added": [3, 4], "known": 0}),
    "check_do_not_send": (ADDRESSES, LISTED),
    "allow_do_not_send": ({"entries": [3]}, None),
    "list_refused": (None, REFUSED_ADDRESSES),
    "find_bounces": (None, FOUND_BOUNCES),
    "mark_bounces": ({"bounces": [BOUNCED_TASK]}, {"tasks": [17]}),
}
