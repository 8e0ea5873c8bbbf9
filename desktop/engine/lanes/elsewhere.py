"""What a worker offers: a process, here or on another machine, that runs attempts in its lanes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desktop.engine.functions.spec import TaskSpec


@dataclass(frozen=True, slots=True)
class WorkerOffer:
    """One worker: the ``functions`` it has by name, and how many of each lane it runs at once.

    It finds functions without ``@task`` by their modules, if these are in its ``packages``.
    """

    id: str
    functions: frozenset[str]
    packages: frozenset[str]
    slots: Mapping[str, int]

    def has(self, spec: TaskSpec) -> bool:
        """Tell whether it can run the tasks of a function."""
        if spec.lane not in self.slots:
            return False
        is_plain = spec.name == str(spec.source)
        top = spec.source.module.partition(".")[0]
        return spec.name in self.functions or (is_plain and top in self.packages)

    def encode(self) -> str:
        """Write what it offers."""
        offer = asdict(self) | {"functions": [*self.functions], "packages": [*self.packages]}
        del offer["id"]
        return json.dumps(offer)

    @classmethod
    def decode(cls, id_: str, offer: str) -> WorkerOffer:
        """Read what :meth:`encode` wrote."""
        told = json.loads(offer)
        return cls(id_, frozenset(told["functions"]), frozenset(told["packages"]), told["slots"])
