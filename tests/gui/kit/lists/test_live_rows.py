"""Rows become other rows, and a view keeps its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPersistentModelIndex
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QWidget

from desktop.gui.kit.lists.live_rows import LiveRows, Rereading
from tests.property_based import examples

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot


class Letters(LiveRows):
    def __init__(self) -> None:
        super().__init__("name")

    def columnCount(self, parent: Any = None) -> int:
        return 1

    def data(self, index: Any, role: int = 0) -> Any:
        return self.rows[index.row()]["value"] if role == 0 else None


def rows(names: str) -> list[dict[str, str]]:
    return [{"name": name.lower(), "value": name} for name in names]


ANY = st.lists(st.sampled_from("aAbBcCdDeE"), unique_by=str.lower, max_size=5).map("".join)


@given(st.lists(ANY, min_size=2, max_size=5))
@settings(max_examples=examples(60), deadline=None)
def test_any_list_becomes_any_other_and_what_stays_keeps_its_index(
    qapp: QApplication, lists: list[str]
) -> None:
    model = Letters()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, model)
    model.insert(0, rows("xyz"))
    for names in lists:
        before = {each["name"]: place for place, each in enumerate(model.rows)}
        kept = {name: QPersistentModelIndex(model.index(at, 0)) for name, at in before.items()}
        model.replace(1, len(model.rows) - 1, rows(names))
        assert model.rows == rows("x" + names + "z")
        for name, index in kept.items():
            assert index.row() == (model.position_of(name) if name in names.lower() + "xz" else -1)


def test_what_is_needed_elsewhere_is_read_out_of_sight_too(qtbot: QtBot) -> None:
    reads: list[bool] = []
    view = QWidget()
    qtbot.addWidget(view)
    rereading = Rereading(view, lambda: reads.append(view.isVisible()), elsewhere=True)
    assert reads == []
    for _ in range(5):
        rereading.note()
    assert reads == [False]
    qtbot.waitUntil(lambda: reads == [False, False])
