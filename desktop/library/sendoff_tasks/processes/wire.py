"""The format of lines between processes: requests one way, answers the other."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from functools import lru_cache
from typing import Any, Final

from sendoff_tasks.errors import EngineError
from sendoff_tasks.functions.backoff import Retry
from sendoff_tasks.functions.source import FunctionSource
from sendoff_tasks.functions.spec import TaskSpec, elsewhere
from sendoff_tasks.submission import NO_OPTIONS, Idempotency, NewTask, Place, TaskOptions
from sendoff_tasks.text import sentence
from sendoff_tasks.verbs.lines import Call, Line, LineAnswer, NotUnderstood, Wanted
from sendoff_tasks.verbs.submit import PreparedSubmission, PreparedTask

_dumps: Final = json.JSONEncoder(separators=(",", ":")).encode
_PLAIN: Final = ("subject", "to", "title", "token", "variables", "edition")
"""The fields of a ``NewTask`` that a line has unchanged."""
_OPTIONS: Final = tuple((each.name, each.default) for each in fields(TaskOptions))


def dump_line(process: str, number: int, wanted: list[str]) -> bytes:
    """Encode a line from requests that :func:`dump_wanted` has encoded."""
    name = _dumps(process)
    return f'{{"process":{name},"number":{number},"wanted":[{",".join(wanted)}]}}\n'.encode()


def load_line(text: bytes) -> Line:
    """Decode a line; raise ``ValueError`` for anything else."""
    try:
        line = json.loads(text)
        process, number, wanted = line["process"], line["number"], list(line["wanted"])
    except (LookupError, TypeError) as error:
        raise ValueError(f"It is no line: {sentence(error)}") from error
    return Line(process, number, [_load_wanted(each) for each in wanted])


def dump_answers(number: int, answers: list[LineAnswer]) -> bytes:
    """Encode the answers to a line."""
    return f"{_dumps({'number': number, 'answers': answers})}\n".encode()


def load_answers(text: bytes) -> tuple[int, list[LineAnswer]]:
    """Decode a line's number and its answers."""
    read = json.loads(text)
    return read["number"], read["answers"]


def dump_task(prepared: PreparedTask) -> str:
    """Encode a task that waits for its transaction."""
    return _dumps(_dump_task(prepared))


def load_tasks(written: list[tuple[int, str]]) -> PreparedSubmission:
    """Decode the tasks of one transaction, each with its number among its sender's.

    Raises ``EngineError`` if a task should start after another one that is missing.
    """
    places = {number: place for place, (number, _) in enumerate(written)}
    tasks: list[PreparedTask] = []
    last: Place | None = None
    for number, text in written:
        prepared = _load_task(json.loads(text))
        options = prepared.task.options
        if options.after:
            options = replace(options, after=tuple(_placed(each, places) for each in options.after))
        behind = last if options.is_in_line else None
        prepared.task = replace(prepared.task, behind=behind, options=options)
        if options.is_in_line:
            last = Place(places[number])
        tasks.append(prepared)
    return PreparedSubmission(tasks)


def _placed(after: Place | int, places: dict[int, int]) -> Place | int:
    if not isinstance(after, Place):
        return after
    if after.number not in places:
        raise EngineError("engine.rolled_back")
    return Place(places[after.number])


def dump_wanted(wanted: Wanted) -> str:
    """Encode a request; raise ``TypeError`` for values that are not JSON."""
    if isinstance(wanted, Call):
        return _dumps({"call": wanted.verb, "args": wanted.args})
    key = wanted.idempotency
    named = None if key is None else [key.key, key.body_hash, key.note]
    tasks = [_dump_task(task) for task in wanted.tasks]
    more = {"response": wanted.response, "undo_for": wanted.undo_for}
    return _dumps({"tasks": tasks, "key": named, **more})


def _load_wanted(read: dict[str, Any]) -> Wanted | NotUnderstood:
    """Decode a request; another version of this program may have sent it."""
    try:
        if "call" in read:
            return Call(read["call"], tuple(read["args"]))
        key = None if read["key"] is None else Idempotency(*read["key"])
        tasks = [_load_task(task) for task in read["tasks"]]
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        return NotUnderstood(sentence(error))
    return PreparedSubmission(tasks, key, read.get("response"), read.get("undo_for", 0))


def _dump_task(prepared: PreparedTask) -> dict[str, Any]:
    """Encode a task, without fields that are ``None``."""
    task, spec = prepared.task, prepared.spec
    written = {
        "function": _dump_spec(spec),
        "arguments": prepared.arguments,
        "key": prepared.key,
        "words": prepared.words,
        "reference": prepared.reference,
        "options": None if task.options == NO_OPTIONS else _dump_options(task.options),
        "behind": None if task.behind is None else task.behind.number,
        **{name: getattr(task, name) for name in _PLAIN},
    }
    return {name: value for name, value in written.items() if value is not None}


def _load_task(read: dict[str, Any]) -> PreparedTask:
    get = read.get
    spec = _load_spec(tuple(read["function"]))
    behind = get("behind")
    task = NewTask(
        spec.name,
        options=_load_options(read["options"]) if "options" in read else NO_OPTIONS,
        behind=None if behind is None else Place(behind),
        **{name: read[name] for name in _PLAIN if name in read},
    )
    return PreparedTask(
        task,
        spec,
        arguments=read["arguments"],
        key=get("key"),
        words=get("words", ""),
        reference=get("reference"),
    )


def _dump_options(options: TaskOptions) -> dict[str, Any]:
    """Encode the options that differ from their default."""
    given = ((name, getattr(options, name), default) for name, default in _OPTIONS)
    written = {name: value for name, value, default in given if value != default}
    if options.after:  # a place is a list of one, a number is itself
        written["after"] = [[*each] if isinstance(each, Place) else each for each in options.after]
    return written


def _load_options(read: dict[str, Any]) -> TaskOptions:
    after = [Place(*each) if isinstance(each, list) else each for each in read.get("after", ())]
    return TaskOptions(**{**read, "after": tuple(after)})


def _dump_spec(spec: TaskSpec) -> list[Any]:
    source = spec.source
    attempts, deadline = spec.retry.attempts, spec.deadline
    about = [spec.title, spec.queue, spec.lane, attempts, deadline]
    return [spec.name, source.module, source.qualname, *about]


@lru_cache(maxsize=1000)
def _load_spec(told: tuple[Any, ...]) -> TaskSpec:
    """Return the spec by which a task is accepted; its function is found by name when it runs."""
    name, module, qualname, title, queue, lane, attempts, deadline = told
    source, retry = FunctionSource(module, qualname), Retry(attempts)
    return TaskSpec(name, elsewhere, source, title, queue, lane, retry, deadline=deadline)
