#!/usr/bin/env bash
# Windows for real: gateway, serial line and TLK/1 driver of the self-contained win-x64 build under Wine, with a COM port that is a simulated
# register's pseudo-terminal. Ends with "windows-run: N passed, N failed in S s". See README.md.
# Usage: tests/windows-run/run.sh [--keep]   (--keep: the folder with logs and journals stays, and is named)
set -euo pipefail
cd "$(dirname "$0")/../.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
here=$PWD/tests/windows-run
built=$PWD/artifacts/windows-run
keep=no
[ "${1:-}" != --keep ] || keep=yes

packages=(wine64 python3)
missing=()
for package in "${packages[@]}"; do
  [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
done
if [ ${#missing[@]} -gt 0 ]; then
  sudo=; [ "$(id -u)" -eq 0 ] || sudo=sudo
  $sudo apt-get update -qq
  DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends "${missing[@]}" > /dev/null
fi
wine=/usr/lib/wine/wine64 # by its path: the command of Debian's other package wants 32-bit libraries, too
server=/usr/lib/wine/wineserver64

dotnet publish "$here/host/Invoicing.WindowsRun.csproj" -c Release --artifacts-path "$built" -o "$built/host" -v q -clp:NoSummary
dotnet build "$here/signing/Invoicing.csproj" -c Release --artifacts-path "$built/signing" -v q -clp:NoSummary
for project in src/Invoicing.Edge src/Invoicing.Authority firmware-sim; do
  dotnet build "$project" -c Release --artifacts-path "$built" -v q -clp:NoSummary
done
# The domain's assembly with BouncyCastle's ECDSA in place of the system's, which Wine does not have. All else is as it is shipped.
cp "$built/signing/bin/Invoicing/release/Invoicing.dll" "$built/host/"

folder=$(mktemp -d "${TMPDIR:-/tmp}/windows-run.XXXXXX")
export WINEPREFIX=$folder/prefix WINEDEBUG=-all
end() {
  "$server" -k || true
  "$server" -w || true
  if [ $keep = yes ]; then echo "windows-run: logs and journals are in $folder"; else rm -rf "$folder"; fi
}
trap end EXIT
authority=$built/bin/Invoicing.Authority/release/Invoicing.Authority
mkdir "$folder/shop"
"$authority" ca --data "$folder/authority" --host localhost > /dev/null
"$authority" devices add --data "$folder/authority" --name windows-run --tax-code 0107001729 --seller-name "Cửa hàng Bình Minh" \
  --address "12 phố Huế, Hà Nội" --block A1B2C --out "$folder/shop/device.json" > /dev/null

# Making the prefix without Mono and Gecko, which it would ask for; the port goes by the registry, as Wine rewrites the links at each start.
WINEDLLOVERRIDES="mscoree=;mshtml=" "$wine" wineboot -i > /dev/null 2>&1
"$wine" reg add 'HKLM\Software\Wine\Ports' /v COM1 /d "$folder/tty" /f > /dev/null 2>&1
"$server" -k || true
"$server" -w || true
python3 "$here/run.py" "$wine" "$built/host/Invoicing.WindowsRun.exe" "$built/bin/Invoicing.Edge/release/Invoicing.Edge" \
  "$built/bin/firmware-sim/release/firmware-sim" "$folder"
