"""The one typed object that says how this local cloud is set up, read from HOME/config.json."""

from ipaddress import IPv4Network
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from localcloud.errors import SettingsError

CONFIG_FILE = "config.json"
TOKEN_FILE = "token"  # noqa: S105 (a file's name)


class Settings(BaseModel):
    """How one instance of the local cloud is set up; `python -m localcloud start` writes it, the server reads it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    home: Path
    """Where state, token, disks and logs live."""
    name: str = Field(default="local", pattern=r"^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$")
    """Tells instances on one machine apart; part of the name of everything made outside `home`."""
    subnet: IPv4Network = IPv4Network("198.18.0.0/20")
    """The public network: .0.1 gateway and DNS, .0.3 ACME, droplets and reserved IPs from .1.1 on."""
    api_port: int = Field(default=8190, ge=1, le=65535)
    time_scale: float = Field(default=0.05, ge=0)
    """Factor on the real service's waiting times; 1 waits as long as DigitalOcean does, 0 not at all."""
    acme_image: str = "ghcr.io/letsencrypt/pebble:latest"
    """Image of the ACME server; its entrypoint is Pebble."""
    requests_per_hour: int = Field(default=5000, ge=1)
    requests_per_minute: int = Field(default=250, ge=1)

    @property
    def gateway(self) -> str:
        """The host's own address on the public network, where DNS answers."""
        return str(self.subnet.network_address + 1)

    @property
    def api_url(self) -> str:
        """Where the API answers, without the `/v2`."""
        return f"http://127.0.0.1:{self.api_port}"

    @property
    def database(self) -> Path:
        """The SQLite file with the API's state."""
        return self.home / "state.sqlite3"

    def read_token(self) -> str:
        """Return the API token of HOME/token; SettingsError when there is none."""
        path = self.home / TOKEN_FILE
        token = path.read_text(encoding="utf-8").strip() if path.is_file() else ""
        if not token:
            raise SettingsError(f"no API token in {path}: start the local cloud with `python -m localcloud start`")
        return token

    def save(self) -> None:
        """Write HOME/config.json."""
        (self.home / CONFIG_FILE).write_text(self.model_dump_json(indent=2) + "\n", encoding="utf-8")


def load_settings(home: Path) -> Settings:
    """Read HOME/config.json; SettingsError names every fault at once."""
    path = home / CONFIG_FILE
    if not path.is_file():
        raise SettingsError(f"{path} does not exist: start the local cloud with `python -m localcloud start`")
    try:
        return Settings.model_validate_json(path.read_text(encoding="utf-8"))
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, e['loc'])) or 'file'}: {e['msg']}" for e in error.errors())
        raise SettingsError(f"{path} is wrong: {faults}. Run `python -m localcloud reset` or mend the file") from error
