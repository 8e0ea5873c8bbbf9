"""Drafts: what is typed and not saved is kept on disk for the next window, which offers it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, Signal

from desktop.gui.frame.notices.bars import DISMISS, BarText
from desktop.gui.link.jobs import Job

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from desktop.client.drafts import DraftBox, Typed
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.link.jobs import Jobs


ASIDE: Final = "aside"
"""Marks a draft that is no longer offered; it stays where it was typed."""


class TypedDrafts(QObject):
    """The drafts of one kind by name; the one changed last is at the end.

    ``changed`` says that a draft was added, changed or removed, ``taken_up`` which one is shown
    again. ``jobs`` runs on one thread, so drafts are written in the order of typing.
    """

    changed = Signal()
    taken_up = Signal(str)

    def __init__(self, kind: Typed, box: DraftBox, jobs: Jobs, parent: QObject) -> None:
        super().__init__(parent)
        self._kind = kind
        self._box = box
        self._jobs = jobs
        self._drafts: dict[str, dict[str, Any]] | None = None

    def read(self, follows: Callable[[], object]) -> None:
        """Read the drafts of the last window, the first time; then call ``follows``."""

        def take(drafts: dict[str, dict[str, Any]]) -> None:
            if self._drafts is None:
                self._drafts = drafts
            follows()

        if self._drafts is not None:
            follows()
            return
        job = Job(self._box.load_typed, self._kind).then(take)
        self._jobs.start(job.otherwise(lambda _: take({})))

    def names(self) -> list[str]:
        """Return the names of all drafts; the one changed last is at the end."""
        return list(self._drafts or {})

    def of(self, name: str) -> dict[str, Any] | None:
        """Return the draft of that name."""
        return (self._drafts or {}).get(name)

    def left(self) -> list[str]:
        """Return the names of the drafts that are still offered."""
        return [name for name, draft in (self._drafts or {}).items() if ASIDE not in draft]

    def put_aside(self, name: str) -> None:
        """Stop offering a draft; it stays where it was typed."""
        self.read(lambda: self._mark(name, {ASIDE: True}))

    def take_up(self, name: str) -> None:
        """Note that a draft is shown again."""
        self.read(lambda: self._mark(name, {}))
        self.taken_up.emit(name)

    def keep(self, name: str, draft: dict[str, Any] | None) -> None:
        """Keep a draft under a name; ``None`` removes it."""
        self.read(lambda: self._keep(name, draft))

    def _mark(self, name: str, marks: dict[str, Any]) -> None:
        draft = self.of(name)
        if draft is not None:
            unmarked = {key: value for key, value in draft.items() if key != ASIDE}
            self._keep(name, unmarked | marks)

    def _keep(self, name: str, draft: dict[str, Any] | None) -> None:
        before = self._drafts or {}
        drafts = {each: kept for each, kept in before.items() if each != name}
        if draft is not None:
            drafts[name] = draft
        if drafts != before:
            self._drafts = drafts
            self._jobs.start(Job(self._box.save_typed, self._kind, drafts))
            self.changed.emit()


CONTINUE: Final = "continue"


class Unfinished(QObject):
    """A bar that offers the drafts of one kind that existed at the start, newest first.

    ``wanted`` carries the name of the draft to show; it is offered until it is shown. The cross
    only removes the bar: drafts stay where they were typed. Subclasses provide the texts.
    """

    wanted = Signal(str)
    icon = "pencil"

    def __init__(self, window: MainWindow, drafts: TypedDrafts, bar: str) -> None:
        super().__init__(window)
        self.drafts = drafts
        self._notices = window.notices
        self._bar = bar
        self._left: list[str] = []
        self._is_offered = False
        self._notices.action_chosen.connect(self._on_action)
        drafts.changed.connect(self._show)
        drafts.taken_up.connect(self.stop_offering)

    def look(self) -> None:
        """Offer what the last window left, once."""
        if not self._is_offered:
            self._is_offered = True
            self.drafts.read(lambda: self.offer(self.drafts.left()))

    def offer(self, names: Sequence[str]) -> None:
        """Offer these drafts; those removed later are left out."""
        self._left = list(names)
        self._show()

    def stop_offering(self, name: str) -> None:
        """Stop offering a draft, which is shown now."""
        self.offer([each for each in self._left if each != name])

    def words(self, last: str, count: int) -> str:
        """Return the bar's text for ``count`` drafts, of which ``last`` is the newest."""
        raise NotImplementedError

    def way(self) -> str:
        """Return the text of the button that opens the newest draft."""
        raise NotImplementedError

    def _show(self) -> None:
        self._left = [each for each in self._left if self.drafts.of(each) is not None]
        if self._left:
            words = self.words(self._left[-1], len(self._left))
            way = ((CONTINUE, self.way()),)
            bar = BarText("info", words, way, icon=self.icon, dismissible=True)
            self._notices.say(self._bar, bar)
        else:
            self._notices.take_back(self._bar)

    def _on_action(self, name: str, action: str) -> None:
        if name != self._bar or not self._left:
            return
        if action == DISMISS:
            left = self._left
            self.offer([])
            for each in left:
                self.drafts.put_aside(each)
        else:
            self.wanted.emit(self._left[-1])
