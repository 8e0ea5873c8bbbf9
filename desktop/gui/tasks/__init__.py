"""The model of the table of tasks; the view is in ``table``.

Read ``task_row`` (a row), ``columns`` and ``words`` (the texts of its cells), ``task_pages`` (the
positions of rows, and the effects of events), ``pending_actions`` (actions that can still be
undone), ``paged_model`` and ``task_model`` (requests, and the Qt model). ``search_words`` and
``shown_tasks`` turn the search into a query.
"""
