"""Finds unknown keys of ``settings.toml``, which are probably misspelt."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from desktop.settings.preferences.mail import MailSettings
from desktop.settings.preferences.queue_limits import QueueSettings
from desktop.settings.preferences.settings_file import Settings, SettingsError, WindowSettings, load


def strange_keys(content: bytes) -> list[str]:
    """Return a sentence for each unknown key; none for an unreadable file."""
    try:
        data = tomllib.loads(content.decode())
    except ValueError:
        return []
    return [f"settings.toml: there is no {told}" for told in _strange(data)]


def check_all_keys(file: Path) -> None:
    """Refuse unreadable settings and unknown keys: in a database, a person could not correct them.

    An unknown key may hold a password. Raises ``SettingsError``, ``OSError``.
    """
    load(file)
    if file.exists() and (strange := strange_keys(file.read_bytes())):
        raise SettingsError(" ".join([*strange, f"Correct {file} first."]))


def _strange(data: Mapping[str, Any]) -> Iterator[str]:
    yield from _unknown(data, "", Settings)
    yield from _unknown(data.get("mail"), "mail.", MailSettings)
    yield from _unknown(data.get("window"), "window.", WindowSettings)
    queues = data.get("queues")
    if isinstance(queues, Mapping):
        for name, queue in queues.items():
            yield from _unknown(queue, f"queues.{name}.", QueueSettings)


def _unknown(table: Any, path: str, kind: type) -> Iterator[str]:
    known = [field.name for field in fields(kind)]
    for key in table if isinstance(table, Mapping) else ():
        if key not in known:
            meant = get_close_matches(key, known, n=1)
            yield f"`{path}{key}`" + (f"; did you mean `{meant[0]}`?" if meant else ".")
