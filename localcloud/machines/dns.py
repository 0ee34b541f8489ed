"""The name server on the gateway: answers for published zones, forwards everything else."""

import logging
import socketserver
import struct
import threading
from pathlib import Path

from dnslib import QTYPE, DNSError, DNSRecord

from localcloud.errors import RuntimeFailure
from localcloud.machines.place import ACME_HOST
from localcloud.machines.zones import Zones, built_in
from localcloud.runtime import Record

log = logging.getLogger(__name__)
PORT = 53
PLAIN_UDP_LIMIT = 512
FORWARD_TIMEOUT_S = 4.0


def machine_resolvers(gateway: str, resolv_conf: Path = Path("/etc/resolv.conf")) -> tuple[str, ...]:
    """Return the machine's own name servers."""
    lines = (line.split() for line in resolv_conf.read_text(encoding="utf-8").splitlines())
    servers = (words[1] for words in lines if len(words) > 1 and words[0] == "nameserver")
    return tuple(server for server in servers if server != gateway)


class NameServer:
    """Serves DNS over UDP and TCP from threads of this process; what it answers is swapped as a whole."""

    def __init__(self, gateway: str, acme_address: str) -> None:
        self._gateway = gateway
        self._own = built_in(ACME_HOST, acme_address)
        self.zones = Zones(self._own)
        self.resolvers: tuple[str, ...] = ()
        self._servers: list[socketserver.BaseServer] = []

    def publish(self, zones: dict[str, tuple[Record, ...]]) -> None:
        """Answer for these zones, and for our own name, from now on."""
        self.zones = Zones(zones | self._own)

    def start(self) -> None:
        """Listen on the gateway; RuntimeFailure when something else does."""
        if self._servers:
            return
        self.resolvers = machine_resolvers(self._gateway)
        for kind, handler in ((_UdpServer, _UdpHandler), (_TcpServer, _TcpHandler)):
            try:
                server = kind((self._gateway, PORT), handler)
            except OSError as error:
                self.stop()
                raise RuntimeFailure(
                    f"cannot serve DNS on {self._gateway}:{PORT}: {error.strerror}. Something else listens on port "
                    f"{PORT} of every address (`ss -lunp 'sport = :{PORT}'` names it): stop it or bind it to its own"
                ) from error
            server.names = self
            self._servers.append(server)
            threading.Thread(target=server.serve_forever, name="dns", daemon=True).start()

    def stop(self) -> None:
        """Stop listening."""
        for server in self._servers:
            server.shutdown()
            server.server_close()
        self._servers.clear()

    def reply(self, query: bytes, *, over_tcp: bool) -> bytes:
        """Answer one query in wire format."""
        request = DNSRecord.parse(query)
        answer = self.zones.answer(request, self._look_up)
        if answer is None:
            return self._forward(request, whole=over_tcp)
        packed = bytes(answer.pack())
        if not over_tcp and len(packed) > _udp_limit(request):
            return bytes(answer.truncate().pack())
        return packed

    def _look_up(self, request: DNSRecord) -> DNSRecord:
        return DNSRecord.parse(self._forward(request, whole=True))

    def _forward(self, request: DNSRecord, *, whole: bool) -> bytes:
        """Ask the machine's resolvers, by TCP only for the whole of a long answer: not every resolver offers it."""
        for resolver in self.resolvers:
            try:
                answer = bytes(request.send(resolver, PORT, timeout=FORWARD_TIMEOUT_S))
                if whole and DNSRecord.parse(answer).header.tc:
                    answer = bytes(request.send(resolver, PORT, tcp=True, timeout=FORWARD_TIMEOUT_S))
                return answer
            except OSError as error:
                log.warning("resolver %s did not answer for %s: %s", resolver, request.q.qname, error)
        failed = request.reply(aa=0)
        failed.header.rcode = 2
        return bytes(failed.pack())


def _udp_limit(request: DNSRecord) -> int:
    """Return how much the client takes in one datagram: what its EDNS record says, else 512 bytes."""
    said = (int(extra.edns_len) for extra in request.ar if extra.rtype == QTYPE.OPT)
    return max(PLAIN_UDP_LIMIT, *said, 0)


class _UdpServer(socketserver.ThreadingUDPServer):
    daemon_threads = True
    names: NameServer


class _TcpServer(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    names: NameServer


class _UdpHandler(socketserver.BaseRequestHandler):
    server: _UdpServer

    def handle(self) -> None:
        query, socket = self.request
        try:
            socket.sendto(self.server.names.reply(query, over_tcp=False), self.client_address)
        except DNSError as error:
            log.info("not a DNS query from %s: %s", self.client_address[0], error)


class _TcpHandler(socketserver.StreamRequestHandler):
    server: _TcpServer
    timeout = 10

    def handle(self) -> None:
        while len(head := self.rfile.read(2)) == 2:
            query = self.rfile.read(struct.unpack("!H", head)[0])
            try:
                answer = self.server.names.reply(query, over_tcp=True)
            except DNSError as error:
                log.info("not a DNS query from %s: %s", self.client_address[0], error)
                return
            self.wfile.write(struct.pack("!H", len(answer)) + answer)
