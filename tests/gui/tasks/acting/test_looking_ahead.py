"""A button for several tasks says how many it is about, as the backend judges it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QPushButton

from desktop.gui.tasks.acting.asked_first import NAME
from desktop.settings.preferences import Settings, WindowSettings
from tests.gui.play import post
from tests.mail.server import running
from tests.settings.saved import save

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.gui.tasks.acting.task_actions import TaskAction
    from desktop.settings.paths import DataFolder
    from tests.gui.play import Play, Scene


def words(play: Play) -> dict[str, str]:
    """Return what the buttons are called, and what they do, by verb."""
    shown = play.window.page.detail.buttons.shown
    return {str(action.verb): f"{action.text}: {action.effect}" for _, action in shown}


def test_send_again_counts_each_message_once(
    perform: Callable[[Scene], None], data: DataFolder
) -> None:
    with running() as server:
        at_once = WindowSettings(grace_seconds=0.0)
        save(data.settings_file, Settings(mail=server.settings(), window=at_once))

        async def scene(play: Play) -> None:
            for number in (1, 2):
                post(play.api, f"/items/{number}", {"recipient": {"email": "ada@example.org"}})
            await play.until(lambda: play.states() == ["succeeded"] * 2)
            (first, *_) = sorted(play.rows())
            play.api.many.act("resend", [first], key="again")
            await play.until(lambda: play.states() == ["succeeded"] * 3)
            play.window.page.table.selectAll()
            await play.until(lambda: words(play)["resend"].startswith("Send again (2): "))
            assert words(play)["resend"].endswith("Left alone: 1 has a newer message")
            menu = play.window.page.table.menu()
            assert menu is not None
            offered = [each.text() for each in menu.actions() if each.text()]
            assert offered[-1] == "Send again (2)"  # where the keyboard begins are others
            before = len(server.mails)
            play.window.page.detail.buttons.chosen.emit("resend", sorted(play.rows()))
            notices = play.window.notices
            await play.until(lambda: NAME in notices.names())
            assert notices.text(NAME) == (
                "2 messages were sent already. Send them a second time?"
                " Left alone: 1 has a newer message."
            )
            focused = notices.window().focusWidget()
            assert isinstance(focused, QPushButton)
            assert focused.text() == "Do not send"
            focused.click()
            await play.until(lambda: NAME not in notices.names())
            play.window.page.detail.buttons.chosen.emit("resend", sorted(play.rows()))
            await play.until(lambda: NAME in notices.names())
            assert len(server.mails) == before
            notices.action_chosen.emit(NAME, "resend")
            await play.until(lambda: len(server.mails) == before + 2)

        perform(scene)


def test_mark_as_seen_counts_what_was_not_seen(
    perform: Callable[[Scene], None], data: DataFolder
) -> None:
    """It counted all that failed, and marked fewer."""
    (data.tasks / "own.py").write_text(
        "from sendoff_tasks import task\n\n@task(retry=1)\ndef broken(): raise OSError('off')\n"
    )

    async def scene(play: Play) -> None:
        post(play.api, "/tasks", [{"task": "broken"}] * 5)
        await play.until(lambda: play.states() == ["failed"] * 5)
        first, second, *_ = sorted(play.rows())
        play.api.many.act("seen", [first, second], None, key="two")
        play.window.page.chips.choose(("failed",))
        await play.until(lambda: play.model.is_loaded and play.model.rowCount() == 5)
        play.window.page.table.selectAll()
        said = set()

        def offered() -> TaskAction | None:
            actions = play.window.page.table.selection.selected.actions
            return next((each for each in actions if each.verb == "seen"), None)

        def looked() -> bool:
            action = offered()
            said.add(action and action.text)
            return "Mark as seen (3)" in said

        await play.until(looked)
        assert said <= {None, "Mark as seen", "Mark as seen (3)"}
        action = offered()
        assert action is not None
        play.window.page.table.action_chosen.emit("seen", action.which)
        await play.until(lambda: "3 tasks are marked as seen" in play.toasts())

    perform(scene)


def test_a_button_that_would_do_nothing_is_not_there(
    perform: Callable[[Scene], None], data: DataFolder
) -> None:
    (data.tasks / "own.py").write_text(
        "from sendoff_tasks import task\n\n@task(retry=1)\ndef broken(): raise OSError('off')\n"
    )

    async def scene(play: Play) -> None:
        post(play.api, "/tasks", [{"task": "broken"}] * 2)
        await play.until(lambda: play.states() == ["failed"] * 2)
        tasks = sorted(play.rows())
        play.window.page.table.selectAll()
        await play.until(lambda: words(play).get("retry") == "Retry (2): ")
        pending = play.model.pending
        await play.until(lambda: {deed for deed, _ in pending.previews} == {"retry", "seen"})
        refused = {"touched": 0, "skipped": [{"why": "", "count": 2, "refusal": "repeated"}]}
        (key,) = (each for each in pending.previews if each[0] == "retry")
        pending.set_previews({**pending.previews, key: refused}, "tasks")  # type: ignore[dict-item]
        assert "retry" not in words(play)
        assert sorted(key[1]) == tasks  # type: ignore[arg-type]

    perform(scene)
