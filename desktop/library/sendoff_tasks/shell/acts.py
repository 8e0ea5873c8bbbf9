"""``acts`` lists who asked for what, one a line."""

from __future__ import annotations

import time
from io import BytesIO
from itertools import chain
from typing import TYPE_CHECKING, Final

from sendoff_tasks.client.calls import pages
from sendoff_tasks.model.times import local_stamp
from sendoff_tasks.shell.command_line import say_list
from sendoff_tasks.shell.session import asks_backend
from sendoff_tasks.words.acts import act_words, asked_acts
from sendoff_tasks.words.table import ENGLISH

if TYPE_CHECKING:
    import argparse

    from sendoff_tasks.client.calls import TasksApi
    from sendoff_tasks.model.acts import Act

_WHO: Final = 20
"""Columns of a name."""


@asks_backend
def list_acts(api: TasksApi, options: argparse.Namespace) -> int:
    """Print the acts that the words mean."""
    asked = asked_acts(ENGLISH, options.words, time.time())
    if options.csv:
        table = BytesIO()
        api.export_acts(asked, table)
        print(table.getvalue().decode(), end="")
        return 0
    found = pages(lambda after: api.acts(asked, after))
    say_list(chain.from_iterable(page["acts"] for page in found), _line, as_json=options.json)
    return 0


def _line(act: Act) -> str:
    count = f" ({act['count']:,} tasks)" if act["count"] > 1 else ""
    return (
        f"{local_stamp(act['at'])}  {act['who'] or '–':<{_WHO}}  {act_words(ENGLISH, act)}{count}"
    )
