"""``sendoff do-not-send``: who gets no e-mail; ``sendoff bounces``: what came back."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from desktop.contract.do_not_send import CERTAIN, BouncedTask, ListOrigin, ListReason, one_form
from desktop.shell.item_session import asks_items
from sendoff_tasks.client.calls import pages
from sendoff_tasks.model.tasks import PAGE_LIMIT
from sendoff_tasks.shell.command_line import fail, local, number, path, say, say_list, say_row, text
from sendoff_tasks.words.file_faults import unread
from sendoff_tasks.words.table import ENGLISH

if TYPE_CHECKING:
    import argparse

    from desktop.client.api import Api
    from desktop.contract.do_not_send import FoundBounce, ListEntry


def do_not_send_options(parser: argparse.ArgumentParser) -> str:
    """Add the options of ``sendoff do-not-send``; return what its help says more."""
    more = (
        "Without an option the list, one entry a line: address, why, since when, how many e-mails "
        "it has stopped. @alt.example stops a whole domain. Case and spaces do not matter."
    )
    parser.add_argument("text", nargs="?", type=text, default="", help="beginning of an address")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--add", nargs="+", type=text, metavar="ADDRESS", help="send nothing there")
    what.add_argument("--remove", nargs="+", type=text, metavar="ADDRESS", help="take it off")
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
        from desktop.sheets.calls import addresses_in
        from desktop.sheets.faults import SheetError, sentence

        try:
            found = addresses_in(options.from_file)
        except SheetError as error:
            return fail(sentence(error))
        except OSError as error:
            return fail(unread(options.from_file, error))
        if not found:
            return fail(ENGLISH.say("do_not_send", "no_address", file=options.from_file))
        return _add(api, found, options, ListOrigin.FILE, ListReason.LEFT)
    if options.refused:
        for each in api.do_not_send.refused():
            say_row(f"{each['address']:<40}  {each['source']}, task {each['task_id']}")
        return 0
    read = partial(api.do_not_send.page, options.text, limit=PAGE_LIMIT)
    entries = (each for page in pages(lambda after: read(after=after)) for each in page["entries"])
    say_list(entries, _line, as_json=options.json)
    return 0


def _add(
    api: Api,
    addresses: list[str],
    options: argparse.Namespace,
    origin: ListOrigin,
    reason: ListReason,
) -> int:
    source = "" if options.from_file is None else options.from_file.name
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
    if options.yes and certain:
        say(f"Marked as bounced: {len(api.do_not_send.mark_bounced(certain)):,}.")
    elif certain:
        say(f"To mark {len(certain):,} as bounced: `sendoff bounces {options.file} --yes`.")
    return 0


def _bounce_line(found: FoundBounce) -> str:
    numbers = " ".join(str(each["task_id"]) for each in found["tasks"])
    said = found["tasks"][0]["said"] if found["tasks"] else ""
    return "  ".join(filter(None, (found["address"], found["match"], numbers, said)))
