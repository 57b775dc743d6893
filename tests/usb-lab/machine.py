"""A virtual machine with USB sockets: QEMU, its control protocol (QMP), and a shell inside the guest."""
import ctypes
import json
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

# An emulated processor on a busy machine: nothing here takes as long as this unless it is broken.
PATIENCE = 300.0


class LabFault(Exception):
    """Something was expected and something else was found."""


def until(what: str, holds: Callable[[], bool], limit: float = PATIENCE, pause: float = 0.2) -> float:
    """Waits until something holds, and says how long that took."""
    start = time.monotonic()
    while not holds():
        if time.monotonic() - start > limit:
            raise LabFault(f"expected within {limit:.0f} s: {what}")
        time.sleep(pause)
    return time.monotonic() - start


def die_with_parent() -> None:
    """A child of the lab does not outlive it, not even if the lab is killed (prctl PR_SET_PDEATHSIG)."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)


class Wire:
    """One of the guest's virtio ports as the host sees it: a stream socket."""

    def __init__(self, path: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(PATIENCE)
        self._socket.connect(str(path))
        self._buffer = b""

    def send(self, data: bytes) -> None:
        self._socket.sendall(data)

    def line(self) -> bytes:
        """The next line without its end."""
        while b"\n" not in self._buffer:
            self._fill()
        line, self._buffer = self._buffer.split(b"\n", 1)
        return line

    def exactly(self, count: int) -> bytes:
        """The next bytes."""
        while len(self._buffer) < count:
            self._fill()
        data, self._buffer = self._buffer[:count], self._buffer[count:]
        return data

    def close(self) -> None:
        self._socket.close()

    def _fill(self) -> None:
        try:
            data = self._socket.recv(65536)
        except TimeoutError as fault:
            raise LabFault(f"expected an answer within {PATIENCE:.0f} s, found {self._buffer[-200:]!r}") from fault
        if not data:
            raise LabFault("the virtual machine has ended; its console is in console.log")
        self._buffer += data


class Machine:
    """A guest that is up. Adapters are plugged into numbered sockets of its USB controller; behind each adapter is a TCP port of the host."""

    def __init__(self, kernel: Path, initramfs: Path, folder: Path) -> None:
        self._folder = folder
        self._commands = 0
        self.console = folder / "console.log"
        self.edge_log = folder / "edge.log"
        arguments = [
            "qemu-system-x86_64", "-M", "q35,accel=tcg", "-cpu", "Nehalem,+rdrand", "-smp", "2", "-m", "1G", "-nodefaults", "-no-reboot",
            "-display", "none", "-nographic", "-monitor", "none", "-kernel", str(kernel), "-initrd", str(initramfs),
            "-append", "console=ttyS0 quiet panic=-1 random.trust_cpu=on", "-serial", f"file:{self.console}",
            "-qmp", f"unix:{folder}/qmp,server=on,wait=off",
            "-device", "virtio-serial-pci",
            "-chardev", f"socket,id=shell,path={folder}/shell,server=on,wait=off", "-device", "virtserialport,chardev=shell,nr=1",
            "-chardev", f"file,id=log,path={self.edge_log}", "-device", "virtserialport,chardev=log,nr=2",
            "-chardev", "socket,id=gadget,host=127.0.0.1,port=0,server=on,wait=off", "-device", "virtserialport,chardev=gadget,nr=3",
            "-device", "qemu-xhci,id=usb,p2=8,p3=0",
        ]
        with (folder / "qemu.log").open("wb") as log:
            self._process = subprocess.Popen(arguments, stdin=subprocess.DEVNULL, stdout=log, stderr=log, preexec_fn=die_with_parent)
        try:
            until("QEMU's control sockets", lambda: self._alive() and (folder / "qmp").exists() and (folder / "shell").exists())
            self._qmp = Wire(folder / "qmp")
            self._qmp.line()
            self.qmp("qmp_capabilities")
            self._shell = Wire(folder / "shell")
        except BaseException:
            self.end()
            raise

    def boot(self) -> float:
        """Waits for the guest's first program; returns the seconds that took."""
        return until("the guest is ready", lambda: self._alive() and b"lab: ready" in self.console.read_bytes())

    def qmp(self, command: str, **arguments: object) -> object:
        """One command to QEMU; events in between are of no interest here."""
        self._qmp.send(json.dumps({"execute": command, "arguments": arguments}).encode() + b"\n")
        while True:
            answer = json.loads(self._qmp.line())
            if "error" in answer:
                raise LabFault(f"QEMU refuses {command} {arguments}: {answer['error']['desc']}")
            if "return" in answer:
                return answer["return"]

    def wire(self, name: str) -> int:
        """Makes what an adapter's serial side is connected to; returns the TCP port of the host where the register calls."""
        backend = {"type": "socket", "data": {
            "addr": {"type": "inet", "data": {"host": "127.0.0.1", "port": "0"}}, "server": True, "wait": False}}
        self.qmp("chardev-add", id=name, backend=backend)
        return self.port_of(name)

    def port_of(self, name: str) -> int:
        """The TCP port at which a wire listens."""
        for device in self.qmp("query-chardev"):
            if device["label"] == name:
                return int(device["filename"].split(",")[0].rsplit(":", 1)[1].split("<")[0])
        raise LabFault(f"expected a wire {name}, found none")

    def plug(self, adapter: str, socket_number: int, wire: str, serial: str) -> None:
        """Plugs an FTDI adapter in."""
        self.qmp("device_add", driver="usb-serial", id=adapter, bus="usb.0", port=str(socket_number), chardev=wire, serial=serial,
                 **{"always-plugged": True})

    def pull(self, adapter: str) -> None:
        """Pulls an adapter out, at once and without warning."""
        self.qmp("device_del", id=adapter)
        # Its name is free when QEMU has let go of it.
        until(f"{adapter} is out", lambda: all(d["name"] != adapter for d in self.qmp("qom-list", path="/machine/peripheral")))

    def run(self, command: str, check: bool = True) -> str:
        """Runs a command in the guest's shell; returns what it wrote."""
        data, code = self._ask(f"{{ {command}\n}} </dev/null >/run/answer 2>&1; code=$?")
        text = data.decode(errors="replace")
        if check and code != 0:
            raise LabFault(f"in the guest, '{command}' ended with {code}: {text.strip()[-500:]}")
        return text

    def read(self, path: str) -> bytes:
        """A file of the guest's; empty if there is none."""
        return self._ask(f"cat {path} >/run/answer 2>/dev/null; code=0")[0]

    def end(self) -> None:
        """Ends the machine as a pulled power cord does."""
        self._process.kill()
        self._process.wait()

    def _ask(self, command: str) -> tuple[bytes, int]:
        self._commands += 1
        mark = f"answer-{self._commands}"
        self._shell.send(f"{command}\necho {mark} $code $(wc -c </run/answer); cat /run/answer\n".encode())
        while True:
            words = self._shell.line().decode(errors="replace").split()
            if len(words) == 3 and words[0] == mark:
                return self._shell.exactly(int(words[2])), int(words[1])

    def _alive(self) -> bool:
        if self._process.poll() is not None:
            raise LabFault(f"QEMU ended: {(self._folder / 'qemu.log').read_text(errors='replace').strip()[-500:]}")
        return True
