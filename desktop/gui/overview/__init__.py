"""The overview: cards and curves; ``lazy_overview`` makes it when it is first shown."""
