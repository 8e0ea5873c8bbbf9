"""The detail pane: what happened to one task, and what helps.

Read ``task_detail`` with its ``detail_bar`` and its data (``reading``), then its tabs: ``summary``
(with ``links``), ``attempts`` (with ``tracebacks``), ``log``, ``message`` (shown by
``task_message``) and ``values`` (arguments and result).
While several tasks are selected, ``chosen.selected_tasks`` takes its place. ``detail_room`` gives
the pane its height.
"""
