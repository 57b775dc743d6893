#!/usr/bin/env bash
# Installs what the tests need, builds everything, runs all tests, and ends with the line "N passed, N failed, N skipped".
# Usage: tests/run.sh [project ...]   (names below tests/, without .Tests; none: all)
set -uo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

bash tests/install-tools.sh || { echo "tests/install-tools.sh failed: the tests need its Debian packages" >&2; exit 1; }
dotnet build Invoice.sln -c Release -v q -clp:NoSummary || { echo "0 passed, 1 failed, 0 skipped"; exit 1; }

passed=0 failed=0 skipped=0
projects=("$@")
if [ ${#projects[@]} -eq 0 ]; then
  # Fast ones first; whole processes that are killed and started again last.
  mapfile -t projects < <(find tests -maxdepth 1 -name '*.Tests' -printf '%f\n' | sed 's/\.Tests$//' | sort | grep -v EndToEnd; echo Invoicing.EndToEnd)
fi
for name in "${projects[@]}"; do
  log=$(mktemp)
  echo "== $name"
  # One project at a time: two cores are shared by servers, peers and registers that the tests start.
  timeout --kill-after=30 1500 "tests/$name.Tests/bin/Release/net10.0/$name.Tests" --no-progress --no-ansi > "$log" 2>&1
  code=$?
  grep -vE '^\s*$' "$log" | tail -n 400
  count() { sed -nE "s/^ *$1: ([0-9]+).*/\1/p" "$log" | tail -n 1; }
  p=$(count succeeded) f=$(count failed) s=$(count skipped)
  # A run that died, hung or ran nothing is a failure, whatever it counted.
  if [ "$code" -ne 0 ] && [ "${f:-0}" -eq 0 ]; then f=1; echo "$name ended with exit code $code"; fi
  if [ "$code" -eq 0 ] && [ "${p:-0}" -eq 0 ]; then f=1; echo "$name ran no test"; fi
  passed=$((passed + ${p:-0})) failed=$((failed + ${f:-0})) skipped=$((skipped + ${s:-0}))
  rm -f "$log"
done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$skipped" -eq 0 ]
