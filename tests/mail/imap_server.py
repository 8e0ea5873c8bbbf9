"""A real IMAP server in threads, of one account, which can be told to go wrong at any command."""

from __future__ import annotations

import base64
import re
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, Final

LISTED: Final = (
    r'(\HasNoChildren) "/" INBOX',
    r'(\HasNoChildren \Drafts) "/" "Entw&APw-rfe"',
    r'(\HasNoChildren \Sent) "/" "Gesendete Objekte"',
)
DROP: Final = "drop"
"""In place of an answer: the connection ends."""


@dataclass
class Mailbox:
    """What a test may ask of the running server."""

    port: int = 0
    password: str = "pässword"
    capabilities: str = "IMAP4rev1 AUTH=PLAIN"
    listed: tuple[str, ...] = LISTED
    filed: list[tuple[str, str, bytes]] = field(default_factory=list)
    """Of each e-mail the folder, the flags and the content."""
    faults: dict[str, str] = field(default_factory=dict)
    """By command, what is answered in its place."""
    logins: int = 0
    at: Callable[[str], None] = lambda _: None
    """Called with each command before it is done, and with ``filed`` before that is answered."""

    def ids(self) -> list[str]:
        """Return the Message-IDs of what is filed."""
        found = (re.search(rb"(?mi)^Message-ID: (<.*?>)", each) for *_, each in self.filed)
        return [match[1].decode() for match in found if match is not None]


class _Connection(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        box = self.server.box
        self.say("* OK ready")
        while line := self.rfile.readline().decode().rstrip("\r\n"):
            tag, command, *rest = line.split(" ", 2)
            command, given = command.upper(), rest[0] if rest else ""
            if command == "UID":
                command, _, given = given.partition(" ")
            box.at(command)
            fault = box.faults.get(command)
            if fault == DROP:
                return
            done = fault or self.answer(command, given, tag)
            self.say(f"{tag} {done}")
            if command == "LOGOUT":
                return

    def answer(self, command: str, given: str, tag: str) -> str:
        """Do a command; returns its answer."""
        box = self.server.box
        match command:
            case "CAPABILITY":
                self.say(f"* CAPABILITY {box.capabilities}")
            case "AUTHENTICATE":
                self.say("+ ")
                told = base64.b64decode(self.rfile.readline()).decode()
                box.logins += 1
                if told != f"\0ada\0{box.password}":
                    return "NO [AUTHENTICATIONFAILED] Invalid credentials"
            case "LOGIN":
                box.logins += 1
                if given != f'"ada" "{box.password}"':
                    return "NO Invalid credentials"
            case "LIST":
                for line in box.listed:
                    self.say(f"* LIST {line}")
            case "SEARCH":
                name = given.split('"')[1]
                found = [str(n) for n, each in enumerate(box.ids(), 1) if each == name]
                self.say(" ".join(["* SEARCH", *found]))
            case "APPEND":
                asked = re.fullmatch(r'("[^"]*") \(([^)]*)\) "[^"]*" \{(\d+)\}', given)
                assert asked is not None, given
                self.say("+ go on")
                content = self.rfile.read(int(asked[3]))
                self.rfile.readline()
                if len(content) < int(asked[3]):
                    return "BAD cut off"
                if refused := box.faults.get("content"):
                    return refused
                box.filed.append((asked[1], asked[2], content))
                box.at("filed")
        return "OK done"

    def say(self, line: str) -> None:
        """Send a line."""
        self.wfile.write(f"{line}\r\n".encode())


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def __init__(self, box: Mailbox, tls: ssl.SSLContext) -> None:
        super().__init__(("127.0.0.1", 0), _Connection)
        self.box = box
        self.tls = tls

    def finish_request(self, request: IO[bytes], client_address: object) -> None:  # type: ignore[override]
        try:
            with self.tls.wrap_socket(request, server_side=True) as secured:  # type: ignore[arg-type]
                super().finish_request(secured, client_address)
        except OSError:
            return  # the client has left, or does not trust the certificate


@contextmanager
def mailbox(tls: ssl.SSLContext) -> Iterator[Mailbox]:
    """Run a server of *ada*'s mailbox while the block runs."""
    box = Mailbox()
    with _Server(box, tls) as server:
        box.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=[0.05])
        thread.start()
        try:
            yield box
        finally:
            server.shutdown()
            thread.join()
