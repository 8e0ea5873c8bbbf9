"""A database that cannot be opened says why, and what helps; no sentence quotes a password."""

from __future__ import annotations

import socket
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from desktop.engine.postgres.connection import BAD_ADDRESS, NEEDS_LOGIN
from desktop.engine.postgres.opening import PostgresStore
from desktop.engine.store.errors import StoreError

REFUSES = "^The database server refuses the connection: "
NONE = r"^No connection to a database server at 127\.0\.0\.\d, port \d+: "
OPENED = "^The database cannot be opened: "


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            lambda url: url.replace("/tests_", "/none_"),
            REFUSES + r'database "none_\d+" does not exist\. Create it by createdb .*\.$',
        ),
        (
            lambda url: url.replace("benchmark@", "stranger@"),
            REFUSES + r'role "stranger" does not exist\. Create it by .* or createuser, .*\.$',
        ),
        (
            lambda url: url.replace("127.0.0.1", "127.0.0.2"),
            NONE + r"Connection refused\. Start the server there, or .* port in the address\.$",
        ),
        (lambda url: f"{url}?sslmode=require", NONE + r"server .* SSL.* required\. Turn on ssl "),
        (
            lambda url: url.replace("127.0.0.1:", "127.0.0.1:port"),
            OPENED + r"invalid .*port.*\. Correct the address\.$",
        ),
        (
            lambda url: url.replace("127.0.0.1", "no-server.invalid"),
            OPENED + r".*(no-server\.invalid|Name or .*)\. Correct the host in the address, .*\.$",
        ),
        (
            lambda url: "postgresql:///shop?host=/nowhere",
            r"^No connection .* at /nowhere, port 5432: No such file .*\. Start the server on this",
        ),
        (lambda url: f"{url}?sslmod=require", BAD_ADDRESS),
        (lambda _: "postgresql://shop:a%z9secret@127.0.0.1/shop", BAD_ADDRESS),
        (lambda _: "postgresql://shop:a/secret@127.0.0.1/shop", BAD_ADDRESS),
        (lambda _: "postgresql://shop:a@secret@127.0.0.1/shop", BAD_ADDRESS),
        (lambda _: "postgresql://shop:secret@[::1]port/shop", BAD_ADDRESS),
    ],
)
def test_what_cannot_be_opened_says_why(url: str, change: Callable[[str], str], said: str) -> None:
    with pytest.raises(StoreError, match=said) as refused:
        PostgresStore(change(url))
    assert "secret" not in "".join(traceback.format_exception(refused.value))


WRONG = b'password authentication failed for user "shop"'


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (b"\0\0\0\x03", NEEDS_LOGIN),
        (b"SFATAL\0C28P01\0M" + WRONG + b"\0\0", r"\. Correct user or .* PGPASSWORD, .*pgpass"),
        (
            b'SFATAL\0C28000\0MPeer authentication failed for user "shop"\0\0',
            r"refuses .* user \"shop\"\. Start this as the system user of that name",
        ),
        (b"SFATAL\0C28000\0Mno pg_hba.conf entry for host\0\0", r"\. The server's operator can "),
        (b"SFATAL\0C53300\0Msorry, too many clients already\0\0", r"\. End programs that use it"),
        (b"SFATAL\0C57P03\0Mthe database system is starting up\0\0", r"\. Try again in a moment"),
        (b"SFATAL\0C57P03\0Mdas Datenbanksystem startet\0\0", r"connection: das .* startet\.$"),
    ],
)
def test_what_the_server_says_leads_to_what_helps(
    answer: bytes, said: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PGPASSFILE", str(tmp_path / "none"))
    monkeypatch.delenv("PGPASSWORD", raising=False)
    with (
        answering(message(answer)) as port,
        pytest.raises(StoreError, match=said),
    ):
        PostgresStore(f"postgresql://shop@127.0.0.1:{port}/shop?sslmode=disable")


def message(body: bytes) -> bytes:
    """Give a message of the server: an error with its fields, or which login it asks for."""
    kind = b"E" if body.startswith(b"S") else b"R"
    return kind + (len(body) + 4).to_bytes(4) + body


@pytest.mark.parametrize(
    ("answer", "options", "said"),
    [
        (b"HTTP/1.1 400 Bad Request", "require", "Another program may listen there: check host"),
        (b"S", "verify-full&sslrootcert=/none", r"\. Put the certificate of the .* there, or name"),
    ],
)
def test_another_program_and_a_certificate_that_cannot_be_checked_are_told(
    answer: bytes, options: str, said: str
) -> None:
    with answering(answer) as port, pytest.raises(StoreError, match=said):
        PostgresStore(f"postgresql://shop@127.0.0.1:{port}/shop?sslmode={options}")


@contextmanager
def answering(answer: bytes) -> Iterator[int]:
    """Serve one session on the port that is given: an answer, and then nothing."""

    def serve(listener: socket.socket) -> None:
        session, _ = listener.accept()
        with session:
            session.recv(1 << 16)
            session.sendall(answer)
            session.recv(1 << 16)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        asked = threading.Thread(target=serve, args=(listener,))
        asked.start()
        yield listener.getsockname()[1]
        asked.join()
