"""The tables of tasks, and the indexes on which the plans of hot queries rely."""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    func,
    text,
)

NUMBERED: Final = {"numbered": True}
"""The ``info`` of an index from which a page of a few rows among many is read in the order of
numbers. In SQLite each index ends with the row's number by itself."""

metadata = MetaData()
_Big = BigInteger().with_variant(Integer(), "sqlite")


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False, server_default="")


def _number(name: str) -> Column[int]:
    return Column(name, _Big, nullable=False, server_default="0")


meta = Table(
    "meta",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
    sqlite_with_rowid=False,
    sqlite_strict=True,
)

functions = Table(
    # Functions that have had tasks. A row never changes: a function that moves to another queue or
    # lane gets a new row, and its old tasks keep theirs.
    "functions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("queue", Text, nullable=False),
    Column("lane", Text, nullable=False),
    Column("title", Text, nullable=False),
    UniqueConstraint("name", "queue", "lane", "title"),
    sqlite_strict=True,
)

counts = Table(
    # The number of tasks by function and state, updated in the transaction that moves them.
    "counts",
    metadata,
    Column("function", ForeignKey("functions.id"), primary_key=True),
    Column("state", Text, primary_key=True),
    Column("n", _Big, nullable=False),
    sqlite_with_rowid=False,
    sqlite_strict=True,
)

tasks = Table(
    # Times are epoch ms. ``rev`` is the number of the row's last event; it always grows, even after
    # a row was deleted. "" and 0 mean *none* in columns that are sorted by.
    "tasks",
    metadata,
    Column("id", _Big, primary_key=True),
    _number("rev"),
    Column("item_id", _Big),
    Column("function", ForeignKey("functions.id"), nullable=False),
    Column("title", Text),  # where it is not the function's
    _text("recipient"),
    Column("state", Text, nullable=False),
    _text("why"),  # empty but in older rows: the sentence is made where a person reads it
    _text("held"),  # what a held task waits for: see records.Hold
    Column("attempt", Integer, nullable=False),
    Column("max_attempts", Integer, nullable=False),
    Column("crashes", Integer, nullable=False),  # in a row
    Column("passed", Integer, nullable=False),  # 1 after the attempt's point of no return
    Column("stopping", Integer, nullable=False),  # 1 after the attempt was asked to stop
    _number("priority"),
    _number("created_at"),
    Column("run_at", _Big),  # when it is due, if it waits for a time
    Column("deadline", _Big),
    Column("started_at", _Big),
    _number("finished_at"),
    Column("progress", Text),
    Column("error", Text),
    Column("arguments", Text, nullable=False),
    Column("result", Text),
    Column("reference", Text),
    Column("key", Text),  # only one task of a name with this key is open
    _number("delayed"),  # which times are delays: see records
    Column("handover", Text),  # what was handed over after the point of no return, JSON
    Column("reason", Text),  # of sendoff_tasks/model/reasons.py, with its data as JSON
    Column("reason_data", Text),
    Column("resend_of", _Big),  # the task that this one repeats
    Column("seen", Integer),  # of failed and uncertain tasks: 1 once a person marked it as seen
    Column("addressee", Text),  # its own, in place of its subject's, JSON of a feature
    Column(
        "copy_for", Text
    ),  # who gets it as a copy; it then settles nothing for the task it repeats
    Column("batch_id", _Big),
    Column("batch_row", Integer),
    Column("cause", Text),  # the cause of its failure or wait: see tables/causes.py
    Column("past_errors", Text),  # words of earlier errors, for the search
    Column("next_to", Text),  # the recipient of a repeat, if another one
    Column("edition", Text),  # of what its effect is made of, where a feature has any
    Column("ready_at", _Big),  # when it was queued last, if not when it was accepted
    sqlite_autoincrement=True,
    sqlite_strict=True,
)

Index("tasks_by_state", tasks.c.state, info=NUMBERED)
Index("tasks_by_function", tasks.c.function, info=NUMBERED)
Index("tasks_by_creation", tasks.c.created_at)
Index("tasks_by_end", tasks.c.finished_at)
Index("tasks_by_recipient", tasks.c.recipient)
Index("tasks_by_item", tasks.c.item_id, info=NUMBERED)


def _partial(name: str, *columns: object, where: str) -> None:
    # Naming another dialect here would import the whole dialect at every start.
    Index(name, *columns, sqlite_where=text(where))  # type: ignore[arg-type]


TOOK: Final = tasks.c.finished_at - func.coalesce(tasks.c.started_at, tasks.c.finished_at)
"""The duration of an ended task's last attempt, ms; 0 if there was none."""
_partial("tasks_by_took", TOOK, where="finished_at > 0")
_partial(
    "tasks_claimable",
    tasks.c.function,
    tasks.c.priority.desc(),
    tasks.c.id,
    where="state = 'queued'",
)
_partial("tasks_queued", tasks.c.function, tasks.c.id, where="state = 'queued'")
_partial("tasks_by_reason", tasks.c.reason, tasks.c.id, where="reason IS NOT NULL")
_partial("tasks_by_seen", tasks.c.seen, tasks.c.state, tasks.c.id, where="seen IS NOT NULL")
_partial(
    "tasks_by_batch", tasks.c.batch_id, tasks.c.state, tasks.c.id, where="batch_id IS NOT NULL"
)
_partial("tasks_by_batch_item", tasks.c.batch_id, tasks.c.item_id, where="batch_id IS NOT NULL")
_partial("tasks_by_cause", tasks.c.cause, tasks.c.state, tasks.c.id, where="cause IS NOT NULL")
_partial("tasks_by_repeated", tasks.c.resend_of, where="resend_of IS NOT NULL")
_partial("tasks_due", tasks.c.run_at, where="run_at IS NOT NULL")
_partial("tasks_with_deadline", tasks.c.deadline, where="deadline IS NOT NULL")
_partial("tasks_held", tasks.c.held, tasks.c.function, where="held <> ''")
IS_OPEN: Final = "state NOT IN ('succeeded', 'cancelled', 'failed')"
"""Whether a task still occupies its key."""
_partial("tasks_by_key", tasks.c.key, where=f"key IS NOT NULL AND {IS_OPEN}")

attempts = Table(
    # Ended attempts; the running one is in its task's row.
    "attempts",
    metadata,
    Column("task_id", _Big, primary_key=True),
    Column("attempt", Integer, primary_key=True),
    Column("started_at", _Big, nullable=False),
    Column("finished_at", _Big, nullable=False),  # 0: the end is not known
    Column("outcome", Text, nullable=False),
    Column("error", Text),
    Column("trace", Text),
    # How many successive attempts in one outage this line stands for.
    Column("count", Integer, nullable=False, server_default="1"),
    sqlite_with_rowid=False,
    sqlite_strict=True,
)

log = Table(
    "log",
    metadata,
    Column("id", _Big, primary_key=True),
    Column("task_id", _Big, nullable=False, index=True),
    Column("attempt", Integer, nullable=False),
    Column("at", _Big, nullable=False),
    Column("level", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("deed", Text),  # a tasks.Deed, if the line tells what a person did
    sqlite_strict=True,
)

events = Table(
    # All changes of tasks in commit order; ``state`` is NULL if the task was deleted. A changed
    # batch has its number with a minus sign; see records.PENDING for pending actions.
    "events",
    metadata,
    Column("id", _Big, primary_key=True),
    Column("task_id", _Big, nullable=False),
    Column("at", _Big, nullable=False),
    Column("state", Text),
    Column("attempt", Integer, nullable=False),
    _text("why"),  # as that of a task
    sqlite_strict=True,
)

queues = Table(
    # Queues held for a person, a cure or their server's answer; each has one notice.
    "queues",
    metadata,
    Column("name", Text, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("action", Text),
    Column("held_at", _Big, nullable=False),
    Column("server", Text),  # the server that refused, and its code
    Column("code", Integer),
    Column("kind", Text, nullable=False, server_default="queue_held"),  # a queues.HoldKind
    Column("until", _Big),  # when one task probes, if the queue waits for its server's answer
    _number("probes"),  # probes that met the same as the first attempt
    Column("enhanced", Text),  # the enhanced code of the answer
    sqlite_with_rowid=False,
    sqlite_strict=True,
)

pauses = Table(
    # Queues that a person has paused; "" stands for all of them.
    "pauses",
    metadata,
    Column("queue", Text, primary_key=True),
    Column("since", _Big, nullable=False),
    sqlite_with_rowid=False,
    sqlite_strict=True,
)

starts = Table(
    # Number of starts in a rate-limited queue by time; kept for one period of the rate.
    "starts",
    metadata,
    Column("queue", Text, primary_key=True),
    Column("at", _Big, primary_key=True),
    Column("n", _Big, nullable=False),
    sqlite_with_rowid=False,
    sqlite_strict=True,
)

idempotency = Table(
    # First answers by Idempotency-Key.
    "idempotency",
    metadata,
    Column("key", Text, primary_key=True),
    Column("body_hash", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("created_at", _Big, nullable=False, index=True),
    sqlite_strict=True,
)

# The word index stores no text (content=''): deleting a row takes its original text.
# reads/vocabulary.py splits text into words, so the tokenizer only splits at spaces. Prefixes of up
# to six letters are indexed: otherwise a million rows with one prefix would be collected (0.5 s)
# before the first is returned. reads/vocabulary.py expands longer prefixes.
BEGINNINGS: Final = 6
SPELLED: Final = 2_000
"""Characters of JSON whose words are indexed."""
WORDS: Final = (
    "CREATE VIRTUAL TABLE words USING fts5"
    "(text, content='', detail=none, tokenize='ascii', prefix='1 2 3 4 5 6')"
)
VOCABULARY: Final = "CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab(main, words, instance)"
"""All words of the index in order; a table of each connection."""
