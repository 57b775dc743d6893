#!/usr/bin/python3
"""A second verifier of the entry format, written from the protos alone.

verifier.py submit ADDRESS BUNDLE SALES   builds a chain, delivers it, checks every watermark; prints what it did as one JSON line
verifier.py feed ADDRESS BUNDLE UNTIL     follows the ledger, checks every chain; prints one JSON line per entry
verifier.py export FILE                   checks what the edge exports as JSON lines; prints one JSON line per entry
"""

import base64
import json
import os
import queue
import sys

import grpc

import device
import statements
import wire


def channel_of(address, bundle):
    credentials = grpc.ssl_channel_credentials(
        bundle["authority_root"].encode(), bundle["private_key"].encode(), bundle["certificate"].encode())
    return grpc.secure_channel(address.removeprefix("https://"), credentials)


def same(data):
    return data


def watermark_of(message, anchors):
    return statements.check_watermark(
        wire.one(message, 1), wire.one(message, 2), wire.one(message, 3), wire.one(message, 4, 0), wire.one(message, 5, b""), anchors)


def submit(address, bundle_path, sales):
    bundle = json.load(open(bundle_path, encoding="utf-8"))
    enrolment = base64.b64decode(bundle["enrolment"])
    anchors = statements.anchors_of(enrolment)
    maker = device.Device(enrolment)
    maker.open()
    for i in range(sales):
        if i == sales // 2:
            maker.change_key()
        maker.sell(total_off=1 if i == sales - 1 else 0)  # the last one breaks a rule on purpose
    requests = queue.Queue()
    with channel_of(address, bundle) as channel:
        call = channel.stream_stream("/invoicing.v1.IntakeService/Submit", same, same)(iter(requests.get, None), timeout=60)
        challenge = wire.one(next(call), 5)
        instance = os.urandom(16)
        hello = b"".join([
            wire.number(1, 1), wire.data(2, maker.chain), wire.number(3, maker.position), wire.data(4, maker.hash), wire.data(6, "python 1.0"),
            wire.data(7, enrolment), wire.data(8, instance), wire.data(9, maker.prove_hello(wire.one(challenge, 1), instance))])
        requests.put(wire.data(1, hello))
        welcome = wire.one(next(call), 1)
        window = wire.one(welcome, 3)
        if wire.one(welcome, 1) is not None or window < 100:
            raise statements.Wrong(f"welcome: expected no watermark and a window of 100 or more, found {welcome.hex()}")
        said, verdicts, watermarks = 0, [], 0
        for at in range(0, len(maker.entries), 50):
            part = maker.entries[at:at + 50]
            requests.put(wire.data(2, b"".join(wire.data(1, wire.data(1, b) + wire.data(2, s)) for b, s in part)))
            while said < at + len(part):
                response = next(call)
                answer, refusal = wire.one(response, 2), wire.one(response, 4)
                if refusal is not None:
                    raise statements.Wrong(f"refused: {wire.one(refusal, 3).decode()}")
                for verdict in wire.every(wire.one(response, 3, b""), 1):
                    verdicts.append(statements.check_verdict(wire.one(verdict, 1), wire.one(verdict, 2), anchors))
                if answer is not None:
                    chain, said, found, safe, _ = watermark_of(wire.one(answer, 1), anchors)
                    expected = statements.entry_hash(maker.entries[said - 1][0])
                    if (chain, found) != (maker.chain, expected) or wire.one(answer, 2) != said:
                        raise statements.Wrong(f"watermark: expected {maker.chain.hex()} {expected.hex()}, found {chain.hex()} {found.hex()}")
                    watermarks += 1
        requests.put(None)
        if list(call):
            raise statements.Wrong("expected nothing behind the last answer, found more")
    print(json.dumps({
        "chain": maker.chain.hex(), "entries": len(maker.entries), "position": said, "hash": maker.hash.hex(), "watermarks": watermarks,
        "verdicts": verdicts, "hashes": [statements.entry_hash(b).hex() for b, _ in maker.entries],
        "signatures": [s.hex() for _, s in maker.entries]}))


def feed(address, bundle_path, until):
    bundle = json.load(open(bundle_path, encoding="utf-8"))
    request = wire.number(1, 1) + wire.number(5, until)
    chains, expected, complete = {}, 1, 0
    with channel_of(address, bundle) as channel:
        for message in channel.unary_stream("/invoicing.v1.FeedService/Follow", same, same)(request, timeout=60):
            entry, heartbeat = wire.one(message, 1), wire.one(message, 2)
            if heartbeat is not None:
                complete = wire.one(heartbeat, 1)
                continue
            index, body, signature = wire.one(entry, 1), wire.one(entry, 4), wire.one(entry, 5)
            if index != expected:
                raise statements.Wrong(f"feed: expected index {expected}, found {index}")
            expected += 1
            found = chains.setdefault(wire.one(body, 2), statements.ChainCheck()).take(body, signature)
            if found != wire.one(entry, 6):
                raise statements.Wrong(f"index {index}: expected hash {found.hex()}, found {wire.one(entry, 6).hex()}")
            print(json.dumps({"index": index, "chain": wire.one(body, 2).hex(), "hash": found.hex(), "signature": signature.hex()}))
    if complete != until or expected != until + 1:
        raise statements.Wrong(f"feed: expected to be complete through {until}, found {complete} and {expected - 1} entries")


def export(path):
    with open(path, encoding="utf-8") as lines:
        head = json.loads(next(lines))
        enrolment = bytes.fromhex(head["enrolment"])
        check = statements.ChainCheck(enrolment)
        hashes = {}
        for line in map(json.loads, lines):
            body, signature = bytes.fromhex(line["body"]), bytes.fromhex(line["signature"])
            found = check.take(body, signature)
            if found.hex() != line["hash"] or check.position != line["position"]:
                raise statements.Wrong(f"line of position {line['position']}: expected position {check.position}, hash {found.hex()}, found {line['hash']}")
            hashes[check.position] = found
            print(json.dumps({"position": check.position, "hash": found.hex(), "signature": signature.hex()}))
    if check.chain is not None and check.chain.hex() != head["chain"]:
        raise statements.Wrong(f"expected chain {head['chain']}, found {check.chain.hex()}")
    mark = head.get("watermark")
    if mark:
        chain, position, said, _, _ = statements.check_watermark(
            bytes.fromhex(mark["root"]), bytes.fromhex(mark["signature"]), bytes.fromhex(mark["leaf"]), mark["leaf_number"],
            bytes.fromhex(mark["path"]), statements.anchors_of(enrolment))
        if (chain.hex(), position) != (head["chain"], mark["position"]) or hashes.get(position, said) != said:
            raise statements.Wrong(f"watermark: expected position {mark['position']} with the entry's hash, found {position} {said.hex()}")


def main(arguments):
    try:
        if len(arguments) == 4 and arguments[0] in ("submit", "feed"):
            (submit if arguments[0] == "submit" else feed)(arguments[1], arguments[2], int(arguments[3]))
        elif len(arguments) == 2 and arguments[0] == "export":
            export(arguments[1])
        else:
            print(__doc__, file=sys.stderr)
            return 2
    except (statements.Wrong, wire.Malformed, grpc.RpcError) as fault:
        print(f"{type(fault).__name__}: {fault}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
