"""The routes, driven through the whole application on a real engine."""
