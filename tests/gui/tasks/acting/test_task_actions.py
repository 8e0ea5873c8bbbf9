"""What can be done to tasks, with the numbers of those it fits."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QGuiApplication

from desktop.gui.kit.look.appearance import ThemeSource
from desktop.gui.kit.words.task_row import row_of
from desktop.gui.tasks.acting.offered_actions import task_menu
from desktop.gui.tasks.acting.task_actions import (
    removable,
)
from desktop.gui.tasks.table.task_table import TaskTable
from desktop.settings.preferences import Settings, WindowSettings
from sendoff_tasks.client.calls import SortedFilter
from sendoff_tasks.model.states import State
from tests.gui.hands import answer, asked, asks
from tests.gui.play import post
from tests.gui.tasks.acting.pending_rows import selection
from tests.gui.tasks.table.task_source import task_row
from tests.mail.server import running
from tests.settings.saved import save

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.settings.office_folder import OfficeFolder
    from tests.gui.play import Play, Scene


def test_only_what_succeeded_is_removed_unless_other_states_are_shown() -> None:
    assert removable(SortedFilter()) == (State.SUCCEEDED,)
    assert removable(SortedFilter(states=("failed", "queued"))) == (State.FAILED,)


def words(play: Play) -> dict[str, str]:
    """Return what the buttons are called, and what they do, by verb."""
    shown = play.window.page.table.selection.selected.actions
    return {str(each.verb): f"{each.text}: {each.effect}" for each in shown if not each.is_rare}


def test_send_again_counts_each_message_once(
    perform: Callable[[Scene], None], data: OfficeFolder
) -> None:
    with running() as server:
        at_once = WindowSettings(grace_seconds=0.0)
        save(data.settings_file, Settings(mail=server.settings(), window=at_once))

        async def scene(play: Play) -> None:
            for number in (1, 2):
                post(play.api, f"/items/{number}", {"recipient": {"email": "ada@example.org"}})
            await play.until(lambda: play.states() == ["succeeded"] * 2)
            (first, *_) = sorted(play.rows())
            play.api.actions.act("resend", [first], key="again")
            await play.until(lambda: play.states() == ["succeeded"] * 3)
            play.window.page.table.selectAll()
            await play.until(lambda: words(play)["resend"].startswith("Send again (3): "))
            menu = play.window.page.table.menu()
            assert menu is not None
            offered = [each.text() for each in menu.actions() if each.text()]
            assert offered[-1] == "Send again (3)"  # where the keyboard begins are others
            before = len(server.mails)
            play.window.page.detail.action_chosen.emit("resend", sorted(play.rows()))
            await play.until(asked)
            assert asks(
                "2 e-mails were sent already. Send them a second time?"
                " Skipped: 1 has a newer e-mail."
            )
            answer("Do not send")
            play.window.page.detail.action_chosen.emit("resend", sorted(play.rows()))
            await play.until(asked)
            assert len(server.mails) == before
            answer("Send again")
            await play.until(lambda: len(server.mails) == before + 2)

        perform(scene)


@pytest.mark.parametrize(
    ("states", "counts", "texts"),
    [
        ((), {}, ["Retry", "Send now", "Cancel", "Mark as seen", "Remove finished"]),
        (
            (),
            {"scheduled": 3, "failed": 1200, "succeeded": 5},
            ["Retry (1,200)", "Send now (3)", "Cancel (3)", "Mark as seen", "Remove finished (5)"],
        ),
        (("queued", "running"), {}, ["Cancel"]),
        (("waiting", "queued"), {}, ["Try now", "Cancel"]),
        (("uncertain",), {}, ["It was sent", "Send again", "Mark as seen", "Remove finished"]),
        (("succeeded", "cancelled"), {}, ["Retry", "Remove finished"]),
        (("succeeded",), {}, ["Send again", "Remove finished"]),
        (("scheduled",), {}, ["Send now", "Cancel"]),
    ],
)
def test_of_all_that_match_a_verb_means_those_it_fits(
    states: tuple[str, ...], counts: dict[str, int], texts: list[str]
) -> None:
    known = [row_of(task_row(1))]
    selected = selection(known, 5000, SortedFilter(states=states), counts)
    assert [each.text for each in selected.actions] == texts
    for each in selected.actions:
        assert isinstance(each.which, SortedFilter)
        assert each.which.seen is (False if each.verb == "seen" else None)


COPIES = [
    (["a@x.org", "b@x.org"], 2, "Copy 2 addresses"),
    (["a@x.org", "b@x.org", "A, Dr. [b] <a@x.org>"], 3, "Copy 2 addresses (each once)"),
    (["a@x.org", "", ""], 3, "Copy address (2 tasks have none)"),
    (
        ["a@x.org", "b@x.org", "a@x.org", ""],
        9,
        "Copy 2 addresses (each once, 1 task has none, 5 are not loaded)",
    ),
]


def test_a_menu_acts_on_those_it_counts_and_copies_bare_addresses_and_says_why_they_are_fewer(
    view: TaskTable, themes: ThemeSource
) -> None:
    assert view.menu() is None  # nothing is selected
    for addresses, count, words in COPIES:
        known = [row_of(task_row(n, "failed", to=to or None)) for n, to in enumerate(addresses, 1)]
        chosen: list[object] = []
        selected = selection(known, count)
        menu = task_menu(selected, themes.theme, view, chosen.append, partial(chosen.append, 0))
        entries = {each.text(): each for each in menu.actions()}
        entries[words].trigger()
        assert QGuiApplication.clipboard().text() in {"a@x.org, b@x.org", "a@x.org"}
        rows = (
            "Copy as text" if count == len(known) else f"Copy the {len(known)} loaded rows as text"
        )
        entries[rows].trigger()
        entries[f"Retry ({len(known)})"].trigger()
        (copied, retry) = chosen
        assert (copied, retry) == (0, selected.actions[0])
