"""`python -m django_admin.healthcheck web|worker|beat`: the containers' health checks, standard library only."""

import argparse
import http.client
import os
import sys

from django_admin import heartbeat

TIMEOUT_S = 5.0


def check_web() -> tuple[bool, str]:
    """Ask Django's own port for `/health`."""
    connection = http.client.HTTPConnection("127.0.0.1", int(os.environ.get("DJANGO_PORT", "8000")), timeout=TIMEOUT_S)
    try:
        connection.request("GET", "/health", headers={"Host": "localhost"})
        response = connection.getresponse()
        return response.status == http.client.OK, response.read().decode(errors="replace")
    except (OSError, http.client.HTTPException) as error:
        return False, f"Django does not answer on its own port: {error}"
    finally:
        connection.close()


def check_heartbeat(process: str) -> tuple[bool, str]:
    """Look at the file that `process` touches."""
    age_s, limit_s = heartbeat.age_s(process), heartbeat.MAX_AGE_S[process]
    if age_s is None:
        return False, f"{process} has shown no sign of life yet"
    return age_s <= limit_s, f"{process} last showed a sign of life {age_s:.0f} s ago, at most {limit_s:.0f} s are well"


def main(arguments: list[str] | None = None) -> int:
    """Check one process; answer 0 if it is well, 1 if not."""
    parser = argparse.ArgumentParser(prog="python -m django_admin.healthcheck", description=main.__doc__)
    parser.add_argument("process", choices=("web", "worker", "beat"))
    process = parser.parse_args(arguments).process
    names = {"worker": heartbeat.WORKER, "beat": heartbeat.BEAT}
    is_well, message = check_web() if process == "web" else check_heartbeat(names[process])
    print(message)
    return 0 if is_well else 1


if __name__ == "__main__":
    sys.exit(main())
