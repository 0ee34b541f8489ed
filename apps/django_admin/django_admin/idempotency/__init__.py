"""Answers that are kept so that a request sent twice has one effect."""
