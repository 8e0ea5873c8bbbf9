"""The detail pane: one task in words, its log, its attempts, its message."""
