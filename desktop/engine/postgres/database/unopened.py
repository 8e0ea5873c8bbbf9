"""Says why there is no session with a server, and what helps: sentences for libpq's errors."""

from __future__ import annotations

from typing import Final

import psycopg

BAD_ADDRESS: Final = (
    "its address cannot be read. Check its options, and percent-encode special characters in the"
    " password"
)
REFUSED: Final = "The database server refuses the connection: {}."
UNREACHED: Final = "No connection to a database server at {}, port {}: {}."
NEEDS_LOGIN: Final = "The database server asks for a password: give it in ~/.pgpass or PGPASSWORD."
UNOPENED: Final = "The database cannot be opened: {}."
_CHECK_HOST: Final = "Check host and port in the address, and the network between."
_ANOTHER_PROGRAM: Final = "Another program may listen there: check host and port in the address."
_CORRECT_HOST: Final = "Correct the host in the address, or check the network of this machine."
_WAYS_OUT: Final = {
    "password authentication failed": "Correct user or password: the one in the address comes "
    "first, then PGPASSWORD, then ~/.pgpass.",
    "authentication failed": "Start this as the system user of that name, or have pg_hba.conf ask "
    "for a password.",
    "pg_hba.conf": "The server's operator can allow this machine and user in pg_hba.conf.",
    "permission denied for database": "GRANT CONNECT ON DATABASE … allows it.",
    "not permitted to log in": "ALTER ROLE … LOGIN allows it.",
    "too many": "End programs that use it, or raise max_connections or the limit of this user.",
    "reserved for": "End programs that use it, or raise max_connections.",
    "the database system is": "Try again in a moment.",
    "root certificate file": "Put the certificate of the server's authority there, or name it by "
    "sslrootcert in the address.",
    "certificate verify failed": "Name the certificate of the server's authority by sslrootcert in "
    "the address.",
    "does not match host name": "Use the name in its certificate as the host in the address.",
    "does not support SSL": "Turn on ssl at the server, or take sslmode out of the address.",
    " does not exist": "Create it by createdb or createuser, or correct the address.",
    "resolve host": _CORRECT_HOST,
    "[Errno -2]": _CORRECT_HOST,  # the text of psycopg 3.2.0 to 3.2.5
    "[Errno -3]": _CORRECT_HOST,
    "Connection refused": "Start the server there, or correct host and port in the address.",
    "No such file": "Start the server on this machine, or name its host in the address.",
    "timeout expired": _CHECK_HOST,
    "unreachable": _CHECK_HOST,
    "No route to host": _CHECK_HOST,
    "SSL negotiation": _ANOTHER_PROGRAM,
    "expected authentication request": _ANOTHER_PROGRAM,
    "closed the connection": "Try again in a moment, and check host and port in the address.",
    "connection option": "Correct the address.",
}
"""What helps, by words in the error of PostgreSQL or libpq; the first match counts.

Without a session there is no error code. If the server speaks another language, nothing matches.
"""


def why_unopened(error: psycopg.Error) -> str:
    """Return a sentence on why there is no session, and one on what helps.

    libpq's own text names each address that it has tried before it comes to the reason.
    """
    if said := refused_by_server(error):
        return _with_way_out(REFUSED.format(said), said)
    reason = _reason(error).rstrip(".")
    if error.pgconn is None or reason == _first_line(error).rstrip("."):
        sentence = UNOPENED.format(reason)
        return sentence if error.sqlstate is not None else _with_way_out(sentence, reason)
    place = error.pgconn
    if place.needs_password:
        return NEEDS_LOGIN
    sentence = UNREACHED.format(place.host.decode(), place.port.decode(), reason)
    return _with_way_out(sentence, reason)


def _with_way_out(sentence: str, said: str) -> str:
    found = (way_out for words, way_out in _WAYS_OUT.items() if words in said)
    return " ".join((sentence, *[*found][:1]))


def refused_by_server(error: psycopg.Error) -> str:
    """Return the words of a server that refused a session; empty if no server answered.

    A refused connection has no code, but libpq puts the server's words after their severity.
    """
    return _reason(error).partition(":  ")[2].rstrip(".")


def _reason(error: psycopg.Error) -> str:
    return _first_line(error).rpartition(" failed: ")[2]


def _first_line(error: psycopg.Error) -> str:
    return str(error).strip().partition("\n")[0].removeprefix("connection is bad: ")
