"""The copies of a draft's e-mails: how many have some, who gets how many, or several e-mails."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from itertools import chain

from desktop.contract.copies import MOST_COPIED, CopiesTo, DraftCopies
from desktop.contract.rules.mailbox import copies_of, written_address
from desktop.contract.rules.templates import DEFAULT
from desktop.items.reads.batches import LetterOf, read_record
from desktop.items.reads.do_not_send import listed
from desktop.items.tables import batches as statements
from sendoff_tasks.store.tables.cursor import Source


def read_copies(connection: Source, number: int, letter: LetterOf) -> DraftCopies:
    """Return the copies of a draft's e-mails, by its templates and rows; none go to the list."""
    own = read_record(connection, number).template or DEFAULT
    heads = {own: letter(own, None)}

    def copied(to: str | None, cc: str | None, bcc: str | None, name: str | None) -> Sequence[str]:
        template = name or own
        if template not in heads:
            heads[template] = letter(template, None)
        both = (heads[template].cc, cc), (heads[template].bcc, bcc)
        lines = [", ".join(filter(None, each)) for each in both]
        return [*chain.from_iterable(copies_of(written_address(to or ""), *lines))]

    ((repeated,),) = connection.execute(statements.COUNT_REPEATED, (number,)).fetchall()
    found = connection.execute(statements.LINES_OF_COPIES, (number,)).fetchall()
    written = {each.casefold(): each for lines in found for each in copied(None, *lines)}
    if not written:
        return DraftCopies(emails={}, addresses=[], others=0, repeated=repeated)
    stopped = listed(connection, written.values())
    counts = {key: Counter[str]() for key, address in written.items() if address not in stopped}
    emails: Counter[str] = Counter()
    given = json.dumps([*written]), number
    for check, *lines, n in connection.execute(statements.COUNT_COPIES, given).fetchall():
        told = counts.keys() & set(map(str.casefold, copied(*lines)))
        emails[check] += n * bool(told)
        for key in told:
            counts[key][check] += n
    most = sorted(filter(counts.get, counts), key=lambda key: (-counts[key].total(), key))
    named = [CopiesTo(address=written[key], counts=dict(counts[key])) for key in most[:MOST_COPIED]]
    others = len(most) - len(named)
    return DraftCopies(emails=dict(+emails), addresses=named, others=others, repeated=repeated)
