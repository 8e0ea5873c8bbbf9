"""The errors between the window and the backend; the text of each is a sentence for a person.

::

    ClientError
     ├── BackendGone        no answer, or a proxy's 502, 503 or 504; the call may succeed later
     │    ├── TokenRefused  401, for example because another backend took over
     │    └── TooSlow       no answer in time, also for a proxy: whether it took effect is not known
     ├── BackendBusy        429, its own 503, or too many calls: repeat after `retry_after` seconds
     ├── Refused            any other 4xx: the call is wrong; `field_errors` say where
     └── BackendBroken      the answer does not fit the contract: a defect of the program
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from sendoff_tasks.words.table import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sendoff_tasks.model.problems import FieldError, Problem


class ClientError(Exception):
    """Root of the tree; ``str()`` is a sentence with a way out."""


class BackendGone(ClientError):
    """Nothing answered, or a proxy in its place; the call had no effect, or can be repeated."""

    def __init__(self, sentence: str = "") -> None:
        super().__init__(sentence or ENGLISH.say("client", "unanswered"))


class TokenRefused(BackendGone):
    """The backend does not know this token, or the token ``has_expired``.

    The backend was restarted or is another one, or the token was removed.
    """

    def __init__(self, sentence: str, *, has_expired: bool) -> None:
        super().__init__(sentence)
        self.has_expired = has_expired


class TooSlow(BackendGone):
    """The backend was reached but has not answered in time."""


class BackendBusy(ClientError):
    """The backend is too busy or cannot write now; ``retry_after`` is in seconds.

    ``problem`` is its answer, if there was one.
    """

    def __init__(self, sentence: str, retry_after: float, problem: Problem | None = None) -> None:
        super().__init__(sentence)
        self.problem = problem
        self.retry_after = retry_after


class Refused(ClientError):
    """The backend refused the call; ``problem`` is its whole answer."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem["detail"] or problem["title"])
        self.problem = problem
        self.status = problem["status"]


def field_errors(error: Exception) -> Sequence[FieldError]:
    """Return the bad fields that a refusal names, each with its dotted path; else none."""
    return error.problem.get("errors", ()) if isinstance(error, Refused) else ()


def loose_words(error: Exception, show: Callable[[FieldError], bool]) -> str:
    """Show each bad field in its place; return what has none, or what is wrong without a field."""
    if not (wrong := field_errors(error)):
        return str(error)
    return "\n".join(each["message"] for each in wrong if not show(each))


def is_missing(error: Exception) -> bool:
    """Tell whether the backend answered 404."""
    return isinstance(error, Refused) and error.status == HTTPStatus.NOT_FOUND


class BackendBroken(ClientError):
    """The answer does not fit the contract."""
