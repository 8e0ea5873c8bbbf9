"""Calls of other programs: they copy the store and put it back, and spoil files beside it."""

from __future__ import annotations

from typing import Literal

from tests.simulation.calls.call import call
from tests.simulation.stage.scene import MARK, Scene

How = Literal["missing", "empty", "cut", "unreadable"]


@call
def copy_store(scene: Scene, label: str) -> None:
    """Copy the store while the program is at rest."""
    scene.copy(label)


@call
def put_back(
    scene: Scene, label: str, mark: Literal["stays", "comes", "lost"], in_place: bool
) -> None:
    """Put a copy of the store in its place, in a file of its own or in the same one."""
    scene.put_back(label, mark, in_place=in_place)


@call
def spoil_mark(scene: Scene, how: How) -> None:
    """Have something go wrong with the mark beside the store."""
    spoil(scene, MARK, how)


def spoil(scene: Scene, name: str, how: How) -> None:
    """Have another program lose a file, cut it, or lock it away."""
    file = scene.disk.files.get(name)
    if file is None:
        return
    scene.happened[f"files beside the store that are {how}"] += 1
    match how:
        case "missing":
            scene.disk.put(name, None)
        case "unreadable":
            file.is_readable = False
        case _:
            scene.disk.put(name, b"" if how == "empty" else bytes(file.content[:20]))
