"""The columns of a table.

- ``headers``: finds the header and the names of columns
- ``guessing``: guesses what a column becomes, by ``header_words`` and by its values
- ``items``: makes an item of a row
- ``moments``: reads the time in a cell
"""
