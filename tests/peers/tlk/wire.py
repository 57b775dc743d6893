"""TLK/1 sections 1 to 3: frames, values, fragments."""
import hashlib
import struct

# ---------------------------------------------------------------- §1 bytes on the line

HELLO, REC, PING, STATUS, HAVE, PONG, LEASED, TIMED, ERROR = 1, 2, 3, 4, 5, 6, 7, 8, 0x7F
WELCOME, ACK, NAK, BUSY, GET, GW_PONG, LEASE, TIME, GW_PING, ASK, GW_ERROR = (
    0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8A, 0xFF)
MORE, MUST_UNDERSTAND, SEALED = 1, 2, 4
DEFAULT_MAX_BODY = 1024


def _crc_table():
    table = []
    for n in range(256):
        for _ in range(8):
            n = (n >> 1) ^ 0x82F63B78 if n & 1 else n >> 1
        table.append(n)
    return table


CRC_TABLE = _crc_table()


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc = CRC_TABLE[(crc ^ byte) & 0xFF] ^ (crc >> 8)
    return crc ^ 0xFFFFFFFF


def cobs_encode(plain):
    out, block = bytearray(), bytearray()
    for at, byte in enumerate(plain):
        if byte:
            block.append(byte)
        if not byte or len(block) == 254:
            out.append(len(block) + 1)
            out += block
            block.clear()
            if byte and at + 1 == len(plain):
                return bytes(out)
    out.append(len(block) + 1)
    out += block
    return bytes(out)


def cobs_decode(coded):
    out, at = bytearray(), 0
    while at < len(coded):
        code = coded[at]
        if code == 0 or at + code > len(coded):
            raise ValueError("COBS: code byte points past the end")
        out += coded[at + 1:at + code]
        at += code
        if code < 255 and at < len(coded):
            out.append(0)
    return bytes(out)


def frame(kind, txn, payload, flags=0):
    body = struct.pack("<BBBBH", 1, kind, flags, txn, len(payload)) + payload
    return b"\0" + cobs_encode(body + struct.pack("<I", crc32c(body))) + b"\0"


class FrameReader:
    """Cuts bytes into frames; checks 1 to 8 of §1.3. `own` is the direction bit of frames that are our own echo."""

    def __init__(self, own=0):
        self.own, self.max_body, self.counts = own, DEFAULT_MAX_BODY, {}
        self.reset()

    def reset(self):
        self.run, self.started, self.oversize, self.max_body = bytearray(), False, False, DEFAULT_MAX_BODY

    def feed(self, data):
        for byte in data:
            if byte:
                if self.started and not self.oversize:
                    self.run.append(byte)
                    self.oversize = len(self.run) > self.max_body + -(-self.max_body // 254)
                continue
            run, oversize, started = bytes(self.run), self.oversize, self.started
            self.run, self.oversize, self.started = bytearray(), False, True
            if started and (run or oversize):
                found, why = (None, "oversize") if oversize else self.check(run)
                if found:
                    yield found
                else:
                    self.counts[why] = self.counts.get(why, 0) + 1

    def check(self, run):
        try:
            body = cobs_decode(run)
        except ValueError:
            return None, "cobs"
        if len(body) < 10:
            return None, "short"
        version, kind, flags, txn, length = struct.unpack_from("<BBBBH", body)
        if length + 10 != len(body):
            return None, "length"
        if struct.unpack_from("<I", body, 6 + length)[0] != crc32c(body[:-4]):
            return None, "crc"
        if version != 1:
            return None, "version"
        if flags & 0xF8:
            return None, "flags"
        if kind & 0x80 == self.own:
            return None, "direction"
        return (kind, flags, txn, body[6:-4]), None


# ---------------------------------------------------------------- §2 values

def tlv(tag, value):
    length, head = len(value), bytearray([tag])
    while length > 127:
        head.append(length & 127 | 128)
        length >>= 7
    head.append(length)
    return bytes(head) + value


def u8(tag, v): return tlv(tag, struct.pack("<B", v))
def u16(tag, v): return tlv(tag, struct.pack("<H", v))
def u32(tag, v): return tlv(tag, struct.pack("<I", v))
def u64(tag, v): return tlv(tag, struct.pack("<Q", v))
def s64(tag, v): return tlv(tag, struct.pack("<q", v))
def text(tag, v): return tlv(tag, v.encode())
def clock(tag, ms): return tlv(tag, struct.pack("<qh", ms, 420))


class Malformed(Exception):
    pass


def parse(payload, tags, repeated=()):
    """{tag: value bytes}; a repeatable tag maps to a list. Unknown tags below 80 are skipped."""
    found, at = {}, 0
    while at < len(payload):
        tag, at, length, shift = payload[at], at + 1, 0, 0
        while True:
            if at >= len(payload) or shift > 14:
                raise Malformed("ends inside a TLV's head, or a length of four bytes")
            byte, at = payload[at], at + 1
            length |= (byte & 127) << shift
            if byte < 128:
                break
            shift += 7
        if (shift and byte == 0) or length > 32767 or length > len(payload) - at:
            raise Malformed(f"tag {tag:02X}: length {length}")
        value, at = payload[at:at + length], at + length
        if tag in repeated:
            found.setdefault(tag, []).append(value)
        elif tag in tags:
            if tag in found:
                raise Malformed(f"tag {tag:02X} twice")
            found[tag] = value
        elif tag >= 0x80:
            raise Malformed(f"unknown critical tag {tag:02X}")
    return found


def number(found, tag, size):
    if tag not in found or len(found[tag]) != size:
        raise Malformed(f"tag {tag:02X}: {size} bytes expected")
    return int.from_bytes(found[tag], "little")


# ---------------------------------------------------------------- §3.3 records on the line

def record_hash(epoch, seq, record):
    return hashlib.sha256(struct.pack("<QQ", epoch, seq) + record).digest()


def rec_frames(epoch, seq, record, recovered, max_body):
    """§3.3 and §12: one frame if it fits, else fragments that fill each body."""
    room = max_body - 10
    envelope = u64(1, epoch) + u64(2, seq)
    tail = tlv(0x1F, recovered) if recovered is not None else b""
    whole = envelope + tlv(0x1E, record) + tail
    if len(whole) <= room:
        return [frame(REC, 0, whole)]
    frames, at = [], 0
    while True:
        head = envelope + u16(0x1C, len(frames)) + (u32(0x1D, len(record)) if not frames else b"")
        rest = record[at:]
        last = head + tlv(0x1E, rest) + tail
        if frames and len(last) <= room:
            return frames + [frame(REC, 0, last)]
        part = min(room - len(head) - 2, len(rest) - 1)
        while len(head) + len(tlv(0x1E, rest[:part])) > room:
            part -= 1
        frames.append(frame(REC, 0, head + tlv(0x1E, rest[:part]), MORE))
        at += part
