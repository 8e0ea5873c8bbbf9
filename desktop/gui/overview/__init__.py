"""The overview: cards and curves; the window makes it when it is first shown."""
