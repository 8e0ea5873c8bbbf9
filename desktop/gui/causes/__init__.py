"""The view of causes: what failures have in common, and what helps.

Read ``cause_words`` (texts), ``cause_model``, ``cause_card``, ``several_causes``, ``cause_view``,
and ``rows_behind`` (the line below the tasks of a cause).
"""
