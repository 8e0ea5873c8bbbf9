"""Finds a person: where a store has them, and the texts by which others may name them."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Table, Text

from desktop.contract.batches import ROW_COPY, RowProblem
from desktop.contract.do_not_send import one_form
from desktop.contract.rules.file_names import is_upload
from desktop.contract.rules.mailbox import listed, written_address
from desktop.items.item_records import texts_within
from desktop.items.reads.items import as_body, read_body
from desktop.items.tables import batches
from desktop.items.tables.batches import RowRecord
from sendoff_tasks.store.tables import schema
from sendoff_tasks.store.tables.beside_tasks import contexts, steps
from sendoff_tasks.store.tables.cursor import Source
from sendoff_tasks.store.tables.schema import IS_OPEN
from sendoff_tasks.verbs.submit import answers_with

_ITEMS: Final = """
SELECT i.id, i.body, coalesce((SELECT c.body FROM corrections AS c WHERE c.item_id = i.id
ORDER BY c.number DESC LIMIT 1), i.body) FROM items AS i
WHERE instr(lower(i.body), ?) > 0 OR i.id IN (SELECT value FROM json_each(?))
OR i.id IN (SELECT item_id FROM corrections WHERE instr(lower(body), ?) > 0)
"""
_CORRECTED: Final = "SELECT item_id, address FROM corrections WHERE instr(lower(address), ?) > 0"
_TASKS: Final = "SELECT id, recipient FROM tasks WHERE instr(lower(recipient), ?) > 0"
TASKS_OF_ITEMS: Final = (
    "SELECT id, recipient FROM tasks WHERE item_id IN (SELECT value FROM json_each(?))"
)
_COPIES: Final = (
    "SELECT tasks.id, arguments FROM tasks JOIN functions ON functions.id = tasks.function"
    " WHERE name = ?"
)


def _texts_of(table: Table, task: str) -> str:
    """Return the query of all texts in a table's rows, with the column of their task."""
    texts = (each.name for each in table.c if isinstance(each.type, Text))
    said = " || ' ' || ".join(f"coalesce({name}, '')" for name in texts)
    return f"SELECT {task} AS id, {said} AS said FROM {table.name}"  # noqa: S608


_BESIDE: Final = (schema.attempts, schema.log, steps, contexts)
_TEXTS: Final = [_texts_of(schema.tasks, "id"), *(_texts_of(each, "task_id") for each in _BESIDE)]
_OWN_TASKS: Final = f"""
SELECT id, said FROM ({" UNION ALL ".join(_TEXTS)}) AS told
WHERE instr(lower(said), ?) > 0
AND id IN (SELECT id FROM tasks WHERE item_id IS NULL AND NOT ({IS_OPEN}))
"""  # noqa: S608
_VERSIONS: Final = """
SELECT body FROM items WHERE id IN (SELECT value FROM json_each(?))
UNION ALL SELECT body FROM corrections WHERE item_id IN (SELECT value FROM json_each(?))
"""
_WITH_FILES: Final = """
SELECT body FROM items WHERE instr(body, '"attachments"') > 0
AND id NOT IN (SELECT value FROM json_each(?))
UNION ALL SELECT body FROM corrections WHERE instr(body, '"attachments"') > 0
AND item_id NOT IN (SELECT value FROM json_each(?))
"""
_ROWS_WITH_FILES: Final = (
    "SELECT row, item FROM batch_rows WHERE batch_id = ? AND instr(item, '\"attachments\"') > 0"
)
_REFERENCES: Final = (
    "SELECT reference FROM tasks WHERE reference IS NOT NULL"
    " AND id IN (SELECT value FROM json_each(?))"
)
_ROWS: Final = """
SELECT * FROM batch_rows
WHERE instr(lower(item || coalesce(data, '') || coalesce(corrections, '')), ?) > 0
OR item_id IN (SELECT value FROM json_each(?)) OR task_id IN (SELECT value FROM json_each(?))
OR CAST(json_extract(data, '$.item_id') AS bigint) IN (SELECT value FROM json_each(?))
"""
_FIRST: Final = """
SELECT min(at) FROM (
SELECT created_at AS at FROM items WHERE id IN (SELECT value FROM json_each(?))
UNION ALL SELECT created_at FROM batches WHERE id IN (SELECT value FROM json_each(?))) AS begun
"""


_SHORTEST: Final = 3
"""Characters of a text by which a person can be found among others' texts."""
_TOKEN: Final = re.compile(r"\w+")
_ALONE: Final = r"(?<!\w){}(?!\w)"
_NO_PART: Final = r"(?<![\w.+@-]){}(?![\w@-]|\.\w)"
"""Where an address, or what is before its @, is no part of another one."""


class TextsOf:
    """Finds a person's texts, in any case; in the time of one text, of however many there are.

    ``texts`` are found where they are no part of a longer word, ``addresses`` as such.
    """

    def __init__(self, texts: Set[str], addresses: Set[str]) -> None:
        self._by_first: defaultdict[str, list[str]] = defaultdict(list)
        self._patterns: dict[str, re.Pattern[str]] = {}
        for told, form in ((texts - addresses, _ALONE), (addresses, _NO_PART)):
            for text in sorted(told, key=len, reverse=True):
                first = _TOKEN.search(text)
                if first is not None and len(text) >= _SHORTEST and not text.isdecimal():
                    exact = re.escape(text[first.start() :]).replace(r"\ ", r"\s+")
                    self._by_first[first[0].casefold()].append(form.format(exact))

    def search(self, text: str, start: int = 0, /) -> re.Match[str] | None:
        """Return the first place where one of the texts is, from a place on."""
        for token in _TOKEN.finditer(text, start):
            if (found := self._at(text, token)) is not None:
                return found
        return None

    def sub(self, by: str, text: str, /) -> str:
        """Return a text without them."""
        kept, at = "", 0
        while (found := self.search(text, at)) is not None:
            kept, at = kept + text[at : found.start()] + by, found.end()
        return kept + text[at:]

    def _at(self, text: str, token: re.Match[str]) -> re.Match[str] | None:
        first = token[0].casefold()
        if first not in self._by_first:
            return None
        if first not in self._patterns:
            any_of = "|".join(self._by_first[first])
            self._patterns[first] = re.compile(any_of, re.IGNORECASE)
        return self._patterns[first].match(text, token.start())


@dataclass(frozen=True, slots=True)
class Person:
    """Where a store has a person.

    - ``address``: in lower case, its domain in ASCII; empty if the item names none
    - ``written``: the address as the items have it
    - ``items``: items for that address; ``former`` were corrected from it to another one;
      ``copied`` are others, some of which send it a copy
    - ``tasks``: the tasks of ``items``, and others that went to the address
    - ``references``: of the messages of these tasks
    - ``rows``: rows by batch; ``others`` of them are another person's and only name this one: their
      check or their corrections do, or their message went to the address
    - ``files``: the attachments that only these rows and items name, by batch; uploads are by 0
    - ``names``: finds names and addresses in a text; ``words`` titles and values of fields, too
    - ``answers``: the keys of calls whose answers have such words
    - ``since``: when the first item was added, or the first batch begun, epoch ms
    """

    address: str
    written: set[str]
    items: Sequence[int]
    former: Sequence[int]
    copied: Sequence[int]
    tasks: Sequence[int]
    references: Sequence[str]
    rows: Mapping[int, Sequence[int]]
    others: Set[tuple[int, int]]
    files: Mapping[int, set[str]]
    names: TextsOf
    words: TextsOf
    answers: Sequence[str]
    since: int


def find_person(source: Source, number: int) -> Person:
    """Find an item's person; raise ``UnknownId``. It reads all items, so it takes its time."""
    own = read_body(source, number)
    address = _address_of(own)
    items, former = {number: own}, list[int]()
    copied: list[int] = []
    tasks: set[int] = set()
    part = _part_to_find(address)
    if address:
        corrected = {
            item
            for item, to in source.execute(_CORRECTED, (part,)).fetchall()
            if one_form(to) == address.casefold()  # they are stored like this
        }
        among = source.execute(_ITEMS, (part, json.dumps([*corrected]), part)).fetchall()
        for other, first, newest in among:
            body = as_body(newest)
            if _address_of(body) == address:
                items[other] = body
            elif other in corrected or _address_of(as_body(first)) == address:
                former.append(other)
        copied = [other for other, _, _ in among if other not in items]
        for task, to in source.execute(_TASKS, (part,)).fetchall():
            if _address_in(to) == address:
                tasks.add(task)
        named = TextsOf(set(), {address})
        alone = source.execute(_OWN_TASKS, (part,)).fetchall()
        tasks.update(task for task, said in alone if named.search(unescaped(said)))
    given = json.dumps([*items])
    tasks |= {task for task, _ in source.execute(TASKS_OF_ITEMS, (given,)).fetchall()}
    rows, others, files = _rows(source, address, part, {*items}, tasks)
    tasks |= _copies(source, rows, others)
    found = source.execute(_REFERENCES, (json.dumps([*tasks]),)).fetchall()
    versions = [*_versions(source, items, former, address)]
    for batch, file in (each for version in versions for each in _files_of(version)):
        files.setdefault(batch, set()).add(file)
    names, words = _texts_in([*versions, *_bodies(source, rows, others)])
    begun = json.dumps([*items, *former]), json.dumps([*rows])
    (since,) = source.execute(_FIRST, begun).fetchone()
    return Person(
        address=address,
        written=set(filter(None, map(_written, items.values()))),
        items=sorted(items),
        former=former,
        copied=copied,
        tasks=sorted(tasks),
        references=[reference for (reference,) in found],
        rows=rows,
        others=others,
        files=_only_theirs(source, files, items, rows),
        names=names,
        words=words,
        answers=answers_with(source, words),
        since=since or 0,
    )


def _versions(
    source: Source, items: Collection[int], former: Sequence[int], address: str
) -> Iterator[Mapping[str, Any]]:
    """Yield all that the person's items said; of former ones what they said of the person."""
    for numbers, is_theirs in ((items, True), (former, False)):
        given = json.dumps([*numbers])
        for (text,) in source.execute(_VERSIONS, (given, given)).fetchall():
            body = as_body(text)
            if is_theirs or _address_of(body) == address:
                yield body


def _bodies(
    source: Source, rows: Mapping[int, Sequence[int]], others: Set[tuple[int, int]]
) -> Iterator[dict[str, Any]]:
    for batch, numbers in rows.items():
        own = [row for row in numbers if (batch, row) not in others]
        found = source.execute(batches.SOME_ROWS, (batch, json.dumps(own))).fetchall()
        yield from (json.loads(RowRecord._make(row).item) for row in found)


_NOT_SAID: Final = {"template", "tasks", "headings", "attachments", "batch_id"}
"""What a body has besides what it says."""


def _texts_in(bodies: Iterable[Mapping[str, Any]]) -> tuple[TextsOf, TextsOf]:
    """Return what finds the names and addresses in items, and what finds all their texts."""
    said, names, addresses = set[str](), set[str](), set[str]()
    for body in bodies:
        said.update(texts_within({k: v for k, v in body.items() if k not in _NOT_SAID}))
        name, email = (str((body.get("recipient") or {}).get(k) or "") for k in ("name", "email"))
        names.update((name, *re.split(r"[\W_]+", name)))
        addresses.update((one_form(email), email, email.rpartition("@")[0]))
    said, names, addresses = ({each.strip() for each in some} for some in (said, names, addresses))
    return TextsOf(names, addresses), TextsOf(names | said, addresses)


def _copies(
    source: Source, rows: Mapping[int, Sequence[int]], others: Set[tuple[int, int]]
) -> set[int]:
    """Return the tasks that sent the message of one of the person's rows to the sender."""
    found = set[int]()
    for task, arguments in source.execute(_COPIES, (ROW_COPY,)).fetchall():
        batch, row = (*map(int, re.findall(r"\d+", arguments)), 0, 0)[:2]
        if row in rows.get(batch, ()) and (batch, row) not in others:
            found.add(task)
    return found


def _only_theirs(
    source: Source,
    files: Mapping[int, set[str]],
    items: Collection[int],
    rows: Mapping[int, Sequence[int]],
) -> dict[int, set[str]]:
    """Leave out the files that others name, too."""
    if not files:
        return {}
    left = {batch: {*names} for batch, names in files.items()}
    given = json.dumps([*items])
    for (text,) in source.execute(_WITH_FILES, (given, given)).fetchall():
        for batch, file in _files_of(as_body(text)):
            left.get(batch, set()).discard(file)
    for batch, names in left.items():
        for row, item in source.execute(_ROWS_WITH_FILES, (batch,)).fetchall():
            if row not in rows.get(batch, ()):
                names.difference_update(json.loads(item).get("attachments") or ())
    return left


def _files_of(body: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
    """Yield the attachments of an item, each with its batch; 0 for an upload."""
    for file in body.get("attachments") or ():
        yield 0 if is_upload(file) else body["batch_id"], file


def _rows(
    source: Source, address: str, part: str, items: Set[int], tasks: Set[int]
) -> tuple[dict[int, list[int]], set[tuple[int, int]], dict[int, set[str]]]:
    """Return the rows by batch, those of others among them, and the attachments of the rest."""
    rows: dict[int, list[int]] = {}
    others: set[tuple[int, int]] = set()
    files: dict[int, set[str]] = {}
    known, sent = json.dumps([*items]), json.dumps([*tasks])
    for row in map(RowRecord._make, source.execute(_ROWS, (part, known, sent, known)).fetchall()):
        body, data = json.loads(row.item), json.loads(row.data or "{}")
        said = [data, json.loads(row.corrections or "null")]
        is_known = data.get("item_id") in items
        if (
            row.item_id in items
            or (is_known and row.problem != RowProblem.OTHER_PERSON)
            or _address_of(body) == address != ""
        ):
            files.setdefault(row.batch_id, set()).update(body.get("attachments") or ())
        elif (
            is_known
            or row.task_id in tasks
            or _names(address, said)
            or without_copies(body, address) != body
        ):
            others.add((row.batch_id, row.row))
        else:
            continue
        rows.setdefault(row.batch_id, []).append(row.row)
    return rows, others, files


def _names(address: str, said: Any) -> bool:
    """Tell whether one of the texts in a JSON value is the address, alone or with a name."""
    if isinstance(said, str):
        return _address_in(said) == address != ""
    inner = said.values() if isinstance(said, dict) else said if isinstance(said, list) else ()
    return any(_names(address, each) for each in inner)


def without_copies(body: Mapping[str, Any], address: str) -> dict[str, Any]:
    """Return a body that sends no copy to an address."""
    left = dict(body)
    for name in ("cc", "bcc"):
        addresses = listed(left.get(name) or "")
        others = [each for each in addresses if one_form(each) != address]
        if others != addresses:
            left[name] = ", ".join(others)
    return left


def _address_in(mailbox: str) -> str:
    return one_form(written_address(mailbox))


def _written(body: Mapping[str, Any]) -> str:
    return str((body.get("recipient") or {}).get("email") or "").strip()


def _address_of(body: Mapping[str, Any]) -> str:
    return one_form(_written(body))


_ESCAPED: Final = re.compile(r"\\+(?:u([0-9a-fA-F]{4})|.)")


def unescaped(text: str) -> str:
    """Return JSON, or what is written alike, with all characters as they are."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)) if found[1] else " ", text)


def _part_to_find(address: str) -> str:
    """Return a part that all ways to write an address have: SQLite folds ASCII letters only."""
    if not address:
        return "\1"  # nothing has it
    runs: list[str] = re.findall(r"[\x00-\x7f]+", address.partition("@")[0] + "@")
    return max(runs, key=len)


def read_uploads(source: Source) -> set[str]:
    """Return the uploads that items name, now or before a correction."""
    found = source.execute(_WITH_FILES, ("[]", "[]"))
    return {file for (body,) in found for batch, file in _files_of(as_body(body)) if not batch}
