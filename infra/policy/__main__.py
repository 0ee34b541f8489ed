"""What `pulumi preview --policy-pack infra/policy` starts: says its port, then serves until the CLI ends it."""

import sys
from concurrent.futures import ThreadPoolExecutor

import grpc
from pulumi.runtime.proto.analyzer_pb2_grpc import add_AnalyzerServicer_to_server

from infra.policy.analyzer import Analyzer

# The engine's own limit; Python's default of 4 MiB refuses a stack with a large state.
MESSAGE_BYTES = 400 << 20
WORKERS = 8

server = grpc.server(ThreadPoolExecutor(WORKERS), options=[("grpc.max_receive_message_length", MESSAGE_BYTES)])
add_AnalyzerServicer_to_server(Analyzer(), server)
port = server.add_insecure_port("127.0.0.1:0")
server.start()
sys.stdout.write(f"{port}\n")
sys.stdout.flush()
server.wait_for_termination()
