"""The table's view: rows painted, selected and acted upon."""
