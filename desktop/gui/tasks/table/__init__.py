"""The table of tasks: its model, and the view that paints and selects rows.

Read ``columns``, ``task_pages`` (the positions of rows, and the effects of events) and
``task_model`` (requests, and the Qt model); then ``task_table`` with ``task_delegate`` (painting)
and ``task_selection``.
"""
