"""The four requests that are measured, as wrk reads them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from api.sessions.access_tokens import AccessTokens
from benchmarks.api.data import DOMAIN, Data, Seeded

CONNECTIONS = 32
NEW_ITEM = {"title": "A small boat", "description": "Blue, with a red sail."}
# Counts what was answered; wrk itself prints rounded figures only.
DONE = """
done = function(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '{"requests":%d,"duration_us":%d,"refused":%d,"broken":%d,"p50_us":%d,"p99_us":%d,"max_us":%d}\\n',
    summary.requests, summary.duration, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50), latency:percentile(99), latency.max))
end
"""
SEVERAL = """
local requests, turn = {}, 0
init = function()
  for n, path in ipairs(paths) do requests[n] = wrk.format(nil, path) end
end
request = function()
  turn = turn % #requests + 1
  return requests[turn]
end
"""
PACED = """
delay = function()
  begun = begun + 1
  return begun > connections and pause or math.random(0, pause)
end
"""


@dataclass(frozen=True)
class Case:
    """One kind of request: its name, what is asked, and by whom."""

    name: str
    method: str
    paths: Sequence[str]
    headers: dict[str, str]
    body: str = ""

    def under(self, prefix: str) -> Case:
        """Return the same request as the edge publishes it."""
        return replace(self, paths=[prefix + path for path in self.paths])

    def wrk_script(self, pause_ms: int = 0) -> str:
        """Return the Lua that asks for each path in turn; connections rest so long before each, begun out of step."""
        lines = [f'wrk.method = "{self.method}"', f"wrk.body = {lua(self.body)}" if self.body else ""]
        lines += [f"wrk.headers[{lua(name)}] = {lua(value)}" for name, value in self.headers.items()]
        if len(self.paths) > 1:
            lines += [f"local paths = {{{', '.join(map(lua, self.paths))}}}", SEVERAL]
        if pause_ms:
            lines += [f"local begun, connections, pause = 0, {CONNECTIONS}, {pause_ms}", PACED]
        return "\n".join([*lines, DONE])


def lua(text: str) -> str:
    """Return a text as Lua writes it; JSON's escapes of what we send are Lua's too."""
    return json.dumps(text)


def cases(data: Data, who: Seeded) -> list[Case]:
    """Return the requests with an access token that was made this moment."""
    token = AccessTokens(data.signing_key, DOMAIN).issue(who.account_id, who.session_id)
    nobody = {"Host": DOMAIN}
    somebody = {**nobody, "Authorization": f"Bearer {token}"}
    json_body = {**somebody, "Content-Type": "application/json"}
    return [
        Case("GET /items?limit=20", "GET", ["/items?limit=20"], nobody),
        Case("GET /items/{id}", "GET", [f"/items/{item_id}" for item_id in who.item_ids], nobody),
        Case("POST /items", "POST", ["/items"], json_body, json.dumps(NEW_ITEM)),
        Case("GET /users/me", "GET", ["/users/me"], somebody),
    ]
