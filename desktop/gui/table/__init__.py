"""The table's view: rows painted, selected and acted upon; the chips and the search above it."""
