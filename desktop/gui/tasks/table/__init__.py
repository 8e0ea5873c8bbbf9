"""The table of tasks: its model, and the view that paints and selects rows.

Read ``columns``, ``task_pages`` (the positions of rows, and the effects of events) and
``task_model`` (requests, and the Qt model); then ``task_table``, which paints the rows, and
``task_selection``.
"""
