"""Users: one table, shared with the API."""
