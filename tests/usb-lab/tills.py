"""Registers in software at the other end of the adapters, and the comparison of what they rang up with what the edge recorded."""
import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

from machine import PATIENCE, LabFault, die_with_parent, until


@dataclass(frozen=True)
class Sale:
    """One sale, as a register's own journal or the edge's journal has it."""

    key: tuple[str, str, int]
    record_hash: str
    total: int
    code: str | None


class Till:
    """A register that rings up sales whether or not anybody listens. Its journal goes on over all its starts."""

    def __init__(self, simulator: Path, folder: Path, serial: str, line: str, seed: int) -> None:
        self.serial = serial
        self._simulator = simulator
        self._folder = folder
        self._line = line
        self._seed = seed
        self._journal = folder / f"{serial}.journal"
        self._process: subprocess.Popen[str] | None = None

    def sell(self, pace: str) -> None:
        """Begins to ring up sales, for as long as nobody says otherwise."""
        self._start(sales=1_000_000, pace=pace)

    def finish(self) -> None:
        """Closes the till: nothing more is rung up, and what was rung up gets its results. Returns when all is answered."""
        self._process.terminate()
        self._process.communicate(timeout=PATIENCE)
        rung_up, _ = self.counts()
        # Started again over the same journal, it finds everything sold and only waits for what is not answered yet.
        self._start(sales=rung_up, pace="flat")
        try:
            output, _ = self._process.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired as fault:
            self.stop()
            raise LabFault(f"{self.serial}: expected results of all {rung_up} sales within {PATIENCE:.0f} s, found {self.counts()[1]}") from fault
        summary = json.loads(output.splitlines()[-1]) if output.strip() else {}
        if self._process.returncode != 0 or summary.get("issued") != rung_up:
            raise LabFault(f"{self.serial}: expected {rung_up} sales with an invoice each, found {summary} and exit code {self._process.returncode}")

    def stop(self) -> None:
        """Ends the register at once, if it runs."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def counts(self) -> tuple[int, int]:
        """Sales rung up and sales that have their result, by the register's own journal."""
        records = self._records()
        return len(records), sum(record["acknowledged"] for record in records)

    def answered(self, count: int) -> int:
        """Waits until so many more sales have their result than now; returns how many it were in the end."""
        start = self.counts()[1]
        now = start

        def holds() -> bool:
            nonlocal now
            now = self.counts()[1]
            return now >= start + count
        until(f"{self.serial}: {count} more sales with a result", holds)
        return now - start

    def waiting(self, count: int) -> None:
        """Waits until so many sales are rung up that have no result yet."""
        def holds() -> bool:
            rung_up, answered = self.counts()
            return rung_up - answered >= count
        until(f"{self.serial}: {count} sales without a result", holds)

    def sales(self) -> list[Sale]:
        """Every sale of the register's own journal."""
        return [Sale((self.serial, record["epoch"].upper(), record["sequence"]), record["hash"].upper(), record["total"], record["code"])
                for record in self._records()]

    def _start(self, sales: int, pace: str) -> None:
        command = [str(self._simulator), "run", "--line", self._line, "--serial", self.serial, "--journal", str(self._journal),
                   "--sales", str(sales), "--seed", str(self._seed), "--pace", pace, "--json"]
        with (self._folder / f"{self.serial}.log").open("ab") as log:
            self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, text=True,
                                             preexec_fn=die_with_parent)

    def _records(self) -> list[dict]:
        if not self._journal.exists():
            return []
        listing = subprocess.run([str(self._simulator), "journal", "--journal", str(self._journal), "--json"],
                                 capture_output=True, text=True, check=False, timeout=60)
        if listing.returncode != 0:
            raise LabFault(f"{self.serial}: its journal does not read: {listing.stderr.strip()}")
        return [record for record in map(json.loads, listing.stdout.splitlines()) if record["kind"] == "Sale"]


def recorded(edge: Path, journal: Path) -> list[Sale]:
    """Every invoice of an edge journal, after the edge's own checker found nothing wrong with it."""
    verify = subprocess.run([str(edge), "verify", "--journal", str(journal)], capture_output=True, text=True, check=False, timeout=120)
    if verify.returncode != 0:
        raise LabFault(f"'edge verify' finds the journal unsound: {verify.stdout.strip()} {verify.stderr.strip()}")
    export = subprocess.run([str(edge), "export", "--journal", str(journal)], capture_output=True, text=True, check=False, timeout=120)
    if export.returncode != 0:
        raise LabFault(f"'edge export' fails: {export.stderr.strip()}")
    invoices = [entry["invoice"] for entry in map(json.loads, export.stdout.splitlines()) if entry.get("invoice") is not None]
    return [Sale((i["register"], i["epoch"].upper(), i["sequence"]), i["record_hash"].upper(), i["total"], i["code"]) for i in invoices]


def compare(tills: list[Till], found: list[Sale]) -> int:
    """Every sale of these registers is one invoice, with the content and the code that the register holds; returns how many."""
    serials = {till.serial for till in tills}
    sold = {sale.key: sale for till in tills for sale in till.sales()}
    of_these = [sale for sale in found if sale.key[0] in serials]
    keys = [sale.key for sale in of_these]
    doubled = sorted({key for key in keys if keys.count(key) > 1})
    missing = sorted(sold.keys() - set(keys))
    strange = sorted(set(keys) - sold.keys())
    if doubled or missing or strange:
        raise LabFault(f"expected each sale once, found {len(doubled)} doubled {doubled[:1]}, {len(missing)} missing {missing[:1]}, "
                       f"{len(strange)} that no register rang up {strange[:1]}")
    different = [sale for sale in of_these if sale != sold[sale.key]]
    if different:
        raise LabFault(f"expected {sold[different[0].key]}, found {different[0]}, and {len(different) - 1} more that differ")
    return len(sold)
