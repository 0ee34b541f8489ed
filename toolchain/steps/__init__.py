"""The steps that make a machine ready."""
