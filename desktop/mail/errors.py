"""How a message can fail to leave; the text of each error is a sentence for the person.

::

    MailError
    ├── MailLater        not now: a 4xx answer, or a network fault before the final dot
    │   ├── Unreached    the server cannot be reached: no route, no name, no greeting
    │   └── MailQuota    the server takes no more for now, whichever message it is
    ├── MailFinal        never: the server refuses it, or the message itself cannot be sent
    │   └── WrongAddress for its recipient's address
    ├── MailHeld         the settings cannot work (login, certificate): every mail would fail
    │   └── Unread       the settings cannot be read, for a reason that is none of the mail's
    ├── BadTemplate      the template does not render
    │   ├── BadName      a template or a file cannot have this name
    │   ├── TooMuch      its files together are more than a message can carry
    │   └── MissingAttachment
    └── MailUncertain    the final dot was sent and no answer came: it may have left
"""

from __future__ import annotations


class MailError(Exception):
    """The root; its text is a sentence for the person.

    ``server`` and ``code`` tell who answered, and with which code, where one did; ``enhanced`` is
    the server's enhanced code (RFC 3463), ``said`` all it said.
    """

    def __init__(
        self,
        text: str,
        *,
        server: str | None = None,
        code: int | None = None,
        enhanced: str | None = None,
        said: str | None = None,
    ) -> None:
        super().__init__(text)
        self.server = server
        self.code = code
        self.enhanced = enhanced
        self.said = said


class MailFinal(MailError):
    """The mail will never leave like this; the server's own words where it spoke."""


class WrongAddress(MailFinal):
    """The recipient's address cannot be written to, or there is none."""


class MailLater(MailError):
    """Nothing was handed over; the same may work in a while."""


class Unreached(MailLater):
    """The server cannot be reached; no message would leave, and nothing was handed over."""


class MailQuota(MailLater):
    """The server takes no more messages for now; ``after`` s, where it named a time."""

    after: float | None = None


class MailHeld(MailError):
    """No mail can leave before a person corrects the mail settings."""


class Unread(MailHeld):
    """No mail can leave before a person corrects the settings' file by hand."""


class BadTemplate(MailError):
    """The template does not render; the text names it and the line."""


class BadName(BadTemplate):
    """A template or a file cannot have this name."""


class TooMuch(BadTemplate):
    """A template's files together are more than a message can carry."""


class MissingAttachment(BadTemplate):
    """A template, or a row of a batch, names a file that is not there."""


class MailUncertain(MailError):
    """Whether the server took the message is not known."""
