"""A DNS server on loopback that the code under test takes for the system's own."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING
from unittest.mock import patch

import dns.message
import dns.rcode
import dns.resolver
import dns.rrset

from desktop.mail import providers
from tests import WITHIN

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class DnsServer:
    """Answers for the mail records in ``records``, by domain; ``asked`` has the domains.

    A domain that is missing does not exist. While ``is_silent``, nothing is answered.
    """

    def __init__(self, records: Mapping[str, list[str]]) -> None:
        self.records = records
        self.asked: list[str] = []
        self.is_silent = False
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.port = int(self._socket.getsockname()[1])
        self._thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        while True:
            wire, peer = self._socket.recvfrom(512)
            if not wire:
                return
            query = dns.message.from_wire(wire)
            name = query.question[0].name
            domain = name.to_text(omit_final_dot=True).lower()
            self.asked.append(domain)
            answer = dns.message.make_response(query)
            if (found := self.records.get(domain)) is None:
                answer.set_rcode(dns.rcode.NXDOMAIN)
            elif found:
                answer.answer.append(dns.rrset.from_text(name, 60, "IN", "MX", *found))
            if not self.is_silent:
                self._socket.sendto(answer.to_wire(), peer)

    def __enter__(self) -> DnsServer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.sendto(b"", ("127.0.0.1", self.port))
        self._thread.join()
        self._socket.close()


@contextmanager
def dns_server(**records: list[str]) -> Iterator[DnsServer]:
    """Run a DNS server; its records are by the first name of domains below ``.example``."""
    with DnsServer(
        {f"{name}.example".replace("_", "-"): found for name, found in records.items()}
    ) as server:
        resolver = dns.resolver.Resolver(configure=False)
        resolver.nameservers, resolver.port = ["127.0.0.1"], server.port
        with (
            patch.object(dns.resolver, "Resolver", partial(_same, resolver)),
            patch.object(providers, "LOOKUP_S", WITHIN),
        ):
            yield server


def _same(resolver: dns.resolver.Resolver) -> dns.resolver.Resolver:
    return resolver
