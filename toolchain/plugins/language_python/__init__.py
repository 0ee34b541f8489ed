"""The language host for Pulumi programs in Python."""
