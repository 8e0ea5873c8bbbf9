"""The columns of a table.

- ``headers``: finds the header and the names of columns
- ``guessing``: guesses what a column becomes, by ``header_words`` and by its values
"""
