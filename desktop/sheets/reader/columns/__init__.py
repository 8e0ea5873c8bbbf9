"""The columns of a table: where their ``headers`` are, what each becomes, a row as an item.

``guessing`` says what a column becomes, by its values and by ``header_words``; ``items`` makes an
item of a row.
"""
