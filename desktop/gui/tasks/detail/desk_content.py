"""What the desk shows of one thing or of several, as data: head, lead, paper, history, foot."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sendoff_tasks.model.tasks import Attempt, LogLine

WayName = Literal["again", "earlier", "plain", "formatted", "open"]
"""A way to look at a letter."""


class DeskAction(NamedTuple):
    """A button, or an entry of the menu: its verb, text and icon, and what it is ``about``.

    ``effect`` is its tooltip. If it does not ``work``, it is disabled.
    """

    verb: str
    text: str
    icon: str
    effect: str = ""
    works: bool = True
    about: Any = None


class LetterWay(NamedTuple):
    """An entry of the menu that changes how a letter is shown."""

    name: WayName
    text: str


@dataclass(frozen=True, slots=True)
class Head:
    """What is shown: its name and number; buttons beside it, and what their menu has."""

    name: str = ""
    number: str = ""
    buttons: tuple[DeskAction, ...] = ()
    more: tuple[DeskAction, ...] = ()
    ways: tuple[LetterWay, ...] = ()


class CauseLine(NamedTuple):
    """What stops some of what is shown: how many ``times``, their ``role``, why, and what helps.

    If nothing can be done here, ``words`` say what happens in place of a ``cure``.
    """

    times: str
    role: str
    about: str
    cure: DeskAction | None = None
    words: str = ""


class Lead(NamedTuple):
    """A sentence about what is shown, a line below it, and the share that is done, 0 … 1.

    ``ink`` names the colour of the sentence. Below it stand the ``causes`` of what is wrong.
    """

    text: str
    line: str = ""
    icon: str = ""
    ink: str = "text"
    share: float | None = None
    causes: tuple[CauseLine, ...] = ()


class Count(NamedTuple):
    """How many of several tasks are in a state."""

    icon: str
    ink: str
    text: str


class Figure(NamedTuple):
    """How many became what: a number that leads to them, and the word and role of it.

    There is room for the ``widest`` number, so that none that grows moves another one.
    """

    action: DeskAction
    word: str
    role: str
    widest: str


class Values(NamedTuple):
    """The result and the arguments of a task; ``none`` stands in place of a result."""

    result: str = ""
    none: str = ""
    arguments: str = ""


class Fact(NamedTuple):
    """A line of the history: a name and what it says.

    If it ``leads`` to something, it is a link to this ``place`` with a tooltip.
    """

    name: str
    text: str
    place: str = ""
    leads: Any = None
    tip: str = ""

    @property
    def in_full(self) -> str:
        """Its text and its tooltip, where the text is cut."""
        return f"{self.text}\n{self.tip}"


@dataclass(frozen=True, slots=True)
class Paper:
    """The sheet below the lead, if any: a ``letter``, or ``facts``.

    Until a letter is read ``is_coming`` is set; ``words`` say why there is none, or what it is.
    With ``has_head`` the sheet begins with what can be changed of it.
    """

    letter: Mapping[str, Any] | None = None
    has_head: bool = False
    is_coming: bool = False
    words: str = ""
    facts: tuple[Fact, ...] = ()
    values: Values | None = None
    counts: tuple[Count, ...] = ()
    figures: tuple[Figure, ...] = ()


class TaskLine(NamedTuple):
    """A task of an item: its number and title, and its state with its icon and colour."""

    number: int
    title: str
    state: str
    icon: str
    ink: str


@dataclass(frozen=True, slots=True)
class TaskHistory:
    """What happened before; ``answer`` is what a server said to the attempt that succeeded.

    An item has ``tasks`` and ``deeds`` in place of attempts. Of a long log, ``log`` has the end.
    """

    is_there: bool = False
    is_open: bool = False
    facts: tuple[Fact, ...] = ()
    attempts: tuple[Attempt, ...] | None = None
    tasks: tuple[TaskLine, ...] = ()
    deeds: tuple[str, ...] = ()
    answer: str = ""
    log: tuple[LogLine, ...] = ()
    values: Values | None = None


@dataclass(frozen=True, slots=True)
class Foot:
    """The buttons below: quiet ones at the left, at the right what is next, the last one first.

    That last one ``leads`` if it is what a person has to do, and ends what ``is_typed``; it
    ``works`` once what it acts on is in sight.
    """

    left: tuple[DeskAction, ...] = ()
    right: tuple[DeskAction, ...] = ()
    leads: bool = False
    works: bool = True
    is_typed: bool = False


@dataclass(frozen=True, slots=True)
class DeskContent:
    """All that the desk shows at once."""

    head: Head = field(default_factory=Head)
    lead: Lead | None = None
    paper: Paper = field(default_factory=Paper)
    history: TaskHistory = field(default_factory=TaskHistory)
    foot: Foot = field(default_factory=Foot)

    @property
    def actions(self) -> tuple[DeskAction, ...]:
        """All that can be done with what is shown, what is next first."""
        head, foot = self.head, self.foot
        return (*foot.right[::-1], *foot.left, *head.buttons, *head.more)
