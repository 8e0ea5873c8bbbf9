"""The tables and the writer's statements.

Read ``schema``, ``records`` (a row in memory), ``compiled`` (how statements become text, and how
many rows are written), ``statements`` (of tasks and events), ``item_statements``,
``batch_statements`` and ``queues`` (of what queues allow). ``beside_tasks``, ``batches``,
``causes``, ``pace`` and ``schedules`` are tables with their statements.
"""
