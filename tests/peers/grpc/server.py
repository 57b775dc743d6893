"""Serves our client. Does what echo.proto and Handlers.cs say."""

import argparse
import concurrent.futures
import sys
import threading

import grpc

from echo_peer import CODES, COMPRESSIONS, SERVICE, UNLIMITED, add_arguments, echoed, messages, pem


def pause_and_fail(request, context):
    if request.hang:
        gone = threading.Event()
        if context.add_callback(gone.set):
            gone.wait(30)
        print("cancelled", flush=True)
        context.abort(grpc.StatusCode.CANCELLED, "gone")
    if request.fail_with:
        context.abort(CODES[request.fail_with], request.text)


def say(request, context):
    headers, trailers = echoed(context.invocation_metadata())
    if headers:
        context.send_initial_metadata(headers)
    context.set_trailing_metadata(trailers)
    pause_and_fail(request, context)
    if request.text == "who am I":
        return messages.EchoReply(text=context.auth_context()["x509_common_name"][0].decode())
    return messages.EchoReply(text=request.text, payload=request.payload)


def collect(requests, context):
    texts, count, size = [], 0, 0
    for request in requests:
        pause_and_fail(request, context)
        count += 1
        size += len(request.payload)
        texts += [request.text] if request.text else []
    return messages.EchoReply(number=count, text=" ".join(texts + [f"({size} bytes)"]))


def expand(request, context):
    for number in range(1, request.repeat + 1):
        yield messages.EchoReply(number=number, text=request.text, payload=request.payload)
    pause_and_fail(request, context)


def talk(requests, context):
    for number, request in enumerate(requests, start=1):
        pause_and_fail(request, context)
        yield messages.EchoReply(number=number, text=request.text, payload=request.payload)


def main():
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    arguments = parser.parse_args()
    codec = messages.EchoRequest.FromString, messages.EchoReply.SerializeToString
    server = grpc.server(
        concurrent.futures.ThreadPoolExecutor(max_workers=8),
        options=UNLIMITED if arguments.unlimited else [],
        compression=COMPRESSIONS[arguments.compression])
    server.add_generic_rpc_handlers([grpc.method_handlers_generic_handler(SERVICE, {
        "Say": grpc.unary_unary_rpc_method_handler(say, *codec),
        "Collect": grpc.stream_unary_rpc_method_handler(collect, *codec),
        "Expand": grpc.unary_stream_rpc_method_handler(expand, *codec),
        "Talk": grpc.stream_stream_rpc_method_handler(talk, *codec),
    })])
    if arguments.tls:
        credentials = grpc.ssl_server_credentials(
            [(pem(arguments.tls, "key.pem"), pem(arguments.tls, "cert.pem"))],
            pem(arguments.tls, "root.pem"), require_client_auth=True)
        port = server.add_secure_port("127.0.0.1:0", credentials)
    else:
        port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(port, flush=True)
    sys.stdin.read()
    server.stop(grace=None).wait()


if __name__ == "__main__":
    sys.exit(main())
