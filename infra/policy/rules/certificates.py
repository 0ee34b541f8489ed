"""Where certificates come from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from infra.policy.model import Resource, texts

LETS_ENCRYPT_STAGING = "https://acme-staging-v02.api.letsencrypt.org/directory"
# In Traefik's static configuration, which travels as YAML inside JSON inside a secret.
_AUTHORITY = re.compile(r"caServer: *\\?[\"']?([^\s\"'\\]+)")
_PRIVATE_AUTHORITY = "caCertificates"
# A few words that only a production directory of a public authority has.
_PUBLIC = re.compile(
    r"(?:^|\.)(?:letsencrypt\.org|zerossl\.com|buypass\.(?:com|no)|pki\.goog|ssl\.com|sectigo\.com|digicert\.com|"
    r"globalsign\.com|entrust\.net|google\.com|actalis\.com)$"
)


def no_production_authority(resource: Resource) -> Iterator[str]:
    """Find ACME directories that would issue certificates which browsers trust.

    Let's Encrypt's staging directory may be used, and a private one whose own certificate is given with it.
    """
    for text in texts(dict(resource.props)):
        is_private = _PRIVATE_AUTHORITY in text.value
        for url in _AUTHORITY.findall(text.value):
            if url == LETS_ENCRYPT_STAGING:
                continue
            if not is_private or _PUBLIC.search(urlsplit(url).hostname or ""):
                yield f"{url} ({text.where}) is no staging directory: set slipway:acmeDirectory {LETS_ENCRYPT_STAGING}"
