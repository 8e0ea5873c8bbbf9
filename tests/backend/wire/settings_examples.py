"""The examples of ``/settings``, ``/mail/test`` and ``/mail/sign-in``."""

from __future__ import annotations

from typing import Any, Final

SETTINGS: Final[dict[str, Any]] = {
    "mail": {
        "transport": "smtp",
        "host": "mail.example.org",
        "port": 587,
        "security": "starttls",
        "user": "desk",
        "sender": "Box office <desk@example.org>",
        "default_recipient": "you@example.org",
        "sign_in": "",
        "client_id": "",
        "tenant": "",
        "hours": "",
        "sent_copies": "single",
        "password_set": True,
        "password_kept": "keyring",
        "client_secret_set": False,
    },
    "window": {"grace_seconds": 5.0},
    "keep": {"tasks_days": 30, "messages_days": 30, "contents_days": 365, "items_days": 1095},
    "queues": {"mail": {"concurrency": 16, "rate": "30/min", "per_day": 1500}},
}
SETTINGS_CHANGE: Final = {
    "mail": {"host": "mail.example.org", "password": "correct horse"},
    "queues": {"mail": {"rate": "30/min"}},
}
MAIL_TEST: Final = {"to": "desk@example.org", "mail": {"port": 465, "security": "tls"}}
MAIL_TESTED: Final = {
    "ok": True,
    "message_id": "0195a1b2c3d4.8c2f1e@example.org",
    "text": "mail.example.org took the test mail for desk@example.org.",
    "log": ["220 mail.example.org ESMTP", "250 2.0.0 Ok: queued as 4F2A"],
}
SIGN_IN: Final[dict[str, Any]] = {
    "sign_in": "microsoft",
    "client_id": "5f1c7d2e-0b64-4c7e-9a51-1c2f3d4e5f60",
    "client_id_from": "settings",
    "account": "desk@example.org",
    "shared": False,
    "at": "2026-03-01T09:30:00.000Z",
    "problem": None,
    "said": "",
    "failed": None,
    "failed_said": "",
    "consent_page": "https://login.microsoftonline.com/example.org/v2.0/adminconsent?client_id=…",
    "under_way": None,
}
SIGN_IN_BEGUN: Final = {
    **SIGN_IN,
    **dict.fromkeys(("account", "at")),
    "problem": "not_signed_in",
    "under_way": {
        "page": "https://login.microsoftonline.com/example.org/oauth2/v2.0/authorize?client_id=…",
        "until": "2026-03-01T09:45:00.000Z",
        "device_code": "KD7Q4XRM",
        "device_page": "https://microsoft.com/devicelogin",
    },
}
BY_OPERATION: Final[dict[str, tuple[Any, Any]]] = {
    "get_settings": (None, SETTINGS),
    "change_settings": (SETTINGS_CHANGE, SETTINGS),
    "test_mail": (MAIL_TEST, MAIL_TESTED),
    "get_sign_in": (None, SIGN_IN),
    "begin_sign_in": ({"mail": {"sign_in": "microsoft"}, "shared": False}, SIGN_IN_BEGUN),
    "cancel_sign_in": (None, {**SIGN_IN_BEGUN, "under_way": None}),
    "sign_out": (None, {**SIGN_IN_BEGUN, "under_way": None}),
}
