"""Protobuf by hand: fields out of bytes, bytes out of fields. Written from protobuf's encoding page alone."""

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5


class Malformed(Exception):
    pass


def read_varint(data, at):
    value = shift = 0
    start = at
    while True:
        if at >= len(data) or at - start >= 10:
            raise Malformed(f"varint at byte {start}: expected an end, found none")
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            if byte == 0 and at - start > 1:
                raise Malformed(f"varint at byte {start}: expected its shortest form, found a longer one")
            return value & 0xFFFFFFFFFFFFFFFF, at


def fields(data):
    """[(number, wire type, value)] in the order of the bytes; value is an int or bytes."""
    found, at = [], 0
    while at < len(data):
        tag, at = read_varint(data, at)
        number, kind = tag >> 3, tag & 7
        if kind == VARINT:
            value, at = read_varint(data, at)
        elif kind == BYTES:
            length, at = read_varint(data, at)
            if length > len(data) - at:
                raise Malformed(f"field {number}: expected {length} bytes, found {len(data) - at}")
            value, at = data[at:at + length], at + length
        elif kind == FIXED64:
            value, at = int.from_bytes(data[at:at + 8], "little"), at + 8
        elif kind == FIXED32:
            value, at = int.from_bytes(data[at:at + 4], "little"), at + 4
        else:
            raise Malformed(f"field {number}: unexpected wire type {kind}")
        if at > len(data):
            raise Malformed(f"field {number}: cut off")
        found.append((number, kind, value))
    return found


def one(data, number, default=None):
    values = [v for n, _, v in fields(data) if n == number]
    return values[-1] if values else default


def every(data, number):
    return [v for n, _, v in fields(data) if n == number]


def signed(value):
    return value - (1 << 64) if value >= 1 << 63 else value


def varint(value):
    value &= 0xFFFFFFFFFFFFFFFF
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def number(field, value):
    return varint(field << 3 | VARINT) + varint(value)


def zigzag(field, value):
    return number(field, value << 1 if value >= 0 else (-value << 1) - 1)


def fixed64(field, value):
    return varint(field << 3 | FIXED64) + value.to_bytes(8, "little")


def data(field, value):
    if isinstance(value, str):
        value = value.encode()
    return varint(field << 3 | BYTES) + varint(len(value)) + value
