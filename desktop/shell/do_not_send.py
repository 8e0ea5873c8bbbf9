"""``sendoff do-not-send``: who gets no e-mail; ``sendoff bounces``: what came back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from desktop.contract.do_not_send import (
    BounceMatch,
    ListOrigin,
    ListReason,
    NewListEntry,
    entry_form,
)
from desktop.shell.item_session import asks_items
from sendoff_tasks.client.calls import pages
from sendoff_tasks.model.tasks import PAGE_LIMIT
from sendoff_tasks.shell.command_line import fail, local, number, path, say, say_list, say_row, text

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from desktop.client.api import Api
    from desktop.contract.do_not_send import FoundBounce, ListEntry

REASONS: Final = {
    ListReason.ASKED: "asked not to be written to",
    ListReason.LEFT: "has left",
    ListReason.NO_MAILBOX: "the mailbox does not exist",
    ListReason.NO_DOMAIN: "the domain does not exist",
    ListReason.DISABLED: "the mailbox is closed",
    ListReason.FORGOTTEN: "forgotten",
}
MATCHES: Final = {
    BounceMatch.MESSAGE_ID: "its e-mail is known",
    BounceMatch.ADDRESS: "the only e-mail to that address",
    BounceMatch.ASK: "several e-mails may be meant",
    BounceMatch.NONE: "no e-mail to that address",
    BounceMatch.KNOWN: "marked before",
}


def do_not_send_options(parser: argparse.ArgumentParser) -> str:
    """Add the options of ``sendoff do-not-send``; return what its help says more."""
    more = (
        "Without an option the list, one entry a line: address, why, since when, how many e-mails "
        "it has stopped. @alt.example stops a whole domain. Case and spaces do not matter."
    )
    parser.add_argument("text", nargs="?", type=text, default="", help="beginning of an address")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--add", nargs="+", type=text, metavar="ADDRESS", help="send nothing there")
    what.add_argument("--remove", nargs="+", type=text, metavar="ADDRESS", help="allow it again")
    what.add_argument(
        "--from-file", type=path, metavar="FILE", help="add the addresses of a text or spreadsheet"
    )
    what.add_argument(
        "--refused", action="store_true", help="list the addresses that were refused for good"
    )
    chosen = [each.value for each in ListReason if each is not ListReason.FORGOTTEN]
    parser.add_argument("--reason", choices=chosen, help="why (default: asked; of a file: left)")
    parser.add_argument("--note", type=text, default="", help="words for the list, as “phoned”")
    parser.add_argument("--json", action="store_true", help="print the list as one JSON array")
    parser.set_defaults(run=_do_not_send)
    return more


@asks_items
def _do_not_send(api: Api, options: argparse.Namespace) -> int:
    if options.add:
        return _add(api, options.add, options, ListOrigin.PERSON, ListReason.ASKED)
    if options.remove:
        return _remove(api, options.remove)
    if options.from_file is not None:
        from desktop.sheets import SheetError, addresses_in, sentence

        try:
            found = addresses_in(options.from_file)
        except SheetError as error:
            return fail(sentence(error))
        except OSError as error:
            return fail(f"{options.from_file} cannot be read: {error.strerror or error}.")
        if not found:
            return fail(f"{options.from_file} has no e-mail address.")
        return _add(api, found, options, ListOrigin.FILE, ListReason.LEFT)
    if options.refused:
        for each in api.do_not_send.refused():
            say_row(f"{each['address']:<40}  {each['source']}, task {each['task_id']}")
        return 0
    say_list(_walk(api, options.text), line, as_json=options.json)
    return 0


def _add(
    api: Api,
    addresses: list[str],
    options: argparse.Namespace,
    origin: ListOrigin,
    reason: ListReason,
) -> int:
    entries: list[NewListEntry] = []
    for address in addresses:
        try:
            entry_form(address)
        except ValueError as error:
            say(f"{address}: {error}")
            continue
        entry = NewListEntry(address=address, reason=options.reason or reason, note=options.note)
        if options.from_file is not None:
            entry["source"] = options.from_file.name
        entries.append(entry)
    if not entries:
        return 1
    told = api.do_not_send.add(entries, origin)
    say(f"Added: {len(told['added']):,}. On the list before: {told['known']:,}.")
    return int(len(entries) < len(addresses))


def _remove(api: Api, addresses: list[str]) -> int:
    missing, numbers = 0, list[int]()
    for each in addresses:
        entry = _entry_of(api, each)
        if entry is None:
            missing += 1
            say(f"{each} is not on the list.")
        elif entry["address"] not in {None, entry_form(each)}:
            missing += 1
            say(f"{each} is stopped with its domain: remove {entry['address']}.")
        else:
            numbers.append(entry["entry_id"])
    if numbers:
        api.do_not_send.allow(numbers)
        say(f"Off the list: {len(numbers):,}.")
    return int(missing > 0)


def _entry_of(api: Api, address: str) -> ListEntry | None:
    if address.strip().startswith("@"):
        form = entry_form(address)
        return next((each for each in _walk(api, form) if each["address"] == form), None)
    (found,) = api.do_not_send.check([address])
    return found["entry"]


def _walk(api: Api, begin: str) -> Iterator[ListEntry]:
    for page in pages(lambda after: api.do_not_send.page(begin, after=after, limit=PAGE_LIMIT)):
        yield from page["entries"]


def line(entry: ListEntry) -> str:
    """Format an entry as one line."""
    note = f" “{entry['note']}”" if entry["note"] else ""
    source = f" ({entry['source']})" if entry["source"] else ""
    why = f"{REASONS[ListReason(entry['reason'])]}{note}{source}"
    who = entry["address"] or "(someone who was forgotten)"
    return f"{who:<40}  {local(entry['since']):<16}  {entry['left_out']:>5}  {why}"


def bounces_options(parser: argparse.ArgumentParser) -> str:
    """Add the options of ``sendoff bounces``; return what its help says more."""
    more = (
        "It reads the bounces in a file of saved e-mails and shows whose they are; --yes marks "
        "those that are certain. A task stays succeeded, with the reason came_back."
    )
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("file", nargs="?", type=path, help="an .eml or .mbox file")
    what.add_argument("--unmark", nargs="+", type=number, metavar="TASK", help="undo the mark")
    parser.add_argument("--yes", action="store_true", help="mark them (default: show them)")
    parser.set_defaults(run=_bounces)
    return more


@asks_items
def _bounces(api: Api, options: argparse.Namespace) -> int:
    if options.unmark:
        done = api.do_not_send.unmark_bounced(options.unmark)
        say(f"No longer marked as bounced: {len(done):,}.")
        return 0
    try:
        found = api.do_not_send.bounces(options.file)
    except OSError as error:
        return fail(f"{options.file} cannot be read: {error.strerror or error}.")
    for each in found["bounces"]:
        say_row(_bounce_line(each))
    certain = [
        each["tasks"][0]
        for each in found["bounces"]
        if each["match"] in {BounceMatch.MESSAGE_ID, BounceMatch.ADDRESS}
    ]
    if found["others"]:
        say(f"Messages that are no bounces: {found['others']:,}.")
    if options.yes and certain:
        say(f"Marked as bounced: {len(api.do_not_send.mark_bounced(certain)):,}.")
    elif certain:
        say(f"To mark {len(certain):,} as bounced: `sendoff bounces {options.file} --yes`.")
    return 0


def _bounce_line(found: FoundBounce) -> str:
    tasks, said = found["tasks"], found["tasks"][0]["said"] if found["tasks"] else ""
    numbers = ", ".join(str(each["task_id"]) for each in tasks)
    whose = f"task {numbers}" if tasks else ""
    parts = (found["address"], MATCHES[BounceMatch(found["match"])], whose, said)
    return "  ".join(filter(None, parts))
