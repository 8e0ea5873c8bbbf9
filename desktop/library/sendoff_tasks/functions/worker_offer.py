"""A worker's offer: its functions and slots, and what others need to accept their tasks."""

from __future__ import annotations

import inspect
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from inspect import Parameter, Signature
from typing import Any, Final, Never, get_type_hints
from uuid import UUID

from sendoff_tasks.functions.arguments import decode, encode
from sendoff_tasks.functions.backoff import Retry
from sendoff_tasks.functions.schedule import Cron, DueRule, Every
from sendoff_tasks.functions.spec import TaskSpec, attach, describe
from sendoff_tasks.model.tasks import LaneName
from sendoff_tasks.text import sentence

READ_BY_ALL: Final = frozenset(
    {
        *("task_id", "attempt", "max_attempts", "arguments", "given", "deadline", "reference"),
        *("idempotency_key", "steps", "variables"),
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
        """Tell whether the worker can run the tasks of a function."""
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
            raise ValueError(f"not a list of a worker's functions: {sentence(error)}") from error


_KINDS: Final[tuple[type, ...]] = (
    *(str, int, float, bool, list, dict),
    *(date, datetime, time, timedelta, Decimal, UUID),
)
_BY_NAME: Final = {kind.__name__: kind for kind in _KINDS}
"""Annotations that are passed on; any other parameter accepts any JSON value elsewhere."""

Told = Mapping[str, Any]
"""A function's description in JSON."""


def tell(spec: TaskSpec) -> Told | None:
    """Return all that a process without the function's code needs to accept its tasks.

    ``None`` if accepting runs the function's own code: for a key made from arguments, or for a
    reference.
    """
    if callable(spec.key) or spec.reference is not None:
        return None
    hints = _hints(spec)
    return {
        "module": spec.source.module,
        "qualname": spec.source.qualname,
        "doc": inspect.getdoc(spec.function) or "",
        "title": spec.title,
        "queue": spec.queue,
        "lane": spec.lane,
        "attempts": spec.retry.attempts,
        "timeout": spec.timeout,
        "deadline": spec.deadline,
        "concurrency": spec.concurrency,
        "rate": None if spec.rate is None else str(spec.rate),
        "key": spec.key,
        **({"aliases": list(spec.aliases)} if spec.aliases else {}),  # unknown to older versions
        **_schedule(spec.schedule),
        **({"kwargs": encode((), spec.kwargs)} if spec.kwargs else {}),
        "parameters": [_dump_parameter(each, hints) for each in spec.signature.parameters.values()],
    }


def stand_in(name: str, told: Told) -> TaskSpec:
    """Return the spec of a worker's function; raise ``KeyError``, ``TypeError``, ``ValueError``."""
    about = dict(told)
    parameters = [_load_parameter(each) for each in about.pop("parameters")]
    lane: LaneName = about.pop("lane")
    function = _absent(lane)
    function.__module__, function.__qualname__ = about.pop("module"), about.pop("qualname")
    function.__name__ = function.__qualname__.rpartition(".")[2]
    function.__doc__ = about.pop("doc")
    function.__signature__ = Signature(parameters)
    if "kwargs" in about:
        about["kwargs"] = decode(about["kwargs"])[1]
    retry = Retry(about.pop("attempts"))
    spec = describe(function, name, lane=lane, retry=retry, **about)
    spec = replace(spec, is_here=False)
    attach(spec)
    return spec


def _hints(spec: TaskSpec) -> Mapping[str, Any]:
    try:
        return get_type_hints(spec.function)
    except Exception:  # noqa: BLE001 - annotations are the person's code
        return {}


def _schedule(rule: DueRule | None) -> dict[str, Any]:
    match rule:
        case Every(missed=missed):
            return {"every": str(rule), "missed": missed}
        case Cron(line, timezone, missed):
            return {"cron": line, "timezone": timezone, "missed": missed}
    return {}


def _dump_parameter(parameter: Parameter, hints: Mapping[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = {"name": parameter.name, "kind": parameter.kind.name}
    kind = hints.get(parameter.name)
    if isinstance(kind, type) and _BY_NAME.get(kind.__name__) is kind:
        told["type"] = kind.__name__
    if parameter.default is not Parameter.empty:
        is_json = parameter.default is None or type(parameter.default) in (str, int, float, bool)
        told |= {"default": parameter.default} if is_json else {"optional": True}
    return told


def _load_parameter(told: Mapping[str, Any]) -> Parameter:
    without = ... if told.get("optional") else Parameter.empty  # JSON has no ..., so it is unique
    return Parameter(
        told["name"],
        getattr(Parameter, told["kind"]),
        default=told.get("default", without),
        annotation=_BY_NAME.get(told.get("type", ""), Parameter.empty),
    )


def _absent(lane: LaneName) -> Any:
    def function(*_args: Any, **_kwargs: Any) -> Never:
        raise RuntimeError("this function is on a worker only")

    async def coroutine(*_args: Any, **_kwargs: Any) -> Never:
        function()

    return coroutine if lane == "async" else function
