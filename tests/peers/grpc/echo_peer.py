"""What the caller and the server have in common: the service's path and messages, and TLS from files."""

import pathlib

import grpc

import echo_pb2 as messages

SERVICE = "invoicing.rpc.tests.v1.EchoService"
UNLIMITED = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]
COMPRESSIONS = {"gzip": grpc.Compression.Gzip, "deflate": grpc.Compression.Deflate, None: grpc.Compression.NoCompression}
CODES = {code.value[0]: code for code in grpc.StatusCode}


def add_arguments(parser):
    parser.add_argument("--tls", help="folder with root.pem, and cert.pem and key.pem of this side")
    parser.add_argument("--compression", choices=["gzip", "deflate"])
    parser.add_argument("--unlimited", action="store_true", help="messages of any size")


def pem(folder, name):
    return pathlib.Path(folder, name).read_bytes()


def echoed(metadata):
    """Headers and trailers that a call with this metadata brings back: see Handlers.cs."""
    own = [(key, value) for key, value in metadata if key.startswith("x-")]
    return [e for e in own if e[0].startswith("x-h-")], [e for e in own if not e[0].startswith("x-h-")]
