"""The overview: cards and curves; ``frame.views`` makes it when it is first shown."""
