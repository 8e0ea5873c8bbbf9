"""The foot of the import sheet: a sentence about the draft, the progress, and the buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QProgressBar, QPushButton, QWidget

from desktop.gui.batches.draft_words import corrected, not_read, to_send, way_out, what_happens
from desktop.gui.kit.look import icons
from desktop.gui.kit.look.follow import sized
from desktop.gui.kit.widgets.buttons import HintedButton
from desktop.gui.kit.widgets.sheet import FootRow
from desktop.gui.kit.widgets.texts import Feedback
from desktop.gui.kit.words.states import sentences

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QResizeEvent

    from desktop.contract.batch_rows import BatchRow
    from desktop.contract.batches import Batch
    from desktop.gui.kit.look.appearance import ThemeSource

SEND_KEYS = "Ctrl+Return"
_WHOLE = 1000


class ImportFoot(QWidget):
    """A sentence, the progress of reading, *Send row n to me* and *Send*."""

    def __init__(self, themes: ThemeSource) -> None:
        super().__init__()
        self.words = Feedback()
        room = self.words.sizePolicy()
        room.setRetainSizeWhenHidden(True)
        self.words.setSizePolicy(room)
        self.bar = QProgressBar(maximum=_WHOLE, textVisible=False)
        sized(self.bar, width=160, height=6)
        self.bar.setAccessibleName(self.tr("Rows read"))
        self.stop = QPushButton(self.tr("Stop reading"))
        self.read_on = QPushButton(self.tr("Read on"))
        self.read_on.setToolTip(self.tr("Read the rows of the spreadsheet that are missing"))
        self.read_again = QPushButton(self.tr("Read again"))
        self.read_again.setToolTip(
            self.tr("Read the spreadsheet as it is now; corrections stay where a value is the same")
        )
        self.read_again.hide()
        self.to_me = QPushButton(self.tr("Send this row to me"))
        icons.put(self.to_me, "send", "text")
        self.to_me.setToolTip(self.tr("Send its message to the sender's own address"))
        self.send = HintedButton(self.tr("Send"), QKeySequence(SEND_KEYS), themes)
        self._first = self._newer = self._early = ""
        self._said: list[str] = []
        self._count = 0
        self._can_send = self._is_sending = self._is_early = False
        self.lost = 0  # corrected values of rows that are no longer read
        parts = (self.bar, self.stop, self.read_on, self.read_again, self.to_me, self.send)
        self._row = FootRow(self, self.words, parts)
        self.show_progress(None)
        self.show_row(None)

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

    def show_newer(self, *, is_newer: bool) -> None:
        """Say that the spreadsheet was saved after it was read, and offer to read it again."""
        words = self.tr(
            "The spreadsheet was saved again after it was read. Read it again, or press Send for"
            " what was read."
        )
        self._newer = words if is_newer else ""
        self.read_again.setVisible(is_newer)
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
            self._early = self.tr("Press Send once all rows are read and checked.")
            self.words.say(self._early)

    def show_sending(self, *, is_sending: bool) -> None:
        """Show *Sending…* on the button until the request is answered."""
        self._is_sending = is_sending
        self._show_send()
        if is_sending:
            self.forget_why()

    def show_waiting(self, error: Exception) -> None:
        """Say that sending waits for the backend, until it is back."""
        words = self.tr("Sendoff does not answer right now. The messages are sent once it does.")
        self.say_why(words, error)

    def show_reading_waits(self, error: Exception) -> None:
        """Say that reading goes on once the backend is back, until it is."""
        words = self.tr("Sendoff does not answer right now. Reading continues once it does.")
        self.say_why(words, error)

    def show_progress(self, share: float | None, rows: int | None = None) -> None:
        """Show the share of the file that is read, 0 to 1; ``None`` hides the progress bar."""
        for part in (self.bar, self.stop):
            part.setVisible(share is not None)
        if share is None:
            self.forget_why()
            return
        self.bar.setValue(round(share * _WHOLE))
        said = self.tr("Rows are read and checked…")
        if rows is not None:
            words = self.tr("{} of %Ln rows are read and checked…", None, rows)
            said = words.format(QLocale().toString(round(share * rows)))
        self.say(sentences(self._early, said))

    def show_row(self, row: BatchRow | None) -> None:
        """Offer to send the current row's message to the sender's own address."""
        self.to_me.setVisible(row is not None)
        if row is not None:
            number = QLocale().toString(row["row"])
            self.to_me.setText(self.tr("Send row {} to me").format(number))

    def show_batch(
        self,
        batch: Batch | None,
        *,
        reading: bool,
        rows_of_file: int | None = None,
        again: bool = False,
        unfilled: Sequence[str] = (),
    ) -> None:
        """Say what will be sent, what is left out, and when the last message is sent.

        With ``again``, rows that were sent before are sent again. ``unfilled`` are the fields that
        the template asks for and no column fills.
        """
        self._count = to_send(batch, again=again) if batch is not None else 0
        self._can_send = bool(self._count) and not reading
        self._is_early = batch is None or reading or bool(batch["counts"]["unchecked"])
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
            checking = self.tr("%Ln rows are being checked.", None, counts["unchecked"])
            self._said = [checking]
            self._say()
            return
        said = [*unread, *corrected(batch, self.lost)]
        if counts["rows"] or not unread:
            said += what_happens(batch, again=again)
        if unfilled and counts["problems"]:
            said.append(way_out(unfilled))
        self._said = said
        self._say()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the sentence above the buttons if room is short."""
        super().resizeEvent(event)
        self._row.fit(self.width())

    def _say(self) -> None:
        said = sentences(self._newer, self._first, self._early, *self._said)
        self.words.say_usually(said, keeps_why=True)

    def _show_send(self) -> None:
        count = self.tr("Send {}").format(QLocale().toString(self._count))
        self.send.setText(self.tr("Sending…") if self._is_sending else count)
        self.send.setEnabled(self._can_send and not self._is_sending)
