"""The detail pane: what happened to one task, and what helps.

Read ``task_detail``, then its tabs: ``summary_tab`` (with ``explanation``, which has its words),
``contents`` and ``attempts`` (with the log). While several tasks are selected,
``selected_tasks`` takes its place.
"""
