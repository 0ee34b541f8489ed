"""SSH keys of the account."""
