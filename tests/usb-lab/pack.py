#!/usr/bin/env python3
"""Makes the guest's initramfs: busybox, kernel modules, the edge service and the libraries that it loads.

Usage: pack.py KERNEL_TREE EDGE_FOLDER SHOP_FOLDER OUT

KERNEL_TREE is an unpacked linux-image package. Written uncompressed: unpacking under an emulated processor costs more than reading.
"""
import os
import re
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent

# virtio for the lab's own wires; the rest is what a shop's machine loads when an adapter is plugged in.
AT_BOOT = ["virtio_pci", "virtio_console", "xhci_pci", "ftdi_sio", "cdc_acm"]
# A CDC-ACM device out of the guest's own gadget driver, loaded when it is "plugged in".
GADGET = ["dummy_hcd", "usb_f_acm", "g_serial"]

# What .NET's own libraries ask the dynamic loader for, and OpenSSL, which it opens by name.
LIBRARIES = ["libc.so.6", "libm.so.6", "libdl.so.2", "libpthread.so.0", "librt.so.1", "libgcc_s.so.1", "libstdc++.so.6", "libz.so.1",
             "libssl.so.3", "libcrypto.so.3"]
# Speaks to the service's own socket, and relays between the gadget and the lab.
SOCAT = Path("/usr/bin/socat")
LOADER = "/lib64/ld-linux-x86-64.so.2"

# Debugging, documentation and other languages' messages, which the service does not open.
LEFT_OUT = re.compile(r"\.(xml|pdb)$|^(createdump|libmscor.*|libclrgc.*|libcoreclrtraceptprovider\.so)$")


class Archive:
    """A cpio archive of the form that the kernel unpacks ("newc"); source: Documentation/driver-api/early-userspace/buffer-format.rst."""

    def __init__(self, path: Path) -> None:
        self._out = path.open("wb")
        self._inode = 0
        self._folders: set[str] = set()

    def file(self, name: str, content: bytes, mode: int = 0o644) -> None:
        self._parents(name)
        self._write(name, stat.S_IFREG | mode, content)

    def copy(self, name: str, source: Path) -> None:
        self.file(name, source.read_bytes(), 0o755 if os.access(source, os.X_OK) else 0o644)

    def close(self) -> None:
        self._write("TRAILER!!!", 0, b"")
        self._out.close()

    def _parents(self, name: str) -> None:
        for folder in reversed(list(Path(name).parents)[:-1]):
            if str(folder) not in self._folders:
                self._folders.add(str(folder))
                self._write(str(folder), stat.S_IFDIR | 0o755, b"")

    def _write(self, name: str, mode: int, content: bytes) -> None:
        self._inode += 1
        fields = [self._inode, mode, 0, 0, 1, 0, len(content), 0, 0, 0, 0, len(name.encode()) + 1, 0]
        head = b"070701" + b"".join(b"%08X" % field for field in fields) + name.encode() + b"\0"
        self._out.write(head + bytes(-len(head) % 4) + content + bytes(-len(content) % 4))


def in_order(tree: Path, wanted: list[str]) -> Iterator[Path]:
    """The modules wanted and those that they need, each after what it needs. What is built into the kernel has no file."""
    files = {path.stem.replace("-", "_"): path for path in tree.rglob("*.ko")}
    done: set[str] = set()

    def add(name: str) -> Iterator[Path]:
        path = files.get(name.replace("-", "_"))
        if path is None or path.stem in done:
            return
        done.add(path.stem)
        needs = re.search(rb"\0depends=([^\0]*)\0", path.read_bytes())
        for other in needs.group(1).decode().split(",") if needs else []:
            yield from add(other)
        yield path

    for name in wanted:
        if name not in files:
            raise SystemExit(f"{tree}: expected the module {name}, found none; is this the full Debian kernel and not the cloud one?")
        yield from add(name)


def library(name: str) -> Path:
    """Where the dynamic loader would find a library on this machine."""
    listing = subprocess.run(["/sbin/ldconfig", "-p"], capture_output=True, text=True, check=True).stdout
    found = re.search(rf"^\s*{re.escape(name)} \(.*x86-64.*\) => (\S+)$", listing, re.MULTILINE)
    if found is None:
        raise SystemExit(f"expected {name} on this machine, found none; install its Debian package (tests/usb-lab/run.sh does)")
    return Path(found.group(1))


def needed_by(program: Path) -> list[Path]:
    """The libraries that a program is linked to."""
    listing = subprocess.run(["ldd", str(program)], capture_output=True, text=True, check=True).stdout
    return [Path(path) for path in re.findall(r"=> (/\S+)", listing)]


def main(kernel: Path, edge: Path, shop: Path, out: Path) -> None:
    tree = next((kernel / "lib/modules").iterdir())
    archive = Archive(out)
    archive.copy("init", HERE / "guest/init")
    archive.copy("gadget", HERE / "guest/gadget")
    archive.copy("bin/busybox", Path("/bin/busybox"))
    boot = list(in_order(tree, AT_BOOT))
    gadget = [path for path in in_order(tree, GADGET) if path not in boot]
    for path in boot + gadget:
        archive.copy(f"modules/{path.name}", path)
    archive.file("modules/at-boot", "".join(f"{path.name}\n" for path in boot).encode())
    archive.file("modules/gadget", "".join(f"{path.name}\n" for path in gadget).encode())
    archive.copy(LOADER.lstrip("/"), Path(LOADER))
    libraries = {library(name) for name in LIBRARIES}.union(needed_by(SOCAT))
    for path in sorted(libraries):
        archive.copy(f"lib/x86_64-linux-gnu/{path.name}", path)
    archive.copy("bin/socat", SOCAT)
    for path in sorted(edge.iterdir()):
        if path.is_file() and not LEFT_OUT.search(path.name):
            archive.copy(f"edge/{path.name}", path)
    for path in sorted(shop.iterdir()):
        archive.copy(f"shop/{path.name}", path)
    archive.close()


if __name__ == "__main__":
    if len(sys.argv) != 5:
        raise SystemExit(__doc__)
    main(*map(Path, sys.argv[1:]))
