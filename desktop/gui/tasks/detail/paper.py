"""The sheet on the desk: a letter as it was sent, the values of an own task, or counts."""

from __future__ import annotations

from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop.gui.kit.look import icons
from desktop.gui.kit.look.appearance import LOOK, set_color, set_role, sized
from desktop.gui.kit.widgets.buttons import Link
from desktop.gui.kit.widgets.field import FactLines, editor_label
from desktop.gui.kit.widgets.surfaces import FlowPane, Rule, clear, drop
from desktop.gui.kit.widgets.texts import Paragraph, ReadingPane, WholeLabel
from desktop.gui.tasks.detail.desk_content import Figure, Paper, Values

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.gui.kit.widgets.message_view import MessageView
    from desktop.gui.kit.words.task_row import Row
    from desktop.gui.tasks.detail.contents import TaskRead
    from desktop.gui.tasks.detail.desk_content import Count, DeskContent

COMING: Final = 3
"""Grey lines in place of a letter that is not read yet."""


class ValuesView(QWidget):
    """The result of a task, then its arguments, as high as they are."""

    def __init__(self) -> None:
        super().__init__()
        self.result = ReadingPane(self.tr("Result"))
        self.arguments = ReadingPane(self.tr("Arguments"))
        self._labels = {
            self.result: editor_label(self.tr("Result"), self.result),
            self.arguments: editor_label(self.tr("Arguments"), self.arguments),
        }
        column = sized(QVBoxLayout(self), margins=0, spacing=4)
        for pane, label in self._labels.items():
            column.addWidget(label)
            column.addWidget(pane)

    def show_values(self, values: Values) -> None:
        """Show other values; an empty one is left out."""
        said = {self.result: values.result or values.none, self.arguments: values.arguments}
        for pane, text in said.items():
            pane.show_lines(text)
            for part in (pane, self._labels[pane]):
                part.setVisible(bool(text))


class FigureRow(FlowPane):
    """Numbers above their words; ``acted`` carries the action of the one that was chosen."""

    acted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[Figure, ...] = ()
        self.links: dict[str, Link] = {}
        sized(self.flow, spacing=24)
        LOOK.changed.connect(self._make)
        self.hide()

    def show_figures(self, figures: tuple[Figure, ...]) -> None:
        """Show other figures; if only the numbers have changed, the links stay."""
        before, self._shown = self._shown, figures
        if [_kind(each) for each in before] != [_kind(each) for each in figures]:
            self._make()
        for each in figures:
            link = self.links[each.action.verb]
            link.setText(each.action.text)
            link.setEnabled(each.action.works)
            link.setAccessibleName(f"{each.action.text} {each.word}")
        self.setVisible(bool(figures))

    def _make(self) -> None:
        clear(self.flow)
        self.links = {}
        for each in self._shown:
            verb, pair = each.action.verb, QWidget()
            link, word = Link(each.widest), set_role(QLabel(each.word), each.role)
            link.setProperty("lines", "figure")
            link.clicked.connect(lambda _=False, verb=verb: self._on_link(verb))
            both = sized(QVBoxLayout(pair), margins=0, spacing=0)
            both.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)
            both.addWidget(word)
            both.addStretch(1)
            self.flow.addWidget(pair)
            pair.show()  # else it is hidden until the next layout
            pair.setMinimumWidth(pair.sizeHint().width())
            link.setText(each.action.text)
            self.links[verb] = link

    def _on_link(self, verb: str) -> None:
        self.acted.emit(next(each.action for each in self._shown if each.action.verb == verb))


def _kind(figure: Figure) -> tuple[object, ...]:
    """Return what a figure is, for any number."""
    return figure.action.verb, figure.word, figure.role, figure.widest


class PaperHead(QWidget):
    """What can be changed of a task, at the beginning of its sheet; another room makes it.

    ``changed`` says that the desk has something else to show.
    """

    changed = Signal()

    def dress(self, shown: DeskContent, row: Row, read: TaskRead | None) -> DeskContent:
        """Return what the desk shows of a task in place of what it would show without this."""
        raise NotImplementedError

    def act(self, verb: str) -> bool:
        """Carry out a verb; tell whether it is one of these."""
        raise NotImplementedError

    def send(self) -> None:
        """Do what Ctrl+Enter does, once something is typed."""
        raise NotImplementedError

    def begin(self) -> bool:
        """Move the focus to what has to be changed; tell whether there is anything."""
        raise NotImplementedError

    def has_changes(self) -> bool:
        """Tell whether something is typed."""
        raise NotImplementedError


class PaperView(QWidget):
    """Shows one sheet; a letter that is not read yet is three lines as high as the last one."""

    def __init__(self) -> None:
        super().__init__()
        self._shown = Paper()
        self.head: PaperHead | None = None
        self.frame = QFrame()
        self.frame.setObjectName("letter")
        self._inside = sized(QVBoxLayout(self.frame), margins=(20, 16, 20, 20))
        self.lines = QWidget()
        column = sized(QVBoxLayout(self.lines), margins=(0, 8, 0, 8), spacing=16)
        for _ in range(COMING):
            column.addWidget(sized(Rule(), height=8))
        column.addStretch(1)
        self._inside.addWidget(self.lines)
        self.facts = FactLines()
        self._inside.addWidget(self.facts)
        self.words = set_role(Paragraph(), "soft")
        self.values = ValuesView()
        self.counts: list[QLabel] = []
        self._lines_of_counts = sized(QVBoxLayout(), spacing=4)
        self.figures = FigureRow()
        column = sized(QVBoxLayout(self), margins=0, spacing=8)
        column.addLayout(self._lines_of_counts)
        column.addWidget(self.figures)
        for part in (self.frame, self.words, self.values):
            column.addWidget(part)
            part.hide()

    def begin_with(self, head: PaperHead) -> None:
        """Let the sheet begin with what can be changed, where there is any."""
        self.head = head
        head.hide()
        self._inside.insertWidget(0, head)

    @cached_property
    def mail(self) -> MessageView:
        """The view of the letter, made on first use."""
        from desktop.gui.kit.widgets.message_view import MessageView

        mail = MessageView()
        mail.choice.hide()  # the menu of the head has it
        self._inside.addWidget(mail)
        for stop, following in pairwise((self.values.arguments, mail.rendered, mail.text)):
            self.setTabOrder(stop, following)
        return mail

    @property
    def letter(self) -> QWidget | None:
        """What takes the focus of a letter, if one is shown."""
        has_letter = self._shown.letter is not None
        return self.mail.pages.currentWidget() if has_letter else None

    @property
    def last_stop(self) -> QWidget:
        """The last widget that Tab reaches in it."""
        return self.mail.text if "mail" in self.__dict__ else self.values.arguments

    def show_paper(self, paper: Paper) -> None:
        """Show another sheet; it stays as it is if nothing has changed."""
        before, self._shown = self._shown, paper
        if paper == before:
            return
        if paper.is_coming:
            high = self.mail.height() if before.letter is not None else 0
            self.lines.setMinimumHeight(max(high, self.lines.minimumHeight() * before.is_coming))
        if paper.letter is not None:
            self.mail.show_mail(dict(paper.letter))
        if "mail" in self.__dict__:
            self.mail.setVisible(paper.letter is not None)
        self.lines.setVisible(paper.is_coming)
        if paper.facts != before.facts:
            self.facts.clear()
            for number, each in enumerate(paper.facts):
                self.facts.add(str(number), each.name, WholeLabel())
                self.facts.say(str(number), each.text)
        self.facts.setVisible(bool(paper.facts))
        is_sheet = paper.is_coming or paper.letter is not None or paper.has_head
        self.frame.setVisible(is_sheet or bool(paper.facts))
        if self.head is not None:
            self.head.setVisible(paper.has_head)
        self.figures.show_figures(paper.figures)
        self.words.setText(paper.words)
        self.words.setVisible(bool(paper.words))
        self.values.setVisible(paper.values is not None)
        if paper.values is not None:
            self.values.show_values(paper.values)
        if paper.counts != before.counts:
            self._show_counts(paper.counts)

    def show_plain(self, plain: bool) -> None:
        """Show the letter as plain text, or formatted."""
        if plain or "mail" in self.__dict__:
            self.mail.show_as("text" if plain else "html")

    def _show_counts(self, counts: Sequence[Count]) -> None:
        while (item := self._lines_of_counts.takeAt(0)) is not None:
            drop(item.widget())
        self.counts = []
        for each in counts:
            line, picture, words = QWidget(), QLabel(), QLabel(each.text)
            row = sized(QHBoxLayout(line), margins=0, spacing=8)
            icons.draw(picture, each.icon, each.ink)
            set_color(words, each.ink)
            row.addWidget(picture)
            row.addWidget(words, 1, Qt.AlignmentFlag.AlignLeft)
            self._lines_of_counts.addWidget(line)
            self.counts.append(words)
