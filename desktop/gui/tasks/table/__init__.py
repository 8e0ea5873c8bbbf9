"""The table of tasks: its model, and the view that paints and selects rows.

Read ``columns``, ``task_list`` (the numbers and rows, and the effects of events) and
``task_model`` (requests, and the Qt model); then ``task_table``, which paints the rows, and
``task_selection``.
"""
