"""What can go wrong with a job."""


class JobImpossible(Exception):
    """The job cannot be done, now or later; the message is for the user who asked for it."""
