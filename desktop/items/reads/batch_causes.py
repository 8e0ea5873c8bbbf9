"""The causes of most failures in batches, and how many failed tasks can be retried."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final, cast

from sqlalchemy import case, func, literal_column, select

from desktop.contract.batches import BatchCause
from desktop.contract.causes import CauseAbout, Cure
from desktop.contract.reasons import Reason
from desktop.engine.causes import title_of
from desktop.engine.store.reads.causes import cure_of
from desktop.engine.store.tables.causes import batch_causes, causes
from desktop.engine.store.tables.cursor import GIVEN, Source, sql

_failed = (batch_causes.c.failed - batch_causes.c.failed_seen).label("failed")
_uncertain = (batch_causes.c.uncertain - batch_causes.c.uncertain_seen).label("uncertain")
_held = case(
    (batch_causes.c.waiting == literal_column("0"), literal_column("0")),  # the usual case
    (causes.c.cure == literal_column(f"'{Cure.EDIT_TEMPLATE.value}'"), batch_causes.c.waiting),
    (
        literal_column("json_extract(causes.about, '$.reason')")
        == literal_column(f"'{Reason.HELD_FOR_PERSON.value}'"),
        batch_causes.c.waiting,
    ),
    else_=literal_column("0"),
).label("held")
_troubled = _failed + _uncertain + _held
_place = func.row_number().over(
    partition_by=batch_causes.c.batch_id,
    order_by=(_troubled.desc(), batch_causes.c.cause),
)
_most = (
    select(batch_causes.c.batch_id, batch_causes.c.cause, _failed, _uncertain, _held)
    .add_columns(_place.label("place"))
    .select_from(batch_causes.join(causes, causes.c.id == batch_causes.c.cause))
    .where(batch_causes.c.batch_id.in_(GIVEN), _troubled > literal_column("0"))
    .subquery("most")
)
MOST_OF_BATCHES: Final = sql(
    select(_most.c.batch_id, causes.c.id, causes.c.about, causes.c.cure)
    .add_columns(_most.c.failed, _most.c.uncertain, _most.c.held)
    .select_from(_most.join(causes, causes.c.id == _most.c.cause))
    .where(_most.c.place <= literal_column("10"))
    .order_by((_most.c.failed + _most.c.uncertain + _most.c.held).desc())
    .order_by(causes.c.last_at.desc(), causes.c.id)
)
"""The ten causes of each batch with the most tasks: failed, uncertain or on hold.

Tasks on hold wait for their template, or for a retry after it was corrected."""
TO_RETRY: Final = (
    "SELECT batch_id, sum(failed - failed_seen) FROM batch_causes "
    "WHERE batch_id IN (SELECT value FROM json_each(?)) GROUP BY batch_id"
)
"""Counts the failed tasks of batches that are not marked as seen."""


def read_batch_causes(connection: Source, batches: Sequence[int]) -> dict[int, list[BatchCause]]:
    """Return for each batch the causes of most failed or uncertain tasks, at most ten.

    Tasks on hold for their template count, too, because someone has to change it. Tasks marked as
    seen do not count.
    """
    found: dict[int, list[BatchCause]] = {}
    rows = connection.execute(MOST_OF_BATCHES, (json.dumps(batches),)).fetchall()
    texts = {number: text for _, number, text, *_ in rows}
    abouts = {number: cast("CauseAbout", json.loads(text)) for number, text in texts.items()}
    titles = {number: title_of(about) for number, about in abouts.items()}
    for batch, number, _, cure, failed, uncertain, held in rows:
        about = abouts[number]
        told = BatchCause(
            cause=number,
            title=titles[number],
            about=about,
            count=failed + uncertain + held,
            cure=cure_of(cure, about, failed=failed, uncertain=uncertain),
        )
        found.setdefault(batch, []).append(told)
    return found
