"""Who visits the page, and what they may: by the app's own dependency, or by a token's session."""

from __future__ import annotations

import re
import time
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sendoff_tasks.folder.keys import is_same
from sendoff_tasks.folder.tokens import START, token_id
from sendoff_tasks.http.page_codes import SESSION_S
from sendoff_tasks.model.problems import Access

if TYPE_CHECKING:
    from sendoff_tasks.folder.tokens import Tokens

_SESSION: Final = re.compile(rf"({START}|[0-9a-f]{{16}})\.([0-9]{{1,12}})\.[0-9a-f]{{64}}")


class Right(StrEnum):
    """What somebody may do on the page; each has those above it."""

    NONE = "none"
    LOOK = "look"
    ACT = "act"
    """Act on the tasks that there are."""
    RUN = "run"
    """Run any function, with any arguments."""

    def includes(self, other: Right) -> bool:
        """Tell whether somebody with this right also has another one."""
        rights = [*Right]
        return rights.index(self) >= rights.index(other)


class Visitor(NamedTuple):
    """Somebody at the page: what they may do, and the name by which the app knows them."""

    right: Right = Right.NONE
    name: str = ""


def visitor_of(answer: Any) -> Visitor:
    """Read what ``allow`` answers: a right, or a right and a name; ``None`` lets nobody in.

    Raises ``ValueError`` for anything else.
    """
    right, name = answer if isinstance(answer, tuple) else (answer, "")
    return Visitor(Right.NONE if right is None else Right(right), str(name))


_RIGHTS: Final = {Access.FULL: Right.RUN, Access.VIEWER: Right.LOOK}


def begin_session(tokens: Tokens, token: str, now: float | None = None) -> str | None:
    """Return the session of a token, for a cookie; ``None`` if the token gives no access.

    It holds no secret, and any process that knows the start's token can check it. It ends when the
    token is removed or expires, and with the start's token.
    """
    if not token.isascii() or tokens.access(token.encode()) not in _RIGHTS:
        return None
    until = int((time.time() if now is None else now) + SESSION_S)
    return tokens.session(token_id(token) or START, until)


def visitor_in(tokens: Tokens, session: str, now: float | None = None) -> Visitor:
    """Return who has a session; one that is over, forged or of a removed token lets nobody in."""
    read = _SESSION.fullmatch(session)
    if read is None:
        return Visitor()
    public, until = read[1], int(read[2])
    now = time.time() if now is None else now
    known = tokens.session(public, until)
    if not 0 < until - now <= SESSION_S or known is None or not is_same(session, known):
        return Visitor()
    return holder_of(tokens, public, now)


def holder_of(tokens: Tokens, public: str, now: float) -> Visitor:
    """Return what the holder of a token may now: that with this id, or ``START``."""
    if public == START:
        return Visitor(Right.RUN)
    found = tokens.named(public)
    if found is None:
        return Visitor()
    return Visitor(_RIGHTS.get(found.allows(now), Right.NONE), found.name)
