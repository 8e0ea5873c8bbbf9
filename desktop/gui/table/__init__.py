"""The view of the task table: it paints and selects rows and offers actions on them.

Read ``task_table`` with its ``table_header`` and ``task_delegate`` (painting), then
``task_selection``, ``task_actions`` and ``task_menu``.
"""
