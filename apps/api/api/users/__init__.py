"""Users: one's own account, and the list for staff."""
