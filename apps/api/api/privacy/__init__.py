"""Privacy: a copy of one's data, and its end, as jobs that a worker does."""
