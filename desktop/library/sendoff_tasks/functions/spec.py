"""What is known about a task before it runs, from ``@task`` or from the function alone."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from types import FunctionType, GetSetDescriptorType, UnionType
from typing import Annotated, Any, Final, ForwardRef, Never, Union, get_args, get_origin

from sendoff_tasks.errors import BadCall, Conflict
from sendoff_tasks.functions.arguments import encode
from sendoff_tasks.functions.backoff import DEFAULT_RETRY, ONCE, Retry
from sendoff_tasks.functions.eligibility import (
    brief,
    check_constant_key,
    check_findable,
    check_kind,
    check_lane,
    check_names,
    check_plain,
    check_positive,
    check_seconds,
    check_text,
    check_whole,
)
from sendoff_tasks.functions.schedule import DueRule, Missed, rule_of
from sendoff_tasks.functions.source import FunctionSource, source_of
from sendoff_tasks.model.secrets import is_secret
from sendoff_tasks.model.states import Refusal
from sendoff_tasks.model.tasks import LaneName
from sendoff_tasks.model.times import Rate
from sendoff_tasks.text import sentence
from sendoff_tasks.words.typed import rate_problem


@dataclass(frozen=True, slots=True)
class ContextParameter:
    """The parameter that takes the context: its name and its positional index, if any."""

    name: str
    position: int | None


class FilledIn:
    """The base of ``TaskContext``: the engine fills in a parameter of this type."""


def context_parameter(
    function: Callable[..., Any], signature: inspect.Signature
) -> ContextParameter | None:
    """Find the parameter annotated ``TaskContext``, or with ``CURRENT`` as its default."""
    names = getattr(inspect.unwrap(function), "__globals__", {})
    parameters = list(signature.parameters.values())
    for place, each in enumerate(parameters):
        if each.kind in {each.VAR_POSITIONAL, each.VAR_KEYWORD}:
            continue
        if isinstance(each.default, FilledIn) or any(
            map(_is_context, _meanings(each.annotation, names))
        ):
            return ContextParameter(each.name, place if each.kind in _PLACED else None)
    return None


def _meanings(annotation: Any, names: dict[str, Any]) -> Iterator[Any]:
    """Yield the types of an annotation, which may be text, and what ``Annotated`` adds to them.

    A name that only type checkers import is yielded as text, without its module.
    """
    if isinstance(annotation, ForwardRef):
        annotation = annotation.__forward_arg__
    if isinstance(annotation, str):
        try:
            evaluated = eval(annotation, names)  # noqa: S307 - as typing.get_type_hints does
        except Exception:  # noqa: BLE001 - a name that only type checkers import
            words = re.findall(r"[\w.]+", annotation)
            yield from (word.rpartition(".")[2] for word in words)
            return
        if evaluated != annotation:
            yield from _meanings(evaluated, names)
        return
    annotation = getattr(annotation, "__value__", annotation)  # of ``type Context = …``
    origin = get_origin(annotation)
    if origin in {Union, UnionType}:
        for each in get_args(annotation):
            yield from _meanings(each, names)
    elif origin is Annotated:
        yield from _meanings(annotation.__origin__, names)
        yield from (each for each in annotation.__metadata__ if not isinstance(each, str))
    else:
        yield origin or annotation  # of TaskContext[…]


def _is_context(meaning: Any) -> bool:
    if isinstance(meaning, str):
        return meaning == "TaskContext"
    return isinstance(meaning, type) and issubclass(meaning, FilledIn)


def _check_given(function: Callable[..., Any], signature: inspect.Signature) -> None:
    """Raise ``TypeError`` for a parameter that only FastAPI fills in."""
    if hasattr(function, "__wrapped__"):  # the decorator may fill it in
        return
    names = getattr(function, "__globals__", {})
    for each in signature.parameters.values():
        meanings = _meanings(each.annotation, names)
        if _fastapi_kinds(each.default) or any(map(_is_dependency, meanings)):
            raise TypeError(
                f"{function.__qualname__} cannot be a task: FastAPI gives {each.name!r} only to a "
                "request: open the session in the task, or pass the value, such as the row's id"
            )


def _is_dependency(meaning: Any) -> bool:
    if isinstance(meaning, str):
        return meaning in _DEPENDENCIES
    return not _DEPENDENCIES.isdisjoint(_fastapi_kinds(meaning))


_DEPENDENCIES: Final = frozenset({"Depends", "Security"})


def _fastapi_kinds(value: object) -> set[str]:
    """Return the names of a value's classes that FastAPI has for parameters; imports nothing."""
    return {each.__name__ for each in type(value).__mro__ if each.__module__ == "fastapi.params"}


_PLACED: Final = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
ANY_CALL: Final = inspect.signature(lambda *args, **kwargs: None)
"""The signature assumed for a built-in function that has none."""
Key = str | Callable[..., str | Awaitable[str]]
"""A unique key, or a function, also an ``async def``, that makes one of a task's arguments."""
_ATTRIBUTE: Final = "__task__"


@dataclass(frozen=True, slots=True)
class TaskSpec:
    """What is known about a task before it runs.

    ``timeout`` is in seconds and counts until the point of no return; ``deadline`` is in seconds
    after the task was accepted. ``concurrency`` and ``rate`` limit the whole queue. Only one task
    with a ``key``, which may be made from the arguments, is open at a time. ``reference`` makes
    the name by which the outside world knows the effect (a Message-ID), once, when the task is
    accepted. With a ``schedule`` the task is made at each due time, with ``kwargs``. If it is
    not ``is_here``, only workers have the function, and ``function`` is a stand-in. ``signature``
    has the caller's parameters, without the context. ``fits`` is how many arguments surely fit
    when all are positional. ``first_secret`` is the place of the first parameter with a secret, if
    it can be given by name. ``aliases`` are names that the task had before.
    """

    name: str
    function: Callable[..., Any]
    source: FunctionSource
    title: str
    queue: str
    lane: LaneName
    retry: Retry = DEFAULT_RETRY
    timeout: float | None = None
    deadline: float | None = None
    concurrency: int | None = None
    rate: Rate | None = None
    key: Key | None = None
    reference: Callable[[], str] | None = None
    schedule: DueRule | None = None
    kwargs: Mapping[str, Any] = field(default_factory=dict, hash=False)
    context: ContextParameter | None = None
    signature: inspect.Signature = ANY_CALL
    fits: range = range(0)
    first_secret: int | None = None
    is_here: bool = True
    aliases: tuple[str, ...] = ()

    @property
    def parameters(self) -> Collection[str]:
        """The names of the caller's parameters, in order."""
        return self.signature.parameters.keys()

    @property
    def placed(self) -> list[str]:
        """The names of the caller's positional parameters, in order."""
        return [p.name for p in self.signature.parameters.values() if p.kind in _PLACED]

    def new_reference(self) -> str | None:
        """Make the reference of a new effect, if the function has any.

        Raises ``Conflict`` if that fails; the user's own code may make it.
        """
        try:
            return self.reference() if self.reference else None
        except Exception as error:
            raise Conflict(Refusal.NOT_MADE, text=sentence(error)) from error

    def check_arguments(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> None:
        """Raise ``BadCall`` if the function cannot be called like this."""
        why = self.misfit(args, kwargs)
        if why is not None:
            raise BadCall(f"the task “{self.name}” cannot be called like this: {why}")

    def named(
        self, args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> tuple[Sequence[Any], Mapping[str, Any]]:
        """Return the call with its secrets given by name: so what shows arguments knows them."""
        first = self.first_secret
        if first is None or len(args) <= first:
            return args, kwargs
        later = zip(self.placed[first:], args[first:], strict=False)
        return args[:first], {**dict(later), **kwargs}

    def misfit(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> str | None:
        """Return why the function cannot be called like this; ``None`` if it can."""
        if len(args) in self.fits and not kwargs:
            return None
        try:
            self.signature.bind(*args, **kwargs)
        except TypeError as error:
            return None if self.is_completed(args, kwargs) else str(error)
        return None

    def is_completed(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> bool:
        """Tell whether arguments are missing that a decorator may add: it takes this call.

        Which it adds is not known, so a secret has to be given by name to be known as one.
        """
        with suppress(TypeError):
            self.signature.bind(*args, **kwargs)
            return False
        secrets = {name for name in self.parameters if is_secret(name)}
        if not hasattr(self.function, "__wrapped__") or not secrets <= kwargs.keys():
            return False
        try:
            self.signature.bind_partial(*args, **kwargs)
            _signature(self.function, follow_wrapped=False).bind(*args, **kwargs)
        except TypeError:
            return False
        return True


def describe(
    function: Callable[..., Any],
    name: str,
    *,
    aliases: Collection[str] = (),
    title: str | None = None,
    queue: str | None = None,
    lane: LaneName | None = None,
    retry: Retry | int = DEFAULT_RETRY,
    timeout: float | None = None,
    deadline: float | None = None,
    concurrency: int | None = None,
    rate: str | None = None,
    key: Key | None = None,
    reference: Callable[[], str] | None = None,
    cron: str | None = None,
    every: str | None = None,
    timezone: str | None = None,
    missed: Missed = "run_once",
    kwargs: Mapping[str, Any] | None = None,
) -> TaskSpec:
    """Return the spec of a function with the options of ``@task``, which explains them.

    Raises ``TypeError`` for options that cannot work.
    """
    check_kind(function)
    if lane is None:
        lane = "async" if inspect.iscoroutinefunction(function) else "io"
    check_lane(function, lane)
    queue = name if queue is None else queue
    check_names(name=name, queue=queue)
    if not isinstance(aliases, list | tuple | set | frozenset):
        raise TypeError(f"aliases must be a list of names, got {brief(aliases)}")
    for alias in aliases:
        check_names(alias=alias)
    if title is not None:
        check_text("title", title)
    signature = _signature(function)
    context = context_parameter(function, signature)
    _check_given(function, signature)
    spec = TaskSpec(
        name=name,
        function=function,
        source=source_of(function),
        title=title or _title_from(name),
        queue=queue,
        lane=lane,
        retry=_retry(retry),
        timeout=timeout,
        deadline=deadline,
        concurrency=concurrency,
        rate=_rate(rate),
        key=key,
        reference=reference,
        schedule=rule_of(cron, every, timezone, missed),
        kwargs=_checked_kwargs(kwargs),
        context=context,
        signature=(given := _without(signature, context)),
        fits=_positional_counts(given),
        first_secret=_first_secret(given),
        aliases=tuple(aliases),
    )
    check_seconds(timeout=timeout, deadline=deadline)
    if concurrency is not None:
        check_whole("concurrency", concurrency)
    check_positive(concurrency=concurrency)
    if reference is not None:
        check_plain("reference", reference)
    if key is not None and not callable(key):
        check_constant_key(key, given)
    if spec.schedule is not None:
        _check_scheduled(spec)
    elif spec.kwargs:
        raise TypeError("kwargs is for a task with cron or every")
    return spec


def _checked_kwargs(kwargs: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return a schedule's arguments by name; raise ``TypeError`` if they cannot be stored."""
    if kwargs is None:
        return {}
    if not isinstance(kwargs, Mapping) or not all(isinstance(each, str) for each in kwargs):
        raise TypeError(f"kwargs is a dict of arguments by name, got {brief(kwargs)}")
    encode((), kwargs)
    return dict(kwargs)


def _check_scheduled(spec: TaskSpec) -> None:
    why = spec.misfit((), spec.kwargs)
    if why is not None:
        given = "its kwargs only" if spec.kwargs else "no arguments, or kwargs={…}"
        raise TypeError(f"a task with a schedule is called with {given}: {why}")
    if callable(spec.key) and not spec.kwargs:
        raise TypeError("a task with a schedule has no arguments: its key must be text")


def _retry(retry: Retry | int) -> Retry:
    if isinstance(retry, Retry):
        return retry
    check_whole("retry, where it is no Retry,", retry)
    return Retry(retry)


def _rate(rate: str | None) -> Rate | None:
    if rate is None:
        return None
    check_text("rate", rate)
    try:
        return Rate.parse(rate)
    except ValueError as error:
        raise TypeError(f"rate {rate!r} cannot be used: {rate_problem(error)}") from error


def attach(spec: TaskSpec) -> None:
    """Store the spec on its function, where :func:`described` finds it."""
    setattr(spec.function, _ATTRIBUTE, spec)


def described(fn: Callable[..., Any]) -> TaskSpec | None:
    """Return the spec of a function decorated with ``@task``, else ``None``.

    A decorator above ``@task`` is seen through: the task calls what stands in the function's place.
    """
    spec = getattr(fn, _ATTRIBUTE, None)  # functools.wraps copies it to a wrapper
    if not isinstance(spec, TaskSpec):
        return None
    if spec.function is fn:
        return spec
    if spec.source.held() is not fn:
        return None
    is_async = inspect.iscoroutinefunction(fn)
    lane: LaneName = "cpu" if spec.lane == "cpu" else "async" if is_async else "io"
    check_lane(fn, lane)
    spec = replace(spec, function=fn, lane=lane)
    attach(spec)
    return spec


def described_in(module: str, names: Mapping[str, Any]) -> Iterator[Callable[..., Any]]:
    """Yield the functions with ``@task`` among the names of a module, as decorators left them.

    Raises ``TypeError`` for a task that a decorator above ``@task`` hides.
    """
    for name, value in names.items():
        if type(value) is type:
            if value.__module__ == module:
                yield from _static_tasks(value)
            continue
        if not callable(value):
            continue
        own = value.__dict__ if type(value) is FunctionType else _attributes(value)
        if _ATTRIBUTE in own and described(value) is not None:
            yield value
            continue
        held = _cells(value) if type(value) is FunctionType else own.values()
        if any(_is_at(each, module, name) for each in held):
            raise TypeError(
                f"a decorator above @task hides the task {module}:{name}: write @task above the "
                "other decorators, or use functools.wraps in that decorator"
            )


def _static_tasks(kind: type) -> Iterator[Callable[..., Any]]:
    """Yield the static methods of a class that are described with ``@task``."""
    for each in vars(kind).values():
        function = each.__func__ if type(each) is staticmethod else None
        if type(function) is FunctionType and _ATTRIBUTE in function.__dict__:
            yield function


def _attributes(value: object) -> Mapping[str, Any]:
    """Return an object's own attributes, which classes and proxies are not asked for.

    A proxy may stand for a module that is missing, and would import it.
    """
    for kind in type(value).__mro__:
        own = vars(kind).get("__dict__")
        if type(own) is GetSetDescriptorType and kind is not type:
            return own.__get__(value)  # type: ignore[no-any-return]
    return {}


def _cells(function: FunctionType) -> Iterator[object]:
    """Yield what a function's body refers to outside of it."""
    for cell in function.__closure__ or ():
        with suppress(ValueError):  # it is still empty
            yield cell.cell_contents


def _is_at(held: object, module: str, name: str) -> bool:
    """Tell whether what a wrapper holds is the task that was defined as ``module:name``."""
    spec = getattr(held, _ATTRIBUTE, None) if type(held) is FunctionType else None
    return isinstance(spec, TaskSpec) and str(spec.source) == f"{module}:{name}"


def spec_for(fn: Callable[..., Any]) -> TaskSpec:
    """Return the spec of a decorated function, or the default spec of a plain one."""
    spec = described(fn)
    if spec is None:
        check_kind(fn)
        check_findable(fn)
        spec = describe(fn, plain_name(fn), retry=ONCE)
    return spec


def plain_name(fn: Callable[..., Any]) -> str:
    """Return the task name of a function without ``@task``."""
    return f"{getattr(fn, '__module__', '')}:{getattr(fn, '__qualname__', '')}"


def elsewhere(*_args: Any, **_kwargs: Any) -> Never:
    """Stand for a function that only another process has."""
    raise RuntimeError("this function is in another process only")


_AS_WRITTEN: dict[str, Any] = {}
if sys.version_info >= (3, 14):  # annotations are evaluated by who asks for them
    from annotationlib import Format

    _AS_WRITTEN["annotation_format"] = Format.FORWARDREF


def _signature(function: Callable[..., Any], *, follow_wrapped: bool = True) -> inspect.Signature:
    """Return a function's signature; a name that only type checkers import stays a reference."""
    try:
        return inspect.signature(function, follow_wrapped=follow_wrapped, **_AS_WRITTEN)
    except ValueError:
        return ANY_CALL


def _without(signature: inspect.Signature, context: ContextParameter | None) -> inspect.Signature:
    given = [p for p in signature.parameters.values() if context is None or p.name != context.name]
    return signature.replace(parameters=given)


def _positional_counts(signature: inspect.Signature) -> range:
    """Return how many positional arguments surely fit; empty where it depends."""
    parameters = signature.parameters.values()
    if any(p.kind not in _PLACED for p in parameters):
        return range(0)
    needed = sum(p.default is inspect.Parameter.empty for p in parameters)
    return range(needed, len(parameters) + 1)


def _first_secret(signature: inspect.Signature) -> int | None:
    parameters = signature.parameters.values()
    if any(p.kind in {p.POSITIONAL_ONLY, p.VAR_POSITIONAL} for p in parameters):
        return None
    places = (place for place, p in enumerate(parameters) if is_secret(p.name))
    return next(places, None)


def _title_from(name: str) -> str:
    words = name.rpartition(":")[2].rpartition(".")[2].replace("_", " ").strip()
    return words[:1].upper() + words[1:] or name
