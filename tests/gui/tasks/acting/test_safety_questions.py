"""What may be done a second time is asked about first, for one and for many; Escape says no."""

from __future__ import annotations

from functools import partial
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from desktop.gui.frame.views import ITEMS, TASKS
from desktop.gui.tasks.acting.safety_questions import NAME, _look
from desktop.settings.preferences import Settings
from sendoff_tasks.client.calls import TaskQuery
from tests.gui.play import post
from tests.mail.server import running
from tests.settings.saved import save

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.gui.tasks.acting.task_actions import WishedVerb
    from desktop.settings.office_folder import OfficeFolder
    from tests.gui.play import Play, Scene

DOUBT = """
from sendoff_tasks import Uncertain, task

@task(queue="doubt")
def doubt(): raise Uncertain("no answer")

@task(queue="mail")
def mail(): raise Uncertain("no answer")
"""


async def asks(play: Play, wish: WishedVerb, ids: list[int], one: str, many: str, way: str) -> None:
    """Wish it for one, for several, and for all that match: each is asked about."""
    notices, verbs = play.window.notices, play.program.rooms.tasks.verbs
    act = play.window.page.table.action_chosen.emit
    act(wish, ids[:1])
    await play.until(lambda: NAME in notices.names())
    assert notices.text(NAME).startswith(one)
    QTest.keyClick(play.window, Qt.Key.Key_Escape)
    assert NAME not in notices.names()
    assert not verbs.pending.actions
    act(wish, ids)
    await play.until(lambda: NAME in notices.names())
    assert notices.text(NAME).startswith(many)
    (yes,) = (each for each in notices.bars[NAME].findChildren(QPushButton) if each.text() == way)
    yes.click()
    await play.until(lambda: verbs.pending.actions)
    play.window.toasts.act_newest()
    queue = "mail" if wish == "send_again" else "doubt"
    act(wish, TaskQuery(states=("uncertain",), queue=queue))
    await play.until(lambda: NAME in notices.names())
    assert notices.text(NAME).startswith(many)
    QTest.keyClick(play.window, Qt.Key.Key_Escape)
    assert play.states() == ["uncertain"] * 4


def test_uncertain_ones_are_done_again_only_after_a_yes(
    perform: Callable[[Scene], None], data: OfficeFolder
) -> None:
    (data.tasks / "own.py").write_text(DOUBT)

    async def scene(play: Play) -> None:
        body = [{"task": name} for name in ("doubt", "doubt", "mail", "mail")]
        ids = post(play.api, "/tasks", body)["ids"]
        await play.until(lambda: play.states() == ["uncertain"] * 4)
        window, notices, table = play.window, play.window.notices, play.window.page.table
        play.program.rooms.tasks.verbs.grace.seconds = 600.0
        await asks(
            *(play, "again", ids[:2]),
            "This uncertain task may have done its work. Run it once more?",
            "2 uncertain tasks may have done their work. Run them once more?",
            "Run again",
        )
        await asks(
            *(play, "send_again", ids[2:]),
            "This uncertain e-mail may have arrived. Send it once more?",
            "2 uncertain e-mails may have arrived. Send them once more?",
            "Send again",
        )

        said: list[str] = []
        notices.changed.connect(lambda: said.extend(notices.names()))
        table.selectRow(0)
        table.action_chosen.emit("send_again", table.selection.ids)
        table.selectRow(1)  # another one is chosen before the question comes
        await play.until(lambda: not play.program.jobs.under_way)
        assert NAME not in said
        otherwise: list[Callable[[], object]] = [
            lambda: table.selectRow(1),
            lambda: window.page.chips.choose("failed"),
            lambda: table.show_text("nothing"),
            lambda: window.switch.choose(ITEMS),
        ]
        for choose in otherwise:
            table.selectRow(0)
            table.action_chosen.emit("send_again", table.selection.ids)
            await play.until(lambda: NAME in notices.names())
            table.selectRow(0)
            assert NAME in notices.names()
            choose()
            assert NAME not in notices.names()
            window.switch.choose(TASKS)
            window.page.chips.choose("all")
            table.show_text("")
            await play.until(lambda: play.model.is_loaded and play.has(4))

        assert not play.program.rooms.tasks.verbs.pending.actions

    perform(scene)


def test_an_e_mail_that_is_sent_again_already_is_asked_about(
    perform: Callable[[Scene], None], data: OfficeFolder
) -> None:
    with running() as server:
        save(data.settings_file, Settings(mail=server.settings()))

        async def scene(play: Play) -> None:
            notices, verbs = play.window.notices, play.program.rooms.tasks.verbs
            verbs.grace.seconds = 0.0
            play.submit("Ada")
            await play.until(lambda: play.states() == ["succeeded"])
            (first,) = play.rows()
            await play.until(lambda: play.model.position_of(first) is not None)
            send_again = partial(play.window.page.table.action_chosen.emit, "resend", [first])
            send_again()
            await play.until(lambda: play.states() == ["succeeded"] * 2)
            assert NAME not in notices.names()
            row = play.model.row_at
            await play.until(lambda: any(each and each.is_repeated for each in map(row, range(2))))
            again = max(play.rows())
            send_again()
            await play.until(lambda: NAME in notices.names())
            assert notices.text(NAME).startswith(f"Task {again} was made to send this e-mail again")
            notices.choose(NAME, "keep")
            send_again()
            await play.until(lambda: NAME in notices.names())
            notices.choose(NAME, "resend")
            await play.until(lambda: len(server.mails) == 3)

        perform(scene)


def test_more_than_a_preview_counts_are_counted_where_that_is_exact() -> None:
    answer: dict[str, Any] = {}
    found = {"counts": {"succeeded": 20_319, "failed": 4}, "is_exact": True}
    api: Any = SimpleNamespace(
        actions=SimpleNamespace(preview=lambda *_: answer), count_tasks=lambda _: found
    )
    done = TaskQuery(states=("succeeded",), known_at=1.0)

    def told() -> tuple[int, bool]:
        answer.clear()
        answer.update(touched=10_000, skipped=[], is_exact=False)
        looked_at = _look(api, "remove", None, done)
        return looked_at["touched"], looked_at["is_exact"]

    assert told() == (20_319, True)
    found["is_exact"] = False
    assert told() == (10_000, False)
