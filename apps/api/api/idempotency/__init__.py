"""Idempotency-Key: the same request sent twice has one effect and one answer."""
