"""The detail pane: what happened to one task, and what helps.

Read ``task_detail``, then its tabs: ``summary_tab`` (with ``explanation``: what happens next, and
``links``), ``attempts``, ``log``, ``message`` and ``values`` (arguments and result).
While several tasks are selected, ``acting.selected_tasks`` takes its place.
"""
