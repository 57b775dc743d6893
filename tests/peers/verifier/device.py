"""A device in Python: makes a chain of invoices on an enrolment, as entry.proto describes it."""

import os
import time

from cryptography.hazmat.primitives.asymmetric import ec

import statements
import wire

GOODS = [("Cà phê sữa đá", "ly", 29000), ("Bánh mì thịt", "ổ", 25000), ("Phở bò tái", "tô", 55000), ("Trà đào cam sả", "ly", 39000)]


class Device:
    def __init__(self, enrolment):
        self.enrolment, self.chain, self.key = enrolment, os.urandom(16), ec.generate_private_key(ec.SECP256R1())
        self.position, self.hash, self.sales, self.entries = 0, statements.enrolment_hash(enrolment), 0, []
        self.epoch = int.from_bytes(os.urandom(8), "big")
        codes, numbers = wire.one(enrolment, 6), wire.one(enrolment, 7)
        self.block, self.first_code = wire.one(codes, 1).decode(), wire.one(codes, 2)
        self.series, self.first_number = wire.one(numbers, 1).decode(), wire.one(numbers, 2)
        self.seller = wire.one(wire.one(enrolment, 4), 1).decode()

    def add(self, kind, content, signer=None):
        self.position += 1
        body = b"".join([
            wire.number(1, 1), wire.data(2, self.chain), wire.number(3, self.position), wire.data(4, self.hash),
            wire.number(5, int(time.time() * 1000)), wire.data(6, statements.key_id(statements.public_der(self.key))), wire.data(kind, content)])
        signature = statements.sign(self.key, b"invoicing/entry/1\0", body)
        self.hash = statements.entry_hash(body)
        self.entries.append((body, signature))

    def open(self):
        self.add(statements.OPENING, wire.data(1, statements.public_der(self.key)) + wire.data(2, "python 1.0"))

    def change_key(self):
        new = ec.generate_private_key(ec.SECP256R1())
        place = self.chain + (self.position + 1).to_bytes(8, "big") + self.hash
        proof = statements.sign(new, b"invoicing/key-change/1\0", place)
        self.add(statements.KEY_CHANGE, wire.data(1, statements.public_der(new)) + wire.data(2, proof))
        self.key = new

    def prove_hello(self, nonce, instance):
        """KeyPossession of possession.proto: the key in force signs, and the key changes lead to it."""
        statement = nonce + self.chain + self.position.to_bytes(8, "big") + (self.hash if self.position else bytes(32)) + instance
        signature = statements.sign(self.key, b"invoicing/possession/1\0" + bytes([3]), statement)
        changes = [(b, s) for b, s in self.entries if wire.one(b, statements.KEY_CHANGE) is not None]
        return wire.data(1, statements.public_der(self.key)) + wire.data(2, signature) + b"".join(
            wire.data(3, wire.data(1, b) + wire.data(2, s)) for b, s in changes)

    def sell(self, total_off=0):
        year = int(self.series[1:3])
        self.sales += 1
        lines, total = [], 0
        rate = wire.data(7, wire.number(1, 0) + wire.number(2, 800))
        for i in range(1 + self.sales % 3):
            name, unit, price = GOODS[(self.sales + i) % len(GOODS)]
            quantity = 1 + (self.sales + i) % 2
            total += price * quantity
            lines.append(wire.data(14, b"".join([
                wire.data(2, name), wire.data(3, unit), wire.data(4, wire.zigzag(1, quantity)), wire.data(5, wire.zigzag(1, price)),
                wire.number(6, 0), rate, wire.number(8, price * quantity)])))
        net = (total * 100 + 54) // 108
        record = b"".join([
            wire.data(1, "PY-0001"), wire.fixed64(2, self.epoch), wire.number(3, self.sales), wire.data(4, statements.sha(b"%d" % self.sales))])
        code = f"M1-{year:02}-{self.block}-{self.first_code + self.sales - 1:011}"
        self.add(statements.INVOICE, b"".join([
            wire.data(1, record), wire.data(2, code), wire.data(3, self.series), wire.number(4, self.first_number + self.sales - 1),
            wire.number(5, 1), wire.number(6, 20000701 + year * 10000), wire.number(7, 2), wire.data(10, self.seller), wire.number(13, 1),
            *lines, wire.number(15, 0),
            wire.data(16, wire.data(1, wire.number(1, 0) + wire.number(2, 800)) + wire.number(2, net) + wire.number(3, total - net)),
            wire.number(17, total + total_off), wire.data(18, wire.number(1, 1) + wire.number(2, total))]))
