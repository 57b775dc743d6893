#!/bin/sh
# The API by curl: ring up a sale, ask for it again, lose an answer and find it. Usage: samples.sh http://127.0.0.1:8686 api.token
set -eu
api=$1
token=$2
header="$(mktemp)"
trap 'rm -f "$header"' EXIT
printf 'Authorization: Bearer %s\n' "$(cat "$token")" > "$header"   # in a file: a command line is seen by every user

# 1. A sale: the answer is an invoice that is on the disk.
curl --fail-with-body --silent --show-error --header @"$header" --header 'Content-Type: application/json' "$api/v1/sales" --data-binary @- <<'SALE'
{
  "register": "POS-1", "epoch": "5f3a9c01d2e4b687", "sequence": 1,
  "receipt": "0001", "cashier": "Lan",
  "lines": [ { "name": "Cà phê sữa đá", "unit": "ly", "quantity": 2, "unit_price": 29000, "rate": "8%", "amount": 58000 } ],
  "payments": [ { "means": 1, "amount": 58000 } ],
  "total": 58000
}
SALE
echo

# 2. The answer got lost? The same document again gives the original; so does asking by key.
curl --fail-with-body --silent --show-error --header @"$header" "$api/v1/sales/POS-1/5f3a9c01d2e4b687/1"
echo

# 3. A key under which nothing is recorded: 404, and that is a promise.
curl --silent --show-error --header @"$header" --output /dev/null --write-out '%{http_code}\n' "$api/v1/sales/POS-1/5f3a9c01d2e4b687/2"
