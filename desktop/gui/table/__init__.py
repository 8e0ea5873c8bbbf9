"""The table's view: rows painted, selected and acted upon.

Read ``task_table`` with its ``table_header``, ``task_delegate`` and ``cell_painter`` (how a row is
painted), ``task_selection`` (also of all that match: ``everything``), ``task_actions`` (what can be
done to tasks as they are), ``selected`` (to all of them) and ``task_menu``. ``column_widths``,
``reading_place`` and ``repaints`` keep it steady while rows change.
"""
