"""What may be done a second time is asked about first, for one and for many; Escape says no."""

from __future__ import annotations

from functools import partial
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop.gui.tasks.acting.safety_questions import _look
from desktop.settings.preferences import Settings
from sendoff_tasks.client.calls import SortedFilter
from tests.gui.hands import answer, asked, asks
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


def refuse() -> None:
    """Press Escape."""
    box = asked()
    assert box is not None
    QTest.keyClick(box, Qt.Key.Key_Escape)


async def is_asked(
    play: Play, wish: WishedVerb, ids: list[int], one: str, many: str, way: str
) -> None:
    """Wish it for one, for several, and for all that match: each is asked about."""
    verbs = play.program.rooms.tasks.verbs
    act = play.window.page.table.action_chosen.emit
    act(wish, ids[:1])
    await play.until(lambda: asks(one))
    refuse()
    assert not verbs.pending.actions
    act(wish, ids)
    await play.until(lambda: asks(many))
    answer(way)
    await play.until(lambda: verbs.pending.actions)
    play.window.notes.undo()
    queue = "mail" if wish == "send_again" else "doubt"
    act(wish, SortedFilter(states=("uncertain",), queue=queue))
    await play.until(lambda: asks(many))
    refuse()
    assert play.states() == ["uncertain"] * 4


def test_uncertain_ones_are_done_again_only_after_a_yes(
    perform: Callable[[Scene], None], data: OfficeFolder
) -> None:
    (data.tasks / "own.py").write_text(DOUBT)

    async def scene(play: Play) -> None:
        body = [{"task": name} for name in ("doubt", "doubt", "mail", "mail")]
        ids = post(play.api, "/tasks", body)["ids"]
        await play.until(lambda: play.states() == ["uncertain"] * 4)
        window, table = play.window, play.window.page.table
        play.program.rooms.tasks.verbs.grace.seconds = 600.0
        await is_asked(
            *(play, "again", ids[:2]),
            "This uncertain task may have done its work. Run it once more?",
            "2 uncertain tasks may have done their work. Run them once more?",
            "Run again",
        )
        await is_asked(
            *(play, "send_again", ids[2:]),
            "This uncertain e-mail may have arrived. Send it once more?",
            "2 uncertain e-mails may have arrived. Send them once more?",
            "Send again",
        )

        otherwise: list[Callable[[], object]] = [
            lambda: table.selectRow(1),
            lambda: window.page.chips.choose("failed"),
            lambda: table.show_text("nothing"),
            window.items.open,
        ]
        for choose in otherwise:
            table.selectRow(0)
            table.action_chosen.emit("send_again", table.selection.ids)
            choose()  # before the question comes
            await play.until(lambda: not play.program.jobs.under_way)
            assert asked() is None
            window.places.go_home()
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
            verbs = play.program.rooms.tasks.verbs
            verbs.grace.seconds = 0.0
            play.submit("Ada")
            await play.until(lambda: play.states() == ["succeeded"])
            (first,) = play.rows()
            await play.until(lambda: play.model.position_of(first) is not None)
            send_again = partial(play.window.page.table.action_chosen.emit, "resend", [first])
            send_again()
            await play.until(lambda: play.states() == ["succeeded"] * 2)
            assert asked() is None
            row = play.model.row_at
            await play.until(lambda: any(each and each.is_repeated for each in map(row, range(2))))
            again = max(play.rows())
            send_again()
            await play.until(lambda: asks(f"Task {again} was made to send this e-mail again"))
            refuse()
            send_again()
            await play.until(lambda: asked() is not None)
            answer("Send again")
            await play.until(lambda: len(server.mails) == 3)

        perform(scene)


def test_more_than_a_preview_counts_are_counted_where_that_is_exact() -> None:
    answer: dict[str, Any] = {}
    found = {"counts": {"succeeded": 20_319, "failed": 4}, "is_exact": True}
    api: Any = SimpleNamespace(
        actions=SimpleNamespace(preview=lambda *_: answer), count_tasks=lambda _: found
    )
    done = SortedFilter(states=("succeeded",), known_at=1.0)

    def told() -> tuple[int, bool]:
        answer.clear()
        answer.update(touched=10_000, skipped=[], is_exact=False)
        looked_at = _look(api, "remove", None, done)
        return looked_at["touched"], looked_at["is_exact"]

    assert told() == (20_319, True)
    found["is_exact"] = False
    assert told() == (10_000, False)
