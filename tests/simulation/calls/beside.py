"""Calls of other programs: they copy the store and put it back, and spoil files beside it."""

from __future__ import annotations

from typing import Literal

from tests.simulation.calls.call import call
from tests.simulation.stage.scene import MARK, SETTINGS_FILE, Scene

How = Literal["missing", "cut", "unreadable"]


@call
def copy_store(scene: Scene, label: str) -> None:
    """Copy the store while the program is at rest."""
    scene.copy(label)


@call
def put_back(
    scene: Scene, label: str, mark: Literal["stays", "comes", "lost", "tells"], in_place: bool
) -> None:
    """Put a copy of the store in its place, in a file of its own or in the same one."""
    scene.put_back(label, mark, in_place=in_place)


@call
def spoil_mark(scene: Scene, how: How) -> None:
    """Have something go wrong with the mark beside the store."""
    spoil(scene, MARK, how)


@call
def spoil_settings(scene: Scene, how: How, part: float = 0) -> None:
    """Have something go wrong with the settings file."""
    spoil(scene, SETTINGS_FILE, how, part)


@call
def mend_settings(scene: Scene) -> None:
    """Let the settings be read again, and put back what was saved last where it is not there."""
    file = scene.disk.files.get(SETTINGS_FILE)
    if file is not None and not file.is_readable:
        scene.disk.lock_away(SETTINGS_FILE, is_readable=True)
    if scene.setting.is_ours:
        text = scene.preferences.text
        if file is None or file.content != text:
            scene.disk.put(SETTINGS_FILE, text)


@call
def copy_task_file(scene: Scene, parts: list[float], pause: float) -> None:
    """Have a file copied into the tasks folder: parts of it, then all, each after a pause in s."""
    scene.happened["task files that were copied"] += 1
    scene.task_files.copy(parts, pause)


@call
def plant_task_file(scene: Scene) -> None:
    """Have another user put a file into the tasks folder."""
    scene.happened["task files of another user"] += 1
    scene.task_files.put_foreign()


def spoil(scene: Scene, name: str, how: How, part: float = 0.2) -> None:
    """Have another program lose a file, cut it, or lock it away."""
    file = scene.disk.files.get(name)
    if file is None:
        return
    scene.happened[f"files beside the store that are {how}"] += 1
    match how:
        case "missing":
            scene.disk.put(name, None)
        case "unreadable":
            scene.disk.lock_away(name, is_readable=False)
        case _:
            scene.disk.put(name, bytes(file.content[: int(part * len(file.content))]))
