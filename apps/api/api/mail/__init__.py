"""Mails: the API posts rows into the outbox, and a worker sends them."""
