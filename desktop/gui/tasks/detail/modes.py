"""The reading modes of the desk: what is shown of a task in each state, of several, of none."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple

from PySide6.QtCore import QLocale

from desktop.contract.rules.mailbox import parse_mailbox
from desktop.gui.kit.words.states import LOOKS, state_word
from desktop.gui.kit.words.table import say
from desktop.gui.kit.words.task_row import attempts_of
from desktop.gui.kit.words.verbs import action_word, tip_of
from desktop.gui.tasks.acting.task_actions import fitting_actions
from desktop.gui.tasks.detail.contents import values_of
from desktop.gui.tasks.detail.desk_content import (
    Count,
    DeskAction,
    DeskContent,
    Foot,
    Head,
    Lead,
    LetterWay,
    Paper,
    TaskHistory,
    Values,
)
from desktop.gui.tasks.detail.facts import facts_of
from desktop.gui.tasks.detail.leads import lead
from sendoff_tasks.model.states import TROUBLED, State

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from desktop.gui.kit.rights import WindowRights
    from desktop.gui.kit.words.task_row import Row
    from desktop.gui.tasks.acting.pending_actions import PendingActions
    from desktop.gui.tasks.acting.task_actions import Selection, TaskAction
    from desktop.gui.tasks.detail.contents import TaskRead
    from desktop.gui.tasks.detail.desk_content import WayName

LEFT: Final = 2
"""The most buttons at the left of the foot."""
LINES: Final = 200
"""The most lines of a log."""
HEADS: Final = ("seen",)
"""Verbs whose button is in the head: they put away what is shown."""
ANSWERS: Final = ("done", "again", "send_again")
"""What a person answers about an uncertain task; none of them is the usual answer."""
QUIET: Final = ("cancel", "change_time", "tasks_folder")
"""Verbs at the left, in their order there; where *Cancel* is, no other one acts unasked."""
CURES: Final = ("retry", "try_now", "edit_template", "tasks_folder")
"""Verbs that may be what a person has to do."""
_ORDER: Final = {look: place for place, look in enumerate(LOOKS)}


class LetterShown(NamedTuple):
    """How a letter is looked at: ``again`` as *Send again* sends it; ``plain`` as text."""

    again: bool = False
    plain: bool = False


AS_SENT: Final = LetterShown()


def of_task(
    row: Row,
    read: TaskRead | None,
    rights: WindowRights,
    pending: PendingActions,
    now: float,
    looked: LetterShown = AS_SENT,
) -> DeskContent:
    """Show one task; until it is ``read``, what its row tells."""
    lacks = read.task.get("lacks", ()) if read else ()
    actions = fitting_actions([row], rights, pending)
    needed = bool(lacks) or needs_person(row)
    head, foot = _buttons(actions, needed=needed, works=read is not None)
    leave = action_word("leave")
    buttons = tuple(each._replace(text=leave) for each in head.buttons)
    template = (read.task.get("template") or "") if read else ""
    of_item = read.item["tasks"] if read and read.item else ()
    told = lead(
        row,
        now,
        may_act=rights.may_change,
        lacks=lacks,
        template=template,
        of_item=of_item,
        started=pending.of(row),
    )
    name, number = named(row)
    return DeskContent(
        Head(name, number, buttons, head.more, tuple(_ways(row, read, looked))),
        told,
        _paper(row, read),
        _history(row, read, now),
        foot,
    )


def named(row: Row) -> tuple[str, str]:
    """Return whom a task is for and the item's number, or of an own task its title and number."""
    if not row.is_mail or not row.to:
        return row.title, say("row", "task", number=row.id)
    number = "" if row.item_id is None else say("desk", "item", number=row.item_id)
    return parse_mailbox(row.to).name or row.to, number


def of_several(selected: Selection) -> DeskContent:
    """Show how many tasks are selected, in which states, and what can be done with them."""
    words = say("selected", "tasks", n=selected.count)
    head, foot = _buttons(selected.actions)
    line = _beyond(selected) if foot.right or foot.left or head.buttons else ""
    counts = () if selected.query is not None else tuple(counted(selected.rows))
    return DeskContent(
        Head(words, "", head.buttons, head.more),
        Lead("", line) if line else None,
        Paper(counts=counts),
        foot=foot,
    )


def saying(sentence: str) -> DeskContent:
    """Show nothing but a sentence."""
    return DeskContent(paper=Paper(words=sentence))


def counted(rows: Sequence[Row]) -> Iterator[Count]:
    """Count rows by the names of their states, in the order of the states."""
    counts = Counter[tuple[str, str]]()
    alike: dict[object, list[Row]] = {}
    for row in rows:
        kind = row.state, row.reason, row.queue, row.run_at is None, row.data.get("fixed")
        alike.setdefault(kind, []).append(row)
    for each in alike.values():  # thousands of tasks have few different names
        counts[str(each[0].look), state_word(each[0]).lower()] += len(each)
    for (look, word), count in sorted(
        counts.items(), key=lambda each: (_ORDER[each[0][0]], each[0][1])
    ):
        shown = LOOKS[look]
        yield Count(shown.icon, shown.token, f"{QLocale().toString(count)} {word}")


def _beyond(selected: Selection) -> str:
    """Say what the buttons do to selected tasks that are not loaded."""
    unknown = selected.count - len(selected.rows)
    if selected.query is not None:
        return say("desk", "on_all")
    return say("desk", "unloaded", n=unknown) if unknown else ""


def _buttons(
    actions: Sequence[TaskAction], *, needed: bool = False, works: bool = True
) -> tuple[Head, Foot]:
    """Share actions out: at the right what is next, and one beside it; the rest is in the menu.

    What is next leads if it is ``needed`` from a person.
    """
    offered = [each for each in actions if not each.is_rare]
    buttons = [each for each in offered if each.verb in HEADS]
    below = [each for each in offered if each.verb not in HEADS]
    next_ones = [each for each in below if each.verb not in QUIET and not each.is_off][:2]
    is_asked = all(each.verb in ANSWERS for each in next_ones)
    right = next_ones if is_asked else next_ones[::-1]
    quiet = [each for each in below if each.verb in QUIET and each not in right]
    left = sorted(quiet, key=lambda each: QUIET.index(each.verb))[:LEFT]
    rest = [each for each in actions if each not in (*buttons, *right, *left)]
    more = [*rest, *(each for action in actions for each in action.more)]
    more.sort(key=lambda each: each.verb == "remove")
    leads = needed and bool(right) and right[-1].verb in CURES
    return Head(buttons=_on_desk(buttons), more=_on_desk(more)), Foot(
        _on_desk(left), _on_desk(right), leads, works
    )


def _on_desk(actions: Iterable[TaskAction]) -> tuple[DeskAction, ...]:
    return tuple(on_desk(each) for each in actions)


def on_desk(action: TaskAction) -> DeskAction:
    """Return an action on tasks as the desk shows it."""
    effect, works = tip_of(action.verb, action.effect), not action.is_off
    return DeskAction(action.verb, action.text, action.icon, effect, works, action.which)


def needs_person(row: Row) -> bool:
    """Tell whether a task does not go on without a person, as far as its row tells."""
    if row.is_repeated:
        return False
    return (row.state in TROUBLED and not row.seen) or row.held or row.behind_held_queue


def _ways(row: Row, read: TaskRead | None, looked: LetterShown) -> Iterator[LetterWay]:
    if read is None or read.letter is None:
        return
    was_sent = row.state == State.SUCCEEDED and not row.kept  # others leave as they are
    if looked.again:
        yield _way("earlier")
    elif was_sent and read.task.get("is_older", False):
        yield _way("again")
    yield _way("formatted" if looked.plain else "plain")
    yield _way("open")


def _way(name: WayName) -> LetterWay:
    return LetterWay(name, say("desk", name))


def _paper(row: Row, read: TaskRead | None) -> Paper:
    if not row.is_mail:
        return Paper(values=values_of(read.task)) if read else Paper()
    if read is None:
        return Paper(is_coming=True)
    if read.letter is None:
        return Paper(words=read.why)
    if read.letter.get("remade", False) and row.is_repeated:
        return Paper(words=say("desk", "replaced"))  # the item may have another recipient by now
    return Paper(letter=read.letter)


def _history(row: Row, read: TaskRead | None, now: float) -> TaskHistory:
    is_open = not row.is_mail or row.state in TROUBLED
    if read is None:
        return TaskHistory(is_open=is_open)
    task = read.task
    answer = task["result"] if row.is_mail and isinstance(task["result"], str) else ""
    return TaskHistory(
        is_there=True,
        is_open=is_open,
        facts=facts_of(row, read, now),
        attempts=tuple(attempts_of(task)),
        answer=answer,
        log=tuple(task["log"][-LINES:]),
        values=Values(arguments=values_of(task).arguments) if row.is_mail else None,
    )
