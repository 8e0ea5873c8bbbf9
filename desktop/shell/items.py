"""``sendoff items`` lists items, one a line; ``sendoff forget`` forgets the person of one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from desktop.client.items import ItemQuery
from desktop.contract.items import Informed
from desktop.contract.rules.mailbox import Mailbox
from desktop.shell.item_session import NO_ITEMS, asks_items
from sendoff_tasks.client.calls import pages
from sendoff_tasks.model.tasks import PAGE_LIMIT
from sendoff_tasks.shell.command_line import fail, local, say, say_list, say_row

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator

    from desktop.client.api import Api
    from desktop.contract.items import Item

WORDS: Final = {
    Informed.YES: "informed",
    Informed.NO: "not informed",
    Informed.UNCERTAIN: "uncertain",
    Informed.NOT_YET: "not yet",
    Informed.KEPT: "kept",
    None: "no e-mail",
}
"""Whether a person was informed; the last is of items without a message."""
ERASED: Final = "(name, address and fields were deleted)"
NOT_YET: Final = (
    "This deletes the name, address, fields and e-mails of this and of all other items with the "
    "same address, and cannot be undone. To do it: `sendoff forget {} --yes`."
)


def _with_items(
    command: Callable[[Api, argparse.Namespace], int],
) -> Callable[[Api, argparse.Namespace], int]:
    """Have a command say so where the tasks are an app's own, which has no items."""
    return lambda api, options: command(api, options) if api.has_items() else fail(NO_ITEMS)


@asks_items
@_with_items
def list_items(api: Api, options: argparse.Namespace) -> int:
    """Print the items that are meant."""
    query = ItemQuery(text=options.text, informed=tuple(options.informed or ()))
    say_list(_walk(api, query), line, as_json=options.json)
    return 0


def _walk(api: Api, query: ItemQuery) -> Iterator[Item]:
    for page in pages(lambda after: api.items.page(query, after=after, limit=PAGE_LIMIT)):
        yield from page["items"]


def line(item: Item) -> str:
    """Format an item as one line."""
    informed = item["informed"]
    word = WORDS[None if informed is None else Informed(informed)]
    since = "" if item["informed_at"] is None else local(item["informed_at"])
    who = ERASED if item["erased"] else "  ".join(filter(None, (_to(item), item["title"])))
    added = local(item["created_at"])
    return f"{item['item_id']:>8}  {added:<16}  {word:<12}  {since:<16}  {who}".rstrip()


def _to(item: Item) -> str:
    to = item["recipient"]
    return "" if to is None else str(Mailbox(to.get("name", ""), to["email"]))


@asks_items
@_with_items
def forget(api: Api, options: argparse.Namespace) -> int:
    """Forget a person and print what is left to do; without ``--yes`` only show whom."""
    item = api.items.one(options.id)
    if not options.yes:
        say_row(line(item))
        say(NOT_YET.format(options.id))
        return 0
    forgotten = api.items.forget(options.id, do_not_send=options.do_not_send)
    numbers = ", ".join(map(str, forgotten["items"]))
    say(f"The person is forgotten: item{'s'[: len(forgotten['items']) > 1]} {numbers}.")
    for batch in forgotten["batches"]:
        say(f"In the spreadsheet of batch {batch}, if it is kept, the person's rows are empty.")
    for place in forgotten["backups"]:
        until = "you delete it" if place["until"] is None else local(place["until"])
        say(f"This may still have the person, until {until}: {place['file']}")
    return 0
