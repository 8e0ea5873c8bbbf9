"""The tables and the writer's statements.

Read ``schema``, ``records`` (a row in memory), ``cursor`` (what runs statements), ``compiled``
(statements as text, and writing many rows), ``statements`` (tasks and events),
and ``queues``. ``beside_tasks``, ``causes``, ``pace`` and ``schedules`` are tables with their
statements, ``batches`` the tables of batches; ``copies`` tells copies of messages from messages.
"""
