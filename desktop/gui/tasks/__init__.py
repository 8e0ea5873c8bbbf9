"""The table's model, apart from its view.

Read ``task_row`` (a row), ``columns`` and ``words`` (what its cells say), ``task_pages`` and
``placement`` (where rows are), ``live_changes``, ``soon`` (what was started and can still be
undone), ``task_reader``, ``task_model``.
"""
