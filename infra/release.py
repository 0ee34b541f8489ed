"""The release on the droplet: the engine is shipped, then asked to apply the bundle."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass

import pulumi
import pulumi_command as command
from pulumi import FileAsset, Output, ResourceOptions

from infra.bundle import BundleArgs, make_bundle
from rollout.build import build as build_engine

ENGINE_DIR = "/srv/slipway/engine"
ENGINE_LINK = f"{ENGINE_DIR}/rollout.pyz"


@dataclass(frozen=True)
class ReleaseArgs:
    """What to release, onto which machine."""

    bundle: BundleArgs
    images: Output[dict[str, dict[str, str]]]
    connection: command.remote.ConnectionArgs
    droplet_id: pulumi.Input[str]
    ready: pulumi.Resource


class Release(pulumi.ComponentResource):
    """One resource that is updated in place when anything of the release changes; `id` is the serving release's."""

    def __init__(self, name: str, args: ReleaseArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("slipway:release:Release", name, None, opts)
        engine_file = args.bundle.project_dir / ".slipway" / "engine" / "rollout.pyz"
        digest = build_engine(engine_file)
        self.engine_path = f"{ENGINE_DIR}/rollout-{digest[:12]}.pyz"
        engine = command.remote.CopyToRemote(
            "rollout-engine",
            connection=args.connection,
            # Relative, so that the state says the same on every machine.
            source=FileAsset(os.path.relpath(engine_file)),
            remote_path=self.engine_path,
            triggers=[args.droplet_id],
            opts=ResourceOptions(parent=self, depends_on=[args.ready]),
        )
        bundle: Output[str] = Output.secret(
            args.images.apply(lambda images: json.dumps(make_bundle(args.bundle, images), sort_keys=True))
        )
        applied = command.remote.Command(
            "rollout",
            connection=args.connection,
            # The bundle is secret as a whole, so the revision is told here: a preview shows which comes after which.
            create=f"ln -sfn {self.engine_path} {ENGINE_LINK} && "
            f"exec python3 {ENGINE_LINK} apply --revision {args.bundle.revision} --json",
            stdin=bundle,
            logging=command.remote.Logging.STDERR,
            triggers=[args.droplet_id],
            add_previous_output_in_env=False,
            opts=ResourceOptions(parent=self, depends_on=[engine]),
        )
        # The engine redacts what it prints, so its result may be shown.
        result = Output.unsecret(applied.stdout).apply(_last_line)
        self.id = result.apply(lambda report: str(report["release"]))
        self.register_outputs({"release": self.id})


def _last_line(stdout: str) -> dict[str, object]:
    report: dict[str, object] = json.loads(stdout.strip().splitlines()[-1])
    return report
