"""The HTTP transport: one request for each message, to Microsoft Graph or to Gmail.

The request's last byte is what the final dot is to SMTP: the point of no return comes before it,
and without an answer that takes or refuses the message, it may have left. Nothing is repeated: an
attempt is one request, so that what fails before the next one leaves is judged without this one.
"""

from __future__ import annotations

import ssl
from functools import cached_property
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

import httpx

from desktop.mail import errors
from desktop.mail.http.bounded import BoundedTransport
from desktop.mail.http.services import AT_ONCE, UNAUTHORIZED, MailService, ServiceAnswer
from desktop.mail.smtp.capacity import Capacity
from desktop.mail.smtp.connection import Timeouts
from sendoff_tasks.words.table import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from desktop.mail.message import Message
    from desktop.mail.sign_in.tokens import AccessTokens

_PIECE: Final = 256 * 1024
"""Bytes of a message that are sent within one timeout."""
_HIDDEN: Final = b"(token)"
"""Stands for a token in what a server said."""
_UNCONNECTED: Final = (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError)


class HttpTransport:
    """Sends by the account that has signed in; thread-safe."""

    def __init__(
        self, service: MailService, tokens: AccessTokens, timeouts: Timeouts | None = None
    ) -> None:
        """Prepare; nothing is opened before the first message."""
        self._service = service
        self._tokens = tokens
        times = timeouts or Timeouts()
        self._within = httpx.Timeout(
            times.answer, connect=times.connect, write=times.content, pool=None
        ).as_dict()
        self._capacity = Capacity(most=AT_ONCE)

    def send(
        self,
        message: Message,
        on_point_of_no_return: Callable[[], None],
        log: Callable[[str], None],
    ) -> str:
        """Send one message; returns a sentence.

        Everything but the last byte is sent first. Then ``on_point_of_no_return`` is called; if it
        raises, the message is not sent.

        Raises:
            MailFinal: the service refused the message for good.
            MailLater: it was not handed over; ``MailQuota`` if the service takes no more for now,
                ``Unreached`` if it or the sign-in cannot be reached, ``StaleToken`` if the next
                request needs another token.
            MailHeld: a person or an administrator has to act; ``SignInNeeded`` if at the sign-in.
            MailUncertain: the service gave no answer after the last byte, or an unclear one.
        """
        with self._capacity.judging(message.envelope_to):
            handover = _Handover(self._service, message, on_point_of_no_return, log)
            url, token = self._url(message.envelope_from), self._tokens.token()
            answer = self._post(url, token, handover)
            log(str(answer))
            if answer.status == UNAUTHORIZED:
                self._tokens.rejected(token)
                raise errors.StaleToken("token", server=self._service.name)
            return handover.said(answer)

    def turn(self, check: Callable[[], object]) -> AbstractContextManager[None]:
        """Wait until the service may be given another message; ``check`` may raise meanwhile.

        Raises ``MailQuota`` if the service has refused all messages meanwhile.
        """
        return self._capacity.turn(check)

    def close(self) -> None:
        """Do nothing: no connection stays open."""

    def _url(self, sender: str) -> str:
        """Return where a sender's messages go; raises ``WrongSender``."""
        service, account = self._service, self._tokens.account
        if account is None or account.casefold() == sender.casefold():
            return service.base + service.path
        if service.shared_path and self._tokens.may_send_as(sender):
            return service.base + service.shared_path.format(quote(sender))
        raise errors.WrongSender(
            "other_sender", server=service.name, account=account, sender=sender
        )

    def _post(self, url: str, token: str, handover: _Handover) -> ServiceAnswer:
        headers = {
            "Authorization": f"Bearer {token}",
            "Content-Type": self._service.content_type,
            "Content-Length": str(len(handover.body)),
            "User-Agent": "Sendoff",
        }
        within, pieces = {"timeout": self._within}, handover.pieces()
        request = httpx.Request("POST", url, headers=headers, content=pieces, extensions=within)
        try:
            response = self._way.handle_request(request)
        except httpx.HTTPError as error:
            unanswered = self._unanswered(error, token, handover)
        else:
            # A server that is not what it should be may repeat the request in its answer.
            body = response.content.replace(token.encode(), _HIDDEN)
            return ServiceAnswer(response.status_code, response.headers, body)
        raise unanswered  # without its cause, which may have the token, too

    def _unanswered(
        self, error: httpx.HTTPError, token: str, handover: _Handover
    ) -> errors.MailError:
        """Make the error for a request without an answer."""
        name, root = self._service.name, _root(error)
        why = getattr(root, "strerror", None) or str(root) or ENGLISH.say("server_did", "silent")
        why = why.replace(token, _HIDDEN.decode())
        if handover.is_past:
            return errors.MailUncertain("no_answer", server=name, why=why)
        if isinstance(root, ssl.SSLCertVerificationError):
            why = root.verify_message.rstrip(".")
            return errors.MailHeld("no_trust", server=name, why=why, what="network")
        if isinstance(error, _UNCONNECTED):
            return errors.Unreached("unreached", server=name, where=name, why=why)
        return errors.MailLater("cut_off", server=name, why=why)

    @cached_property
    def _way(self) -> BoundedTransport:
        """The way to the service, made when first needed: reading certificates takes 20 ms.

        It is no client, which would log each request.
        """
        return BoundedTransport(self._service.base)


class _Handover:
    """One message on its way: as the body of a request."""

    def __init__(
        self,
        service: MailService,
        message: Message,
        on_point_of_no_return: Callable[[], None],
        log: Callable[[str], None],
    ) -> None:
        self._service = service
        self._message_id = message.message_id
        self._cross = on_point_of_no_return
        self._log = log
        self.body = service.pack(message.with_blind_copies)
        self.is_past = False
        """Whether the last byte may be on its way."""
        if len(self.body) > service.limit:
            limit, size = service.limit // 2**20, ENGLISH.number(len(self.body))
            raise errors.WrongLetter("too_large", server=service.name, limit=limit, size=size)

    def pieces(self) -> Iterator[bytes]:
        """Yield the body, the last byte alone and after the point of no return."""
        last = len(self.body) - 1
        for begin in range(0, last, _PIECE):
            yield self.body[begin : min(begin + _PIECE, last)]
        self._cross()
        self._log(f"e-mail handed over (Message-ID {self._message_id})")
        self.is_past = True
        yield self.body[last:]

    def said(self, answer: ServiceAnswer) -> str:
        """Return the sentence of an answer that takes the message; raises ``MailError``."""
        service = self._service
        if answer.status == service.accepted and self.is_past:
            return f"Handed to {service.name}."
        refusal = answer.refusal(service)
        if refusal is not None:
            raise refusal
        if not self.is_past:
            raise errors.MailLater("too_soon", server=service.name, reply=answer)
        raise errors.MailUncertain(
            "unclear", server=service.name, how=ENGLISH.say("server_did", "answered", reply=answer)
        )


def _root(error: BaseException) -> BaseException:
    """Return the error of the system that another one comes from; httpcore raises ``from None``."""
    cause = error.__cause__ or error.__context__
    return error if cause is None else _root(cause)
