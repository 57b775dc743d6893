"""Entries, watermarks and verdicts as entry.proto and statement.proto describe them; a second implementation."""

import hashlib

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils

import wire

OPENING, INVOICE, KEY_CHANGE = 16, 17, 26


class Wrong(Exception):
    """Expected and found."""


def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def entry_hash(body):
    return sha(b"invoicing/entry/1\0", body)


def enrolment_hash(record):
    return sha(b"invoicing/enrolment/1\0", record)


def key_id(public_key):
    return sha(public_key)


def sign(key, prefix, body):
    r, s = utils.decode_dss_signature(key.sign(prefix + body, ec.ECDSA(hashes.SHA256())))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def check_signature(public_key, prefix, body, signature, what):
    if len(signature) != 64:
        raise Wrong(f"{what}: expected a signature of 64 bytes, found {len(signature)}")
    der = utils.encode_dss_signature(int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big"))
    try:
        serialization.load_der_public_key(public_key).verify(der, prefix + body, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        raise Wrong(f"{what}: expected a signature of key {key_id(public_key).hex()}, found another")


def public_der(key):
    return key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def anchors_of(record):
    """Keys that an enrolment record trusts, by id."""
    keys = [wire.one(a, 1) for a in wire.every(record, 8)]
    return {key_id(k): k for k in keys}


class ChainCheck:
    """One chain from its opening on: every link and every signature."""

    def __init__(self, enrolment=None):
        self.position, self.hash, self.chain, self.key = 0, enrolment and enrolment_hash(enrolment), None, None

    def take(self, body, signature):
        numbers = [n for n, _, _ in wire.fields(body)]
        if numbers != sorted(set(numbers)):
            raise Wrong(f"body: expected each field once, in the order of numbers, found {numbers}")
        position = wire.one(body, 3)
        what = f"position {position}"
        if wire.one(body, 1) != 1:
            raise Wrong(f"{what}: expected format 1, found {wire.one(body, 1)}")
        if position != self.position + 1:
            raise Wrong(f"{what}: expected position {self.position + 1}")
        chain = wire.one(body, 2)
        self.chain = self.chain or chain
        if chain != self.chain:
            raise Wrong(f"{what}: expected chain {self.chain.hex()}, found {chain.hex()}")
        previous = wire.one(body, 4)
        if self.hash is not None and previous != self.hash:
            raise Wrong(f"{what}: expected previous hash {self.hash.hex()}, found {previous.hex()}")
        opening = wire.one(body, OPENING)
        if (opening is not None) != (position == 1):
            raise Wrong(f"{what}: expected an opening at position 1 and only there")
        if opening is not None:
            self.key = wire.one(opening, 1)
        if wire.one(body, 6) != key_id(self.key):
            raise Wrong(f"{what}: expected key {key_id(self.key).hex()}, found {wire.one(body, 6).hex()}")
        check_signature(self.key, b"invoicing/entry/1\0", body, signature, what)
        change = wire.one(body, KEY_CHANGE)
        if change is not None:
            place = chain + position.to_bytes(8, "big") + previous
            check_signature(wire.one(change, 1), b"invoicing/key-change/1\0", place, wire.one(change, 2), f"{what}: proof of the new key")
            self.key = wire.one(change, 1)
        self.position, self.hash = position, entry_hash(body)
        return self.hash


def left_count(count):
    left = 1
    while left * 2 < count:
        left *= 2
    return left


def root_from(leaf_hash, number, count, path):
    """RFC 9162, section 2.1, with node hash SHA-256(01 || left || right)."""
    sides, rest = [], count
    while rest > 1:
        left = left_count(rest)
        if number < left:
            sides.append(False)
            rest = left
        else:
            sides.append(True)
            number, rest = number - left, rest - left
    if len(sides) * 32 != len(path):
        raise Wrong(f"path: expected {len(sides)} steps, found {len(path) / 32}")
    value = leaf_hash
    for step, is_right in enumerate(reversed(sides)):
        sibling = path[step * 32:step * 32 + 32]
        value = sha(b"\1", sibling, value) if is_right else sha(b"\1", value, sibling)
    return value


def check_watermark(root, signature, leaf, leaf_number, path, anchors):
    """What the watermark says: (chain, position, hash, safe position, ledger time)."""
    count, tree, key = wire.one(root, 4), wire.one(root, 5), wire.one(root, 6)
    if wire.one(root, 1) != 1 or key not in anchors:
        raise Wrong(f"watermark: expected format 1 and a key of the enrolment, found {wire.one(root, 1)} and {key.hex()}")
    if not 0 <= leaf_number < count:
        raise Wrong(f"watermark: expected a leaf below {count}, found {leaf_number}")
    if root_from(sha(b"invoicing/watermark-leaf/1\0", leaf), leaf_number, count, path) != tree:
        raise Wrong("watermark: expected a path from the leaf to the root, found one that leads elsewhere")
    check_signature(anchors[key], b"invoicing/watermark/1\0", root, signature, "watermark")
    position, safe = wire.one(leaf, 2), wire.one(leaf, 4)
    if safe > position:
        raise Wrong(f"watermark: expected a safe position of at most {position}, found {safe}")
    return wire.one(leaf, 1), position, wire.one(leaf, 3), safe, wire.one(root, 2)


def check_verdict(body, signature, anchors):
    key = wire.one(body, 11)
    if wire.one(body, 1) != 1 or key not in anchors:
        raise Wrong(f"verdict: expected format 1 and a key of the enrolment, found {wire.one(body, 1)} and {key.hex()}")
    check_signature(anchors[key], b"invoicing/verdict/1\0", body, signature, "verdict")
    return {"number": wire.one(body, 3), "position": wire.one(body, 4), "hash": wire.one(body, 5).hex(), "outcome": wire.one(body, 6),
            "rule": wire.one(body, 7, b"").decode()}
