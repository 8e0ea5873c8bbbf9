"""The filters above the task table: the chips of states, the search, and saved views."""
