"""One group that is on disk, and whom that was promised to."""

from __future__ import annotations

from dataclasses import dataclass

from desktop.engine.group import Group
from desktop.engine.inbox import Inbox, More, Request
from desktop.engine.notes import Note, PointOfNoReturn, Refusal
from desktop.engine.replies import Answer, answer, keep, settle


@dataclass(frozen=True, slots=True)
class Written:
    """A group after its COMMIT; ``answers`` are what its requests are told."""

    group: Group
    notes: list[Note]
    refused: list[Refusal]
    answers: list[tuple[Request, Answer]]

    def answer(self, inbox: Inbox) -> None:
        """Tell everyone who waits for it; requests that are not done go on in ``inbox``."""
        answer((r.reply, told) for r, told in self.answers if not isinstance(told[0], More))
        for request, (value, _) in self.answers:
            if isinstance(value, More):
                keep(inbox.go_on, request, value)
        for point, error in self.refused:
            keep(settle, point.future, (None, error))
        for note in self.notes:
            if isinstance(note, PointOfNoReturn) and not note.future.done():
                keep(settle, note.future, (None, None))
