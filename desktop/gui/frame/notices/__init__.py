"""What tells the person something: slim bars above the table, and toasts."""
