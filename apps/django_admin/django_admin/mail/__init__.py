"""The outbox: mails wait in a table until a server has taken them."""
