"""The search: what is typed into its field, and the query that it makes with chips and links."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, TypedDict

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence

from desktop.gui.kit.look.appearance import sized
from desktop.gui.kit.widgets.buttons import END, ENTER, EndButton, keys_in_words
from desktop.gui.kit.widgets.editors import LineEdit
from desktop.gui.tasks.filters import ALL, FILTERS, NamedFilter
from sendoff_tasks.client.calls import SortedFilter
from sendoff_tasks.model.filters import STATE_WORDS
from sendoff_tasks.model.states import State
from sendoff_tasks.model.tasks import ID_LIMIT
from sendoff_tasks.model.times import meant_moment, names_day

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from PySide6.QtGui import QKeyEvent


KEYS: Final = (
    "state", "to", "task", "queue", "error", "batch", "seen", "since", "until", "-state",
)  # fmt: skip
"""The known keys, in the order in which they are written."""
OF_TASKS: Final = ("state", "task", "queue", "seen", "since", "until", "-state")
"""The keys by which items cannot be searched."""
FIELDS: Final = {"-state": "not_state"}
"""The fields of keys that are no names."""
_LISTS: Final = frozenset({"state", "-state"})
"""The keys whose values may have commas between them."""
_KEY: Final = re.compile(rf"({'|'.join(KEYS)}):", re.IGNORECASE)
_STRANGE: Final = re.compile(r"([^\W\d]\w*):(?!//)\S")
_QUOTED: Final = re.compile(r'"((?:[^"\\]|\\.)*)"?')
_PLAIN: Final = re.compile(r"\S*")
_ESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)
SEEN: Final = {"yes": True, "no": False}
"""The meaning of a word after ``seen:``."""
DONE: Final = FILTERS["done"].meant.reasons
NO_TASK: Final = (ID_LIMIT,)
"""The numbers in a query that finds nothing."""
SETTLE_MS: Final = 200
"""Milliseconds after the last key until the search starts."""


@dataclass(frozen=True, slots=True)
class TypedSearch:
    """A parsed search: ``words`` are the free words; each other field has all values of its key.

    ``day`` has the words that are a day, without a key.
    """

    words: tuple[str, ...] = ()
    day: tuple[str, ...] = ()
    state: tuple[str, ...] = ()
    to: tuple[str, ...] = ()
    task: tuple[str, ...] = ()
    queue: tuple[str, ...] = ()
    error: tuple[str, ...] = ()
    batch: tuple[str, ...] = ()
    seen: tuple[str, ...] = ()
    since: tuple[str, ...] = ()
    until: tuple[str, ...] = ()
    not_state: tuple[str, ...] = ()

    def values(self, key: str) -> tuple[str, ...]:
        """Return the values of a key."""
        found: tuple[str, ...] = getattr(self, FIELDS.get(key, key))
        return found

    @property
    def strange_key(self) -> str:
        """Return the first word before a colon that is not a known key; empty if there is none."""
        found = next(filter(None, map(_STRANGE.match, self.words)), None)
        return found[1] if found else ""

    @property
    def of_people(self) -> str:
        """The words by which people are searched; empty if there is a key of tasks alone."""
        if self.batch or any(self.values(key) for key in OF_TASKS):
            return ""
        return " ".join([*self.words, *self.day, *self.to, *self.error])

    def having(self, key: str, *values: str) -> TypedSearch:
        """Return this search with other values of a key."""
        return replace(self, **{FIELDS.get(key, key): values})


def parse(text: str) -> TypedSearch:
    """Parse a search; a key without a value, as while typing, is ignored."""
    found: dict[str, list[str]] = {}
    for key, value in _tokens(text):
        values = value.split(",") if key in _LISTS else [value]
        found.setdefault(key, []).extend(filter(None, values))
    return TypedSearch(**{FIELDS.get(key, key): tuple(each) for key, each in found.items()})


def write(search: TypedSearch) -> str:
    """Write a search as text that :func:`parse` reads as the same search."""
    parts = [*(_quoted(word, free=True) for word in search.words), *search.day]
    parts += [f"{key}:{_quoted(value)}" for key in KEYS for value in search.values(key)]
    return " ".join(parts)


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        key = _KEY.match(text, at)
        at = key.end() if key else at
        quoted = _QUOTED.match(text, at)
        if quoted:
            value, at = _ESCAPED.sub(r"\1", quoted[1]), quoted.end()
        else:
            plain = _PLAIN.match(text, at)
            value, at = (plain[0], plain.end()) if plain else ("", at)
        if key:
            yield key[1].lower(), value
        else:
            yield "day" if names_day(value) and not quoted else "words", value


def _quoted(value: str, *, free: bool = False) -> str:
    is_plain = not any(each.isspace() for each in value) and not value.startswith('"')
    if is_plain and not (free and (_KEY.match(value) or names_day(value))):
        return value
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


STATES: Final[dict[str, dict[str, Any]]] = {
    **{word: NamedFilter(word, meant).asked for word, meant in STATE_WORDS.items()},
    "bounced": FILTERS["came_back"].asked,
}
"""The query arguments of a word after ``state:``."""


def _known(words: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return what each known word after ``state:`` means."""
    return {word: STATES[word] for word in map(str.lower, words) if word in STATES}


def meant_by(words: Sequence[str]) -> dict[str, Any]:
    """Return the query arguments that words after ``state:`` mean; empty if no query says them.

    *Active* together with *waiting*, or with *queued*, means all queued tasks, whether a pause
    stops them or not; *failed* together with *seen* all of both, whether they need a person or not;
    *done* together with another word all that succeeded.
    """
    known = [*_known(words).values()]
    if not known or lone_word(words):
        return {}
    if len(known) == 1:
        return dict(known[0])
    states = dict.fromkeys(state for each in known for state in each["states"])
    told = {each.get("standing") for each in known if State.QUEUED in each["states"]}
    standing = told.pop() if len(told) == 1 else None
    needed = {each["seen"] for each in known if "seen" in each}
    seen = {"seen": needed.pop()} if len(needed) == 1 else {}
    return {"states": tuple(states), "standing": standing, **seen}


def _without(states: Sequence[str], words: Sequence[str]) -> tuple[str, ...]:
    """Return the states, of all if none is given, that are meant by none of the words.

    Whether a pause stops a task is no state, so *waiting* leaves the queued tasks.
    """
    known = _known(words)
    left_out = {known[word]["states"][0] for word in known}
    if STATES["active"] in known.values():
        left_out.add(State.RUNNING.value)
    return tuple(each for each in states or [*map(str, State)] if each not in left_out)


def lone_word(words: Sequence[str]) -> str:
    """Return the word after ``state:`` that no query combines with the others; empty if none.

    *Seen* and *kept* would narrow the tasks of the other states, too, except where another word
    has their own tasks whole.
    """
    known = _known(words)
    for word, meant in known.items():
        others = [set(each["states"]) for each in known.values() if each != meant]
        narrows = meant.get("seen") or meant.get("reasons", DONE) != DONE
        if narrows and others and all(each.isdisjoint(meant["states"]) for each in others):
            return word
    return ""


def batch_number(name: str, batches: Mapping[str, int]) -> int:
    """Return a batch's number from its number, its name or the beginning of its name.

    A whole name comes first, then one without its file extension. If several names begin so, the
    newest batch is meant; if none does, ``ID_LIMIT``. ``batches`` maps lower-case names to numbers.
    """
    if name.isascii() and name.isdigit() and 0 < int(name) <= ID_LIMIT:
        return int(name)
    wanted = name.lower()
    if wanted in batches:
        return batches[wanted]
    for beginning in (f"{wanted}.", wanted):
        if found := [n for each, n in batches.items() if each.startswith(beginning)]:
            return max(found)
    return ID_LIMIT


class TaskPart(TypedDict, total=False):
    """What narrows a list to some tasks: those of a batch, a cause or an item, or some numbers.

    ``seen`` keeps only tasks that are marked as seen, or only those that are not.
    """

    batch_id: int
    cause: str
    item_id: int
    seen: bool
    ids: Sequence[int]


@dataclass(slots=True)
class ShownTasks:
    """What the table shows: the tasks of the chip's ``filter``, of a link's ``part``, with words.

    ``part`` narrows to a batch, cause or item; ``named`` says it in words. States in the search
    replace the chip's. ``begins_at_first`` selects the first task, once.
    """

    filter: NamedFilter = ALL
    part: dict[str, Any] = field(default_factory=dict)
    search: TypedSearch = field(default_factory=TypedSearch)
    text: str = ""  # the search as it was typed
    batches: dict[str, int] = field(default_factory=dict)  # by lower-case name
    begins_at_first: bool = False
    named: str = ""

    def query(self, sort: str, instead: NamedFilter | None = None) -> SortedFilter:
        """Return the query for the backend; ``instead`` is the filter of another chip.

        It is for the number on that chip: choosing it replaces the states of the search.
        """
        search = self.search
        by_words = {} if instead else meant_by(search.state)
        asked = by_words or (instead or self.filter).asked
        moments, strange_days = self._moments()
        strange = [f"state:{word}" for word in self.strange]
        strange += [f"seen:{word}" for word in search.seen if word.lower() not in SEEN]
        strange += [":".join(each) for each in strange_days]
        if search.not_state and not instead:
            asked["states"] = _without(asked.get("states", ()), search.not_state)
        own = None if by_words else asked.get("seen")
        asked |= {name: given for name, given in self.part.items() if given is not None}
        if search.batch:
            asked["batch_id"] = batch_number(search.batch[-1], self.batches)
        seen = [SEEN[word.lower()] for word in search.seen if word.lower() in SEEN]
        if seen:
            asked["seen"] = seen[-1]
        if own not in {None, asked.get("seen")}:
            asked["ids"] = NO_TASK  # no task is both
        return SortedFilter(
            text=" ".join([*search.words, *strange]),
            to=" ".join(search.to),
            error=" ".join(search.error),
            called=search.task[-1] if search.task else "",
            queue=search.queue[-1] if search.queue else None,
            sort=sort,
            **moments,
            **asked,
        )

    def _moments(self) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        """Return the narrowest times of the search, and the keys with words that are no day."""
        search, now = self.search, time.time()
        found: dict[str, list[float]] = {}
        strange: list[tuple[str, str]] = []
        for name, words in (("since", search.since), ("until", search.until)):
            for word in (*words, *search.day):
                moment = meant_moment(word, now, is_end=name == "until")
                if moment is None:
                    strange.append((name, word))
                else:
                    found.setdefault(name, []).append(moment)
        narrowest = {"since": max, "until": min}
        return {name: narrowest[name](moments) for name, moments in found.items()}, strange

    @property
    def strange(self) -> list[str]:
        """The words after ``state:`` that are not a state, or all if they are not combined."""
        if lone_word(self.search.state):
            return [*self.search.state]
        words = (*self.search.state, *self.search.not_state)
        return [word for word in words if word.lower() not in STATES]

    @property
    def nothing(self) -> dict[str, Any]:
        """The arguments of ``NoTasks.show_query`` for an empty list."""
        day = next((word for _, word in self._moments()[1]), "")
        is_part = any(self.part.values())
        named = self.named if is_part else ""
        narrowed = self.filter != ALL or (is_part and not named)
        lone = lone_word(self.search.state)
        told = {"strange": self.strange, "lone": lone, "day": day}
        return {"narrowed": narrowed, "named": named, **told}

    @property
    def is_narrowed(self) -> bool:
        """Whether anything other than a chip filters the tasks."""
        return self.search != TypedSearch() or any(self.part.values())

    def selects_first(self, count: int) -> bool:
        """Tell whether to select the first of ``count`` tasks; an only task always is."""
        begins, self.begins_at_first = self.begins_at_first, False
        return any(self.part.values()) and (count == 1 or (count > 1 and begins))


class SearchField(LineEdit):
    """Escape clears the field, Enter searches at once, the down key moves on to the list.

    ``text_changed`` carries the settled text without surrounding spaces; ``left_downwards`` is
    emitted on the down key.
    """

    text_changed = Signal(str)
    left_downwards = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self._told = ""
        self._wipe = EndButton(self.tr("Clear"), "x", self)
        self._wipe.clicked.connect(self.clear_now)
        self._wipe.hide()
        self.setAccessibleName(name)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self._tell)
        self.textChanged.connect(self._on_text)
        keys = keys_in_words(QKeySequence(QKeySequence.StandardKey.Find))
        self.setPlaceholderText(f"{self.accessibleName()}  {keys}")
        sized(self, text_margins=(22, 0, END, 0))

    def clear_now(self) -> None:
        """Clear the field and the search at once."""
        self.clear()
        self._tell()

    def setText(self, arg__1: str | None) -> None:  # noqa: N802
        """Set another text; show its beginning unless the person is typing."""
        super().setText(arg__1)
        if not self.hasFocus():
            self.setCursorPosition(0)

    def set_now(self, text: str) -> None:
        """Set another text and search at once."""
        self.setText(text)
        self._tell()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Clear on Escape, search at once on Enter, move on to the list on Down."""
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear_now()
        elif event.key() in ENTER:
            self._tell()
        elif event.key() == Qt.Key.Key_Down:
            self._tell()
            self.left_downwards.emit()
        else:
            super().keyPressEvent(event)

    def _on_text(self, text: str) -> None:
        self._wipe.setVisible(bool(text))
        self._settle.start()

    def _tell(self) -> None:
        self._settle.stop()
        text = self.text().strip()
        if text != self._told:
            self._told = text
            self.text_changed.emit(text)
