"""Which address of a network is given out next."""

from collections.abc import Collection
from ipaddress import IPv4Network

from localcloud.database import Database
from localcloud.wire.errors import Unprocessable

# .0.1 is the gateway, .0.2 and .0.3 are the cloud's own; a /20 leaves more than anyone needs above .1.0.
FIRST_PUBLIC = 257
FIRST_PRIVATE = 2


def next_address(db: Database, network: IPv4Network, first: int, taken: Collection[str]) -> str:
    """Return a free address, going round the network, so that one just given back is not given out at once."""
    room = network.num_addresses - 1 - first
    for _ in range(room):
        number = db.next_number(f"address:{network}", 0)
        address = str(network.network_address + first + number % room)
        if address not in taken:
            return address
    raise Unprocessable(f"no address is left in {network}")
