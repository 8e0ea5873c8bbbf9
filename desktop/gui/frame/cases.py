"""What the rooms tell the one sentence, and what its buttons do in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from collections.abc import Callable


class CaseFact(NamedTuple):
    """Something that a room knows, or has ready for the person; its ``name`` is a row of words.

    - ``n``: a number of its words, ``done`` of which are done
    - ``about``: what it is about, which is handed back when the person takes it
    - ``when``: a moment in words; ``why``: a sentence for the line below
    """

    name: str
    n: int | None = None
    about: str = ""
    when: str = ""
    why: str = ""
    done: int = 0


class Cases(QObject):
    """Holds the facts of the rooms by name and ``about``, and their ways by verb.

    ``changed`` is emitted with each fact that comes, changes or goes. ``sentence`` is what is said.
    """

    changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.sentence = ""
        self._facts: dict[tuple[str, str], CaseFact] = {}
        self._ways: dict[str, Callable[[str], object]] = {}
        self._put_away: dict[str, Callable[[str], object]] = {}

    @property
    def facts(self) -> list[CaseFact]:
        """The facts in the order in which they came."""
        return [*self._facts.values()]

    def tell(self, fact: CaseFact) -> None:
        """Tell a fact, in place of that of the same name about the same."""
        key = fact.name, fact.about
        if self._facts.get(key) != fact:
            self._facts[key] = fact
            self.changed.emit()

    def take_back(self, name: str, about: str = "") -> None:
        """Take a fact back. Doing it twice is harmless."""
        if self._facts.pop((name, about), None) is not None:
            self.changed.emit()

    def take_back_all(self, name: str) -> None:
        """Take back all facts of a name."""
        for fact in self.facts:
            if fact.name == name:
                self.take_back(name, fact.about)

    def lead(self, verb: str, way: Callable[[str], object]) -> None:
        """Let a room do what a verb says; it gets what the button is about."""
        self._ways[verb] = way

    def press(self, verb: str, about: str) -> None:
        """Do what a button says."""
        self._ways[verb](about)

    def on_put_away(self, name: str, way: Callable[[str], object]) -> None:
        """Let a room know that a person has put its fact away."""
        self._put_away[name] = way

    def put_away(self, name: str, about: str) -> None:
        """Take a fact back, since a person has put it away."""
        self.take_back(name, about)
        if (way := self._put_away.get(name)) is not None:
            way(about)
