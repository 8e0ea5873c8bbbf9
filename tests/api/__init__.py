"""Other programs' view of the API: a generated client and a property-based tester, on a backend."""
