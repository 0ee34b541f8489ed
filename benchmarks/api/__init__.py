"""How many requests the API serves, how fast, against what and why: `python -m benchmarks.api`."""
