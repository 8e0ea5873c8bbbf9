"""``sendoff submit``: register one item."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.client.api import new_key
from desktop.client.errors import Refused
from desktop.contract.items import BY_HAND
from desktop.shell.session import NO_ITEMS, NOT_FOUND, with_backend
from desktop.shell.terminal import fail, say

if TYPE_CHECKING:
    import argparse

    from desktop.client.api import Api
    from desktop.contract.items import NewItem


def run(options: argparse.Namespace) -> int:
    """Register the item that the options describe and print its number."""
    body = new_item(options)

    def command(api: Api) -> int:
        try:
            accepted = api.items.submit(options.id, body, new_key())
        except Refused as error:
            return fail(NO_ITEMS if error.status == NOT_FOUND else str(error))
        say(f"Item {accepted.item_id} is registered.")
        return 0

    return with_backend(options.place, command)


def new_item(options: argparse.Namespace) -> NewItem:
    """Make the request's body from the given options; leave the others out."""
    body: NewItem = {"priority": BY_HAND}
    if options.title is not None:
        body["title"] = options.title
    if options.to is not None:
        body["recipient"] = {"email": options.to}
        if options.name is not None:
            body["recipient"]["name"] = options.name
    if options.template is not None:
        body["template"] = options.template
    if options.field:
        body["fields"] = dict(options.field)
    if options.delay is not None:
        body["delay"] = options.delay
    return body
