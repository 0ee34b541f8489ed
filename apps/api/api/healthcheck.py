"""`python -m api.healthcheck`: the container's health check, from inside, with nothing but the standard library."""

import http.client
import os
import sys

TIMEOUT_S = 3.0


def main() -> int:
    """Ask `/health`; answer 0 if the API says that it is well, 1 if not."""
    connection = http.client.HTTPConnection("127.0.0.1", int(os.environ.get("API_PORT", "5001")), timeout=TIMEOUT_S)
    try:
        connection.request("GET", "/health")
        response = connection.getresponse()
        body = response.read().decode(errors="replace")
    except (OSError, http.client.HTTPException) as error:
        print(f"the API does not answer on its own port: {error}")
        return 1
    finally:
        connection.close()
    print(body)
    return 0 if response.status == http.client.OK else 1


if __name__ == "__main__":
    sys.exit(main())
