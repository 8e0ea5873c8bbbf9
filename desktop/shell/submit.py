"""``sendoff submit``: registers one item."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.contract.do_not_send import listed_words
from desktop.contract.items import BY_HAND
from desktop.shell.item_session import asks_items, refused
from sendoff_tasks.client.calls import new_key
from sendoff_tasks.client.errors import Refused
from sendoff_tasks.shell.command_line import fail, local, say
from sendoff_tasks.words.file_faults import unread

if TYPE_CHECKING:
    import argparse

    from desktop.client.api import Api
    from desktop.contract.items import NewItem


def submit(options: argparse.Namespace) -> int:
    """Register the item that the options describe and print its number."""
    if options.name is not None and options.to is None:
        options.refuse("--name needs --to")
    return _register(options)


@asks_items
def _register(api: Api, options: argparse.Namespace) -> int:
    body = _new_item(options)
    try:
        if options.send_anyway:
            body["send_anyway"] = True
        elif options.to is not None and (entry := api.do_not_send.check([options.to])[0]["entry"]):
            said = listed_words(entry, local(entry["since"]))
            return fail(f"{options.to}: {said} See --send-anyway.")
        if options.attach:
            body["attachments"] = [api.items.attach(each)["id"] for each in options.attach]
        accepted = api.items.submit(options.id, body, new_key())
    except Refused as error:
        return refused(error)
    except OSError as error:
        return fail(unread(error.filename, error))
    say(f"Item {accepted.item_id} is registered.")
    return 0


def _new_item(options: argparse.Namespace) -> NewItem:
    """Make the request's body from the given options; leave the others out."""
    body: NewItem = {"priority": BY_HAND}
    if options.title is not None:
        body["title"] = options.title
    if options.to is not None:
        body["recipient"] = {"email": options.to}
        if options.name is not None:
            body["recipient"]["name"] = options.name
    if options.cc is not None:
        body["cc"] = options.cc
    if options.bcc is not None:
        body["bcc"] = options.bcc
    if options.template is not None:
        body["template"] = options.template
    if options.field:
        body["fields"] = dict(options.field)
    if options.delay is not None:
        body["delay"] = options.delay
    return body
