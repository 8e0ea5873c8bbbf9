"""All that the desk says of tasks, for a reader; ``python -m tests.library.words.said`` writes it.

A block is a scene: name and number with the buttons beside them; the sentence, the line below it
and causes with what helps; what stands on the paper, and whether the history is open; and the
buttons of the foot, with ! if the last one may take the accent, and (off) if it does not work.
After … is what the menu has.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.gui.locales import BRITAIN, in_locale
from tests.gui.tasks.detail.scenes import SCENES, SEVERAL, shown_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from desktop.gui.tasks.detail.desk_content import DeskAction, DeskContent, Paper

APPROVED: Final = Path(__file__).with_name("said.txt")


def said() -> str:
    """Return it all, with times as in Britain."""
    with in_locale(BRITAIN):
        scenes = {name: shown_in(name) for name in SCENES}
        scenes |= {name: make() for name, make in SEVERAL.items()}
        blocks = [[f"== {name}", *block(shown), ""] for name, shown in scenes.items()]
        return "".join(f"{line}\n" for block in blocks for line in block)


def block(shown: DeskContent) -> Iterator[str]:
    head, told, foot = shown.head, shown.lead, shown.foot
    more = [each.text for each in head.more] + [each.text for each in head.ways]
    menu = f" …({', '.join(more)})" if more else ""
    yield " ".join(filter(None, (head.name, head.number, _buttons(head.buttons)))) + menu
    if told is not None:
        share = "" if told.share is None else f" {'▬' * round(told.share * 10)}"
        yield f"  ({told.icon}) {told.text}{share}"
        if told.line:
            yield f"  {told.line}"
        for times, _, about, cure, words in told.causes:
            yield f"  {times} {about} → {f'[{words}]' if cure else words or '–'}"
    yield f"  {_paper(shown.paper)}{' + history' if shown.history.is_open else ''}"
    yield from (f"  – {deed}" for deed in shown.history.deeds)
    mark = "!" if foot.leads else ""
    off = "" if foot.works or not foot.right else "(off)"
    yield f"  {_buttons(foot.left)} | {_buttons(foot.right)}{mark}{off}".rstrip()


def _buttons(actions: Sequence[DeskAction]) -> str:
    return " ".join(f"[{each.text}]{'' if each.works else '(off)'}" for each in actions)


def _paper(paper: Paper) -> str:
    if paper.figures:
        said = (f"{action.text} {word}" for action, word, *_ in paper.figures)
        return " · ".join((*said, paper.words))
    if paper.counts:
        return " · ".join(each.text for each in paper.counts)
    if paper.letter is not None:
        return "letter"
    if paper.values is not None:
        return "result, arguments"
    return "letter is coming" if paper.is_coming else paper.words or "–"
