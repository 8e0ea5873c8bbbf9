"""``sendoff submit``: the form from a shell."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from desktop.contract.items import BY_HAND
from desktop.settings.paths import DataFolder, data_dir
from desktop.shell.session import with_backend
from desktop.shell.terminal import fail, say

if TYPE_CHECKING:
    import argparse

    from desktop.client.api import Api
    from desktop.contract.items import NewItem


def run(options: argparse.Namespace) -> int:
    """Register the item the options describe and print its number."""
    body = new_item(options)

    if DataFolder(data_dir(options.data_dir)).app_mark.exists():
        return fail("The tasks here are an app's own: it takes no items from elsewhere.")

    def command(api: Api) -> int:
        accepted = api.submit(options.id, body, uuid.uuid4().hex)
        say(f"Item {accepted.item_id} is registered.")
        return 0

    return with_backend(options.data_dir, command)


def new_item(options: argparse.Namespace) -> NewItem:
    """Make the request's body from what was given; what was not given is left out."""
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
