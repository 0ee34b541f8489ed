"""What can go wrong with a mail."""


class MailUnrenderable(Exception):
    """The row asks for a mail that cannot be written; trying again would not help."""


class MailRefused(Exception):
    """The server will not take this mail, now or later."""


class MailServerUnavailable(Exception):
    """No mail can be sent at this moment."""


class MailDelayed(Exception):
    """The server did not take this mail, but may take it later."""
