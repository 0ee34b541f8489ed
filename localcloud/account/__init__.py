"""The account that the token belongs to."""
