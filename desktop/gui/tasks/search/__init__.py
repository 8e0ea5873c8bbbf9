"""What narrows the table of tasks: the chips of states, the search, and saved views.

``search_words`` and ``shown_tasks`` turn what is typed into a query.
"""
