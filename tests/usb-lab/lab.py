#!/usr/bin/env python3
"""Plugs, pulls, swaps and renumbers USB adapters while the edge service records what the registers behind them sell.

Usage: lab.py KERNEL INITRAMFS EDGE SIMULATOR FOLDER [SCENARIO ...]     (tests/usb-lab/run.sh makes them all; no scenario: all)

The edge runs in a virtual machine with a Debian kernel; each adapter is the kernel's own FTDI or CDC-ACM driver over a virtual USB socket,
and behind it a simulated register on this machine. After each scenario every sale of every register in it has to be one invoice in the
edge's journal, as `edge verify` and `edge export` read it.
"""
import json
import signal
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path

from machine import LabFault, Machine, until
from tills import Till, compare, recorded

# Longest for all of it: some 20 times what it takes on an idle machine with two cores.
LONGEST = 1800

# Adapter: socket of the USB controller, serial number of the adapter, the register behind it.
ADAPTERS = {
    "one": (1, "FT-1", "REG-1"),
    "two": (2, "FT-2", "REG-2"),
    "twin-a": (3, "TWIN", "REG-3"),
    "twin-b": (4, "TWIN", "REG-4"),
    "late": (5, "FT-5", "REG-5"),
}
FTDI = "usb:0403:6001"

# Between two sales of a register: many sales are under way, and the journal does not become long if the machine is slow.
PACE = "500ms"

GADGET_REGISTER = "REG-6"


class Lab:
    """The machine with its adapters and the registers behind them."""

    def __init__(self, machine: Machine, edge: Path, simulator: Path, folder: Path) -> None:
        self.machine = machine
        self.tills: dict[str, Till] = {}
        self._edge = edge
        self._folder = folder
        ends = {register: machine.wire(f"wire-{name}") for name, (_, _, register) in ADAPTERS.items()}
        ends[GADGET_REGISTER] = machine.port_of("gadget")
        for seed, (register, port) in enumerate(ends.items(), start=1):
            self.tills[register] = Till(simulator, folder, register, f"tcp:127.0.0.1:{port}", seed)

    def plug(self, *adapters: str) -> None:
        """Plugs adapters in where they belong, one after the other, and waits for their nodes."""
        for name in adapters:
            self.plug_into(name, ADAPTERS[name][0], wire=name)

    def plug_into(self, adapter: str, socket_number: int, wire: str) -> None:
        """Plugs an adapter into some socket, with some register at its other side, and waits for its node."""
        before = self.nodes()
        self.machine.plug(adapter, socket_number, f"wire-{wire}", ADAPTERS[adapter][1])
        until(f"a node for {adapter}", lambda: len(self.nodes()) > len(before))

    def pull(self, *adapters: str) -> None:
        """Pulls adapters out, and waits until the guest has seen it."""
        for name in adapters:
            before = self.nodes()
            self.machine.pull(name)
            until(f"{name} has no node", lambda: len(self.nodes()) < len(before))

    def nodes(self) -> dict[str, str]:
        """The guest's USB serial ports and where in the USB tree each is."""
        listing = self.machine.run("for n in /sys/class/tty/ttyUSB* /sys/class/tty/ttyACM*; do echo $n $(readlink -f $n/device); done; true")
        # What has no place is a pattern that matches nothing, or is just going.
        return {words[0].rsplit("/", 1)[1]: words[1] for words in map(str.split, listing.splitlines()) if len(words) == 2}

    def node_of(self, adapter: str) -> str:
        """The node of the adapter that is where this one belongs."""
        for node, place in self.nodes().items():
            if f"-{ADAPTERS[adapter][0]}:1.0/" in place:
                return node
        raise LabFault(f"expected a node of the adapter {adapter}, found {self.nodes()}")

    def status(self) -> dict:
        """What the running service says of itself, over the socket of its own commands."""
        # shut-none: a client that closes its half is gone to the service, and gets no answer.
        answer = self.machine.run(
            "printf 'GET /status HTTP/1.0\\r\\n\\r\\n' | socat -t 60 - UNIX-CONNECT:/run/journal.db.sock,shut-none")
        head, _, body = answer.partition("\r\n\r\n")
        if " 200 " not in head:
            raise LabFault(f"expected the service's status, found '{head}'")
        return json.loads(body)

    def sells_on(self, register: str, line: str) -> None:
        """Waits until the service says that a register is open on the line with this address and on no other."""
        def lines() -> list[str]:
            return [open_line["line"] for open_line in self.status()["registers"]
                    if open_line["register"] == register and open_line["phase"] == "Open"]
        try:
            until(f"{register} on {line}", lambda: lines() == [line])
        except LabFault as fault:
            raise LabFault(f"{fault}, found it on {lines()}") from fault

    def compare(self, *registers: str) -> int:
        """Every sale of these registers is one invoice; returns how many. They must have finished, so that nobody writes the journal."""
        copy = self._folder / "copy.db"
        for end in ("", "-wal"):
            content = self.machine.read(f"/run/journal.db{end}")
            Path(f"{copy}{end}").write_bytes(content)
        try:
            return compare([self.tills[register] for register in registers], recorded(self._edge, copy))
        finally:
            for file in self._folder.glob("copy.db*"):
                file.unlink()


def sales_flow(lab: Lab) -> str:
    """Two adapters: what both registers sell is recorded."""
    lab.plug("one", "two")
    both = [lab.tills["REG-1"], lab.tills["REG-2"]]
    for till in both:
        till.sell(PACE)
    for till in both:
        till.answered(20)
    for till in both:
        till.finish()
    return f"{lab.compare('REG-1', 'REG-2')} sales, each recorded once"


def pulled_in_mid_sale(lab: Lab) -> str:
    """One adapter is pulled and replugged while both registers sell: nothing is lost or doubled, the other is not held up."""
    one, two = lab.tills["REG-1"], lab.tills["REG-2"]
    pulls, meanwhile = 3, 0
    one.sell(PACE)
    two.sell(PACE)
    for _ in range(pulls):
        one.answered(5)
        lab.pull("one")
        # This one rings up without a line, and the other goes on.
        one.waiting(5)
        meanwhile += two.answered(10)
        lab.plug("one")
    one.finish()
    two.finish()
    return f"{lab.compare('REG-1', 'REG-2')} sales once each over {pulls} pulls, {meanwhile} of the other register meanwhile"


def swapped(lab: Lab) -> str:
    """Two adapters change places, then the registers behind them do: each register goes on under its own name."""
    one, two = lab.tills["REG-1"], lab.tills["REG-2"]
    for till in (one, two):
        till.sell(PACE)
    for till in (one, two):
        till.answered(5)
    lab.pull("one", "two")
    lab.plug_into("one", ADAPTERS["two"][0], wire="one")
    lab.plug_into("two", ADAPTERS["one"][0], wire="two")
    for till in (one, two):
        till.answered(5)
    lab.sells_on("REG-1", f"{FTDI}:FT-1")
    lab.sells_on("REG-2", f"{FTDI}:FT-2")
    lab.pull("one", "two")
    lab.plug_into("one", ADAPTERS["one"][0], wire="two")
    lab.plug_into("two", ADAPTERS["two"][0], wire="one")
    for till in (one, two):
        till.answered(5)
    lab.sells_on("REG-1", f"{FTDI}:FT-2")
    lab.sells_on("REG-2", f"{FTDI}:FT-1")
    lab.pull("one", "two")
    lab.plug("one", "two")
    for till in (one, two):
        till.finish()
    return f"{lab.compare('REG-1', 'REG-2')} sales once each, under the right register"


def renumbered(lab: Lab) -> str:
    """A program holds the old node over a replug, so that the adapter comes back as another one."""
    till = lab.tills["REG-1"]
    till.sell(PACE)
    till.answered(5)
    old = lab.node_of("one")
    holder = lab.machine.run(f"sleep 100000 </dev/{old} >/dev/null 2>&1 & echo $!").strip()
    lab.pull("one")
    lab.plug("one")
    new = lab.node_of("one")
    if new == old:
        raise LabFault(f"expected {old} to come back under another number while it is held, found it again")
    till.answered(5)
    lab.sells_on("REG-1", f"{FTDI}:FT-1")
    lab.machine.run(f"kill {holder}")
    till.finish()
    return f"{old} became {new}; {lab.compare('REG-1')} sales once each"


def cdc_acm(lab: Lab) -> str:
    """A CDC-ACM register, out of the guest's own gadget driver, pulled and replugged in mid-sale."""
    lab.machine.run("/gadget plug")
    until("a CDC-ACM node", lambda: "ttyACM0" in lab.nodes())
    till = lab.tills[GADGET_REGISTER]
    till.sell(PACE)
    till.answered(10)
    lab.machine.run("/gadget pull")
    until("the node is gone", lambda: "ttyACM0" not in lab.nodes())
    till.waiting(5)
    lab.machine.run("/gadget plug")
    till.answered(10)
    till.finish()
    return f"{lab.compare(GADGET_REGISTER)} sales once each"


def twins(lab: Lab) -> str:
    """Two adapters with one serial number: told apart by their places, and refused where an address says no place."""
    both = [lab.tills["REG-3"], lab.tills["REG-4"]]
    lab.plug("twin-a", "twin-b")
    for till in both:
        till.sell(PACE)
    for till in both:
        till.answered(10)
    lab.pull("twin-a", "twin-b")
    # In the other order, so that each comes back under the other's node.
    lab.plug("twin-b", "twin-a")
    for till in both:
        till.answered(10)
    lab.sells_on("REG-3", f"{FTDI}:TWIN@1-3")
    lab.sells_on("REG-4", f"{FTDI}:TWIN@1-4")
    refused = [line["phase"] for line in lab.status()["registers"] if line["line"] == f"{FTDI}:TWIN"]
    if refused != ["Down"]:
        raise LabFault(f"expected the address that fits both adapters to be refused, found its line {refused}")
    for till in both:
        till.finish()
    return f"{lab.compare('REG-3', 'REG-4')} sales once each"


def plugged_later(lab: Lab) -> str:
    """An adapter that was in a drawer since before the boot; its register has sold all the time."""
    till = lab.tills["REG-5"]
    rung_up, answered = till.counts()
    if rung_up == 0 or answered != 0:
        raise LabFault(f"expected a register that sold without a line, found {answered} of {rung_up} sales with a result")
    lab.plug("late")
    till.finish()
    return f"{lab.compare('REG-5')} sales once each, {rung_up} of them from before it was plugged in"


def everything(lab: Lab) -> str:
    """At the end: one journal, all registers."""
    return f"{lab.compare(*lab.tills)} sales of {len(lab.tills)} registers once each"


# Each with its registers.
SCENARIOS: list[tuple[str, set[str], Callable[[Lab], str]]] = [
    ("two adapters", {"REG-1", "REG-2"}, sales_flow),
    ("pulled in mid-sale", {"REG-1", "REG-2"}, pulled_in_mid_sale),
    ("swapped", {"REG-1", "REG-2"}, swapped),
    ("renumbered", {"REG-1"}, renumbered),
    ("CDC-ACM", {"REG-6"}, cdc_acm),
    ("one serial number, two adapters", {"REG-3", "REG-4"}, twins),
    ("plugged in after the boot", {"REG-5"}, plugged_later),
    ("the whole journal", {"REG-1", "REG-2", "REG-3", "REG-4", "REG-5", "REG-6"}, everything),
]


def run(lab: Lab, scenarios: list[tuple[str, set[str], Callable[[Lab], str]]]) -> int:
    """All scenarios; returns how many failed. Those that go on with the registers of a failed one fail with it."""
    failed = 0
    left_open: set[str] = set()
    for name, registers, scenario in scenarios:
        start = time.monotonic()
        try:
            if registers & left_open:
                raise LabFault(f"not run, as an earlier fault left {', '.join(sorted(registers & left_open))} in mid-sale")
            print(f"PASS  {name}: {scenario(lab)} ({time.monotonic() - start:.0f} s)", flush=True)
        except LabFault as fault:
            failed += 1
            left_open |= registers
            for register in registers:
                lab.tills[register].stop()
            print(f"FAIL  {name}: {fault} ({time.monotonic() - start:.0f} s)", flush=True)
    return failed


def is_ready(log: bytes) -> bool:
    """Whether the service says that it serves; one that has ended never will."""
    if b"edge ended" in log:
        raise LabFault("expected the edge service to run, found it ended")
    return b"edge ready" in log


def main(kernel: Path, initramfs: Path, edge: Path, simulator: Path, folder: Path, *names: Path) -> int:
    known = [name for name, _, _ in SCENARIOS]
    strange = [str(name) for name in names if str(name) not in known]
    if strange:
        raise SystemExit(f"expected scenarios out of {known}, found {strange}")
    scenarios = [scenario for scenario in SCENARIOS if not names or Path(scenario[0]) in names]

    def stop(*_: object) -> None:
        raise SystemExit("usb-lab: stopped")
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGALRM):
        signal.signal(number, stop)
    signal.alarm(LONGEST)
    start = time.monotonic()
    machine = Machine(kernel, initramfs, folder)
    lab = None
    failed = len(scenarios)
    try:
        lab = Lab(machine, edge, simulator, folder)
        # In a drawer until the last scenario; its register does not know.
        lab.tills["REG-5"].sell("2s")
        booted = machine.boot()
        machine.run("{ /edge/Invoicing.Edge run --config /shop/edge.json; echo edge ended; } >/dev/vport0p2 2>&1 & true")
        ready = until("the edge service is ready", lambda: is_ready(machine.edge_log.read_bytes()))
        print(f"the guest was up after {booted:.0f} s, the edge service after {ready:.0f} s more", flush=True)
        failed = run(lab, scenarios)
    except LabFault as fault:
        print(f"FAIL  the lab itself: {fault}", flush=True)
    except BaseException:
        traceback.print_exc()
        raise
    finally:
        for till in lab.tills.values() if lab is not None else ():
            till.stop()
        machine.end()
        if failed:
            print("--- the end of the edge's log ---", machine.edge_log.read_text(errors="replace")[-6000:], sep="\n")
    print(f"usb-lab: {len(scenarios) - failed} passed, {failed} failed in {time.monotonic() - start:.0f} s")
    return 1 if failed else 0


if __name__ == "__main__":
    if len(sys.argv) < 6:
        raise SystemExit(__doc__)
    raise SystemExit(main(*map(Path, sys.argv[1:])))
