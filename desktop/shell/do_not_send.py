"""``sendoff do-not-send``: who gets no e-mail; ``sendoff bounces``: what came back."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from desktop.contract.do_not_send import (
    CERTAIN,
    BouncedTask,
    ListOrigin,
    ListReason,
    entry_problem,
    one_form,
    untaken_words,
)
from desktop.shell.item_session import asks_items
from sendoff_tasks.client.calls import pages
from sendoff_tasks.model.tasks import PAGE_LIMIT
from sendoff_tasks.shell.command_line import fail, local, say, say_list, say_row
from sendoff_tasks.words.file_faults import unread
from sendoff_tasks.words.table import ENGLISH

if TYPE_CHECKING:
    import argparse

    from desktop.client.api import Api
    from desktop.contract.do_not_send import FoundBounce, ListEntry


@asks_items
def do_not_send(api: Api, options: argparse.Namespace) -> int:
    """Print the list, or change it."""
    if options.add:
        return _add(api, options.add, options, ListOrigin.PERSON, ListReason.ASKED)
    if options.remove:
        return _remove(api, options.remove)
    if options.from_file is not None:
        return _add_file(api, options)
    if options.refused:
        for each in api.do_not_send.refused():
            say_row(f"{each['address']:<40}  {each['source']}, task {each['task_id']}")
        return 0
    read = partial(api.do_not_send.page, options.text, limit=PAGE_LIMIT)
    entries = (each for page in pages(lambda after: read(after=after)) for each in page["entries"])
    say_list(entries, _line, as_json=options.json)
    return 0


def _add_file(api: Api, options: argparse.Namespace) -> int:
    from desktop.sheets.calls import list_entries
    from desktop.sheets.faults import SheetError, sentence

    try:
        found = list_entries(options.from_file)
    except SheetError as error:
        return fail(f"{options.from_file}: {sentence(error)}")
    if found.entries:
        _add(api, found.entries, options, ListOrigin.FILE, ListReason.LEFT)
    else:
        fail(ENGLISH.say("do_not_send", "no_address", file=options.from_file))
    for each in found.others:
        fail(untaken_words(each))
    return int(bool(found.others) or not found.entries)


def _add(
    api: Api,
    addresses: list[str],
    options: argparse.Namespace,
    origin: ListOrigin,
    reason: ListReason,
) -> int:
    source = "" if options.from_file is None else options.from_file.name
    wrong = [(each, problem) for each in addresses if (problem := entry_problem(each))]
    for each, problem in wrong:
        fail(f"“{each}”: {problem}")
    if wrong:
        return 1
    told = {"reason": options.reason or reason, "note": options.note, "source": source}
    entries: list[Any] = [{"address": each, **told} for each in addresses]
    done = api.do_not_send.add(entries, origin)
    say(f"Added: {len(done['added']):,}. On the list before: {done['known']:,}.")
    return 0


def _remove(api: Api, addresses: list[str]) -> int:
    numbers = list[int]()
    for asked in api.do_not_send.check(addresses):
        address, entry = asked["address"], asked["entry"]
        if entry is None:
            say(ENGLISH.say("do_not_send", "unlisted", address=address))
        elif entry["address"] not in {None, one_form(address)}:
            say(ENGLISH.say("do_not_send", "domain", address=address, domain=entry["address"]))
        else:
            numbers.append(entry["entry_id"])
    if numbers:
        api.do_not_send.allow(numbers)
        say(f"Off the list: {len(numbers):,}.")
    return int(len(numbers) < len(addresses))


def _line(entry: ListEntry) -> str:
    note = f" “{entry['note']}”" if entry["note"] else ""
    source = f" ({entry['source']})" if entry["source"] else ""
    who, since = entry["address"] or "(a fingerprint)", local(entry["since"])
    return f"{who:<40}  {since:<16}  {entry['left_out']:>5}  {entry['reason']}{note}{source}"


@asks_items
def mark_bounces(api: Api, options: argparse.Namespace) -> int:
    """Mark the e-mails that came back, or take the mark off."""
    if options.unmark:
        tasks = [BouncedTask(task_id=n, code=None, enhanced=None, said="") for n in options.unmark]
        done = api.do_not_send.mark_bounced(tasks, bounced=False)
        say(f"No longer marked as bounced: {len(done):,}.")
        return 0
    try:
        found = api.do_not_send.bounces(options.file)
    except OSError as error:
        return fail(unread(options.file, error))
    for each in found["bounces"]:
        say_row(_bounce_line(each))
    certain = [each["tasks"][0] for each in found["bounces"] if each["match"] in CERTAIN]
    if found["others"]:
        say(f"Messages that are no bounces: {found['others']:,}.")
    if found["unread"]:
        fail(ENGLISH.say("bounces", "unread", n=found["unread"]))
    if options.yes and certain:
        say(f"Marked as bounced: {len(api.do_not_send.mark_bounced(certain)):,}.")
    elif certain:
        say(f"To mark {len(certain):,} as bounced: `sendoff bounces {options.file} --yes`.")
    return int(found["unread"] > 0)


def _bounce_line(found: FoundBounce) -> str:
    numbers = " ".join(str(each["task_id"]) for each in found["tasks"])
    said = found["tasks"][0]["said"] if found["tasks"] else ""
    return "  ".join(filter(None, (found["address"], found["match"], numbers, said)))
