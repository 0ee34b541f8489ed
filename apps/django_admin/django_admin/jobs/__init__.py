"""Jobs: what the API promises to do later."""
