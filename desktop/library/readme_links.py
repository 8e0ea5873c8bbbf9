"""How hatchling makes the README of a package: its links work on the package's page, too."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final
from urllib.parse import urljoin

from hatchling.metadata.plugin.interface import MetadataHookInterface

LINK: Final = re.compile(r"(?<=\]\()(?!https?:|#)[^)\s]+(?=\))")


class ReadmeHook(MetadataHookInterface):  # type: ignore[misc] # it is not installed here
    """Makes the README's relative links absolute: to the files of this version.

    Its option ``folder`` is where the project lies in the source that ``project.urls`` names.
    """

    def update(self, metadata: dict[str, Any]) -> None:
        """Set ``readme``."""
        folder = self.config.get("folder", "")
        here = f"{metadata['urls']['Source']}/raw/v{metadata['version']}/{folder}"
        text = (Path(self.root) / "README.md").read_text(encoding="utf-8")
        text = LINK.sub(lambda link: urljoin(here, link[0]), text)
        metadata["readme"] = {"content-type": "text/markdown", "text": text}
