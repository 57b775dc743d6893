"""The register's session: TLK/1 sections 6, 8, 9 and 11."""
import os
import sys
import time

from journal import read_result
from wire import (
    ACK, ASK, BUSY, DEFAULT_MAX_BODY, ERROR, FrameReader, GET, GW_ERROR, GW_PING, GW_PONG, HAVE, HELLO, LEASE,
    LEASED, MUST_UNDERSTAND, Malformed, NAK, PING, PONG, SEALED, STATUS, TIME, WELCOME, clock, frame, number, parse,
    rec_frames, text, tlv, u16, u32, u64, u8)

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
            elif any(read_result(held).get(key) != new.get(key) for key in ("outcome", "code", "series", "number")):
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
