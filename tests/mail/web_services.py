"""A Microsoft Graph and a Gmail of ours, in a thread: real HTTP servers that can go wrong.

They are written from the public documents of *user: sendMail*, *Microsoft Graph error responses*,
*users.messages.send* and *Resolve errors* of the Gmail API, and are no one else's code.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import json
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from email.message import Message as Parsed
from email.parser import BytesParser
from email.policy import compat32
from email.utils import getaddresses
from enum import Enum
from typing import TYPE_CHECKING, Any

from desktop.mail.http.services import SERVICES, MailService
from tests import WITHIN

if TYPE_CHECKING:
    import ssl

ACCOUNT = "box@example.org"
GRAPH_LIMIT, GMAIL_LIMIT = 4 * 2**20, 35 * 2**20
"""Bytes of a request's body that the documents allow."""


class Broken(Enum):
    """What a server may do in place of an answer."""

    CUT_BEFORE = "cut before"
    """Close the connection before the body is whole."""
    CUT_AFTER = "cut after"
    """Take the message, and close the connection without an answer."""
    SILENT = "silent"
    """Take the message, and answer nothing."""
    GARBLED = "garbled"
    """Take the message, and answer what is no HTTP."""
    ECHO = "echo"
    """Take the message, and answer with the request's own lines, as no service should."""
    ENDLESS = "endless"
    """Take the message, and answer so without an end."""


@dataclass(frozen=True)
class Said:
    """An answer of the server's own; with ``takes`` the message is taken nevertheless.

    With ``early`` it is given before the body is read, and the connection is closed.
    """

    status: int
    code: str = ""
    message: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    takes: bool = False
    early: bool = False
    body: bytes | None = None
    """What it has in place of what the service writes."""


@dataclass
class WebService:
    """What a test may ask of the running server."""

    kind: str
    service: MailService = SERVICES["microsoft"]
    """How the product reaches it."""
    account: str = ACCOUNT
    """The account whose tokens these are."""
    tokens: set[str] | None = field(default_factory=lambda: {"token 1"})
    """Those that are valid; ``None``: all but the revoked ones."""
    seen: set[str] = field(default_factory=set)
    revoked: set[str] = field(default_factory=set)
    send_as: set[str] = field(default_factory=set)
    """Shared mailboxes whose name the account may use."""
    faults: deque[Said | Broken] = field(default_factory=deque)
    """What happens to the next requests, in place of what is right."""
    per_minute: int = 0
    """Messages that are taken in a minute; 0 means no limit."""
    minute: float = 60.0
    """Seconds, for a clock that runs faster."""
    pause: float = 0.0
    """Seconds before each answer."""
    mails: list[bytes] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    """When each of them was taken, epoch s."""
    paths: list[str] = field(default_factory=list)
    taken: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    """Released once for each message that was taken."""
    cut: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    """Released once for each request that came without its last byte."""
    connections: int = 0
    open: int = 0
    most: int = 0
    """Requests at once."""
    end: Any = None
    """Call it to end the server; returns when nothing listens any more."""
    _recent: deque[float] = field(default_factory=deque)

    def take(self, mail: bytes) -> None:
        self.mails.append(mail)
        self.times.append(time.time())
        self._recent.append(time.monotonic())
        self.taken.release()

    def parsed(self) -> list[Parsed]:
        return [BytesParser(policy=compat32).parsebytes(mail) for mail in self.mails]

    def wait(self) -> float:
        """Return the seconds until another message is taken; 0 if it is now."""
        now = time.monotonic()
        while self._recent and self._recent[0] <= now - self.minute:
            self._recent.popleft()
        if not self.per_minute or len(self._recent) < self.per_minute:
            return 0.0
        return self._recent[0] + self.minute - now

    def revoke(self) -> None:
        """Take no token any more that was sent until now."""
        self.revoked |= self.seen

    def takes(self, token: str) -> bool:
        """Tell whether a token is valid."""
        self.seen.add(token)
        return token not in self.revoked and (self.tokens is None or token in self.tokens)


def graph(server: WebService, path: str, kind: str, body: bytes) -> tuple[Said, bytes]:
    """Return Graph's answer to a message, and the message."""
    owner = path.removeprefix("/v1.0/users/").removesuffix("/sendMail").replace("%40", "@")
    mailbox = server.account if path == "/v1.0/me/sendMail" else owner
    if kind != "text/plain":
        return Said(415, "UnsupportedMediaType", "A body is text/plain for MIME."), b""
    if len(body) > GRAPH_LIMIT:
        return Said(413, "RequestEntityTooLarge", "The request body is too large."), b""
    try:
        mail = base64.b64decode(body, validate=True)
    except binascii.Error:
        return Said(400, "ErrorMimeContentInvalidBase64String",
                    "Invalid base64 string for MIME content."), b""  # fmt: skip
    sender, recipients = _addresses(mail)
    if mailbox != server.account and mailbox not in server.send_as | {sender}:
        return Said(404, "ErrorInvalidUser", f"The requested user '{mailbox}' is invalid."), b""
    if sender != server.account and sender not in server.send_as:
        return Said(403, "ErrorSendAsDenied", "The user account which was used to submit this "
                    "request does not have the right to send mail on behalf of the specified "
                    "sending account., Cannot submit message."), b""  # fmt: skip
    if not recipients or any("@" not in each for each in recipients):
        return Said(400, "ErrorInvalidRecipients", "At least one recipient isn't valid."), b""
    return Said(202), mail


def gmail(_server: WebService, path: str, kind: str, body: bytes) -> tuple[Said, bytes]:
    """Return Gmail's answer to a message, and the message."""
    if path != "/upload/gmail/v1/users/me/messages/send?uploadType=media":
        return Said(404, "notFound", "Not Found"), b""
    if kind != "message/rfc822":
        return Said(400, "badContent", f"Media type '{kind}' is not supported."), b""
    if len(body) > GMAIL_LIMIT:
        return Said(413, "uploadTooLarge", "The upload is too large."), b""
    _, recipients = _addresses(body)
    if not recipients:
        return Said(400, "invalidArgument", "Recipient address required"), b""
    if any("@" not in each for each in recipients):
        return Said(400, "invalidArgument", "Invalid To header"), b""
    return Said(200, message="18c2f0"), body


def _addresses(mail: bytes) -> tuple[str, list[str]]:
    head: Parsed = BytesParser(policy=compat32).parsebytes(mail, headersonly=True)
    named = [str(value) for name in ("To", "Cc", "Bcc") for value in head.get_all(name, [])]
    ((_, sender),) = getaddresses([str(head["From"])])
    return sender, [address for _, address in getaddresses(named)]


HANDLERS = {"microsoft": graph, "google": gmail}


def written(kind: str, said: Said) -> bytes:
    """Write an answer as the service does."""
    if said.body is not None:
        content = said.body
    elif said.status == 202:
        content = b""
    elif said.status == 200:
        content = json.dumps({"id": said.message, "threadId": said.message}).encode()
    elif kind == "microsoft":
        inner = {"date": "2026-11-30T08:00:00", "request-id": "0"}
        error = {"code": said.code, "message": said.message, "innerError": inner}
        content = json.dumps({"error": error}).encode()
    else:
        one = {"domain": "global", "reason": said.code, "message": said.message}
        whole = {"code": said.status, "message": said.message, "errors": [one]}
        content = json.dumps({"error": whole}).encode()
    lines = [f"HTTP/1.1 {said.status} Status", f"Content-Length: {len(content)}"]
    lines += [f"{name}: {value}" for name, value in said.headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + content


class _Connection:
    """One connection: requests are read and answered until it ends."""

    def __init__(self, server: WebService) -> None:
        self._server = server

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._server.connections += 1
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError):
                while await self._one(reader, writer):
                    pass
        finally:
            writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        server = self._server
        lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in lines[1:] if line)
        bearer = next(each.split(" ", 1)[1] for each in lines if each.lower().startswith("auth"))
        path = lines[0].split(" ")[1]
        server.paths.append(path)
        server.open += 1
        server.most = max(server.most, server.open)
        try:
            fault = server.faults.popleft() if server.faults else None
            if fault is Broken.CUT_BEFORE:
                return False
            if isinstance(fault, Said) and fault.early:
                writer.write(written(server.kind, fault))
                await writer.drain()
                return False
            try:
                body = await reader.readexactly(int(headers["content-length"]))
            except asyncio.IncompleteReadError:
                server.cut.release()
                raise
            return await self._answer(fault, bearer, (path, headers["content-type"], body), writer)
        finally:
            server.open -= 1

    async def _answer(
        self,
        fault: Said | Broken | None,
        bearer: str,
        request: tuple[str, str, bytes],
        writer: asyncio.StreamWriter,
    ) -> bool:
        server = self._server
        said, mail = HANDLERS[server.kind](server, *request)
        wait = server.wait()
        if not server.takes(bearer.removeprefix("Bearer ")):
            said, mail = Said(401, "InvalidAuthenticationToken", "Access token has expired."), b""
        elif wait > 0:
            after = {"Retry-After": f"{max(1, round(wait))}"}
            said, mail = Said(429, "ApplicationThrottled", "Too many requests.", after), b""
        if mail and (not isinstance(fault, Said) or fault.takes):
            server.take(mail)
        await asyncio.sleep(server.pause)
        if isinstance(fault, Broken):
            if fault is Broken.SILENT:
                await asyncio.Event().wait()
            if fault is Broken.GARBLED:
                writer.write(b"OK\r\n\r\n")
            if fault is Broken.ECHO:
                writer.write(b"HTTP/1.1 200 OK\r\n: %s\r\n\r\n" % bearer.encode())
            if fault is Broken.ENDLESS:
                writer.write(b"HTTP/1.1 %d OK\r\n\r\n" % server.service.accepted)
                while True:
                    writer.write(bytes(65_536))
                    await writer.drain()
            await writer.drain()
            return False
        writer.write(written(server.kind, fault or said))
        await writer.drain()
        return True


@contextmanager
def serving(kind: str, tls: ssl.SSLContext | None = None) -> Iterator[WebService]:
    """Run a Graph (``microsoft``) or a Gmail (``google``); ``service`` is the product's row."""
    server, ready = WebService(kind), threading.Event()
    thread = threading.Thread(target=asyncio.run, args=[_serve(server, ready, tls)])
    thread.start()
    assert ready.wait(WITHIN)
    stop = server.end

    def end() -> None:
        with suppress(RuntimeError):  # its loop has ended before
            stop()
        thread.join()

    server.end = end
    try:
        yield server
    finally:
        server.end()


async def _serve(server: WebService, ready: threading.Event, tls: ssl.SSLContext | None) -> None:
    loop, stopped = asyncio.get_running_loop(), asyncio.Event()
    tasks: set[asyncio.Task[None]] = set()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        with suppress(asyncio.CancelledError):
            await _Connection(server).serve(reader, writer)
        tasks.discard(task)

    listening = await asyncio.start_server(connected, "127.0.0.1", 0, ssl=tls, limit=2**20)
    port = listening.sockets[0].getsockname()[1]
    base = f"https://localhost:{port}" if tls else f"http://127.0.0.1:{port}"
    server.service = replace(SERVICES[server.kind], base=base)
    server.end = lambda: loop.call_soon_threadsafe(stopped.set)
    ready.set()
    await stopped.wait()
    listening.close()
    for task in [*tasks]:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await asyncio.sleep(0)  # the sockets are closed in the loop's next round
