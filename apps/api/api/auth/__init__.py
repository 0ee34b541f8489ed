"""Accounts: signing up and in, proving an email address, setting a forgotten password."""
