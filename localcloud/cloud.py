"""The cloud as a whole: every group of resources over one state, one machine and one set of background jobs."""

import logging
from functools import partial

from localcloud.actions.store import Actions
from localcloud.catalogue.store import Catalogue
from localcloud.database import Database
from localcloud.domains.store import Domains
from localcloud.droplets.actions import DropletActions
from localcloud.droplets.pulse import Pulse
from localcloud.droplets.store import Droplets
from localcloud.errors import RuntimeFailure
from localcloud.firewalls.store import Firewalls
from localcloud.jobs import Jobs
from localcloud.keys.store import Keys
from localcloud.projects.store import Projects
from localcloud.reserved_ips.store import ReservedIps
from localcloud.runtime import Runtime
from localcloud.settings import Settings
from localcloud.state import State
from localcloud.tags.store import Tags
from localcloud.volumes.store import Volumes
from localcloud.vpcs.store import Vpcs

log = logging.getLogger(__name__)

STOP_TIMEOUT_S = 10


class Cloud:
    """All groups of resources, wired together."""

    def __init__(self, settings: Settings, runtime: Runtime) -> None:
        self.settings = settings
        self.runtime = runtime
        self.state = State(Database(settings.database))
        self.jobs = Jobs(settings.time_scale)
        self.catalogue = Catalogue()
        self.actions = Actions(self.state, self.jobs)
        self.keys = Keys(self.state)
        self.projects = Projects(self.state)
        self.vpcs = Vpcs(settings, self.state, self.jobs, runtime, self.catalogue)
        self.firewalls = Firewalls(self.state, self.jobs, runtime)
        self.tags = Tags(self.state, self.firewalls)
        self.droplets = Droplets(settings, self.state, self.actions, self.catalogue, self.keys, self.tags, self.vpcs)
        self.droplet_actions = DropletActions(self.state, self.actions, runtime, self.catalogue, self.firewalls)
        self.volumes = Volumes(self.state, self.jobs, runtime, self.actions, self.catalogue, self.tags)
        self.reserved_ips = ReservedIps(self.state, runtime, self.actions, self.catalogue, self.droplets, self.projects)
        self.domains = Domains(self.state, runtime)
        self.pulse = Pulse(self.state, self.jobs, runtime, self.actions)

    def start(self) -> None:
        """Bring machine and state together: networks, zones, droplets that should run, unfinished actions."""
        self.projects.ensure_default()
        self.runtime.start_network()
        self.domains.publish()
        self.vpcs.restore()
        for droplet in self.state.droplets.all():
            if droplet.is_made:
                self.jobs.submit(frozenset({f"droplet:{droplet.id}"}), partial(self._restore, droplet.id))
        self.actions.resume()
        self.pulse.start()

    def stop(self) -> None:
        """Let running work end, leave the rest for the next start, and close everything."""
        self.pulse.stop()
        self.jobs.stop(STOP_TIMEOUT_S)
        self.runtime.stop_network()
        self.state.db.close()

    def _restore(self, droplet_id: int) -> None:
        """Bring one droplet back to what the state says, after the machine or the server was restarted."""
        droplet = self.state.droplets.get(droplet_id)
        try:
            if droplet.status == "active":
                self.runtime.power_on(droplet_id)
            self.firewalls.apply(droplet_id)
            for volume in self.state.volumes.all():
                if droplet_id in volume.droplet_ids:
                    self.runtime.attach_volume(volume.id, volume.name, droplet_id)
            for reserved in self.state.reserved_ips.where(droplet_id=droplet_id):
                self.runtime.assign_reserved_ip(reserved.ip, droplet_id)
        except RuntimeFailure as error:
            log.error("droplet %d could not be brought back: %s", droplet_id, error)
            self.state.droplets.save(droplet.model_copy(update={"status": "off"}))
