"""Says what somebody asked for, and reads what a person types to find it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, Final

from sendoff_tasks.model.times import meant_moment, names_day, utc_time

if TYPE_CHECKING:
    from sendoff_tasks.model.acts import Act
    from sendoff_tasks.words.table import WordTable

RUNS: Final = 5
"""Runs of numbers that are named."""
_TIMES: Final = frozenset({"since", "until"})


def act_words(table: WordTable, act: Act) -> str:
    """Say what was asked for, and of what: *Cancel #4-6, #9*, *Pause queue mail*."""
    verb = table.fill("act", act["verb"]) or act["verb"]
    if act["kind"] != "task":
        kind = act["kind"] if act["name"] else "all"
        fields = {"verb": verb, "name": act["name"]}
        return table.fill("act_about", kind, fields=fields) or verb
    undone = act["name"] and table.fill("act", act["name"], ["undone"])
    runs = (f"#{a}" if a == b else f"#{a}–{b}" for a, b in islice(act["tasks"], RUNS))
    more = "…" if len(act["tasks"]) > RUNS else ""
    return " ".join(filter(None, (verb, undone, ", ".join(runs) + more)))


def asked_acts(table: WordTable, typed: Iterable[str], now: float) -> dict[str, str]:
    """Return the query of ``GET /acts`` that words mean: the number of a task, a verb or a name.

    ``since:7d``, ``until:`` and a day alone are times, as in the search of tasks; ``now`` is in
    epoch s.
    """
    found: dict[str, str] = {}
    names = []
    for word in typed:
        key, _, day = word.partition(":")
        ends = dict.fromkeys(_TIMES, word) if names_day(word) else {key: day}
        for end, typed_day in ends.items():
            at = meant_moment(typed_day, now, is_end=end == "until") if end in _TIMES else None
            if at is not None:
                found[end] = utc_time(datetime.fromtimestamp(at, UTC))
        if not found.keys() & ends.keys():
            names.append(word)
    text = " ".join(names)
    number = text.removeprefix("#")
    known = [name for subject, name in table.rows if subject == "act"]
    said = text.casefold()
    verb = next((n for n in known if said in {n, table.say("act", n).casefold()}), None)
    if number.isascii() and number.isdigit():
        found["task"] = number
    elif text:
        found |= {"who": text} if verb is None else {"verb": verb}
    return found
