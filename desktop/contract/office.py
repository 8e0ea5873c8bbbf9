"""What the office adds to the reasons, cures, refusals, counts and details of tasks."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Final, cast

from typing_extensions import TypedDict

from sendoff_tasks.model.events import Stats
from sendoff_tasks.model.tasks import TaskDetail, TaskFunction, TaskRow

PURPOSE: Final = "items"
"""The purpose of a database with the tasks of a backend that sends e-mail."""


class OfficeReason(StrEnum):
    """What a task of a batch waits for, and what became of its message; each names its data."""

    BATCH_LIMIT = "batch_limit"
    """Scheduled or waiting, ``until`` the rate ``limit`` of ``batch_id`` allows it.

    With the ``mark`` ``HOURS``, until the sending hours begin.
    If a pause, a hold or an outage of the queue lasts longer, that reason is given instead.
    """
    BATCH_PAUSED = "batch_paused"
    """Scheduled: a person paused batch ``batch_id`` at ``since``."""
    UNSETTLED = "unsettled"
    """Of a batch: a person has to settle ``count`` earlier, uncertain messages first."""
    CAME_BACK = "came_back"
    """Succeeded, but what it sent came back, as was learned at ``since``: ``code``, ``said``."""


HOURS: Final = "hours"
"""The ``mark`` of a batch's limit that is the sending hours."""
WAITS_FOR_REAL: Final = "sending.waits_for_real"
"""What a reason's ``told`` names of e-mails submitted for real that practice mode does not keep."""
PRACTISED: Final = "sending.practised"
"""The same of e-mails submitted in practice mode that are not sent unasked."""


class OfficeNotice(StrEnum):
    """The id of a notice, besides :class:`~.model.events.NoticeId`."""

    STRANGE_SETTINGS = "settings-keys"
    """The settings have words that are not known."""


class OfficeCure(StrEnum):
    """The action that solves the problem of a cause, besides :class:`~.model.causes.Cure`."""

    MAIL_SETTINGS = "mail_settings"
    SIGN_IN = "sign_in"
    CORRECT_ADDRESS = "correct_address"
    EDIT_TEMPLATE = "edit_template"


class OfficeRefusal(StrEnum):
    """Why an action leaves a task or an item alone, besides :class:`~.model.states.Refusal`."""

    BATCH_PAUSED = "batch_paused"
    """It starts once its batch is resumed."""
    BATCH_LIMIT = "batch_limit"
    """It starts once the limit of its batch allows."""
    NUMBER_TAKEN = "number_taken"
    """The item ``number`` exists with other content."""
    NUMBER_TWICE = "number_twice"
    """The item ``number`` is twice in the request, with different content."""
    NO_NUMBER = "no_number"
    """No number is free above those that are taken."""
    UNDER_WAY = "under_way"
    """The item's task ``title`` runs."""
    UNCHANGED = "unchanged"
    """The item was already sent like this, by task ``task_id``."""
    ITEM_IN_BATCH = "item_in_batch"
    """The item came with a batch."""
    PERSON_IN_DRAFT = "person_in_draft"
    """The person to forget is in the draft ``batch``."""
    PERSON_IN_BATCH = "person_in_batch"
    """The ``batch`` is still to send the person to forget a message, or a copy of one."""
    BATCH_IS_DRAFT = "batch_is_draft"
    """Only a started batch can do this."""
    BATCH_STARTED = "batch_started"
    """Only a draft can do this."""
    BATCH_UNCHECKED = "batch_unchecked"
    """The draft has ``count`` rows that are not checked yet."""
    BATCH_BEGUN = "batch_begun"
    """Only a batch that is planned for later can do this."""
    BATCH_TRIED = "batch_tried"
    """Some of its messages were tried."""
    BATCH_ENDED = "batch_ended"
    """No row of it is open."""
    STILL_OPEN = "still_open"
    """Practice mode would keep ``count`` e-mails that were submitted for real."""


OF_CALLS: Final = frozenset(OfficeRefusal) - {OfficeRefusal.BATCH_PAUSED, OfficeRefusal.BATCH_LIMIT}
"""Refusals that no action on tasks has."""


class OfficeStats(Stats, total=False):
    """The counts of a backend that sends e-mail; the monitor of an app has none of these.

    - ``batch_rows``, ``paused_rows``: rows of running and of paused batches that are not tasks yet
    - ``practice``: whether messages are kept instead of sent
    """

    batch_rows: int
    paused_rows: int
    practice: bool


class OfficeFunction(TaskFunction, total=False):
    """A registered task; with ``takes_item`` it can be named in an item's ``tasks``."""

    takes_item: bool


def office_function(function: TaskFunction) -> OfficeFunction:
    """Return a registered task as what it is, told by such a backend."""
    return cast("OfficeFunction", function)


class OfficeFields(TypedDict, total=False):
    """What the row of a task says more; the rows of an app have none of these.

    - ``item_id``: the item that the task belongs to
    - ``to``: the recipient; ``next_to``: that of the next attempt or repeat, if a correction of the
      item made it another one
    - ``copy``: it is meant for someone else than the task that it repeats, and settles nothing for
      that one
    """

    item_id: int | None
    to: str | None
    next_to: str | None
    copy: bool


class OfficeRow(OfficeFields, TaskRow):
    """The row of a task of a backend that sends e-mail, or of an app."""


def office_row(row: TaskRow) -> OfficeRow:
    """Return a row as what it is, told by such a backend."""
    return cast("OfficeRow", row)


def office_task(task: TaskDetail) -> OfficeTask:
    """Return the details of a task as what they are, told by such a backend."""
    return cast("OfficeTask", task)


class OfficeTask(OfficeFields, TaskDetail, total=False):
    """A task of a backend that sends e-mail; the monitor of an app has none of these.

    Its ``reference`` is the ``message_id``, also as evidence in ``handed_over``.

    - ``message_id``: the Message-ID of a message
    - ``addressee``: null if the message goes to the item's recipient
    - ``template``: that of a message, null for any other task; ``edition`` names its text and
      attachments
    - ``lacks``: fields that the template needs and the item does not have
    - ``is_older``: the edition is no longer the newest one, which *Send again* and a correction
      that sends use
    """

    message_id: str | None
    addressee: Any
    edition: str | None
    lacks: list[str]
    template: str | None
    is_older: bool
