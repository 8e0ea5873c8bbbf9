"""All that the one sentence says: ``python -m tests.library.words.said`` writes it.

A block is a scene: its rank, the sentence, the line below it, and its [button], with ! if it may
take the accent. Then each pair of the cases that are said beside each other.
"""

from __future__ import annotations

from dataclasses import fields, replace
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from desktop.gui.sentence import cases
from desktop.gui.sentence.facts import Facts
from desktop.gui.sentence.statement import ALSO
from sendoff_tasks.client.health import Ready
from tests.gui.locales import BRITAIN, in_locale
from tests.gui.sentence.scenes import CASES, NOW, OTHERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from desktop.gui.sentence.statement import Statement

APPROVED: Final = Path(__file__).with_name("said.txt")
PAIRED: Final = (
    *("damaged, a backup", "gave up", "disk full", "drafts not written"),
    *("server does not answer", "app away", "restarting", "engine stands still", "restored"),
    *("sign-in", "password", "a queue held", "paused", "not made", "sending", "one failed"),
    *("failed alike", "two need you", "ready", "older text", "a queue paused", "a sheet paused"),
    *("offline", "put off"),
)
"""A scene of each case that is said beside another one."""
PLAIN: Final = Facts(now=NOW)


def said() -> str:
    """Return it all, with times as in Britain."""
    with in_locale(BRITAIN):
        return "".join(f"{line}\n" for line in [*_scenes(), *_pairs()])


def _scenes() -> Iterator[str]:
    for name, facts in (CASES | OTHERS).items():
        yield f"== {name}"
        yield from _block(next(iter(cases.said(facts))))
        yield ""


def _pairs() -> Iterator[str]:
    yield "== pairs: what is said while two of these apply, in a line"
    for (first, one), (second, other) in combinations(((name, CASES[name]) for name in PAIRED), 2):
        found = [*cases.said(together(one, other))]
        also = [f"Also: {each.text}" for each in found[1:] if each.rank <= ALSO]
        told = [each.strip() for each in _block(found[0])]
        yield f"{first} + {second}: {' | '.join([*told, *also])}"


def together(one: Facts, other: Facts) -> Facts:
    """Put two facts into one; where both say something, the first counts, or their sum."""
    mixed: dict[str, Any] = {}
    for each in fields(Facts):
        first, second = getattr(one, each.name), getattr(other, each.name)
        if each.name in {"notices", "rooms", "batches"}:
            mixed[each.name] = [*first, *(it for it in second if it not in first)]
        elif first == getattr(PLAIN, each.name) or isinstance(first, Ready):
            mixed[each.name] = second
    if one.stats is not None and other.stats is not None:
        mixed["stats"] = _sum(one.stats, other.stats)
    return replace(one, **mixed)


def _sum(one: Any, other: Any) -> Any:
    counts = {
        state: one["counts"].get(state, 0) + other["counts"].get(state, 0)
        for state in one["counts"] | other["counts"]
    }
    summed = {name: one[name] + other[name] for name in ("standing", "batch_rows", "paused_rows")}
    practice = one["practice"] or other["practice"]
    return {**other, **one, "counts": counts, **summed, "practice": practice}


def _block(statement: Statement) -> Iterator[str]:
    rank, text, soft, button, share, put_away = statement
    cross = " ✕" if put_away else ""
    done = "" if share is None else f" {'▬' * round(share * 10)}{'─' * (10 - round(share * 10))}"
    yield f"{rank:>2}  {text}{cross}{done}"
    if soft:
        yield f"    {soft}"
    if button is not None:
        yield f"    [{button.text}]{'!' if statement.is_next else ''}"
