"""The tables and the writer's statements.

Read ``schema``, ``records`` (a row in memory), ``cursor`` (what runs statements), ``compiled``
(statements as text, and writing many rows), ``statements`` (tasks and events),
``item_statements``, ``batch_statements`` and ``queues``. ``beside_tasks``, ``batches``,
``causes``, ``pace`` and ``schedules`` are tables with their statements; ``copies`` tells copies of
messages from messages.
"""
