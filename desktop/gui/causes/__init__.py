"""The view of causes: what failures have in common, and what helps.

Read ``cause_words``, ``cause_model``, ``cause_card`` (of one or several), ``cause_view``, and
``rows_behind`` (the line below the tasks of a cause).
"""
