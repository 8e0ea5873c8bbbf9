"""What the form hands in: its item, kept and sent, and the tasks that follow."""
