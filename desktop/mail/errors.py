"""What can become of a mail that did not leave; the text is a sentence for the person.

::

    MailError
    ├── Rejected       final: the server, or the message itself, says never
    ├── Later          not now: a 4xx answer or a network fault before the final dot
    ├── Broken         the settings cannot work (login, certificate): every mail would fail
    │   └── Unread     the settings cannot be read, for a reason that is none of the mail's
    ├── BadTemplate    the template does not render
    └── NoAnswer       the final dot was sent and no answer came: it may have left
"""

from __future__ import annotations


class MailError(Exception):
    """The root; its text is a sentence for the person.

    ``server`` and ``code`` tell who answered, and with which code, where one did.
    """

    def __init__(self, text: str, *, server: str | None = None, code: int | None = None) -> None:
        super().__init__(text)
        self.server = server
        self.code = code


class Rejected(MailError):
    """The mail will never leave like this; the server's own words where it spoke."""


class Later(MailError):
    """Nothing was handed over; the same may work in a while."""


class Broken(MailError):
    """No mail can leave before a person mends the mail settings."""


class Unread(Broken):
    """No mail can leave before a person mends the settings' file by hand."""


class BadTemplate(MailError):
    """The template does not render; the text names it and the line."""


class NoAnswer(MailError):
    """Whether the server took the message is not known."""
