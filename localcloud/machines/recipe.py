"""What the droplet image holds: what DigitalOcean's debian-13-x64 holds, without a kernel and without Docker."""

import shutil
import sys
from pathlib import Path

from localcloud.machines.commands import run

PACKAGES = (
    *("systemd", "systemd-sysv", "dbus", "libpam-systemd", "udev", "kmod", "openssh-server", "cloud-init", "cron"),
    *("iptables", "nftables", "iproute2", "iputils-ping", "netbase", "netcat-openbsd", "dnsutils", "tcpdump"),
    *("ca-certificates", "curl", "wget", "gnupg", "git", "rsync", "python3", "sudo", "tzdata"),
    *("e2fsprogs", "xfsprogs", "procps", "psmisc", "lsof", "htop", "less", "vim-tiny", "nano", "xz-utils", "unzip"),
    *("bash-completion", "logrotate", "lsb-release"),
)
LEFT_OUT = ("doc", "man", "info", "locale")
"""Parts of /usr/share that no server reads; they are a third of the files."""

FILES = {
    "etc/cloud/ds-identify.cfg": "datasource: NoCloud\n",
    "etc/cloud/cloud.cfg.d/90-localcloud.cfg": (
        "datasource_list: [NoCloud]\n"
        "network: {config: disabled}\n"
        "disable_root: false\n"
        "ssh_pwauth: false\n"
        "apt: {preserve_sources_list: true}\n"
    ),
    "etc/machine-id": "",
    "etc/hostname": "droplet\n",
}
MASKED = (
    *("console-getty.service", "getty@tty1.service", "systemd-udev-trigger.service", "systemd-udevd.service"),
    *("systemd-udevd-control.socket", "systemd-udevd-kernel.socket", "systemd-modules-load.service"),
    *("dev-hugepages.mount", "sys-kernel-debug.mount", "sys-kernel-tracing.mount"),
    *("apt-daily.timer", "apt-daily-upgrade.timer", "e2scrub_all.timer", "fstrim.timer", "dpkg-db-backup.timer"),
)
"""Units for hardware that a container has not, and timers that would hold apt's lock while user data installs."""
CERTIFICATE_END = "-----END CERTIFICATE-----"
HOST_BUNDLE = Path("/etc/ssl/certs/ca-certificates.crt")


def certificates(bundle: str) -> list[str]:
    """Split a PEM bundle into its certificates."""
    parts = (part.partition("-----BEGIN") for part in bundle.split(CERTIFICATE_END))
    return [f"{begin}{body}{CERTIFICATE_END}\n" for _, begin, body in parts if begin]


def add_authorities(root: Path, host_bundle: str) -> None:
    """Make the image trust what this machine trusts beyond Debian's own list, also after that list is updated."""
    own = set(certificates((root / "etc/ssl/certs/ca-certificates.crt").read_text(encoding="utf-8")))
    extra = [one for one in certificates(host_bundle) if one not in own]
    folder = root / "usr/local/share/ca-certificates"
    for number, certificate in enumerate(extra):
        (folder / f"host-{number}.crt").write_text(certificate, encoding="utf-8")
    if extra:
        run(["chroot", str(root), "update-ca-certificates"])


def customize(root: Path) -> None:
    """Finish an unpacked image: our files, no keys or identity that droplets would share."""
    for name, text in FILES.items():
        target = root / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    for key in (root / "etc/ssh").glob("ssh_host_*"):
        key.unlink()
    run(["chroot", str(root), "systemctl", "mask", "--quiet", *MASKED])
    if HOST_BUNDLE.exists():
        add_authorities(root, HOST_BUNDLE.read_text(encoding="utf-8"))
    shutil.rmtree(root / "var/log", ignore_errors=False)
    (root / "var/log").mkdir()


if __name__ == "__main__":
    customize(Path(sys.argv[1]))
