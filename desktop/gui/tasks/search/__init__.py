"""What narrows the table of tasks: the chips of states, the search, and saved views.

``search_words`` turns what is typed into a query, ``searching`` counts what it
finds, ``saved_views`` keeps it.
"""
