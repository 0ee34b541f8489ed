"""Ask Traefik about itself: its API and metrics listen inside its own network namespace alone."""

from rollout.context import Context

_API = "http://127.0.0.1:8083"
_READ = "import sys,urllib.request as u;sys.stdout.write(u.urlopen(sys.argv[1],timeout=3).read().decode())"


def ask_traefik(ctx: Context, path: str) -> str | None:
    """Return what the edge's Traefik answers; None when it doesn't run or has nothing there."""
    edge = [c for c in ctx.docker.containers(ctx.layout.project("edge")) if c.service == "traefik" and c.pid]
    if not edge:
        return None
    enter = ["nsenter", "--target", str(edge[0].pid), "--net"]
    done = ctx.host.run([*enter, "python3", "-c", _READ, _API + path], timeout_s=10, check=False)
    return done.out if done.code == 0 else None
