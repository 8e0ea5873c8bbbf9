"""A folder of templates of one's own, above the built-in ones."""

from __future__ import annotations

from typing import Any

import pytest

from desktop.mail.files import Files
from desktop.mail.templates.source import TemplateParts, parts_of
from desktop.mail.templates.store import Templates
from desktop.settings.resources import resources

PARTS = TemplateParts("Hello {{ name }}", "Dear {{ First name }},\n\nbye", reply_to="a@example.org")


@pytest.fixture
def templates(files: Files) -> Templates:
    return Templates(files, [resources() / "templates" / "en"])


def store(templates: Templates, name: str, file: str, content: bytes = b"new") -> None:
    upload = templates.place_for(name, file).with_name(f".upload-{file}")
    upload.write_bytes(content)
    templates.store(name, file, upload)


def put(templates: Templates, name: str, file: str, content: bytes = b"x") -> None:
    """Store a file and attach it."""
    store(templates, name, file, content)
    before = parts(templates, name)
    templates.save_parts(name, before, attached=dict.fromkeys((*before.attachments, file)))


def parts(templates: Templates, name: str) -> Any:
    return parts_of(templates.source(name))
