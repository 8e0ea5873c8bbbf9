"""Reads files as tables of cells.

- ``source``, ``kinds``: the open file, and its kind
- ``tables``: the interface that every kind of table has
- ``text``, ``encodings``: text files
- ``workbook``, ``marks``, ``old_marks``: sheets of workbooks, and what they hide
- ``package``, ``xml_parts``: the parts of workbooks
- ``cells``: the values, as text and as times
"""
