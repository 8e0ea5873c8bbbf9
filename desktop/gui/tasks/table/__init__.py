"""The table of tasks: its model, and the view that paints and selects rows.

Read ``columns``, ``task_pages`` (the positions of rows, and the effects of events),
``paged_model`` and ``task_model`` (requests, and the Qt model); then ``task_table`` with its
``table_header``, ``task_delegate`` (painting) and ``task_selection``.
"""
