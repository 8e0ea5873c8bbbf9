"""What can go wrong between the window and the backend; each error is a sentence for a person.

::

    ClientError
     ├── BackendGone    no answer, or 401 because another backend took over; the same call is
     │    │              right later
     │    ├── TokenRefused  401
     │    └── TooSlow   it was reached and has not answered in time: what it did is not known
     ├── Busy           429, 503, or too many calls at once: come back after `retry_after` seconds
     ├── Refused        any other 4xx: the call is wrong as it stands; `field_errors` say where
     └── Broken         the answer is not what the contract says: a defect of the program
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.contract.problems import FieldError, Problem


UNANSWERED: Final = "Sendoff does not answer right now. Try again in a moment."
"""True of a backend that restarts and of a server that is away."""


class ClientError(Exception):
    """Root of the tree; ``str()`` is a sentence with a way out."""


class BackendGone(ClientError):
    """Nothing answered; what was asked for did not happen or can be asked again."""

    def __init__(self, sentence: str = UNANSWERED) -> None:
        super().__init__(sentence)


class TokenRefused(BackendGone):
    """The backend does not know this token, or it ``has_expired``.

    It was restarted, or it is another one's; or the token was removed.
    """

    def __init__(self, sentence: str, *, has_expired: bool = False) -> None:
        super().__init__(sentence)
        self.has_expired = has_expired


class TooSlow(BackendGone):
    """The backend was reached but has not answered in time."""


class BackendBusy(ClientError):
    """The backend is too busy or cannot write now; ``retry_after`` is in seconds."""

    def __init__(self, sentence: str, retry_after: float) -> None:
        super().__init__(sentence)
        self.retry_after = retry_after


class Refused(ClientError):
    """The backend understood and said no; ``problem`` is its whole answer."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem["detail"] or problem["title"])
        self.problem = problem
        self.status = problem["status"]

    @property
    def field_errors(self) -> Sequence[FieldError]:
        """The bad fields, each with its dotted path; empty when no field is to blame."""
        return self.problem.get("errors", ())


def is_missing(error: Exception) -> bool:
    """Tell whether the backend said that what was asked for is not there, or no more."""
    return isinstance(error, Refused) and error.problem["status"] == HTTPStatus.NOT_FOUND


class BackendBroken(ClientError):
    """The answer is not one the contract knows."""
