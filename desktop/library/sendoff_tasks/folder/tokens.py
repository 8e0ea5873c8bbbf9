"""The named tokens of a backend, kept as hashes in ``tokens.json`` of its data folder.

A token's text contains its rights, so a window leaves out buttons before a server has answered; the
backend trusts only its file.
"""

from __future__ import annotations

import json
import logging
import math
import os
import re
import secrets
import sys
import time
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sendoff_tasks.folder import keys
from sendoff_tasks.folder.formats import is_newer
from sendoff_tasks.folder.lock_file import LockFile
from sendoff_tasks.folder.safe_files import await_quiet, read_own, write_atomic
from sendoff_tasks.model.problems import Access
from sendoff_tasks.words.file_faults import unread
from sendoff_tasks.words.table import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

log = logging.getLogger(__name__)

ID_BYTES: Final = 8
START: Final = "start"
"""In place of an id: the token of the start, which has none."""
_FORM: Final = re.compile(r"sendoff_(full|viewer)_([0-9a-f]{16})_[0-9a-f]{64}")
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")


def token_id(token: str) -> str | None:
    """Return the id of a named token; ``None`` for any other."""
    found = _FORM.fullmatch(token)
    return found[2] if found else None


def is_viewer(token: str) -> bool:
    """Tell whether a token gives read access only."""
    found = _FORM.fullmatch(token)
    return found is not None and found[1] == Access.VIEWER


def proof_key(token: str) -> str:
    """Return the key of a proof: the hash of a named token, which the backend has, else itself."""
    return token if token_id(token) is None else keys.hash_of(token)


STDIN: Final = Path("-")
LIMIT: Final = 1 << 12
"""Characters that are read."""
SHORTEST: Final = 32
"""Characters of the shortest token: a shorter one can be guessed, or is the beginning of one."""


class NoToken(Exception):
    """The file or stdin has no usable token; the text is a sentence."""


def read_token(file: Path) -> str:
    """Read the token; ``-`` means stdin. Raises ``NoToken``, also if other users can read it.

    A file that is being written is waited for.
    """
    if file == STDIN:
        return checked_token(sys.stdin.read(LIMIT), "stdin")
    if file.is_file() and not await_quiet(file):
        raise NoToken(ENGLISH.say("token", "half", file=file))
    try:
        with file.open(encoding="ascii") as opened:
            mode = os.fstat(opened.fileno()).st_mode
            text = opened.read(LIMIT)
    except OSError as error:
        raise NoToken(unread(file, error)) from error
    except UnicodeDecodeError as error:
        raise _unusable(file) from error
    if os.name == "posix" and mode & 0o077:
        raise NoToken(ENGLISH.say("token", "open", file=file))
    return checked_token(text, file)


def checked_token(text: str, where: Path | str) -> str:
    """Return the token of a text; raise ``NoToken`` if it is none, or can be guessed."""
    token = text.strip()
    is_word = token.isascii() and token.isprintable() and " " not in token
    if not is_word or len(token) < SHORTEST:
        raise _unusable(where)
    return token


def _unusable(where: Path | str) -> NoToken:
    return NoToken(ENGLISH.say("token", "none", file=where, least=SHORTEST))


class TokensError(Exception):
    """The file of tokens cannot be used or changed; the text is a sentence."""


@dataclass(frozen=True, slots=True)
class NamedToken:
    """One token; ``digest`` is its SHA-256, times are in seconds since the epoch."""

    name: str
    id: str
    digest: str
    access: Access
    created_at: float
    expires_at: float | None

    def allows(self, now: float) -> Access:
        """Return the access that it gives at a time, epoch s."""
        is_over = self.expires_at is not None and now >= self.expires_at
        return Access.EXPIRED if is_over else self.access


def read_tokens(file: Path) -> list[NamedToken]:
    """Read the tokens in the order they were added; none if there is no file.

    Raises ``TokensError``, also for a file that is empty, cut or lacks a part of a token: without
    its last day a token would never expire.
    """
    try:
        found = json.loads(read_own(file))
        if is_newer(found):
            raise TokensError(
                ENGLISH.both(
                    ENGLISH.say("token", "unread", file=file), ENGLISH.say("file", "newer")
                )
            )
        return _parsed(found)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise TokensError(unread(file, error)) from error
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise TokensError(ENGLISH.say("token", "no_tokens", file=file)) from error


def _parsed(found: Any) -> list[NamedToken]:
    """Return the tokens of decoded JSON; raise ``TypeError``, ``KeyError`` or ``ValueError``."""
    tokens = found["tokens"]
    if not isinstance(tokens, list) or not all(
        _DIGEST.fullmatch(each["digest"]) and abs(each["expires_at"] or 0) < math.inf
        for each in tokens
    ):
        raise ValueError
    return [NamedToken(**{**each, "access": Access(each["access"])}) for each in tokens]


def add_token(file: Path, name: str, access: Access, expires_at: float | None = None) -> str:
    """Make a token and return it; only its hash is kept. Raises ``TokensError``, ``OSError``."""
    public = secrets.token_hex(ID_BYTES)
    token = f"sendoff_{access}_{public}_{keys.new_secret()}"
    added = NamedToken(name, public, keys.hash_of(token), access, time.time(), expires_at)
    with _alone(file):
        tokens = read_tokens(file)
        if any(each.name == name for each in tokens):
            raise TokensError(ENGLISH.say("token", "taken", name=name))
        _write(file, [*tokens, added])
    return token


def remove_token(file: Path, name: str) -> None:
    """Delete a token. Raises ``TokensError``, ``OSError``."""
    with _alone(file):
        tokens = read_tokens(file)
        left = [each for each in tokens if each.name != name]
        if len(left) == len(tokens):
            raise TokensError(ENGLISH.say("token", "unknown", name=name))
        _write(file, left)


@contextmanager
def _alone(file: Path) -> Iterator[None]:
    """Lock the file against other commands, whose changes would be overwritten."""
    lock = LockFile(file.with_name(f"{file.name}.lock"))
    if not lock.take():
        raise TokensError(ENGLISH.say("token", "locked"))
    try:
        yield
    finally:
        lock.release()


def _write(file: Path, tokens: list[NamedToken]) -> None:
    text = json.dumps({"tokens": [asdict(each) for each in tokens]}, indent=1)
    write_atomic(file, text.encode())


class Tokens:
    """The tokens that a backend accepts: the one of its start, and those of the file.

    Used on one thread. The file is read again when it changes; an unreadable file has no tokens.
    ``on_refusal`` is called with a sentence when it cannot be used, and with "" once it can again.
    """

    def __init__(self, own: str, file: Path | None) -> None:
        self._own = own
        self._file = file
        self._read: tuple[int, ...] | None = None
        self._by_id: dict[str, NamedToken] = {}
        self.on_refusal: Callable[[str], None] = lambda text: None
        self._refusal = ""  # the last reason that was told

    def is_own(self, shown: bytes) -> bool:
        """Tell whether this is the token of the backend's start."""
        return keys.is_same(shown, self._own)

    def access(self, shown: bytes) -> Access:
        """Return the access that a token gives now."""
        if self.is_own(shown):
            return Access.FULL
        token = shown.decode("ascii", "replace")
        found = self._find(token_id(token))
        if found is None or not keys.is_same(keys.hash_of(token), found.digest):
            return Access.NONE
        return found.allows(time.time())

    def named(self, public: str) -> NamedToken | None:
        """Return the token with this id; ``None`` if there is none, or not any more."""
        return self._find(public)

    def proof(self, public: str | None, nonce: str) -> str:
        """Prove to know the token with this id; without one, the token of the start."""
        found = self._find(public)
        return keys.proof(self._own if found is None else found.digest, nonce)

    def session(self, public: str, until: int) -> str | None:
        """Return the session of a token until an epoch second, which has no secret.

        ``public`` is a token's id, or ``START``. There is none of a token that is not in the file.
        """
        found = None if public == START else self._find(public)
        if found is None and public != START:
            return None
        holder = START if found is None else f"{public} {found.digest}"
        return f"{public}.{until}.{keys.session_signature(self._own, holder, until)}"

    def _find(self, public: str | None) -> NamedToken | None:
        if public is None or self._file is None:
            return None
        try:
            now = self._file.stat()
        except OSError:
            self._read, self._by_id = None, {}
            return None
        seen = now.st_mtime_ns, now.st_ctime_ns, now.st_size, now.st_ino
        if seen != self._read:
            self._read, self._by_id = None, {}  # after an error, the file is read again
            try:
                tokens = read_tokens(self._file)
            except TokensError as error:
                self._tell(ENGLISH.say("token", "refused", why=error.args[0]))
                return None
            self._tell("")
            self._read, self._by_id = seen, {each.id: each for each in tokens}
        return self._by_id.get(public)

    def _tell(self, refusal: str) -> None:
        if self._refusal != refusal:
            self._refusal = refusal
            if refusal:
                log.warning(refusal)
            self.on_refusal(refusal)
