"""The tasks that run by themselves: a sheet with a row for each."""
