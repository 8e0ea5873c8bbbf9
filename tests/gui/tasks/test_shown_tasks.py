"""What the table shows, and which of it is selected at first."""

from __future__ import annotations

from desktop.gui.tasks.search_field import ShownTasks


def test_the_only_task_of_a_part_is_selected_or_the_first_once_where_that_was_asked() -> None:
    shown = ShownTasks(part={"cause": "a1"})
    assert [shown.selects_first(count) for count in (0, 1, 2)] == [False, True, False]
    shown.begins_at_first = True
    assert [shown.selects_first(2), shown.selects_first(2)] == [True, False]
    assert not ShownTasks(begins_at_first=True).selects_first(2), "it is no part"
