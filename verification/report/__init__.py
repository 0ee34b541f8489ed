"""The report of a run: for each check what was looked at, what was expected, what was seen, and how long it took."""
