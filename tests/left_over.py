"""What a killed process leaves under a temporary name."""

from __future__ import annotations

from pathlib import Path

from sendoff_tasks.folder.safe_files import temporary_beside


def left_over(path: Path, content: bytes = b"half") -> Path:
    """Leave a file as a process does that is killed while it makes another one."""
    with temporary_beside(path) as temporary:
        pass
    temporary.write_bytes(content)
    return temporary
