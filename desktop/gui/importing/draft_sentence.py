"""The sentence of an import: how far it is read, and what happens once it is sent."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QLocale, Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QScrollArea, QSizePolicy, QWidget

from desktop.contract.batches import rows_to_send
from desktop.gui.batches.draft_words import (
    copied_words,
    corrected,
    not_read,
    way_out,
    what_happens,
)
from desktop.gui.kit.look import icons
from desktop.gui.kit.look.appearance import set_font, set_role, sized
from desktop.gui.kit.widgets.accent import ACCENT, AccentClaim
from desktop.gui.kit.widgets.buttons import ActionButton
from desktop.gui.kit.widgets.surfaces import ShareBar, stacked
from desktop.gui.kit.widgets.texts import Feedback, WholeLabel, tip
from desktop.gui.kit.words.file_faults import waiting_error
from desktop.gui.kit.words.states import sentences
from desktop.gui.kit.words.table import WORDS, say
from sendoff_tasks.client.errors import BackendBusy

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from desktop.contract.batches import Batch, BatchRow

NAMED: Final = 3
"""Changed files that are named."""
BAR: Final = 4
"""Height of the bar, in units of the grid."""
LINE: Final = 18
"""Height of a line, in units of the grid."""
SAID: Final = (200, 54)
"""Maximum height of the sentence, in units of the grid; a longer one scrolls above the buttons."""


class FootWords(QScrollArea):
    """Shows ``words`` as high as they are, up to ``SAID``, so that no button is pushed out."""

    def __init__(self, words: QWidget) -> None:
        super().__init__(widgetResizable=True)
        self._words = words
        words.setProperty("area", "clear")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setWidget(words)
        sized(self, least_height=LINE, most_height=SAID)

    def heightForWidth(self, width: int) -> int:
        """Return the height of the words, at least a line."""
        words, line = self._words, self.fontMetrics().height()
        return max(words.heightForWidth(width), words.minimumSizeHint().height(), line)

    def event(self, event: QEvent) -> bool:
        """Ask for another height when the words change."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().event(event)


class DraftSentence(QWidget):
    """Says what the draft is and what happens once it is sent, and how far reading is.

    The buttons *Send this one to me* and *Send*, in practice *Keep*, stand elsewhere.
    """

    def __init__(self, other_file: QWidget) -> None:
        """``other_file`` is a button beside the sentence."""
        super().__init__()
        self.sentence = set_font(WholeLabel(), 15, QFont.Weight.DemiBold)
        self.words = Feedback()
        self.bar = sized(ShareBar(), height=BAR)
        self.stop = QPushButton()
        self.read_on = QPushButton(self.tr("Read on"))
        self.read_on.setToolTip(self.tr("Read the rows of the spreadsheet that are missing"))
        self.read_again = QPushButton(self.tr("Read again"))
        self.read_again.setToolTip(
            self.tr("Take what is on the disk now; corrections stay where a value is the same")
        )
        self.read_again.hide()
        self.to_me = set_role(ActionButton(self.tr("Send this one to me")), "quiet")
        icons.put(self.to_me, "send", "text")
        self.to_me.setToolTip(self.tr("Send its e-mail to the sender's own address"))
        self.send = ActionButton(self.tr("Send"))
        self.send.setToolTip(self.tr("Make an item of each row that is ready, and send its e-mail"))
        ACCENT.give(self.send, lambda: AccentClaim.CASE)
        self._first = self._newer = self._early = ""
        self._said: list[str] = []
        self._count = 0
        self._can_send = self._is_sending = self._is_early = self._keeps = False
        self.lost = 0  # corrected values of rows that are no longer read
        self._name = ""
        self._rows = 0
        line = sized(QHBoxLayout(), margins=0, spacing=8)
        line.addWidget(self.sentence, 1)
        for part in (self.stop, self.read_on, self.read_again, other_file):
            line.addWidget(part, 0, Qt.AlignmentFlag.AlignTop)
        stacked(self, line, FootWords(self.words), self.bar)
        self.show_progress(None)
        self.show_row(None)

    def begin(self, name: str) -> None:
        """Say that a file is being read."""
        self._name = name
        self.sentence.setText(say("import", "reads", name=name) if name else "")

    def show_unreadable(self, why: str) -> None:
        """Say why the file cannot be read."""
        self.sentence.setText(say("import", "unreadable", name=self._name))
        self.say(why)

    def say(self, sentence: str) -> None:
        """Show a sentence in place of the one about the draft."""
        self._first = ""
        self._said = [sentence]
        self.words.say_usually(sentence)

    def say_why(self, sentence: str, error: Exception) -> None:
        """Show an error until the person goes on or the backend is back."""
        self._first = ""
        self.words.say_why(sentence, error)

    def forget_why(self) -> None:
        """Remove the error: the person goes on."""
        self.words.forget_why()

    def show_newer(self, *, is_newer: bool, files: Sequence[str] = ()) -> None:
        """Say what was saved after it was read or added, and offer to read it again."""
        said = []
        if is_newer:
            said.append(say("import", "saved_since"))
        if files:
            some = [*(Path(each).name for each in files[:NAMED]), *["…"] * (len(files) > NAMED)]
            said.append(say("import", "files_since", n=len(files), names=", ".join(some)))
        self._newer = sentences(*said)
        self.read_again.setVisible(bool(said))
        self._say()

    def say_first(self, sentence: str) -> None:
        """Show a sentence before the one about the draft, until another is shown."""
        self._first = sentence
        self.words.say_usually(sentence)

    def forget_first(self) -> None:
        """Drop the sentence of :meth:`say_first` at the next change of the draft."""
        self._first = ""

    def press_send(self) -> None:
        """Press *Send*, or say that it has to wait until the rows are read."""
        if self.send.isEnabled():
            self.send.click()
        elif self._is_early:
            self._early = say("import", "press_later")
            self.words.say(self._early)

    def show_practice(self, *, keeps: bool) -> None:
        """Set whether practice mode keeps the e-mails in place of sending them."""
        self._keeps = keeps
        self._show_send()

    def show_sending(self, *, is_sending: bool) -> None:
        """Show *Sending…* on the button until the request is answered."""
        self._is_sending = is_sending
        self._show_send()
        if is_sending:
            self.forget_why()

    def show_waiting(self, error: Exception) -> None:
        """Say that sending waits for the backend, until it is back."""
        self.say_why(waiting_error(error), error)

    def show_ended(self) -> None:
        """Say nothing more of sending: Sendoff has not answered."""
        self.show_sending(is_sending=False)
        self.words.say("")

    def show_reading_waits(self, error: Exception) -> None:
        """Say why the backend takes no rows, and that reading continues by itself."""
        words = waiting_error(error)
        if isinstance(error, BackendBusy):
            words = sentences(words, say("import", "continues"))
        self.say_why(words, error)

    def show_progress(
        self, share: float | None, rows: int | None = None, files: int | None = None
    ) -> None:
        """Show which share of the rows is read, or of ``files`` is copied, 0 to 1.

        ``None`` hides the progress bar.
        """
        self.stop.setVisible(share is not None)
        is_rows = files is None
        self.bar.show_share(share, self.tr("Rows read") if is_rows else self.tr("Files copied"))
        self.stop.setText(self.tr("Stop reading") if is_rows else self.tr("Stop copying"))
        if share is None:
            self.forget_why()
            return
        if (whole := rows if is_rows else files) or (is_rows and whole is not None):
            done = WORDS.number(round(share * whole))
            said = say("import", "rows" if is_rows else "files", n=whole, done=done)
        else:
            said = say("import", "rows_read" if is_rows else "files_looked")
        self.say(sentences(self._early, said))

    def show_row(self, row: BatchRow | None) -> None:
        """Offer to send the current row's message to the sender's own address."""
        self.to_me.setVisible(row is not None)

    def show_batch(
        self,
        batch: Batch | None,
        *,
        reading: bool,
        rows_of_file: int | None = None,
        also: Collection[str] = (),
        unfilled: Sequence[str] = (),
        undecided: str = "",
    ) -> None:
        """Say what will be sent, what is left out, and when the last message is sent.

        Rows that were sent before are sent again if their check is in ``also``. ``unfilled`` are
        the fields that the template asks for and no column fills. Nothing is sent while something
        is ``undecided``.
        """
        self._count = rows_to_send(batch["counts"], also) if batch is not None else 0
        self._rows = batch["counts"]["rows"] if batch is not None else 0
        self._is_early = batch is None or reading or bool(batch["counts"]["unchecked"])
        self._can_send = bool(self._count) and not self._is_early and not undecided
        if batch is None or not self._is_early:
            self._early = ""
        self._show_send()
        self.send.setVisible(batch is not None)
        unread = [] if batch is None else not_read(batch, rows_of_file)
        self.read_on.setVisible(bool(unread) and not reading)
        if batch is None:
            self.lost = 0
            self.say("")
        if batch is None or reading:
            return
        counts = batch["counts"]
        if counts["unchecked"]:
            self._said = [say("draft", "checking", n=counts["unchecked"])]
            self._say()
            return
        said = [*unread, *filter(None, [undecided]), *corrected(batch, self.lost)]
        if counts["rows"] or not unread:
            said += what_happens(batch, also)
        if unfilled and counts["problems"]:
            said.append(way_out(unfilled))
        copied = [] if undecided else copied_words(batch, also)
        self.words.setToolTip(tip("\n".join(copied)))
        self._said = said
        self._say()

    def _say(self) -> None:
        said = sentences(self._newer, self._first, self._early, *self._said)
        self.words.say_usually(said, keeps_why=True)

    def _show_send(self) -> None:
        words = self.tr("Keep {}") if self._keeps else self.tr("Send {}")
        count = words.format(QLocale().toString(self._count))
        self.send.setText(self.tr("Sending…") if self._is_sending else count)
        if not self._is_early:
            kept, figure = ["kept"] * self._keeps, WORDS.number(self._count)
            self.sentence.setText(say("import", "can_leave", *kept, n=self._rows, count=figure))
        self.send.setEnabled(self._can_send and not self._is_sending)
