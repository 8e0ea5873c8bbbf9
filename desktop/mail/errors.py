"""The errors of sending: a reason and its data; the sentence is its row of the words.

What each means for a task, such as another attempt, is in ``tasks.mail_tasks``.

::

    MailError
    ├── MailLater        try again: a 4xx answer, or a network fault before the final dot
    │   ├── Unreached    the server cannot be reached: no route, name, greeting or password
    │   ├── NotStored       the copy of the message cannot be stored or looked for here
    │   ├── BeingWritten the template or an attachment may be half a file
    │   ├── StaleToken   the service did not take the token; the next attempt has a new one
    │   └── MailQuota    the server accepts no message for now: a limit, or it refuses all
    ├── MailFinal        final: the server refuses the message, or it cannot be sent
    │   ├── WrongAddress because of the recipient's address
    │   └── WrongLetter  because of its size or of what is in it
    ├── MailHeld         the settings cannot work (login, certificate): every message would fail
    │   ├── BadSettings  the settings cannot be read, and only the file can be corrected
    │   ├── WrongSender  the server does not take the sender
    │   └── SignInNeeded a person has to sign in to the provider
    ├── BadTemplate      the template does not render
    │   ├── BadName      a template or a file cannot have this name
    │   ├── MissingAttachment
    │   │   └── MissingBatchFile
    │   └── Unread       the template or an attachment is there, but cannot be read for now
    └── MailUncertain    the final dot was sent and no clear answer came: it may have left
"""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING, Any, Final

from sendoff_tasks.words import file_faults
from sendoff_tasks.words.table import ENGLISH

if TYPE_CHECKING:
    from desktop.contract.sign_in import SignInProblem


class MailError(Exception):
    """The root of the tree; ``about`` has the fields of the sentence.

    The ``reason`` is the name of a row of ``subject``, or a sentence from elsewhere; ``what`` picks
    the row's variant. ``server`` is
    the one that was asked. If it answered: its reply ``code``, its ``enhanced`` code (RFC 3463),
    and ``said``, the whole answer.
    """

    subject = "sending"

    def __init__(
        self,
        reason: str,
        *,
        server: str | None = None,
        code: int | None = None,
        enhanced: str | None = None,
        said: str | None = None,
        **about: object,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.about = about
        self.server = server
        self.code = code
        self.enhanced = enhanced
        self.said = said

    @property
    def answer(self) -> dict[str, Any]:
        """What another error of the same answer has, too."""
        names = ("server", "code", "enhanced", "said")
        return {name: getattr(self, name) for name in names}

    def __str__(self) -> str:
        """Say it in English."""
        fields = {"server": self.server, "reply": self.said, **self.about}
        number = self.about.get("n")
        n = number if isinstance(number, int) else None
        variants = (str(self.about.get("what", "")),)
        return ENGLISH.fill(self.subject, self.reason, variants, n, fields) or self.reason


class MailFinal(MailError):
    """The message can never be sent as it is; the text has the server's words, if any."""


class WrongAddress(MailFinal):
    """No message can be sent to the recipient's address, or there is none."""


class WrongLetter(MailFinal):
    """The server does not take a message that is so large, or that has such a file."""


class MailLater(MailError):
    """Nothing was handed over; another attempt may succeed, after ``after`` seconds if known."""

    after: float | None = None


class Unreached(MailLater):
    """The server or the password cannot be reached, so no message can leave for now."""


class NotStored(MailLater):
    """The copy of a message cannot be stored or looked for here, so the message is not sent."""


class BeingWritten(MailLater):
    """The template or an attachment is being written, so it may be half a file."""


class StaleToken(MailLater):
    """The service did not take the access token, and so not the message: a new one is asked for."""


class MailQuota(MailLater):
    """The server accepts no message for now."""


class MailHeld(MailError):
    """No message can leave until a person corrects the mail settings."""


class BadSettings(MailHeld):
    """No message can leave until a person corrects the settings file by hand."""


class WrongSender(MailHeld):
    """The server does not take the sender, which the mail settings or the template name."""


class SignInNeeded(MailHeld):
    """No message can leave until a person signs in, or an administrator acts: ``problem``."""

    def __init__(self, reason: str, problem: SignInProblem, **about: Any) -> None:
        super().__init__(reason, **about)
        self.problem = problem

    def __reduce__(self) -> tuple[Any, ...]:
        """Have a copy, which another thread raises, take the same arguments."""
        return type(self), (self.reason, self.problem), self.__dict__


class BadTemplate(MailError):
    """The template does not render; the sentence names it and the line."""

    subject = "template_fault"


class BadName(BadTemplate):
    """A template or a file cannot have this name."""

    subject = "attachment"


class MissingAttachment(BadTemplate):
    """A template names a file that is missing or empty."""

    subject = "attachment"


class MissingBatchFile(MissingAttachment):
    """A row of a batch names a file that is missing or empty, which no template can change."""


class Unread(BadTemplate):
    """The template or an attachment cannot be read for now, as with too many open files."""


PASSING: Final = frozenset(
    {
        errno.EMFILE,
        errno.ENFILE,
        errno.ENOMEM,
        errno.EIO,
        errno.ESTALE,
        errno.EAGAIN,
        errno.EINTR,
        errno.EBUSY,
        errno.ETIMEDOUT,
    }
)
"""The system's errors that pass without a person; a lack of rights, as an example, stays."""


def unread(what: str, error: OSError, lasting: type[BadTemplate] = BadTemplate) -> BadTemplate:
    """Make the error of a file that cannot be read: ``Unread`` if that passes, else ``lasting``."""
    kind = Unread if error.errno in PASSING else lasting
    return kind(file_faults.unread(what, error))


class MailUncertain(MailError):
    """It is not known whether the server accepted the message."""
