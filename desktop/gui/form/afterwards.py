"""*Afterwards*: a check box for each task that can run once an item is registered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from desktop.contract.items import task_title
from desktop.gui.widgets.buttons import CheckBox
from desktop.gui.widgets.flow import drop
from desktop.gui.widgets.texts import tip

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from PySide6.QtCore import QSettings

    from desktop.contract.functions import TaskFunction
    from desktop.gui.form.item_kind import TaskKind
    from desktop.gui.look.appearance import ThemeSource
    from desktop.gui.look.theme import Theme

_KEY: Final = "window/afterwards"


class Afterwards(QWidget):
    """The tasks of the item's kind, then the person's own functions (:meth:`show_functions`).

    A new item starts with the own functions that the person checked last, remembered in
    ``settings``. ``edited`` is emitted when the person changes a box, never when the program does.
    """

    edited = Signal()

    def __init__(self, kinds: Sequence[TaskKind], themes: ThemeSource, settings: QSettings) -> None:
        super().__init__()
        self._kinds = kinds
        self._themes = themes
        self._settings = settings
        self._wanted: set[str] = set()
        self._is_known = False
        self._offered: list[TaskFunction] = []
        heading = QLabel(self.tr("Afterwards"))
        heading.setProperty("role", "soft")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(heading)
        self.boxes: dict[str, CheckBox] = {}
        for kind in kinds:
            self._add(kind.name, kind.label)

    def show_functions(self, functions: Sequence[TaskFunction]) -> None:
        """Offer the functions that take an item; checked ones stay checked."""
        own = {kind.name for kind in self._kinds}
        found = [each for each in functions if each["takes_item"] and each["name"] not in own]
        if found == self._offered and self._is_known:
            return  # a box may have the focus
        self._offered = found
        chosen = self.chosen()
        for name in [name for name in self.boxes if name not in own]:
            box = self.boxes.pop(name)
            self._column.removeWidget(box)
            drop(box)
        for each in found:
            self._add(each["name"], each["title"], each["doc"].partition("\n")[0])
        self._is_known = True
        self.choose(chosen)

    def call_mail(self, template: str) -> None:
        """Call the e-mail after its template, as its task is called."""
        for kind in self._kinds:
            if kind.name in self.boxes:
                title = task_title(kind.name, {"template": template}) or kind.label
                self.boxes[kind.name].setText(title.replace("&", "&&"))

    def chosen(self) -> list[str]:
        """Return the names of the checked tasks, and of those to check once they are known."""
        shown = [name for name, box in self.boxes.items() if box.isChecked()]
        unknown = () if self._is_known else self._wanted - self.boxes.keys()
        return [*shown, *sorted(unknown)]

    def choose(self, names: Collection[str]) -> None:
        """Check exactly these tasks, without emitting ``edited``."""
        self._wanted = set(names)
        for name, box in self.boxes.items():
            box.blockSignals(True)
            box.setChecked(name in names)
            box.blockSignals(False)

    def usual(self) -> list[str]:
        """Return the tasks that are checked for a new item."""
        kept = str(self._settings.value(_KEY, "")).splitlines()
        return [*(kind.name for kind in self._kinds if kind.checked), *kept]

    def dress(self, theme: Theme) -> None:
        """Take the sizes of a theme."""
        self._column.setSpacing(theme.px(4))

    def _add(self, name: str, label: str, about: str = "") -> None:
        before = next(reversed(self.boxes.values()), None)
        box = self.boxes[name] = CheckBox(label.replace("&", "&&"), self._themes)
        box.setToolTip(tip(f"{label}\n{about}") if about else "")
        box.setAccessibleDescription(about)
        box.toggled.connect(self._on_toggled)
        self._column.addWidget(box)
        if before is not None:
            QWidget.setTabOrder(before, box)  # otherwise Tab reaches it last of all

    def _on_toggled(self) -> None:
        own = {kind.name for kind in self._kinds}
        kept = [name for name in self.chosen() if name not in own]
        self._settings.setValue(_KEY, "\n".join(kept))
        self.edited.emit()
