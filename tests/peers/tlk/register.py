#!/usr/bin/python3
"""A cash register in Python, written from TLK-1.md alone.

Sells goods of a price list over a serial line, keeps every sale in a journal file of its own before it counts as sold, survives cuts of
the line and its own restart, and ends with a summary when every sale has its result. Standard library only.

    register.py --line /dev/ttyUSB0 --serial PY-0001 --journal FILE --sales 100 [--pace 0.01] [--timeout 120] [--json]
    register.py --check-vectors vectors.json
    register.py --list --journal FILE
"""
import argparse
import json
import os
import select
import signal
import sys
import termios
import time

sys.dont_write_bytecode = True  # the modules beside this file are not ours to write next to

from journal import Journal, read_result
from session import Session
from wire import FrameReader, cobs_decode, cobs_encode, crc32c, frame, rec_frames, record_hash

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
    parser.add_argument("--extras", action="store_true", help="also sell with departments, notes and named buyers")
    parser.add_argument("--json", action="store_true", help="end with one line of JSON")
    parser.add_argument("--list", action="store_true", help="list the journal, one JSON object a line, and end")
    parser.add_argument("--check-vectors", metavar="FILE", help="check the golden vectors and end")
    arguments = parser.parse_args()
    if arguments.check_vectors:
        print(f"{check_vectors(arguments.check_vectors)} vectors agree")
        return 0
    if not arguments.journal or not (arguments.line or arguments.list):
        parser.error("--journal and --line are needed")
    journal = Journal(arguments.journal, read_only=arguments.list, extras=arguments.extras)
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
