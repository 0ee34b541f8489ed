"""Private networks."""
