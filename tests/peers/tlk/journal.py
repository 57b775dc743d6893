"""The register's own journal, and what a result in it says (TLK/1 section 5)."""
import fcntl
import json
import os
import time
import zlib

from goods import sale
from wire import Malformed, number, parse, record_hash

class Journal:
    """One line per fact: `crc32 json`, fsynced before it counts. A torn last line is no fact and is cut off at the start."""

    def __init__(self, path, read_only=False, extras=False):
        self.extras = extras
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
        record, total = sale(seq, now, self.hash_of(seq - 1), self.extras)
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
