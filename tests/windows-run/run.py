#!/usr/bin/env python3
"""A register sells through a COM port of Wine to gateway, serial line and driver of the win-x64 build; every sale has to be one invoice.

Usage: run.py WINE HOST EDGE SIMULATOR FOLDER     (tests/windows-run/run.sh makes them all)

WINE has its prefix in the environment, with COM1 mapped to FOLDER/tty, which is the simulator's pseudo-terminal.
"""
import signal
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "usb-lab"))

from machine import PATIENCE, LabFault, die_with_parent, until  # noqa: E402
from tills import Till, compare, recorded  # noqa: E402

# Longest for all of it: some 20 times what it takes on an idle machine with two cores.
LONGEST = 900
SERIAL = "WIN-1"


class Host:
    """The Windows program, with its key sealed by DPAPI."""

    def __init__(self, wine: str, host: Path, folder: Path, name: str) -> None:
        self.log = folder / f"{name}.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [wine, str(host), "COM1", "115200", SERIAL, f"Z:{folder}/journal.db", f"Z:{folder}/shop/device.json", f"dpapi:Z:{folder}/signing.key"],
                stdin=subprocess.PIPE, stdout=log, stderr=log, preexec_fn=die_with_parent)
        until("the host is ready", lambda: b"windows-run ready" in self.log.read_bytes() or self.process.poll() is not None)

    def end(self) -> str:
        """Ends it in order; returns what it said of itself."""
        self.process.stdin.close()
        self.process.wait(PATIENCE)
        text = self.log.read_text(errors="replace")
        if self.process.returncode != 0 or "windows-run ended" not in text:
            raise LabFault(f"expected the host to end in order, found exit code {self.process.returncode}")
        return next(line for line in text.splitlines() if line.startswith("windows-run ready: ")).split(": ", 1)[1]

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


def require_sealed(key: Path) -> bytes:
    """The key's file: sealed by Windows' own means, and not open."""
    content = key.read_bytes()
    if not content.startswith(b"-----BEGIN DPAPI PRIVATE KEY-----"):
        raise LabFault(f"expected a key sealed by DPAPI, found {content[:40]!r}")
    return content


def run(wine: str, host: Path, edge: Path, simulator: Path, folder: Path, till: Till) -> str:
    """Sells, cuts the line in mid-sale, sells on, starts the program again, sells on, and compares."""
    till.sell("200ms")
    until("the simulator's pseudo-terminal", (folder / "tty").exists)
    running = Host(wine, host, folder, "host")
    try:
        till.answered(20)
        # The register's end of the line is gone; the sales that had no answer come again over another one.
        till.stop()
        till.sell("200ms")
        till.answered(20)
        system = running.end()
        key = require_sealed(folder / "signing.key")
        # Another process has to open what this one sealed; if it cannot, nothing is recorded.
        running = Host(wine, host, folder, "host-again")
        till.answered(10)
        till.finish()
        running.end()
        if require_sealed(folder / "signing.key") != key:
            raise LabFault("expected the same key file after the second start, found another")
    except (LabFault, subprocess.TimeoutExpired) as fault:
        raise LabFault(f"{fault}\n--- the end of the host's log ---\n{running.log.read_text(errors='replace')[-4000:]}") from fault
    finally:
        running.kill()
    return f"{compare([till], recorded(edge, folder / 'journal.db'))} sales over COM1, each recorded once, by two processes with one sealed key ({system})"


def main(wine: str, host: str, edge: str, simulator: str, folder: str) -> int:
    def stop(*_: object) -> None:
        raise SystemExit("windows-run: stopped")
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGALRM):
        signal.signal(number, stop)
    signal.alarm(LONGEST)
    start = time.monotonic()
    till = Till(Path(simulator), Path(folder), SERIAL, f"pty:{folder}/tty", seed=7)
    failed = 0
    try:
        print(f"PASS  {run(wine, Path(host), Path(edge), Path(simulator), Path(folder), till)}")
    except LabFault as fault:
        failed = 1
        print(f"FAIL  {fault}")
    finally:
        till.stop()
    print(f"windows-run: {1 - failed} passed, {failed} failed in {time.monotonic() - start:.0f} s")
    return failed


if __name__ == "__main__":
    if len(sys.argv) != 6:
        raise SystemExit(__doc__)
    raise SystemExit(main(*sys.argv[1:]))
