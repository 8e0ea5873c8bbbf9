"""The tables and the writer's statements.

Read ``schema``, ``records`` (a row in memory), ``cursor`` (what runs statements, and statements as
text), ``statements`` (tasks, events and queues). ``beside_tasks`` (also schedules),
``acts``, ``causes``, ``pace`` and ``pending`` are tables with their statements.
"""
