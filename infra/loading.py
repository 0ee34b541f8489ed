"""Reads a stack's configuration; every fault is found before the first is told."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic.alias_generators import to_camel

from infra.consistency import faults_across
from infra.errors import Fault, SettingsError
from infra.keys import OperatorKey, OperatorKeyError
from infra.settings import NAMESPACE, Settings

PUBLIC_API_URL = "https://api.digitalocean.com"
TOKEN_VARIABLES = ("DIGITALOCEAN_TOKEN", "DIGITALOCEAN_ACCESS_TOKEN")


def load_settings(
    stack: str, config: Mapping[str, str], environment: Mapping[str, str], project_dir: Path
) -> tuple[Settings, OperatorKey]:
    """Return the validated settings and the operators' key.

    `config` is the stack's whole configuration by full key (`slipway:domain`), secrets decrypted. Relative
    paths count from `project_dir`. Raises SettingsError that names every fault.
    """
    values = {k.removeprefix(NAMESPACE): v for k, v in config.items() if k.startswith(NAMESPACE)}
    faults = _token_faults(stack, config, environment)
    settings: Settings | None = None
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        faults += [_fault_of(stack, detail) for detail in error.errors(include_url=False, include_input=False)]
    key, key_faults = _operator_key(stack, values, project_dir)
    faults += key_faults
    if settings is not None:
        faults += faults_across(stack, settings, project_dir)
    if faults or settings is None or key is None:
        raise SettingsError(stack, faults)
    return settings, key


def _token_faults(stack: str, config: Mapping[str, str], environment: Mapping[str, str]) -> list[Fault]:
    if config.get("digitalocean:token") or any(environment.get(name) for name in TOKEN_VARIABLES):
        return []
    mend = f"export {TOKEN_VARIABLES[0]}=…, or: pulumi config set --secret digitalocean:token -s {stack}"
    return [Fault("digitalocean:token", "no API token is given", mend)]


def _fault_of(stack: str, detail: Mapping[str, Any]) -> Fault:
    key = str(detail["loc"][0])
    field = next((f for name, f in Settings.model_fields.items() if to_camel(name) == key), None)
    if field is None:
        close = f"pulumi config rm {NAMESPACE}{key} -s {stack}"
        return Fault(NAMESPACE + key, "no such setting", close + "   (known keys: docs/configuration.md)")
    secret = "--secret " if "Secret" in str(field.annotation) else ""
    example = field.examples[0] if field.examples else (field.get_default() or "VALUE")
    mend = f"pulumi config set {secret}{NAMESPACE}{key} {_quoted(example)} -s {stack}"
    problem = "is missing" if detail["type"] == "missing" else str(detail["msg"]).removeprefix("Value error, ")
    return Fault(NAMESPACE + key, problem, mend)


def _quoted(example: object) -> str:
    text = str(example)
    return f"'{text}'" if text.startswith(("[", "{")) else text


def _operator_key(stack: str, values: Mapping[str, str], project_dir: Path) -> tuple[OperatorKey | None, list[Fault]]:
    file, content = values.get("sshKeyFile"), values.get("sshPrivateKey")
    mend = f"pulumi config set slipway:sshKeyFile ~/.ssh/id_ed25519 -s {stack}"
    if bool(file) == bool(content):
        problem = "give sshKeyFile or sshPrivateKey, not both" if file else "no SSH key of the operators is given"
        return None, [Fault("slipway:sshKeyFile", problem, mend)]
    try:
        if file:
            return OperatorKey.from_file(project_dir / Path(file).expanduser()), []
        return OperatorKey.from_text(str(content)), []
    except OperatorKeyError as error:
        return None, [Fault("slipway:sshKeyFile" if file else "slipway:sshPrivateKey", str(error), mend)]
