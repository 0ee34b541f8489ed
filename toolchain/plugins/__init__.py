"""Pulumi plugins written in Python, for machines that cannot fetch the official ones."""
