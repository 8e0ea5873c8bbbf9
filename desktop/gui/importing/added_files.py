"""The files that rows of a draft name: found on the disk, and added one after the other."""

from __future__ import annotations

import filecmp
import os
import threading
import time
from collections import defaultdict
from collections.abc import Mapping
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from PySide6.QtCore import QObject

from desktop.client.items import OF_THE_DRAFT, row_pages
from desktop.contract.rules.file_names import FileNames
from desktop.gui.importing.draft_file import stamp_of
from desktop.gui.kit.words.file_faults import error_sentence
from desktop.gui.kit.words.states import sentences
from desktop.gui.kit.words.table import say
from sendoff_tasks.client.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from desktop.client.api import Api
    from desktop.contract.batches import Batch
    from desktop.gui.importing.draft_file import DraftMemory, Reading, Stamps
    from desktop.gui.importing.import_place import ImportPlace


FILES: Final = "files"
"""Key of the added files, as ``Stamps``."""
FOLDERS: Final = "folders"
"""Key of the paths of added folders, of which only files that rows name are copied."""
SAID: Final = 2
"""Files of a kind that are said to be not added; of others only the number is."""
STEP_S: Final = 0.2
"""Seconds for which files are added until the window is told how far."""


class FilesAdded(NamedTuple):
    """What was added: the draft, and the new stamps of files; ``dropped`` paths were not added.

    ``folders`` are those among the paths that were to be added. ``twice`` has pairs of files that
    differ and have one name, ``faults`` has errors by path.
    """

    batch: Batch
    stamps: Mapping[str, str | None]
    dropped: frozenset[str]
    folders: Sequence[str]
    twice: Sequence[tuple[str, str]]
    faults: Mapping[str, Exception]


class FilesToAdd:
    """Adds files to a draft: those without a stamp, and of folders what rows name."""

    def __init__(self, number: int, stamps: Stamps, folders: Sequence[str]) -> None:
        self.files: int | None = 0
        self._number = number
        self._lock = threading.Lock()
        self._is_over = False
        self._wanted = stamps
        self._folders, self._new_folders = folders, list[str]()
        self._left: list[str] | None = None  # once they are found
        self._stamps: dict[str, str | None] = {}
        self._dropped = set[str]()
        self._twice: list[tuple[str, str]] = []
        self._faults: dict[str, Exception] = {}

    def put_next(self, api: Api) -> float | FilesAdded:
        """Add files for ``STEP_S``; return the share that is added, or all that were.

        Raises ``ClientError``, but not for a single file.
        """
        with self._lock:
            if self._left is None:
                self._left = self._find(api)
                self.files = len(self._left)
            until = time.monotonic() + STEP_S
            while self._left and not self._is_over:
                self._add(api, self._left[-1])
                self._left.pop()
                if time.monotonic() >= until:
                    break
            if self._left and not self._is_over:
                return 1 - len(self._left) / (self.files or 1)
            if self._stamps:
                api.batches.take_files(self._number, self._number, ())  # has the rows checked
            batch, dropped = api.batches.one(self._number), frozenset([*self._dropped, *self._left])
            folders = () if self._is_over else self._new_folders
            return FilesAdded(batch, self._stamps, dropped, folders, self._twice, self._faults)

    def halt(self) -> None:
        """Add no more files."""
        self._is_over = True

    def close(self) -> None:
        """Do nothing: what is under way is a single file."""

    def _find(self, api: Api) -> list[str]:
        """Return the files to add; of equal ones with one name the first, of others none."""
        by_name: dict[str, list[str]] = defaultdict(list)
        new = [path for path, stamp in self._wanted.items() if stamp is None]
        self._new_folders = [path for path in new if os.path.isdir(path)]  # noqa: PTH112 - of many
        self._dropped.update(self._new_folders)
        for path in self._wanted:
            if path not in self._dropped:
                by_name[Path(path).name].append(path)
        for name, paths in self._named_in_folders(api).items():
            by_name[name] += [path for path in paths if path not in by_name[name]]
        left = []
        for paths in by_name.values():
            new = [path for path in paths if self._wanted.get(path) is None]
            there = [path for path in paths if os.path.isfile(path)]  # noqa: PTH113 - of many
            other = next((path for path in there[1:] if _differ(there[0], path)), None)
            if new and other is not None:
                self._twice.append((there[0], other))
            elif len(new) == len(paths):  # none of them was added
                chosen = (there or new)[0]
                left.append(chosen)
                new.remove(chosen)
            self._dropped.update(new)
        return sorted(left, reverse=True)

    def _named_in_folders(self, api: Api) -> dict[str, list[str]]:
        """Map the names of files in the folders that rows name to their paths."""
        found: dict[str, list[str]] = defaultdict(list)
        for place in chain.from_iterable(map(os.walk, [*self._folders, *self._new_folders])):
            if self._is_over:
                return {}
            for name in place[2]:
                if not name.startswith("."):
                    found[name].append(os.path.join(place[0], name))  # noqa: PTH118 - of many
        if not found:
            return {}
        rows = chain.from_iterable(row_pages(api.batches, self._number))
        texts = {text for row in rows for text in row["item"].get("attachments", ())}
        names = FileNames(found)
        return {name: found[name] for text in texts for name in names.named(text) if name in names}

    def _add(self, api: Api, path: str) -> None:
        stamp = stamp_of(path)
        try:
            api.batches.attach(self._number, Path(path), more=True)
        except (OSError, Refused) as error:
            if isinstance(error, Refused) and error.status in OF_THE_DRAFT:
                raise
            self._faults[path] = error
            self._dropped.add(path)
        else:
            self._stamps[path] = stamp


def _differ(one: str, other: str) -> bool:
    """Tell whether two files differ; one that cannot be read is not compared."""
    try:
        return not filecmp.cmp(one, other, shallow=False)
    except OSError:
        return False


class AddingFiles(QObject):
    """Adds files to the shown draft, remembers from where, and says in the foot what was added."""

    def __init__(self, place: ImportPlace, memory: DraftMemory, reading: Reading) -> None:
        super().__init__(place)
        self._place = place
        self._memory = memory
        self._reading = reading
        place.source.files_added.connect(self.add)

    def stamps(self) -> Stamps:
        """Return the files that were added to the shown draft, or are to be."""
        batch = self._place.batch
        return (self._memory.of(batch["batch_id"], FILES) or {}) if batch is not None else {}

    def add(self, paths: Iterable[str]) -> None:
        """Add files and folders, or add files again that were changed since."""
        self._keep(dict.fromkeys(paths))
        self.go_on()

    def move(self, before: int, now: int) -> None:
        """Remember for a draft what was added to the one that it was read in place of."""
        for key in (FILES, FOLDERS):
            if (known := self._memory.of(before, key)) is not None:
                self._memory.keep(now, key, known)

    def go_on(self) -> None:
        """Add what is not added yet; after rows were read or changed they may name more files."""
        batch, stamps = self._place.batch, self.stamps()
        if batch is None or self._reading.is_under_way:
            return
        folders = self._memory.of(batch["batch_id"], FOLDERS) or []
        if folders or None in stamps.values():
            self._reading.begin(FilesToAdd(batch["batch_id"], stamps, folders))

    def end(self, told: FilesAdded) -> None:
        """Remember what was added, and say it."""
        number = told.batch["batch_id"]
        known = self._memory.of(number, FOLDERS) or []
        self._memory.keep(number, FOLDERS, [*dict.fromkeys([*known, *told.folders])] or None)
        self._keep(told.stamps, told.dropped)
        self._place.said.say_first(sentences(*self._said(told)))
        if None in self.stamps().values():  # since then
            self.go_on()

    def stop(self) -> None:
        """Add no more of what is not added yet."""
        batch = self._place.batch
        if batch is not None:
            self._keep({}, {path for path, stamp in self.stamps().items() if stamp is None})
            self._memory.keep(batch["batch_id"], FOLDERS, None)

    def _keep(self, stamps: Stamps, without: Collection[str] = ()) -> None:
        batch = self._place.batch
        if batch is not None:
            files = {p: stamp for p, stamp in self.stamps().items() if p not in without}
            self._memory.keep(batch["batch_id"], FILES, {**files, **stamps} or None)

    def _said(self, told: FilesAdded) -> list[str]:
        said = []
        if told.stamps:
            said.append(say("added_files", "added", n=len(told.stamps)))
        elif told.folders and not told.twice:
            name = Path(told.folders[-1]).name
            said.append(say("added_files", "none_named", name=name))
        for one, other in told.twice[:SAID]:
            name = Path(one).name
            said.append(say("added_files", "twice", name=name, one=one, other=other))
        for path, error in islice(told.faults.items(), SAID):
            name, why = Path(path).name, error_sentence(error)
            said.append(say("added_files", "fault", name=name, why=why))
        more = max(len(told.twice) - SAID, 0) + max(len(told.faults) - SAID, 0)
        return [*said, *([say("added_files", "more", n=more)] if more else [])]
