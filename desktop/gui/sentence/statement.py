"""A statement: the sentence of one case, the line below it, its button and its bar."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from desktop.gui.kit.words.ages import day_and_time
from desktop.gui.kit.words.table import say
from sendoff_tasks.model.times import epoch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from desktop.gui.sentence.facts import Facts
    from sendoff_tasks.model.events import Notice, NoticeId
    from sendoff_tasks.model.reasons import ReasonData

Verb = Literal[
    "restore",
    "begin_empty",
    "try_again",
    "other_token",
    "open_server",
    "sign_in",
    "mail_settings",
    "try_now",
    "tasks_folder",
    "resume",
    "resume_queue",
    "resume_batch",
    "pause",
    "again",
    "show",
    "show_task",
    "show_cause",
    "show_batch",
    "show_kept",
    "retry",
    "edit_template",
    "send_ready",
    "retry_ready",
    "add_refused",
    "show_report",
    "use_new",
    "stop",
    "restart",
    "real_sending",
]
ALSO: Final = 21
"""The last rank that is said beside another one."""
BLOCKED: Final = 12
"""The last rank of what stops everything, or a queue, until a person acts."""
OUTAGE: Final = 21
"""The rank of what waits for its server, and goes on by itself."""
PAUSED: Final = frozenset({13, 20})
"""The ranks of what a person has paused."""
NEEDS_YOU: Final = frozenset({14, 16, 17, 18, 19})
UNDER_WAY: Final = 15
READY: Final = 19
"""The rank of what is ready; of these, only what sends is next."""


class Button(NamedTuple):
    """What can be done about a case: ``verb`` does it to ``about``, such as a queue."""

    verb: Verb
    text: str
    about: str = ""


class Statement(NamedTuple):
    """What is said of a case; ``rank`` is its place among the cases.

    - ``bar``: the share that is done, 0 … 1
    - ``put_away``: what a cross puts away: the name of a notice or of a fact, and what it is about
    """

    rank: int
    text: str
    soft: str = ""
    button: Button | None = None
    bar: float | None = None
    put_away: tuple[str, str] | None = None

    @property
    def group(self) -> str:
        """The kind of the case: a screen reader is told when it changes."""
        if self.rank <= BLOCKED:
            return "blocked"
        if self.rank in PAUSED:
            return "paused"
        return "needs you" if self.rank in NEEDS_YOU else "else"

    @property
    def is_next(self) -> bool:
        """Whether its button may take the accent of the window."""
        if self.button is None or self.rank in {UNDER_WAY, ALSO} or self.rank > ALSO:
            return False
        return self.rank != READY or self.button.verb in {"send_ready", "retry_ready"}


# the rows of the words


def text(facts: Facts, row: str, /, n: int | None = None, **fields: object) -> str:
    """Say a sentence."""
    return say("sentence", row, *_variants(facts), n=n, **fields)


def soft(facts: Facts, row: str, /, n: int | None = None, **fields: object) -> str:
    """Say what stands below a sentence."""
    return say("sentence_soft", row, *_variants(facts), n=n, **fields)


def button(verb: Verb, about: str = "", n: int | None = None, **fields: object) -> Button:
    """Return a button with its text."""
    return Button(verb, say("sentence_button", verb, n=n, **fields), about)


def _variants(facts: Facts) -> Iterator[str]:
    if not facts.rights.may_change:
        yield "looks"
    if facts.is_app:
        yield "app"
    if not facts.rights.has_files:
        yield "server"


def line(*said: str) -> str:
    """Join what stands below a sentence; empty parts are left out."""
    return " ".join(filter(None, said))


# notices


def name_in(notice: Notice, prefix: NoticeId) -> str:
    """Return the name of the queue or the file that a notice is about."""
    return notice["id"].removeprefix(prefix)


def moment(facts: Facts, data: ReasonData, name: Literal["since", "until"] = "since") -> str:
    """Write a moment of a notice's data; empty if it has none."""
    at = epoch(data.get(name))
    return "" if at is None else day_and_time(at, facts.now)
