"""What runs in the reading process: from bytes to rows, and from rows to a report.

``main`` is where it begins, ``memory`` its limit. ``files`` opens what a person has: text and
workbooks are tables of cells. ``describing`` says what a table is, by its ``columns``: where the
header is, what each column becomes, a row as an item. ``rows`` reads them all. ``finding`` finds
the table of a batch again, and ``report`` writes it once more with its ``writers``.
"""
