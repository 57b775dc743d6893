#!/usr/bin/python3
"""A cash register in Python, written from TLK-1.md alone.

Sells goods of a price list over a serial line, keeps every sale in a journal file of its own before it counts as sold, survives cuts of
the line and its own restart, and ends with a summary when every sale has its result. Standard library only.

    register.py --line /dev/ttyUSB0 --serial PY-0001 --journal FILE --sales 100 [--pace 0.01] [--timeout 120] [--json]
    register.py --check-vectors vectors.json
    register.py --list --journal FILE
"""
import argparse
import fcntl
import hashlib
import json
import os
import select
import signal
import struct
import sys
import termios
import time
import zlib

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


# ---------------------------------------------------------------- §4 records

PRICE_LIST = [  # code, name, unit, price in dong (tax included), tax class, percent
    ("PY001", "Bánh chưng Bờ Đậu", "cái", 65000, 3, 8), ("PY002", "Nem chua Thanh Hóa", "chục", 50000, 3, 8),
    ("PY003", "Chè Thái Nguyên", "gói", 120000, 3, 8), ("PY004", "Mật ong bạc hà", "chai", 280000, 3, 8),
    ("PY005", "Vải thiều Lục Ngạn", "kg", 45000, 5, 0), ("PY006", "Gạo nếp cái hoa vàng", "kg", 38500, 5, 0),
    ("PY007", "Đường thốt nốt An Giang", "kg", 62000, 2, 5), ("PY008", "Thuốc hạ sốt trẻ em", "gói", 3300, 2, 5),
    ("PY009", "Rượu nếp cẩm", "chai", 95000, 4, 10), ("PY010", "Bia hơi Hà Nội", "lít", 24000, 4, 10),
    ("PY011", "Cốm làng Vòng", "kg", 240000, 3, 8), ("PY012", "Ô mai Hồng Lam", "hộp", 75000, 3, 8),
    ("PY013", "Bánh đậu xanh Rồng Vàng", "hộp", 42000, 3, 8), ("PY014", "Nón lá Huế", "cái", 55000, 3, 8),
    ("PY015", "Mắm tôm Hậu Lộc", "lọ", 33000, 3, 8), ("PY016", "Cà phê chồn", "hộp", 499000, 3, 8),
    ("PY017", "Hồng treo gió Đà Lạt", "kg", 320000, 5, 0), ("PY018", "Quạt giấy", "cái", 15000, 3, 8),
    ("PY019", "Tranh Đông Hồ", "bức", 110000, 3, 8), ("PY020", "Kẹo cu đơ Hà Tĩnh", "gói", 27000, 3, 8),
]


def half_away(numerator, denominator):
    """numerator / denominator of a sum that is not negative, rounded half away from zero."""
    return (2 * numerator + denominator) // (2 * denominator)


def sale(seq, closed_ms, previous):
    """One good of the price list; what it is follows from the sequence alone."""
    code, name, unit, price, tax_class, percent = PRICE_LIST[(seq * 7) % len(PRICE_LIST)]
    quantity = 137_000 * (seq % 17 + 1) if unit == "kg" else 1_000_000 * (seq % 4 + 1)
    discount = 1000 if seq % 9 == 0 and price > 10_000 else 0
    total = half_away(quantity * price, 1_000_000) - discount
    net = half_away(total * 100, 100 + percent)
    line = (u16(1, 1) + text(2, code) + text(3, name) + text(4, unit) + s64(5, quantity) + s64(6, price * 1_000_000)
            + (s64(7, discount) if discount else b"") + u8(8, tax_class) + s64(0x0A, total))
    return (u8(1, 1) + clock(2, closed_ms) + u8(3, 2) + tlv(4, previous[:16]) + u8(5, 0) + text(0x0A, f"PY{seq:06d}")
            + text(0x0B, "Chị Mây") + u8(0x0C, 0) + u8(0x0E, 1) + tlv(0x10, line)
            + tlv(0x12, u8(1, 1 if seq % 2 else 3) + s64(2, total))
            + tlv(0x14, u8(1, tax_class) + s64(3, net) + s64(4, total - net)) + s64(0x15, total)), total


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


# ---------------------------------------------------------------- the register's journal

class Journal:
    """One line per fact: `crc32 json`, fsynced before it counts. A torn last line is no fact and is cut off at the start."""

    def __init__(self, path, read_only=False):
        self.epoch, self.boot, self.records, self.results, self.totals = 0, 0, {}, {}, {}
        good = 0
        data = open(path, "rb").read() if os.path.exists(path) else b""
        for raw in data.splitlines(keepends=True):
            if not raw.endswith(b"\n") or f"{zlib.crc32(raw[9:-1]):08x}".encode() != raw[:8]:
                break
            self.take(json.loads(raw[9:]))
            good += len(raw)
        if read_only:
            return
        if good < len(data) and b"\n" in data[good:-1]:
            raise SystemExit(f"register.py: {path}: a line that is not the last one is damaged")
        self.file = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise SystemExit(f"register.py: {path}: in use by another register") from None
        os.ftruncate(self.file, good)
        os.lseek(self.file, good, os.SEEK_SET)
        if not self.epoch:
            self.put([{"epoch": int.from_bytes(os.urandom(8), "little") | 1}])
            folder = os.open(os.path.dirname(os.path.abspath(path)), os.O_RDONLY)
            os.fsync(folder)
            os.close(folder)
        self.put([{"boot": self.boot + 1}])

    def take(self, fact):
        if "epoch" in fact:
            self.epoch = fact["epoch"]
        elif "boot" in fact:
            self.boot = fact["boot"]
        elif "record" in fact:
            self.records[fact["seq"]] = bytes.fromhex(fact["record"])
            self.totals[fact["seq"]] = fact["total"]
        else:
            self.results[fact["seq"]] = bytes.fromhex(fact["result"])

    def put(self, facts):
        lines = b""
        for fact in facts:
            raw = json.dumps(fact).encode()
            lines += f"{zlib.crc32(raw):08x} ".encode() + raw + b"\n"
        while lines:
            lines = lines[os.write(self.file, lines):]
        os.fsync(self.file)
        for fact in facts:
            self.take(fact)

    @property
    def newest(self):
        return len(self.records)

    @property
    def acked(self):
        seq = self.newest if len(self.results) == self.newest else 0
        while seq < self.newest and seq + 1 in self.results:
            seq += 1
        return seq

    def hash_of(self, seq):
        return record_hash(self.epoch, seq, self.records[seq]) if seq else bytes(32)

    def sell(self):
        seq = self.newest + 1
        now = int(time.time() * 1000)
        record, total = sale(seq, now, self.hash_of(seq - 1))
        self.put([{"seq": seq, "total": total, "record": record.hex()}])


def read_result(group):
    found = parse(group, {1, 2, 3, 4, 5, 6, 7, 8})
    outcome = number(found, 2, 1)
    if outcome == 1:
        return {"outcome": "issued", "code": found[3].decode(), "series": found[4].decode(), "number": number(found, 5, 4)}
    if outcome == 2:
        return {"outcome": "held", "reason": number(found, 7, 1), "text": found.get(8, b"").decode()}
    if outcome == 3:
        return {"outcome": "recorded"}
    raise Malformed(f"outcome {outcome}")


# ---------------------------------------------------------------- the line

class Line:
    """A serial line that may go away and come back. `read` and `write` raise OSError when it is gone."""

    def __init__(self, path):
        self.path, self.fd = path, None

    def open(self):
        fd = os.open(self.path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        try:
            if os.isatty(fd):
                attributes = termios.tcgetattr(fd)
                attributes[0] = termios.IGNBRK
                attributes[1] = 0
                attributes[2] = termios.CS8 | termios.CREAD | termios.CLOCAL
                attributes[3] = 0
                attributes[4] = attributes[5] = termios.B115200
                attributes[6][termios.VMIN], attributes[6][termios.VTIME] = 0, 0
                termios.tcsetattr(fd, termios.TCSANOW, attributes)
                termios.tcflush(fd, termios.TCIFLUSH)
        except termios.error as error:
            os.close(fd)
            raise OSError(*error.args) from error
        self.fd = fd

    def close(self):
        if self.fd is not None:
            os.close(self.fd)
            self.fd = None

    def wait(self, seconds):
        """True if there is something to read, or the line is gone."""
        poll = select.poll()
        poll.register(self.fd, select.POLLIN)
        return bool(poll.poll(max(0, int(seconds * 1000) + 1)))

    def read(self):
        try:
            data = os.read(self.fd, 4096)
        except BlockingIOError:
            return b""
        if not data:
            raise OSError("line closed")
        return data

    def write(self, data):
        while data:
            try:
                data = data[os.write(self.fd, data):]
            except BlockingIOError:
                poll = select.poll()
                poll.register(self.fd, select.POLLOUT)
                events = poll.poll(5000)
                if not events or events[0][1] & (select.POLLHUP | select.POLLERR):
                    raise OSError("line does not take bytes any more") from None


# ---------------------------------------------------------------- §6, §8, §9: the session

class Session:
    """One register on one line. `now` is monotonic seconds; everything due is done in `tick`."""

    def __init__(self, serial, journal, line):
        self.serial, self.journal, self.line = serial, journal, line
        self.reader, self.txn, self.state, self.stopped = FrameReader(), 0, "DOWN", None
        self.counter = 0
        self.forget()

    def forget(self):
        self.under_way, self.next_seq, self.run, self.replies = [], 0, None, {}
        self.pause, self.hold, self.paused_until, self.handed = 0.5, 0.0, None, 0.0
        self.pings, self.ping, self.recover_to, self.recovered_to = 0, None, 0, 0
        self.hello_due, self.hello_pause, self.new_hello_at = None, 0.5, None

    def next_txn(self):
        self.txn = self.txn % 255 + 1
        return self.txn

    def send(self, kind, txn, payload):
        wire = frame(kind, txn, payload)
        self.line.write(wire)
        return wire

    # -- greeting

    def line_up(self, now):
        self.reader.reset()
        self.state = "GREETING"
        self.hello(now)

    def line_down(self):
        self.forget()
        self.state = "DOWN"

    def hello(self, now):
        j = self.journal
        self.forget()
        self.reader.max_body = DEFAULT_MAX_BODY
        self.nonce, self.hello_txn, self.heard = os.urandom(16), self.next_txn(), now
        self.hello_wire = frame(HELLO, self.hello_txn, (
            text(3, self.serial) + text(4, "Python till") + text(5, "1.0") + u64(1, j.epoch) + u32(6, j.boot)
            + u64(7, 1 if j.newest else 0) + u64(8, j.newest) + u64(9, j.acked) + clock(0x0A, int(time.time() * 1000))
            + u8(0x0B, 2) + u16(0x0C, DEFAULT_MAX_BODY) + u32(0x0D, 4) + tlv(0x0E, self.nonce)))
        self.repeat_hello(now)

    def repeat_hello(self, now):
        self.line.write(self.hello_wire)
        self.hello_sent, self.hello_due = now, now + (60 if self.stopped else self.hello_pause)

    def on_welcome(self, now, txn, found):
        if (self.hello_due is None or txn != self.hello_txn or found[0x12] != self.nonce
                or number(found, 1, 8) != self.journal.epoch):
            return
        durable = number(found, 0x10, 8)
        if durable > self.journal.newest:
            self.stop(now, "gateway knows more than this journal")
            return
        self.hello_due, self.stopped = None, None
        self.window, self.max_body = number(found, 0x11, 1), min(number(found, 0x0C, 2), DEFAULT_MAX_BODY)
        self.next_seq = self.journal.acked + 1
        self.state = "SENDING"
        if durable < self.journal.acked:
            self.state, self.recover_to, self.recovered_to = "RECOVERING", self.journal.acked, durable
        self.status(0)

    def stop(self, now, why):
        self.forget()
        self.state, self.stopped, self.new_hello_at = "STOPPED", why, now + 60
        print(f"register.py: stopped: {why}", file=sys.stderr)

    def on_nak(self, now, txn, found):
        reason = number(found, 0x13, 1)
        wait = number(found, 0x15, 4) / 1000 if 0x15 in found else 60 if reason in (3, 6, 8) else 8
        said = found.get(0x14, b"").decode()
        to_hello = self.hello_due is not None and txn == self.hello_txn
        in_session = self.state in ("SENDING", "RECOVERING")
        if reason == 9:
            if in_session:
                self.state = "GREETING"
                self.hello(now)
            elif self.state == "GREETING" and self.hello_due is not None and now - self.hello_sent >= 0.5:
                self.repeat_hello(now)
        elif not to_hello and (not in_session or txn):
            return
        elif reason in (2, 4, 7):
            self.stop(now, f"NAK {reason} {said}")
        elif to_hello:
            print(f"register.py: HELLO refused: NAK {reason} {said}", file=sys.stderr)
            self.hello_due, self.new_hello_at = None, now + wait
        elif reason == 1:
            expected = number(found, 0x16, 8)
            if self.journal.acked < expected <= self.journal.newest:
                self.resend(now, expected)
            else:
                self.state = "GREETING"
                self.hello(now)
        elif reason in (6, 8):
            self.forget()
            self.state, self.new_hello_at = "GREETING", now + wait
        else:
            self.paused_until = now + wait

    # -- records

    def send_record(self, now, seq, recovered):
        held = self.journal.results.get(seq, b"") if recovered else None
        for wire in rec_frames(self.journal.epoch, seq, self.journal.records[seq], held, self.max_body):
            self.line.write(wire)

    def resend(self, now, first):
        for entry in self.under_way:
            if entry[0] >= first:
                self.send_record(now, entry[0], entry[1])
                entry[2] = time.monotonic()

    def fill(self, now):
        while len(self.under_way) < self.window:
            if self.run and self.run[0] > self.run[1] and not any(entry[1] for entry in self.under_way):
                self.recovered_to, self.run = max(self.recovered_to, self.run[1]), None
            if self.state == "RECOVERING" and not self.run and self.recovered_to >= self.recover_to:
                self.state, self.next_seq = "SENDING", self.journal.acked + 1
            if self.state == "SENDING" and self.next_seq <= self.journal.newest:
                seq, recovered = self.next_seq, False
                self.next_seq += 1
                if seq in self.journal.results or any(entry[0] == seq for entry in self.under_way):
                    continue
            elif self.run and self.run[0] <= self.run[1]:
                seq, recovered = self.run[0], True
                self.run = (seq + 1, self.run[1])
                self.under_way = [entry for entry in self.under_way if entry[0] != seq]
            else:
                return
            self.send_record(now, seq, recovered)
            self.under_way.append([seq, recovered, time.monotonic()])

    def on_ack(self, now, found):
        if number(found, 1, 8) != self.journal.epoch or self.state in ("DOWN", "GREETING"):
            return
        store = []
        for group in found.get(0x20, []):
            result = parse(group, {1, 2, 3, 4, 5, 6, 7, 8})
            seq = number(result, 1, 8)
            if not 1 <= seq <= self.journal.newest:
                continue
            kept = b"".join(tlv(tag, result[tag]) for tag in sorted(result) if tag != 1)
            new, held = read_result(kept), self.journal.results.get(seq)
            waiting = [entry for entry in self.under_way if entry[0] != seq]
            if len(waiting) < len(self.under_way):
                self.under_way, self.pause = waiting, 0.5
            if held is None or (read_result(held)["outcome"] == "held" and new["outcome"] == "issued"):
                store.append({"seq": seq, "result": kept.hex()})
            elif held != kept:
                self.send(ERROR, 0, u64(2, seq) + u8(0x13, 5) + u8(0x22, ACK))
        if store:
            self.journal.put(store)
            self.pause = 0.5

    # -- requests of the gateway

    def status(self, txn):
        waiting = self.journal.newest - len(self.journal.results)
        return self.send(STATUS, txn, (u8(0x30, 0) + u32(0x31, waiting) + u8(0x32, 1) + u32(0x33, 16 if self.stopped else 0)
                                       + clock(0x0A, int(time.time() * 1000)) + u8(0x0B, 2)))

    def answer(self, kind, txn, payload):
        if self.replies.get(kind, (None, None))[0] == (txn, payload):
            self.line.write(self.replies[kind][1])
            return
        j = self.journal
        if kind == GW_PING:
            wire = self.send(PONG, txn, tlv(0x1B, parse(payload, {0x1B})[0x1B]))
        elif kind == ASK:
            wire = self.status(txn)
        elif kind == LEASE:
            wire = self.send(LEASED, txn, tlv(0x30, parse(payload, set(range(0x30, 0x39)) | {1})[0x30]) + u8(0x21, 0))
        elif kind == TIME:
            self.send(ERROR, txn, u8(0x13, 3) + u8(0x22, TIME))
            return
        else:
            found = parse(payload, {1, 0x19, 0x1A})
            epoch, first, last = number(found, 1, 8), number(found, 0x19, 8), number(found, 0x1A, 8)
            if epoch != j.epoch or last > j.newest or not 1 <= first <= last or self.state == "STOPPED":
                self.send(ERROR, txn, u8(0x13, 3) + u8(0x22, GET))
                return
            # This journal never drops a record: all of it is present.
            wire = self.send(HAVE, txn, u64(1, epoch) + u64(0x19, first) + u64(0x1A, last) + u8(0x21, 1))
            self.run = (first, last)
        self.replies[kind] = ((txn, payload), wire)

    # -- what happens

    def receive(self, now, kind, flags, txn, payload):
        known = {WELCOME: ({0x0F, 1, 0x12, 0x10, 0x11, 0x0C, 0x0D, 0x0A, 0x0E}, ()), ACK: ({1, 0x10}, (0x20,)),
                 NAK: ({0x13, 1, 2, 0x14, 0x15, 0x16, 0x17, 0x18}, ()), BUSY: ({0x15, 1, 2}, ()), GW_PONG: ({0x1B}, ()),
                 GW_ERROR: ({0x13, 0x22, 0x14, 2}, ()), GET: ({1, 0x19, 0x1A}, ()), LEASE: (set(range(0x30, 0x39)) | {1}, ()),
                 TIME: ({0x0A}, ()), GW_PING: ({0x1B}, ()), ASK: (set(), ())}
        if kind not in known:
            if flags & MUST_UNDERSTAND:
                self.send(ERROR, txn, u8(0x13, 1) + u8(0x22, kind))
            return
        if flags & SEALED:
            return
        try:
            found = parse(payload, *known[kind])
            self.heard, self.pings = now, 0
            if kind == WELCOME:
                self.on_welcome(now, txn, found)
            elif kind == NAK:
                self.on_nak(now, txn, found)
            elif kind == ACK:
                self.on_ack(now, found)
            elif kind == BUSY:
                wait = number(found, 0x15, 4) / 1000
                if self.hello_due is not None and txn == self.hello_txn:
                    self.hello_due, self.hello_pause = now + wait, 0.25
                elif self.state in ("SENDING", "RECOVERING") and txn == 0:
                    self.hold, self.pause = now + wait, 0.5
            elif kind == GW_PONG:
                if self.ping == (txn, number(found, 0x1B, 4)):
                    self.ping = None
            elif kind == GW_ERROR:
                print(f"register.py: gateway says {found}", file=sys.stderr)
            elif self.state in ("SENDING", "RECOVERING", "STOPPED"):
                self.answer(kind, txn, payload)
        except (Malformed, KeyError) as error:
            if kind != GW_ERROR:
                self.send(ERROR, txn, u8(0x13, 2) + u8(0x22, kind) + text(0x14, f"malformed: {error}"[:200]))

    def tick(self, now):
        if self.new_hello_at is not None and self.new_hello_at <= now:
            self.hello(now)
        elif self.hello_due is not None and self.hello_due <= now and self.stopped:
            self.hello(now)
        elif self.hello_due is not None and self.hello_due <= now:
            self.hello_pause = min(8.0, self.hello_pause * 2)
            self.repeat_hello(now)
        if self.state not in ("SENDING", "RECOVERING"):
            return
        if now >= self.heard + 5 * (self.pings + 1):
            if self.pings == 3:
                self.state = "GREETING"
                self.hello(now)
                return
            self.pings, self.counter = self.pings + 1, (self.counter + 1) % 2**32
            self.ping = (self.next_txn(), self.counter)
            self.send(PING, self.ping[0], u32(0x1B, self.counter))
        if self.paused_until is not None:
            if now < self.paused_until:
                return
            self.paused_until, self.pause = None, 0.5
            self.resend(now, 0)
        elif self.under_way and now >= self.resend_due():
            self.pause = min(8.0, self.pause * 2)
            self.resend(now, 0)
        self.fill(now)

    def resend_due(self):
        handed = self.under_way[0][2]
        return max(handed + self.pause, self.hold + 0.5 if self.hold > handed else 0)

    def next_due(self, now):
        times = [now + 1.0]
        times += [at for at in (self.new_hello_at, self.hello_due) if at is not None]
        if self.state in ("SENDING", "RECOVERING"):
            times.append(self.heard + 5 * (self.pings + 1))
            times.append(self.paused_until if self.paused_until is not None
                         else self.resend_due() if self.under_way else now + 1.0)
        return min(times)


# ---------------------------------------------------------------- the program

def serve(arguments, journal, session, line):
    """Sells and sends until everything that shall be sold has its result."""
    deadline = time.monotonic() + arguments.timeout
    next_sale = time.monotonic()
    reopen_at, cuts = 0.0, 0
    while journal.newest < arguments.sales or journal.acked < journal.newest:
        now = time.monotonic()
        if now > deadline:
            raise SystemExit(f"register.py: not done after {arguments.timeout} s: {journal.acked} of {journal.newest} acknowledged")
        if journal.newest < arguments.sales and now >= next_sale and session.stopped is None:
            journal.sell()
            next_sale = now + arguments.pace
        try:
            if line.fd is None:
                if now >= reopen_at:
                    reopen_at = now + 0.25
                    line.open()
                    session.line_up(now)
                else:
                    selling = journal.newest < arguments.sales and session.stopped is None
                    time.sleep(max(0.001, (min(reopen_at, next_sale) if selling else reopen_at) - now))
                continue
            session.tick(now)
            due = session.next_due(now)
            if journal.newest < arguments.sales:
                due = min(due, next_sale)
            if line.wait(due - time.monotonic()):
                for kind, flags, txn, payload in session.reader.feed(line.read()):
                    session.receive(time.monotonic(), kind, flags, txn, payload)
        except OSError:
            if line.fd is not None:
                line.close()
                session.line_down()
                cuts += 1
                reopen_at = time.monotonic() + 0.05
    return cuts


def summary_of(arguments, journal, cuts):
    outcomes = [read_result(group)["outcome"] for group in journal.results.values()]
    return {"serial": arguments.serial, "epoch": f"{journal.epoch:016X}", "boot": journal.boot, "rung_up": journal.newest,
            "acknowledged": len(outcomes), "issued": outcomes.count("issued"), "held": outcomes.count("held"),
            "recorded": outcomes.count("recorded"), "cuts": cuts,
            "oldest_unacknowledged": journal.acked + 1 if journal.acked < journal.newest else None}


def check_vectors(path):
    """The golden vectors that a register can be held to. Returns how many were checked."""
    vectors, checked = json.load(open(path, encoding="utf-8")), 0

    def same(what, expected, found):
        nonlocal checked
        checked += 1
        if expected != found:
            raise SystemExit(f"register.py: vector {what}: expected {expected}, found {found}")

    for item in vectors["crc32c"]:
        same(item["ascii"], item["crc"], f"{crc32c(item['ascii'].encode()):08X}")
    for item in vectors["cobs"]:
        same(item["name"], item["coded"], cobs_encode(bytes.fromhex(item["plain"])).hex().upper())
        same(item["name"], item["plain"], cobs_decode(bytes.fromhex(item["coded"])).hex().upper())
    for item in vectors["cobsAccepted"]:
        same(item["name"], item["plain"], cobs_decode(bytes.fromhex(item["coded"])).hex().upper())
    for item in vectors["cobsRefused"]:
        try:
            same(item["name"], "refused", cobs_decode(bytes.fromhex(item["coded"])).hex())
        except ValueError:
            checked += 1
    for item in vectors["frames"]:
        kind, payload = int(item["type"], 16), bytes.fromhex(item["payload"])
        same(item["name"], item["wire"], frame(kind, item["txn"], payload, item["flags"]).hex().upper())
        reader = FrameReader(own=0x80 if item["from"] == "register" else 0)
        same(item["name"], [(kind, item["flags"], item["txn"], payload)], list(reader.feed(bytes.fromhex(item["wire"]))))
    for item in vectors["records"]:
        same(item["name"], item["hash"], record_hash(int(item["epoch"], 16), item["seq"], bytes.fromhex(item["record"])).hex().upper())
    for item in vectors["fragmented"]:
        recovered = bytes.fromhex(item["recovered"]) if item.get("recovered") is not None else None
        wires = rec_frames(int(item["epoch"], 16), item["seq"], bytes.fromhex(item["record"]), recovered, item["maxBody"])
        same(item["name"], item["wires"], [wire.hex().upper() for wire in wires])
    for item in vectors["bad"]:
        if item["counter"] in ("oversize", "cobs", "short", "length", "crc", "version", "flags", "direction"):
            reader = FrameReader(own=0x80)
            same(item["name"], [], list(reader.feed(bytes.fromhex(item["wire"]))))
            same(item["name"], 1, reader.counts.get(item["counter"]))
    return checked


def main():
    parser = argparse.ArgumentParser(description="A cash register that speaks TLK/1 over a serial line.")
    parser.add_argument("--line", help="path of the serial device")
    parser.add_argument("--serial", default="PY-0001", help="what the register is called")
    parser.add_argument("--journal", help="the register's own journal")
    parser.add_argument("--sales", type=int, default=100, help="sales in the journal in the end, all starts together")
    parser.add_argument("--pace", type=float, default=0.01, help="seconds between two sales")
    parser.add_argument("--timeout", type=float, default=120, help="seconds after which it gives up")
    parser.add_argument("--json", action="store_true", help="end with one line of JSON")
    parser.add_argument("--list", action="store_true", help="list the journal, one JSON object a line, and end")
    parser.add_argument("--check-vectors", metavar="FILE", help="check the golden vectors and end")
    arguments = parser.parse_args()
    if arguments.check_vectors:
        print(f"{check_vectors(arguments.check_vectors)} vectors agree")
        return 0
    if not arguments.journal or not (arguments.line or arguments.list):
        parser.error("--journal and --line are needed")
    journal = Journal(arguments.journal, read_only=arguments.list)
    if arguments.list:
        for seq, record in sorted(journal.records.items()):
            print(json.dumps({"sequence": seq, "hash": record_hash(journal.epoch, seq, record).hex().upper(), "total": journal.totals[seq],
                              **(read_result(journal.results[seq]) if seq in journal.results else {"outcome": None})}, ensure_ascii=False))
        return 0
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    line = Line(arguments.line)
    session = Session(arguments.serial, journal, line)
    cuts = serve(arguments, journal, session, line)
    summary = summary_of(arguments, journal, cuts)
    print(json.dumps(summary) if arguments.json else "\n".join(f"{key:22} {value}" for key, value in summary.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
