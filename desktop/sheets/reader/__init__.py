"""Reads spreadsheets, in the child process.

- ``files``: text files and workbooks as tables of cells
- ``columns``: the header, and what each column becomes
- ``describing``: describes a table
- ``rows``: reads its rows as items
- ``finding``: finds the table of a batch again
"""
