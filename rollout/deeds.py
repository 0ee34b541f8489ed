"""What the verbs do: apply a bundle, go back to a release."""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from rollout.bundle import Bundle, parse_bundle
from rollout.context import Context
from rollout.docker import Docker
from rollout.engine import Engine, settle
from rollout.errors import ReleaseUnknown, UsageFault
from rollout.health import down_services
from rollout.host import Host
from rollout.journal import Journal
from rollout.layout import Layout
from rollout.lock import Lock, break_lock
from rollout.plan import PLANS, Plan
from rollout.redact import Redactor
from rollout.releases import Releases
from rollout.runlog import RunLog
from rollout.steps.certificate import is_missing


@dataclass
class Slipway:
    """One droplet and one process's view of it."""

    host: Host
    layout: Layout
    redact: Redactor
    say: Callable[[str], None]

    def __post_init__(self) -> None:
        self.host.run_id = self.host.run_id or uuid.uuid4().hex[:12]
        self.docker = Docker(self.host, self.layout)
        self.releases = Releases(self.host, self.layout)
        self.journal = Journal(self.layout.journal, self.redact)

    def apply(self, text: str, lock_wait_s: float, revision: str | None = None) -> dict[str, Any]:
        """Roll a bundle out; returns the last line's facts."""
        bundle = parse_bundle(text)
        if revision and revision != bundle.revision:
            raise UsageFault(f"the bundle is of revision {bundle.revision}, not {revision}", todo="deploy again")
        self.redact.learn(secret.value for secret in bundle.secrets)
        with Lock(self.host, self.layout, lock_wait_s):
            self._settle()
            serving = self.releases.serving()
            if serving and self.releases.manifest(serving).digest == bundle.digest:
                return self._keep(serving)
            release = self.releases.new_id(bundle.revision)
            return self._carry_out(PLANS["apply"], release, bundle)

    def rollback(self, release: str | None, lock_wait_s: float) -> dict[str, Any]:
        """Go back to a release, the one before by default; returns the last line's facts."""
        with Lock(self.host, self.layout, lock_wait_s):
            self._settle()
            target = release or self.releases.before()
            known = self.releases.ids()
            if target not in known:
                what = f"release {target} is not on this droplet" if target else "there is no release to go back to"
                raise ReleaseUnknown(what, todo=f"choose one of: {', '.join(known) or 'none'}")
            if target == self.releases.serving():
                return self._keep(target)
            return self._carry_out(PLANS["rollback"], target)

    def on_the_database(self, act: Callable[[Context], dict[str, Any]], lock_wait_s: float) -> dict[str, Any]:
        """Do something with the serving release's database, such as to save it; returns what `act` does."""
        with Lock(self.host, self.layout, lock_wait_s):
            self._settle()
            serving = self.releases.serving()
            if serving is None:
                raise ReleaseUnknown("nothing serves here, so there is no database", todo="deploy first")
            self._learn_secrets([serving])
            return act(self._context(serving))

    def settle(self, lock_wait_s: float) -> dict[str, Any]:
        """Bring a run that was cut short to its end; returns what serves then."""
        with Lock(self.host, self.layout, lock_wait_s):
            settled = self._settle()
            return {"release": self.releases.serving(), "previous": self.releases.before(), "settled": settled}

    def unlock(self, wait_s: float, *, force: bool) -> dict[str, Any]:
        """End the rollout that holds the lock, and settle what it left; returns what serves then and who was ended."""
        owner = break_lock(self.host, self.layout, wait_s, force=force)
        return self.settle(wait_s) | {"ended": owner}

    def _carry_out(self, plan: Plan, release: str, bundle: Bundle | None = None) -> dict[str, Any]:
        self._learn_secrets(name for name in (release, self.releases.serving()) if name)
        with RunLog(self.layout, release, self.redact) as log:
            self.host.log = log.write
            seconds = Engine(self._context(release, bundle, log.heard(self.say)), self.journal, plan).run()
        return {"release": release, "previous": self.releases.before(), "changed": True, "seconds": seconds}

    def _keep(self, release: str) -> dict[str, Any]:
        """The wanted release serves already: start again what is down, otherwise touch nothing."""
        down = self.down(release)
        facts: dict[str, Any] = {
            "release": release,
            "previous": self.releases.before(),
            "changed": False,
            "seconds": {},
        }
        if not down:
            self.say(f"release {release} serves already and is well: nothing to do")
            return facts
        self.say(f"release {release} serves already, but not well: {', '.join(down)}; mending it")
        done = self._carry_out(PLANS["mend"], release)
        still = self.down(release)
        return done | {"mended": [part for part in down if part not in still], "still": still}

    def down(self, release: str) -> list[str]:
        """Return what of the serving release is not as it should be."""
        ctx = self._context(release)
        services = ctx.manifest().services
        projects = {name: ctx.project if name == "app" else self.layout.project(name) for name in services}
        containers = self.docker.containers(*projects.values())
        down = [
            lost for name, project in projects.items() for lost in down_services(containers, project, services[name])
        ]
        routes = (ctx.folder / "dynamic.yml").read_bytes()
        if not self.layout.dynamic.exists() or self.layout.dynamic.read_bytes() != routes:
            down.append("routes")
        return down + (["certificate"] if not down and is_missing(ctx) else [])

    def _settle(self) -> str | None:
        run = self.journal.unfinished()
        if run is None:
            return None
        self._learn_secrets(name for name in (run.release, run.serving) if name)
        with RunLog(self.layout, run.release, self.redact) as log:
            self.host.log = log.write
            ctx = Context(
                self.host,
                self.layout,
                self.docker,
                self.releases,
                self.redact,
                run.release,
                run.serving,
                run.before,
                say=log.heard(self.say),
            )
            return settle(ctx, self.journal, run)

    def _context(self, release: str, bundle: Bundle | None = None, say: Callable[[str], None] | None = None) -> Context:
        serving, before = self.releases.serving(), self.releases.before()
        return Context(
            self.host,
            self.layout,
            self.docker,
            self.releases,
            self.redact,
            release,
            serving,
            before,
            bundle,
            say or self.say,
        )

    def learn_secrets(self) -> None:
        """Have the redactor know the secrets of every release that is here."""
        self._learn_secrets(self.releases.ids())

    def _learn_secrets(self, releases: Iterable[str]) -> None:
        for release in releases:
            self.redact.learn(self.releases.secrets(release))
