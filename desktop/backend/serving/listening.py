"""Creates the backend's listening socket, on the loopback interface only."""

from __future__ import annotations

import errno
import ipaddress
import socket
import sys
from typing import Final

from desktop.backend.serving.starting import StartError, UsageError

BACKLOG: Final = 4096
"""Connections that may wait to be accepted; the system reduces it to its own limit."""


def listen(host: str, port: int) -> socket.socket:
    """Listen on a loopback address; port 0 lets the system pick one.

    Raises ``UsageError`` for an address others could reach, ``StartError`` when the port is taken.
    """
    address = loopback(host)
    family = socket.AF_INET6 if address.version == 6 else socket.AF_INET
    # asyncio switches Nagle's algorithm off only on sockets with a named protocol. With Nagle's
    # algorithm, a POST on a kept connection waits 40 ms for an ACK.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if sys.platform == "win32":
            # On Windows, SO_REUSEADDR would let another program take over a port in use.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((str(address), port))
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise StartError(_sentence(host, port, error)) from error
    listener.setblocking(False)
    return listener


def loopback(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """Parse a host that only this machine can reach; raises ``UsageError`` for any other."""
    if host == "localhost":
        return ipaddress.IPv4Address("127.0.0.1")
    try:
        address = ipaddress.ip_address(host.strip("[]"))
    except ValueError as error:
        raise UsageError(f"{host!r} is not an address; use 127.0.0.1, ::1 or localhost.") from error
    if str(address) not in {"127.0.0.1", "::1"}:
        raise UsageError(f"{host} can be reached by others; use 127.0.0.1, ::1 or localhost.")
    return address


def url_of(listener: socket.socket) -> str:
    """Return the base URL of a listening socket."""
    host, port = listener.getsockname()[:2]
    return (
        f"http://[{host}]:{port}" if listener.family == socket.AF_INET6 else f"http://{host}:{port}"
    )


def _sentence(host: str, port: int, error: OSError) -> str:
    if error.errno in {errno.EADDRINUSE, errno.EACCES}:
        reason = (
            "is taken by another program" if error.errno == errno.EADDRINUSE else "is not allowed"
        )
        return f"Port {port} {reason}; choose another, or 0 for any free one."
    return f"{host} port {port} cannot be listened on: {error.strerror or error}."
