"""The code of the reading process.

- ``main``, ``memory``: its main function, and its memory limit
- ``files``: text files and workbooks as tables of cells
- ``columns``: the header, what each column becomes, and a row as an item
- ``describing``, ``rows``: describe a table, and read its rows
- ``finding``: finds the table of a batch again
- ``report``, ``writers``: write tables
"""
