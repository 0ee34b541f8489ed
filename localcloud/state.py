"""Everything that the API remembers, typed, in one database."""

from localcloud.actions.models import ActionRecord
from localcloud.collection import Collection
from localcloud.database import Database
from localcloud.domains.models import DomainRecord, ZoneRecord
from localcloud.droplets.models import DropletRecord
from localcloud.firewalls.models import FirewallRecord
from localcloud.keys.models import KeyRecord
from localcloud.projects.models import AssignmentRecord, ProjectRecord
from localcloud.reserved_ips.models import ReservedIpRecord
from localcloud.tags.models import TagRecord
from localcloud.volumes.models import VolumeRecord
from localcloud.vpcs.models import VpcRecord


class State:
    """The collections of all kinds of objects."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.actions = Collection(db, "action", ActionRecord)
        self.domains = Collection(db, "domain", DomainRecord)
        self.droplets = Collection(db, "droplet", DropletRecord)
        self.firewalls = Collection(db, "firewall", FirewallRecord)
        self.keys = Collection(db, "key", KeyRecord)
        self.projects = Collection(db, "project", ProjectRecord)
        self.assignments = Collection(db, "assignment", AssignmentRecord)
        self.reserved_ips = Collection(db, "reserved_ip", ReservedIpRecord)
        self.tags = Collection(db, "tag", TagRecord)
        self.volumes = Collection(db, "volume", VolumeRecord)
        self.vpcs = Collection(db, "vpc", VpcRecord)
        self.zone_records = Collection(db, "zone_record", ZoneRecord)
