"""The tables and the writer's statements.

Read ``schema``, ``records`` (a row in memory), ``compiled`` (how statements become text),
``statements`` (of tasks, items and events) and ``queues`` (of what queues allow).
"""
