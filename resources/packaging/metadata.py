"""How hatchling fills in ``pyproject.toml``: a README whose links work on the package's page."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

from hatchling.metadata.plugin.interface import MetadataHookInterface

LINK: Final = re.compile(r"\]\((?!https?:|#)([^)\s]+)\)")


class ReadmeHook(MetadataHookInterface):  # type: ignore[misc] # it is not installed here
    """Makes the README's relative links absolute: to the files of this version."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Set ``readme``; the source's address is that of ``project.urls``."""
        files = f"{metadata['urls']['Source']}/raw/v{metadata['version']}"
        text = (Path(self.root) / "README.md").read_text(encoding="utf-8")
        text = LINK.sub(rf"]({files}/\1)", text)
        metadata["readme"] = {"content-type": "text/markdown", "text": text}
