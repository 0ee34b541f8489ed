"""Every failure of the local cloud that somebody can act on."""


class LocalCloudError(Exception):
    """Something the local cloud could not do; the message says what, where and what to do."""


class RuntimeFailure(LocalCloudError):
    """The machine side (containers, disks, networks, DNS) could not do what the API accepted."""


class Interrupted(LocalCloudError):
    """The server is stopping; the work is taken up again at its next start."""


class SettingsError(LocalCloudError):
    """The local cloud's configuration is missing or wrong."""


class HostUnfit(LocalCloudError):
    """This machine lacks something that the local cloud needs; the message lists every lack with its mend."""
