"""What secrets look like: each pattern hides its group `secret`, or all that it matches."""

from __future__ import annotations

import re

_KEY_WORDS = (
    r"(?:password|passwd|passphrase|pwd|secret(?:[_-]?key)?|token|api[_-]?key|access[_-]?key|private[_-]?key|"
    r"signing[_-]?key|credentials?|rediscli_auth)"
)

_KEY_TITLE = r"[A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?"
_BARE = r"""[^\s"',;{}\[\]/\\&][^\s"',;{}\[\]\\&]{3,}"""

# In order: blocks over several lines first, since later patterns would break them.
BY_SHAPE = tuple(
    re.compile(pattern, flags)
    for pattern, flags in (
        # Key blocks, also cut off by the end of a log, and with their line ends escaped as in JSON.
        (rf"-----BEGIN {_KEY_TITLE}-----.*?(?:-----END {_KEY_TITLE}-----|\Z)", re.S),
        (r"PuTTY-User-Key-File-\d.*?(?:Private-MAC: \w+|\Z)", re.S),
        (r"AGE-SECRET-KEY-1[A-Z0-9]{50,}", 0),
        # What a URL or a data source name carries.
        (r"(?<=://)[^\s:/@\"']*:(?P<secret>[^\s@/]+)(?=@)", 0),
        # Password hashes of basic auth, Unix and Django: worth a dictionary attack.
        (r"\$2[abxy]?\$\d\d\$[./A-Za-z0-9]{53}", 0),
        (r"\$(?:apr1|1|5|6|y|gy|7)\$[./A-Za-z0-9$=,]{8,}", 0),
        (r"\$argon2[a-z]*\$[^\s\"']+", 0),
        (r"\bpbkdf2_sha\d+\$\d+\$[^\s\"']+", 0),
        (r"\{S?SHA\}[A-Za-z0-9+/]{27,}=*", 0),
        # Tokens that name their maker.
        (r"\bdo[opr]_v1_[0-9a-f]{32,}", 0),
        (r"\bpul-[0-9a-f]{32,}", 0),
        (r"\bgh[opsur]_[A-Za-z0-9]{30,}", 0),
        (r"\bgithub_pat_[A-Za-z0-9_]{30,}", 0),
        (r"\bglpat-[A-Za-z0-9_-]{20,}", 0),
        (r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b", 0),
        (r"\bxox[abeprs]-[A-Za-z0-9-]{10,}", 0),
        (r"\bGOCSPX-[A-Za-z0-9_-]{20,}", 0),
        (r"\bya29\.[A-Za-z0-9_-]{20,}", 0),
        (r"\bAIza[A-Za-z0-9_-]{35}", 0),
        (r"\b[rs]k_(?:live|test)_[A-Za-z0-9]{16,}", 0),
        (r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]+)?", 0),
        # Headers, as curl and logs write them.
        (r"\b(?i:bearer)\s+(?P<secret>[A-Za-z0-9._~+/=-]{8,})", 0),
        (r"\b(?i:basic)\s+(?P<secret>(?=\S*[A-Z0-9=])[A-Za-z0-9+/=]{8,})", 0),
        (r"^(?:[<>]\s*)?(?:Proxy-)?Authorization\s*:\s*(?P<secret>\S.*)$", re.I | re.M),
        (r"\b(?:X-[\w-]*Token|X-Api-Key)\s*:\s*(?P<secret>\S+)", re.I),
        (r"\bSet-Cookie\s*:\s*[^=;\s]+=(?P<secret>[^;\s]+)", re.I),
        (r"^(?:[<>]\s*)?Cookie\s*:\s*(?P<secret>\S.*)$", re.I | re.M),
        # Arguments of programs, as a process list shows them.
        (r"(?<=\s)--?[\w-]*" + _KEY_WORDS + r"[\s=]+(?P<secret>[^\s\"',;-][^\s\"']{3,})", re.I),
        (r"\bcurl\b.*?\s(?:-u|--user)[\s=]*[^\s:]+:(?P<secret>\S+)", 0),
    )
)

# A name and its value: in an environment, YAML, JSON (also JSON inside JSON), TOML, a query string.
BY_NAME = re.compile(
    r"(?ix)"
    + _KEY_WORDS
    + r""" ["'\\]* [ \t]* [:=] [ \t]*
    (?: \\?" (?P<quoted>(?:[^"\\\n]|\\[^"])+) \\?" | '(?P<single>[^'\n]+)' | (?P<bare>"""
    + _BARE
    + r""") )
    """
)
