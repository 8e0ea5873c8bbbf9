"""The owner's side: accepts lines of other processes, and answers them after their COMMIT."""

from __future__ import annotations

import asyncio
import logging

from desktop.engine.errors import Closed, EngineError
from desktop.engine.facade.engine import Engine
from desktop.engine.functions.registry import Registry
from desktop.engine.processes.wire import dump_answers, load_line
from desktop.engine.text import sentence
from desktop.engine.verbs.lines import Line, accept_line, refusal
from desktop.engine.verbs.submit import PreparedSubmission

log = logging.getLogger(__name__)


class LineServer:
    """Answers lines with an engine; unknown functions are imported from their modules."""

    def __init__(self, engine: Engine, registry: Registry) -> None:
        self._engine = engine
        self._registry = registry
        self._looked_for: set[str] = set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one process, line by line, until it or the engine ends."""
        try:
            while text := await reader.readline():
                writer.write(await self.answer(text))
        except Closed:
            pass  # the process sends the line again, to the next owner
        except ConnectionError:
            log.info("A process that submitted tasks has ended")
        except ValueError as error:
            log.error("What another process submitted could not be read: %s", error)  # noqa: TRY400

    async def answer(self, text: bytes) -> bytes:
        """Answer one line; raise ``Closed`` if the engine accepts nothing more.

        Raises ``ValueError`` for anything but a line.
        """
        line = load_line(text)
        await self.learn(line)
        try:
            answers = await self._engine.ask(lambda group: accept_line(group, line), line.weight)
        except Closed:
            raise
        except EngineError as error:
            answers = [refusal(error)] * len(line.wanted)
        except Exception as error:  # rolled back: nothing of the line was accepted
            log.exception("What another process submitted could not be accepted")
            answers = [refusal(EngineError(sentence(error)))] * len(line.wanted)
        return dump_answers(line.number, answers)

    async def learn(self, wanted: Line | PreparedSubmission) -> None:
        """Import unknown functions; each is looked for once.

        Tasks whose function is not found are held until it is.
        """
        every = wanted.wanted if isinstance(wanted, Line) else [wanted]
        submissions = (each for each in every if isinstance(each, PreparedSubmission))
        tasks = (task for submission in submissions for task in submission.tasks)
        places = {
            task.spec.name: str(task.spec.source)
            for task in tasks
            if self._registry.get(task.spec.name) is None
        }
        unknown = {name: at for name, at in places.items() if at not in self._looked_for}
        if unknown:
            self._looked_for.update(unknown.values())
            await asyncio.to_thread(self._registry.recall, unknown)
