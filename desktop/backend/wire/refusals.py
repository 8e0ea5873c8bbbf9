"""The answers to errors of templates, e-mails and settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from starlette.responses import Response

from desktop.mail.errors import BadName, BadTemplate, Unread
from sendoff_tasks.folder.queue_limits import SettingsError
from sendoff_tasks.http.wire.problems import RETRY, bad_field, problem_response

PROBLEMS: Final[Mapping[type[Exception], Callable[[Any], Response]]] = {
    BadName: lambda error: bad_field("file", str(error)).answer(),
    BadTemplate: lambda error: problem_response(422, str(error)),
    Unread: lambda error: problem_response(503, str(error), headers=RETRY),
    # The request needs them, and their file cannot be used.
    SettingsError: lambda error: problem_response(409, str(error), error.errors),
}
