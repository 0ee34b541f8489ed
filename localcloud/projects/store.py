"""Projects; what is in none of them is in the default one."""

import re
from uuid import uuid4

from localcloud.clock import timestamp
from localcloud.projects.models import AssignmentRecord, CreateProject, ProjectRecord, ReplaceProject, UpdateProject
from localcloud.state import State
from localcloud.wire.errors import Conflict, PreconditionFailed, Unprocessable

URN_PATTERN = r"do:(dbaas|domain|droplet|floatingip|reservedip|loadbalancer|space|volume|kubernetes|vpc):.+"
DEFAULT = "default"
LONGEST_NAME = 175
LONGEST_PURPOSE = 255


class Projects:
    """All projects."""

    def __init__(self, state: State) -> None:
        self._state = state

    def ensure_default(self) -> None:
        """Make the default project, which every account has."""
        with self._state.db.transaction():
            if not self._state.projects.all():
                purpose = "Just trying out DigitalOcean"
                self._save_new(CreateProject(name="first-project", purpose=purpose), is_default=True)

    def get(self, project_id: str) -> ProjectRecord:
        """Return a project by UUID, or the one called `default`."""
        if project_id == DEFAULT:
            return next(project for project in self._state.projects.all() if project.is_default)
        return self._state.projects.get(project_id)

    def create(self, body: CreateProject) -> ProjectRecord:
        """Make a project."""
        with self._state.db.transaction():
            self._check(body.name, body.purpose, None)
            return self._save_new(body, is_default=False)

    def update(self, project_id: str, body: UpdateProject | ReplaceProject) -> ProjectRecord:
        """Change a project; the default stays default until another one becomes it."""
        with self._state.db.transaction():
            project = self.get(project_id)
            changed = project.model_copy(update=body.model_dump(exclude_none=True) | {"updated_at": timestamp()})
            self._check(changed.name, changed.purpose, project.id)
            if changed.is_default and not project.is_default:
                self._move_default(project)
            return self._state.projects.save(
                changed.model_copy(update={"is_default": changed.is_default or project.is_default})
            )

    def delete(self, project_id: str) -> None:
        """Remove an empty project that is not the default one."""
        with self._state.db.transaction():
            project = self.get(project_id)
            if project.is_default:
                raise PreconditionFailed("cannot delete the default project")
            if self.resources(project):
                raise PreconditionFailed("cannot delete a project with resources. move or remove resources first")
            self._state.projects.remove(project.id)

    def resources(self, project: ProjectRecord) -> list[tuple[str, str]]:
        """Return URN and time of each resource in the project."""
        assigned = {a.urn: a for a in self._state.assignments.all()}
        existing = self._existing()
        if not project.is_default:
            mine = [a for a in assigned.values() if a.project_id == project.id and _canonical(a.urn) in existing]
            return [(a.urn, a.assigned_at) for a in mine]
        elsewhere = {_canonical(a.urn) for a in assigned.values() if a.project_id != project.id}
        return [(urn, since) for urn, since in existing.items() if urn not in elsewhere]

    def assign(self, project_id: str, urns: list[str]) -> list[tuple[str, str, str]]:
        """Put resources into a project; return URN, time and what came of it for each."""
        with self._state.db.transaction():
            project = self.get(project_id)
            return [self._assign(project, urn) for urn in urns]

    def project_of(self, urn: str) -> str:
        """Return the UUID of the resource's project."""
        found = self._state.assignments.find(urn)
        return found.project_id if found else self.get(DEFAULT).id

    def _assign(self, project: ProjectRecord, urn: str) -> tuple[str, str, str]:
        if not re.fullmatch(URN_PATTERN, urn):
            raise Unprocessable(f"{urn!r} is not a valid resource URN")
        now = timestamp()
        if _canonical(urn) not in self._existing():
            return urn, now, "not_found"
        if self.project_of(_canonical(urn)) == project.id:
            return urn, now, "already_assigned"
        self._state.assignments.save(AssignmentRecord(urn=_canonical(urn), project_id=project.id, assigned_at=now))
        return urn, now, "assigned"

    def _existing(self) -> dict[str, str]:
        """Return every resource that can be in a project, with its time."""
        state = self._state
        beginning = self.get(DEFAULT).created_at
        urns = {droplet.urn: droplet.created_at for droplet in state.droplets.all()}
        urns |= {volume.urn: volume.created_at for volume in state.volumes.all()}
        urns |= {domain.urn: beginning for domain in state.domains.all()}
        return urns | {reserved.urn: beginning for reserved in state.reserved_ips.all() if not reserved.is_going}

    def _move_default(self, project: ProjectRecord) -> None:
        """Keep resources where they are while another project becomes the one that holds the rest."""
        old = self.get(DEFAULT)
        for urn, since in self.resources(old):
            self._state.assignments.save(AssignmentRecord(urn=urn, project_id=old.id, assigned_at=since))
        self._state.projects.save(old.model_copy(update={"is_default": False}))

    def _save_new(self, body: CreateProject, *, is_default: bool) -> ProjectRecord:
        now = timestamp()
        record = ProjectRecord(
            id=str(uuid4()), is_default=is_default, created_at=now, updated_at=now, **body.model_dump()
        )
        return self._state.projects.save(record)

    def _check(self, name: str, purpose: str, own_id: str | None) -> None:
        if not 0 < len(name) <= LONGEST_NAME:
            raise Unprocessable(f"name must have 1 to {LONGEST_NAME} characters")
        if not 0 < len(purpose) <= LONGEST_PURPOSE:
            raise Unprocessable(f"purpose must have 1 to {LONGEST_PURPOSE} characters")
        if any(project.id != own_id for project in self._state.projects.where(name=name)):
            raise Conflict("name is already in use")


def _canonical(urn: str) -> str:
    """Floating IPs are the old name of reserved IPs."""
    return urn.replace("do:floatingip:", "do:reservedip:")
