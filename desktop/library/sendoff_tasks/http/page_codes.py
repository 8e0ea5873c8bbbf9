"""Codes that open the page once: a window asks for one by its token, the browser redeems it.

The address that a browser opens stays in its history, and in the list of processes. So a code
counts once and for a minute, and whoever shows it again ends the session that it gave. Such a
session is known to this process alone.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sendoff_tasks.folder.keys import hash_of, new_secret

if TYPE_CHECKING:
    from collections.abc import Callable

SESSION_S: Final = 12 * 3600
"""Seconds after which a session ends and the token is asked for again, whatever it says."""
CODE_S: Final = 60
"""Seconds after which a code opens nothing any more."""


@dataclass(slots=True)
class _Code:
    """A code: the token it is for, until when it counts (steady s), and the session it gave.

    ``session`` is the hash of one, and empty before; ``until`` is then when that ends.
    """

    public: str
    until: float
    session: str = ""


class OnceCodes:
    """The codes of one process, in its memory; thread-safe.

    ``on_second_use`` is called when a code is shown again that has given a session.
    """

    def __init__(self, on_second_use: Callable[[], object]) -> None:
        self._on_second_use = on_second_use
        self._lock = threading.Lock()
        self._codes: dict[str, _Code] = {}  # by their hash

    def make(self, public: str) -> str:
        """Make a code for a token: its id, or ``START``."""
        code, now = new_secret(), time.monotonic()
        with self._lock:
            self._codes = {name: each for name, each in self._codes.items() if now < each.until}
            self._codes[hash_of(code)] = _Code(public, now + CODE_S)
        return code

    def redeem(self, code: str) -> str | None:
        """Return the session that a code gives; ``None`` if it gives none, or not any more."""
        if not code.isascii():
            return None
        now, name = time.monotonic(), hash_of(code)
        with self._lock:
            found = self._codes.get(name)
            if found is None or now >= found.until:
                return None
            if not found.session:
                session = new_secret()
                found.session, found.until = hash_of(session), now + SESSION_S
                return session
            del self._codes[name]
        self._on_second_use()
        return None

    def holder(self, session: str) -> str | None:
        """Return for which token a session was given that goes on; ``None`` if it does not."""
        now, shown = time.monotonic(), hash_of(session)
        with self._lock:
            known = (each for each in self._codes.values() if each.session == shown)
            return next((each.public for each in known if now < each.until), None)
