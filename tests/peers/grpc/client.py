"""Calls our server, one check per run."""

import argparse
import sys
import threading

import grpc

from echo_peer import CODES, COMPRESSIONS, SERVICE, UNLIMITED, add_arguments, messages, pem

DETAIL = "Mã số 100 % sai\n🧾"


class Echo:
    def __init__(self, channel):
        request, reply = messages.EchoRequest.SerializeToString, messages.EchoReply.FromString
        self.say = channel.unary_unary(f"/{SERVICE}/Say", request, reply)
        self.collect = channel.stream_unary(f"/{SERVICE}/Collect", request, reply)
        self.expand = channel.unary_stream(f"/{SERVICE}/Expand", request, reply)
        self.talk = channel.stream_stream(f"/{SERVICE}/Talk", request, reply)
        self.shout = channel.unary_unary(f"/{SERVICE}/Shout", request, reply)


def ask(text="", **fields):
    return messages.EchoRequest(text=text, **fields)


def expect(found, expected):
    if found != expected:
        raise AssertionError(f"expected {expected!r}, found {found!r}")


def expect_failure(code, call, detail=None):
    try:
        call()
    except grpc.RpcError as failure:
        expect(failure.code(), code)
        if detail is not None:
            expect(failure.details(), detail)
        return failure
    raise AssertionError(f"expected {code}, but the call went well")


def unary(echo):
    expect(echo.say(ask("phở", payload=b"\0\1"), timeout=10), messages.EchoReply(text="phở", payload=b"\0\1"))


def client_stream(echo):
    reply = echo.collect(iter([ask("a", payload=b"12"), ask("b"), ask("c")]), timeout=10)
    expect((reply.number, reply.text), (3, "a b c (2 bytes)"))
    expect(echo.collect(iter([]), timeout=10).number, 0)


def server_stream(echo):
    expect([reply.number for reply in echo.expand(ask("x", repeat=5), timeout=10)], [1, 2, 3, 4, 5])
    expect(list(echo.expand(ask(), timeout=10)), [])


def duplex(echo):
    answered = threading.Semaphore(1)

    def requests():
        for word in ["a", "b", "c"]:
            answered.acquire()  # each only after the answer to the one before
            yield ask(word)

    found = []
    for reply in echo.talk(requests(), timeout=10):
        found.append((reply.number, reply.text))
        answered.release()
    expect(found, [(1, "a"), (2, "b"), (3, "c")])


def errors(echo):
    for number, code in CODES.items():
        if number != 0:
            expect_failure(code, lambda: echo.say(ask(DETAIL, fail_with=number), timeout=10), DETAIL)
            expect_failure(code, lambda: echo.collect(iter([ask(DETAIL, fail_with=number)]), timeout=10), DETAIL)
            expect_failure(code, lambda: list(echo.talk(iter([ask(DETAIL, fail_with=number)]), timeout=10)), DETAIL)
            stream = echo.expand(ask(DETAIL, repeat=2, fail_with=number), timeout=10)
            expect([next(stream).number, next(stream).number], [1, 2])
            expect_failure(code, lambda: next(stream), DETAIL)
    expect_failure(grpc.StatusCode.UNIMPLEMENTED, lambda: echo.shout(ask(), timeout=10))


def deadlines(echo):
    late = grpc.StatusCode.DEADLINE_EXCEEDED
    expect_failure(late, lambda: echo.say(ask(hang=True), timeout=0.3))
    expect_failure(late, lambda: echo.collect(iter([ask(hang=True)]), timeout=0.3))
    expect_failure(late, lambda: list(echo.expand(ask(hang=True, repeat=1), timeout=0.3)))
    expect_failure(late, lambda: list(echo.talk(iter([ask(hang=True)]), timeout=0.3)))


def cancellation(echo):
    """Cancelled when the server has answered once; that the server saw it is for the other side to check."""
    stream = echo.talk(iter([ask("begun"), ask(hang=True)]), timeout=10)
    expect(next(stream).text, "begun")
    stream.cancel()
    expect_failure(grpc.StatusCode.CANCELLED, lambda: next(stream))


def metadata(echo):
    sent = [("x-h-text", "before"), ("x-h-data-bin", b"\0\xff\n"), ("x-text", "after"), ("x-data-bin", bytes(range(256)))]
    reply, call = echo.say.with_call(ask(), metadata=sent, timeout=10)
    headers, trailers = dict(call.initial_metadata()), dict(call.trailing_metadata())
    expect((headers["x-h-text"], headers["x-h-data-bin"]), ("before", b"\0\xff\n"))
    expect((trailers["x-text"], trailers["x-data-bin"]), ("after", bytes(range(256))))
    failure = expect_failure(
        grpc.StatusCode.ABORTED, lambda: echo.say(ask("no", fail_with=10), metadata=sent[2:], timeout=10))
    expect(dict(failure.trailing_metadata())["x-data-bin"], bytes(range(256)))


def compressed(echo):
    text = "a" * 100_000
    expect(echo.say(ask(text), timeout=10).text, text)
    expect([reply.text for reply in echo.talk(iter([ask(text)] * 5), timeout=10)], [text] * 5)


def large(echo):
    payload = bytes(range(250)) * 40_000  # 10 MB
    expect(echo.say(ask(payload=payload), timeout=60).payload, payload)
    expect([reply.payload for reply in echo.talk(iter([ask(payload=payload)] * 2), timeout=60)], [payload] * 2)


def too_large(echo):
    expect_failure(grpc.StatusCode.RESOURCE_EXHAUSTED, lambda: echo.say(ask(payload=bytes(5_000_000)), timeout=30))


def many(echo):
    count = 10_000
    replies = echo.talk((ask(f"{i}") for i in range(count)), timeout=60)
    expect([reply.text for reply in replies], [f"{i}" for i in range(count)])
    expect(echo.collect((ask(payload=b"x") for _ in range(count)), timeout=60).number, count)
    expect(sum(1 for _ in echo.expand(ask("x", repeat=count), timeout=60)), count)


def identity(echo):
    expect(echo.say(ask("who am I"), timeout=10).text, "CN=device 7")


def refused(echo):
    expect_failure(grpc.StatusCode.UNAVAILABLE, lambda: echo.say(ask(), timeout=10))


def open_channel(arguments):
    options = UNLIMITED if arguments.unlimited else []
    compression = COMPRESSIONS[arguments.compression]
    if not arguments.tls:
        return grpc.insecure_channel(arguments.target, options, compression)
    own = [] if arguments.anonymous else [pem(arguments.tls, "key.pem"), pem(arguments.tls, "cert.pem")]
    credentials = grpc.ssl_channel_credentials(pem(arguments.tls, "root.pem"), *own)
    return grpc.secure_channel(arguments.target, credentials, options, compression)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("check")
    parser.add_argument("--target", required=True)
    parser.add_argument("--anonymous", action="store_true", help="TLS without a certificate of this side")
    add_arguments(parser)
    arguments = parser.parse_args()
    with open_channel(arguments) as channel:
        globals()[arguments.check](Echo(channel))
    print(f"{arguments.check}: as it should be")


if __name__ == "__main__":
    sys.exit(main())
