"""What a page of the desk offers, and how it is chosen there."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desktop.gui.items.correction_head import CorrectionHead
    from desktop.gui.tasks.detail.desk_content import DeskAction
    from desktop.gui.tasks.detail.desk_page import DeskPage
    from tests.gui.play import Play


def offered(page: DeskPage) -> dict[str, DeskAction]:
    """Return all actions of a page by their verbs."""
    return {each.verb: each for each in page.shown.actions}


def choose(page: DeskPage, verb: str) -> None:
    """Choose an action that is offered and works, wherever it stands."""
    action = offered(page)[verb]
    assert action.works
    page.acted.emit(action)


async def correction(play: Play, task: int) -> CorrectionHead:
    """Show a task on the desk, and return the head in which its item is corrected."""
    from desktop.gui.items.correction_head import CorrectionHead

    pane = play.window.page.detail
    pane.show_task(task)
    play.window.enter_desk(pane)
    await play.until(lambda: pane.task == task and pane.read is not None)
    await play.until(lambda: pane.paper.head is not None and pane.paper.head.isVisible())
    assert isinstance(pane.paper.head, CorrectionHead)
    return pane.paper.head
