"""Files that change while the backend runs: settings and task files, and what follows from it."""
