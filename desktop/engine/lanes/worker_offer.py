"""A worker's offer: the functions and slots of a process, maybe on another machine."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Final

from desktop.engine.text import sentence

if TYPE_CHECKING:
    from desktop.engine.functions.spec import TaskSpec


READ_BY_ALL: Final = frozenset(
    {
        *("task_id", "attempt", "max_attempts", "arguments", "item_id", "deadline", "reference"),
        *("idempotency_key", "addressee", "steps", "variables"),
    }
)
"""The fields of a claim that every worker can read; this set never grows."""


@dataclass(frozen=True, slots=True)
class WorkerOffer:
    """One worker: its ``functions`` by name, and the number of ``slots`` in each lane.

    The worker finds functions without ``@task`` by module, if the module is in its ``packages``.
    Functions that are ``described`` can be used where their code is not. ``reads`` names the
    claim fields it understands, which tells the versions of this program that it can serve.
    """

    id: str
    functions: frozenset[str]
    packages: frozenset[str]
    slots: Mapping[str, int]
    described: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    reads: frozenset[str] = READ_BY_ALL

    def has(self, spec: TaskSpec) -> bool:
        """Return whether the worker can run the tasks of a function."""
        if spec.lane not in self.slots:
            return False
        is_plain = spec.name == str(spec.source)
        top = spec.source.module.partition(".")[0]
        return spec.name in self.functions or (is_plain and top in self.packages)

    def encode(self) -> str:
        """Return the offer as JSON."""
        offer = asdict(self)
        del offer["id"]
        for name in ("functions", "packages", "reads"):
            offer[name] = sorted(offer[name])
        return json.dumps(offer)

    @classmethod
    def decode(cls, id_: str, offer: str) -> WorkerOffer:
        """Reverse :meth:`encode`; raise ``ValueError`` for anything else."""
        try:
            told = json.loads(offer)
            functions, packages = frozenset(told["functions"]), frozenset(told["packages"])
            slots = {str(lane): int(n) for lane, n in told["slots"].items()}
            reads = frozenset(told.get("reads", READ_BY_ALL))
            return cls(id_, functions, packages, slots, dict(told.get("described", {})), reads)
        except (AttributeError, LookupError, TypeError) as error:
            raise ValueError(f"This is no offer of a worker: {sentence(error)}") from error
