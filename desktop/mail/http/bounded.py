"""Requests over HTTPS whose answers are bounded, to a service and to its issuer of tokens."""

from __future__ import annotations

import time
from contextlib import closing, suppress
from typing import Final
from urllib.request import getproxies, proxy_bypass

import httpx

from desktop.mail.smtp.smtp import trusting_context

LIMIT: Final = 64 * 1024
"""Bytes of an answer that are read."""
WITHIN: Final = 30.0
"""Seconds in which they are read, from the answer's status on."""


class BoundedTransport(httpx.HTTPTransport):
    """The way to the server of ``url``, through the system's proxy if there is one.

    It repeats nothing. Each request has a connection of its own: one that the server closes
    meanwhile, as it may do with an idle one, would leave the next request unanswered.

    An answer is never decompressed, and what is beyond its bounds or lost is left out: the status
    tells, and JSON that is cut off cannot be read.
    """

    def __init__(self, url: str) -> None:
        """Prepare; raises ``Unreached`` if the system's authorities cannot be read for now."""
        at = httpx.URL(url)
        proxy = None if proxy_bypass(at.host) else getproxies().get(at.scheme)
        if proxy is not None and "://" not in proxy:
            proxy = f"http://{proxy}"
        alone = httpx.Limits(max_keepalive_connections=0)
        super().__init__(verify=trusting_context(), limits=alone, proxy=proxy)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; returns its whole answer."""
        request.headers["Accept-Encoding"] = "identity"
        body = bytearray()
        with closing(super().handle_request(request)) as answer:
            until = time.monotonic() + WITHIN
            is_packed = answer.headers.pop("Content-Encoding", "identity") != "identity"
            with suppress(httpx.HTTPError):
                for chunk in answer.iter_raw():
                    body += chunk
                    if is_packed or len(body) > LIMIT or time.monotonic() > until:
                        break
        content = b"" if is_packed else bytes(body[:LIMIT])
        return httpx.Response(answer.status_code, headers=answer.headers, content=content)
