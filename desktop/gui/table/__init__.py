"""The view of the task table: it paints and selects rows and offers actions on them.

Read ``task_table`` with its ``table_header``, ``task_delegate`` and ``cell_painter`` (painting),
``task_selection`` (with ``everything``, the selection of all matches), ``task_actions`` (the
actions on given tasks), ``selected`` (the actions on the selection) and ``task_menu``.
``column_widths``, ``reading_place`` and ``repaints`` keep the view steady while rows change.
"""
