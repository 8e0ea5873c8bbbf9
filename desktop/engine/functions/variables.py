"""Context variables that travel with a task, found by where they are defined."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextvars import ContextVar
from importlib import import_module
from typing import Any, Final

from desktop.engine.functions.arguments import Unreadable, decode_result, encode_named
from desktop.engine.functions.eligibility import brief
from desktop.engine.functions.source import PROGRAM, loaded_modules

UNSET: Final = object()


class Variables:
    """The context variables an app has named; their values are stored with each added task."""

    def __init__(self, variables: Iterable[ContextVar[Any]] = ()) -> None:
        self._variables = tuple(variables)
        for each in self._variables:
            if not isinstance(each, ContextVar):
                raise TypeError(f"contextvars takes variables of contextvars, got {brief(each)}")
        self._places: dict[str, ContextVar[Any]] = {}

    def locate(self) -> None:
        """Find where the variables are defined; ``TypeError`` for one that could not be found."""
        if len(self._places) < len(self._variables):
            self._places = {_place(each): each for each in self._variables}

    def capture(self) -> str | None:
        """Encode the values of the variables that are set; ``None`` if none is.

        ``BadCall`` names a value that cannot be stored.
        """
        if not self._variables:
            return None
        self.locate()
        given = {place: each.get(UNSET) for place, each in self._places.items()}
        values = {place: value for place, value in given.items() if value is not UNSET}
        return encode_named(values, "the context variable") if values else None


NO_VARIABLES: Final = Variables()


def captured(text: str) -> Iterator[tuple[ContextVar[Any], Any]]:
    """Yield the variables that travelled, with their values.

    Raises ``Unreadable`` where a variable or the class of a value is gone.
    """
    for place, value in decode_result(text).items():
        module, _, name = place.partition(":")
        try:
            found = getattr(import_module(module), name, None)
        except ImportError:
            found = None
        if not isinstance(found, ContextVar):
            raise Unreadable(f"The context variable {place} is no longer there.")
        yield found, value


def _place(variable: ContextVar[Any]) -> str:
    """Return ``module:name`` of a variable defined at the top of a module."""
    places = [
        f"{module}:{name}"
        for module, names in loaded_modules()
        if module not in PROGRAM
        for name, value in names.items()
        if value is variable
    ]
    if not places:
        raise TypeError(
            f"the context variable {variable.name!r} cannot travel with a task: it is not at the "
            "top of a module that can be imported"
        )
    return min(places, key=lambda place: (len(place), place))
