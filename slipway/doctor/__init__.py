"""Finds what is wrong with this machine, the account or the stack, and names the command that mends it."""
