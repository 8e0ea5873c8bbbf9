"""What stands before the routes: connections, the token and the size of bodies."""
