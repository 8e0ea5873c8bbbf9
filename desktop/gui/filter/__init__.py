"""What stands above the table of tasks and narrows it: the chips of states, and the search."""
