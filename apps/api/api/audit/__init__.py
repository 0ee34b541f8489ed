"""Audit events: what happened to an account, written in the transaction in which it happened."""
