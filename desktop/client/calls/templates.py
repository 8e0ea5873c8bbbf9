"""Blocking calls about templates; the window runs them as jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

from desktop.client.calls import segment

if TYPE_CHECKING:
    from pathlib import Path

    from desktop.client.http import Http

ATTACH_WITHIN: Final = 60.0
"""Limit of each wait of an upload, in seconds."""


class TemplateCalls:
    """The routes of ``/templates``; every method raises ``client.errors.ClientError``."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def all(self) -> list[dict[str, Any]]:
        """List the templates with their fields."""
        return cast("list[dict[str, Any]]", self._http.call("GET", "/templates").data["details"])

    def deleted(self) -> list[dict[str, Any]]:
        """List the deleted templates with their last versions."""
        return cast("list[dict[str, Any]]", self._http.call("GET", "/templates").data["deleted"])

    def restore(self, name: str, version: str) -> dict[str, Any]:
        """Write an earlier version of a template; returns the template as :meth:`one` does."""
        return self.save(name, {"source": self.version(name, version)["source"]})

    def one(self, name: str) -> dict[str, Any]:
        """Read one template: its parts, attachments, fields and versions."""
        return cast("dict[str, Any]", self._http.call("GET", _place(name)).data)

    def messages(self, name: str) -> dict[str, Any]:
        """Count the messages that need a template, and find those that cannot be made with it."""
        return cast("dict[str, Any]", self._http.call("GET", f"{_place(name)}/messages").data)

    def version(self, name: str, version: str) -> dict[str, Any]:
        """Read an earlier version of a template."""
        path = f"{_place(name)}/versions/{segment(version)}"
        return cast("dict[str, Any]", self._http.call("GET", path).data)

    def save(self, name: str, body: dict[str, Any]) -> dict[str, Any]:
        """Write a template; returns it as :meth:`one` does."""
        return cast("dict[str, Any]", self._http.call("PUT", _place(name), json=body).data)

    def delete(self, name: str) -> None:
        """Delete a template; ``Refused`` (409) while open tasks use it."""
        self._http.call("DELETE", _place(name))

    def store(self, name: str, file: str, path: Path) -> None:
        """Store a file, for a save to attach; raises ``OSError`` if it cannot be read."""
        place = f"{_place(name)}/attachments/{segment(file)}"
        with path.open("rb") as content:
            self._http.call("PUT", place, content=content, within=ATTACH_WITHIN)


def _place(name: str) -> str:
    return f"/templates/{segment(name)}"
