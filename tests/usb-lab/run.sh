#!/usr/bin/env bash
# USB for real: the edge service in a virtual machine with a Debian kernel, real adapter drivers, plugs that are pulled. Ends with
# "usb-lab: N passed, N failed in S s". Root is needed only for packages that are missing; see README.md.
# Usage: tests/usb-lab/run.sh [--keep] [SCENARIO ...]   (--keep: the folder with logs and journals stays, and is named; no scenario: all)
set -euo pipefail
cd "$(dirname "$0")/../.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
here=$PWD/tests/usb-lab
built=$PWD/artifacts/usb-lab
cache=${XDG_CACHE_HOME:-$HOME/.cache}/invoicing/usb-lab
keep=no
if [ "${1:-}" = --keep ]; then keep=yes; shift; fi

packages=(qemu-system-x86 busybox-static socat python3 apt libssl3 zlib1g libstdc++6)
missing=()
for package in "${packages[@]}"; do
  [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
done
if [ ${#missing[@]} -gt 0 ]; then
  sudo=; [ "$(id -u)" -eq 0 ] || sudo=sudo
  $sudo apt-get update -qq
  DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends "${missing[@]}" > /dev/null
fi

# The kernel is fetched and unpacked, never installed. One that was unpacked before serves on: the lab needs a Debian kernel, not the newest.
if ! ls "$cache"/kernel/boot/vmlinuz-* > /dev/null 2>&1; then
  mkdir -p "$cache"
  unpacking=$(mktemp -d "$cache/unpacking.XXXXXX")
  trap 'rm -rf "$unpacking"' EXIT
  name() { apt-cache depends linux-image-amd64 2>/dev/null | sed -nE 's/^ *Depends: (linux-image-[0-9].*)$/\1/p' | head -n 1; }
  image=$(name)
  if [ -z "$image" ]; then
    sudo=; [ "$(id -u)" -eq 0 ] || sudo=sudo
    $sudo apt-get update -qq
    image=$(name)
  fi
  (cd "$unpacking" && apt-get download -qq "$image" 2> download.log) || { cat "$unpacking/download.log" >&2; exit 1; }
  dpkg-deb --fsys-tarfile "$unpacking/$image"_*.deb | tar -x -C "$unpacking" ./boot ./lib/modules
  rm "$unpacking"/*.deb "$unpacking/download.log"
  mv "$unpacking" "$cache/kernel"
fi

# Built apart, so that the other builds' files stay as they are. Compiled ahead of time: the guest's processor is an emulated one.
dotnet publish src/Invoicing.Edge -c Release -r linux-x64 --self-contained -p:PublishReadyToRun=true --artifacts-path "$built" -o "$built/edge" \
  -v q -clp:NoSummary
for project in src/Invoicing.Authority firmware-sim; do
  dotnet build "$project" -c Release --artifacts-path "$built" -v q -clp:NoSummary
done

folder=$(mktemp -d "${TMPDIR:-/tmp}/usb-lab.XXXXXX")
if [ $keep = yes ]; then echo "usb-lab: logs and journals are in $folder"; else trap 'rm -rf "$folder"' EXIT; fi
authority=$built/bin/Invoicing.Authority/release/Invoicing.Authority
mkdir "$folder/shop"
"$authority" ca --data "$folder/authority" --host localhost > /dev/null
"$authority" devices add --data "$folder/authority" --name usb-lab --tax-code 0107001729 --seller-name "Cửa hàng Bình Minh" \
  --address "12 phố Huế, Hà Nội" --block A1B2C --out "$folder/shop/device.json" > /dev/null
cp "$here/guest/edge.json" "$folder/shop/"
python3 "$here/pack.py" "$cache/kernel" "$built/edge" "$folder/shop" "$folder/initramfs"
python3 "$here/lab.py" "$(ls "$cache"/kernel/boot/vmlinuz-*)" "$folder/initramfs" "$built/edge/Invoicing.Edge" \
  "$built/bin/firmware-sim/release/firmware-sim" "$folder" "$@"
