"""Editions: has planned messages made of the newest edition of their template after all."""

from __future__ import annotations

import json

from desktop.items.batches.rows import BatchesUnderWay, write_batch
from desktop.items.reads.messages import COUNTED, WITH_OLDER_EDITION, NeedOf
from desktop.items.tables.batches import editions_of
from sendoff_tasks.transaction.group import Group
from sendoff_tasks.transaction.replies import More
from sendoff_tasks.words.table import ENGLISH


def take_newest(group: Group, name: str, edition: str, need: NeedOf, so_far: int = 0) -> int | More:
    """Have messages be made of this edition of their template; return how many.

    To open messages belong the rows of started batches that are no tasks yet.
    """
    some = group.select(WITH_OLDER_EDITION[need], name, edition)
    for record in some:
        group.change(record, edition=edition)
        group.log(record, group.now, "info", ENGLISH.say("history", "template"))
    so_far += len(some)
    if len(some) == COUNTED:
        return More(lambda later: take_newest(later, name, edition, need, so_far))
    if need is NeedOf.NOT_RUNNING:
        for batch in list(group.part(BatchesUnderWay).records.values()):
            editions = editions_of(batch)
            if editions.get(name, edition) != edition:
                batch.editions = json.dumps({**editions, name: edition}, ensure_ascii=False)
                write_batch(group, batch)
    return so_far
