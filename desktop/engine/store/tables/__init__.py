"""The tables and the writer's statements.

Read ``schema``, ``records`` (a row in memory), ``statements``, and then what has statements of its
own: ``pauses``, ``starts``, ``turns``, ``jumps``, ``keys`` and the ``words`` of the search.
"""
