#!/usr/bin/env python3
"""What the scenarios must come to, worked out a second time: by fractions, without a line of the product.

    expected.py --check    compares with what stands in the files, XML included; ends with 1 and says what differs
    expected.py --write    writes it into the files (of scenarios that expect an invoice; faults are written by people)

Rules: sums by rate and their rounding as in the remarks of TaxCalculation.cs, lines without tax as in those of LineNets.cs, the date of
issue as in VietnamTime.cs, words as in AmountInWords.cs, QR code after Decision 1271/QĐ-CT, Part I.IV.7. Standard library only.
"""

import csv
import datetime
import json
import pathlib
import sys
import unicodedata
import xml.etree.ElementTree as tree
from fractions import Fraction

HERE = pathlib.Path(__file__).resolve().parent
HANOI = datetime.timezone(datetime.timedelta(hours=7))
FIXED = ["0%", "5%", "8%", "10%", "KCT", "KKKNT"]


def nfc(text):
    return unicodedata.normalize("NFC", text)


def rounded(value):
    """Whole đồng, halves away from zero."""
    whole = int(abs(value) + Fraction(1, 2))
    return whole if value >= 0 else -whole


def percent(rate):
    if rate in ("KCT", "KKKNT"):
        return Fraction(0)
    return Fraction(rate.removeprefix("KHAC:").removesuffix("%"))


def rank(rate):
    return (FIXED.index(rate), 0) if rate in FIXED else (len(FIXED), percent(rate))


# Lines


def items_of(name):
    """A list of goods: (kind of key, key) to its row; the scenarios' lists hold one row for each."""
    found = {}
    with open(HERE / name, encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter=";"):
            for kind in ("plu", "barcode", "words", "department"):
                if row[kind]:
                    found[kind, nfc(row[kind])] = row
    return found


def lines_of(scenario):
    """Lines with what catalogue and kind of invoice add to them."""
    items = items_of(scenario["catalogue"]) if "catalogue" in scenario else {}
    completed = []
    for line in scenario["sale"].get("lines", []):
        line = {"nature": 1, "discount": 0, "name": "", "unit": "", **line}
        keys = [("plu", line.get("code")), ("barcode", line.get("code")), ("words", line["name"]), ("department", line.get("department"))]
        item = next((items[kind, nfc(key)] for kind, key in keys if key and (kind, nfc(key)) in items), None)
        if item:
            line["name"] = line["name"] or item["name"]
            line["unit"] = line["unit"] or item["unit"]
            if scenario["kind"] != 2 and item["rate"]:
                line.setdefault("rate", item["rate"])
        if scenario["kind"] == 2:
            line.setdefault("rate", "KKKNT")
        completed.append(line)
    return completed


def taxed(line):
    return line["nature"] not in (2, 4)


# Money


def sums_of(scenario, lines):
    gross = {}
    for line in filter(taxed, lines):
        gross[line["rate"]] = gross.get(line["rate"], 0) + line["amount"]
    return dict(sorted(gross.items(), key=lambda pair: rank(pair[0])))


def shares_of(discount, gross):
    """Largest remainder; ties by the order of rates."""
    if discount == 0:
        return {rate: 0 for rate in gross}
    exact = {rate: Fraction(discount * amount, sum(gross.values())) for rate, amount in gross.items()}
    shares = {rate: int(value) for rate, value in exact.items()}
    order = sorted(gross, key=lambda rate: shares[rate] - exact[rate])  # stable: ties stay in the order of rates
    for rate in order[: discount - sum(shares.values())]:
        shares[rate] += 1
    return shares


def tax_of(amount, rate, with_tax):
    if with_tax:
        net = rounded(Fraction(amount * 100) / (100 + percent(rate)))
        return net, amount - net
    return amount, rounded(amount * percent(rate) / 100)


def breakdown(scenario, lines):
    sale = scenario["sale"]
    gross = sums_of(scenario, lines)
    shares = shares_of(sale.get("receipt_discount", 0), gross)
    rates = []
    for rate, amount in gross.items():
        net, tax = tax_of(amount - shares[rate], rate, sale.get("prices_include_tax", True))
        rates.append({"rate": rate, "net": net, "tax": tax})
    return rates


def nets_of(scenario, lines):
    """Each line without tax, so that the lines of a rate add up to its net before the receipt's discount."""
    with_tax = scenario["sale"].get("prices_include_tax", True)
    nets = [0] * len(lines)
    for rate, amount in sums_of(scenario, lines).items():
        own = [i for i, line in enumerate(lines) if taxed(line) and line["rate"] == rate]
        exact = {i: Fraction(lines[i]["amount"] * 100) / (100 + percent(rate)) if with_tax else Fraction(lines[i]["amount"]) for i in own}
        for i in own:
            nets[i] = exact[i].__floor__()
        left = tax_of(amount, rate, with_tax)[0] - sum(nets[i] for i in own)
        for i in sorted(own, key=lambda i: nets[i] - exact[i])[:left]:
            nets[i] += 1
    return nets


# Words

DIGITS = "không một hai ba bốn năm sáu bảy tám chín".split()


def three_words(value, first):
    """Up to three digits; hundreds are said unless these are the first digits of all."""
    hundreds, tens, units = value // 100, value // 10 % 10, value % 10
    said = [] if first and hundreds == 0 else [DIGITS[hundreds], "trăm"]
    if tens == 0 and units and said:
        said.append("linh")
    if tens == 1:
        said.append("mười")
    if tens > 1:
        said += [DIGITS[tens], "mươi"]
    if units:
        special = {(True, 1): "mốt", (True, 4): "tư", (True, 5): "lăm"}.get((tens > 1, units))
        if tens == 1 and units == 5:
            special = "lăm"
        if tens == 0 and units == 4 and said:
            special = "tư"
        said.append(special or DIGITS[units])
    return said


def words_of(amount):
    groups, left = [], abs(amount)
    while left:
        left, three = divmod(left, 1000)
        groups.insert(0, three)
    said = []
    for i, three in enumerate(groups):
        place = len(groups) - 1 - i
        if three:
            said += three_words(three, not said)
            said += [["nghìn"], ["triệu"], []][(place - 1) % 3] if place else []
        if place == 3:
            said.append("tỷ")
    text = " ".join((["âm"] if amount < 0 else []) + (said or ["không"]) + ["đồng"])
    return text[0].upper() + text[1:]


# QR code


def tlv(number, value):
    return f"{number:02}{len(value):02}{value}" if value else ""


def crc16(data):
    crc = 0xFFFF
    for byte in data:
        for bit in range(7, -1, -1):
            top = (crc >> 15) ^ (byte >> bit & 1)
            crc = (crc << 1 & 0xFFFF) ^ (0x1021 if top else 0)
    return crc


def plain(text):
    bare = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return " ".join("".join(c for c in bare.replace("đ", "d").replace("Đ", "D").upper() if " " <= c <= "~").split())


def merchant_of(seller):
    words = plain(seller.get("place_name") or seller["name"]).split()
    while words and len(" ".join(words)) > 25:
        words.pop()
    return " ".join(words)


def city_of(seller):
    parts = [plain(part) for part in (seller.get("place_address") or seller["address"]).split(",")]
    parts = [part for part in parts if part and part not in ("VIET NAM", "VIETNAM", "VN")]
    if len(parts) < 2:
        return ""
    city = parts[-1]
    for kind in ("THANH PHO ", "TP. ", "TP.", "TP ", "TINH ", "T. "):
        if city.startswith(kind):
            city = city[len(kind):].strip()
            break
    return city if len(city) <= 15 else ""


def identity_of(scenario, seller, number, issued_on):
    if "recovered" in scenario:
        held = scenario["recovered"]
        return held["code"], held["series"], held["number"]
    year = issued_on.year % 100
    return f"M{scenario['kind']}-{year:02}-{seller['block']}-{number:011}", f"C{year:02}M{seller['letters']}", number


def qr_of(scenario, seller, number, issued_on, total):
    _, series, shown = identity_of(scenario, seller, number, issued_on)
    bill = tlv(1, nfc(scenario["sale"].get("receipt", ""))) + tlv(7, "SIM-0001")
    tax = (
        tlv(0, "A000000775") + tlv(1, seller["tax_code"].replace("-", "")) + tlv(2, str(scenario["kind"])) + tlv(3, series)
        + tlv(4, str(shown)) + tlv(5, f"{issued_on:%Y%m%d}") + tlv(6, str(total))
    )
    text = (
        tlv(0, "01") + tlv(1, "12") + tlv(53, "704") + tlv(54, str(total) if total > 0 else "") + tlv(58, "VN") + tlv(59, merchant_of(seller))
        + tlv(60, city_of(seller)) + tlv(62, bill) + tlv(99, tax) + "6304"
    )
    return text + f"{crc16(text.encode()):04X}"


# Dates


def issued_on(scenario):
    sale = scenario["sale"]
    recorded = datetime.datetime.fromisoformat(scenario["recorded_at"])
    closed = datetime.datetime.fromisoformat(sale["closed_at"]) if "closed_at" in sale else None
    clock, difference = sale.get("clock", 0), scenario.get("clock_difference_s")
    right = clock == 2 if difference is None else clock != 0 and abs(difference) <= 120
    if right and closed and closed <= recorded and closed.astimezone(HANOI).date() >= datetime.date(2025, 6, 1):
        return closed.astimezone(HANOI).date(), "register"
    return recorded.astimezone(HANOI).date(), "device"


def expected(scenario, seller, number):
    day, source = issued_on(scenario)
    rates = breakdown(scenario, lines_of(scenario))
    net, tax = sum(rate["net"] for rate in rates), sum(rate["tax"] for rate in rates)
    return {
        "issued_on": day.isoformat(),
        "date_source": source,
        "net": net,
        "tax": tax,
        "total": net + tax,
        "rates": rates,
        "words": words_of(net + tax),
        "qr": qr_of(scenario, seller, number, day, net + tax),
    }


# The file of the law: what the numbers and words in it must be. Its form is a schema's, its other texts were read.


def xml_faults(name, scenario, seller, number, want):
    root = tree.parse(HERE / name).getroot()
    lines, day = lines_of(scenario), issued_on(scenario)[0]
    code, series, shown = identity_of(scenario, seller, number, day)
    checks = [
        ("MCCQT", code), ("DLQRCode", want["qr"]), (".//KHHDon", series), (".//SHDon", str(shown)), (".//NLap", want["issued_on"]),
        (".//TToan/TgTTTBSo", str(want["total"])), (".//TToan/TgTTTBChu", want["words"]), (".//NBan/MST", seller["tax_code"]),
        (".//TToan/TgTCThue", str(want["net"]) if scenario["kind"] == 1 else None),
        (".//TToan/TgTThue", str(want["tax"]) if scenario["kind"] == 1 else None),
    ]
    faults = [f"{path}: {root.findtext(path)!r}, not {value!r}" for path, value in checks if root.findtext(path) != value]
    told = [{"rate": r.findtext("TSuat"), "net": int(r.findtext("ThTien")), "tax": int(r.findtext("TThue"))} for r in root.iter("LTSuat")]
    if told != (want["rates"] if scenario["kind"] == 1 else []):
        faults.append(f"LTSuat: {told}")
    elements = list(root.iter("HHDVu"))
    for place, (line, net) in enumerate(zip(lines, nets_of(scenario, lines))):
        shown = elements[place]
        amount = None if line["nature"] == 4 else str(-net if line["nature"] == 3 else net)
        if (shown.findtext("THHDVu"), shown.findtext("ThTien"), shown.findtext("TChat")) != (nfc(line["name"]), amount, str(line["nature"])):
            faults.append(f"HHDVu {place + 1}: {tree.tostring(shown, 'unicode')}, not {line['name']!r} at {amount}")
    by_rate = {}
    for shown in elements:
        rate = shown.findtext("TSuat") or "KKKNT"
        sign = -1 if shown.findtext("TChat") == "3" else 1
        if shown.findtext("TChat") in "135":
            by_rate[rate] = by_rate.get(rate, 0) + sign * int(shown.findtext("ThTien"))
    if by_rate != {rate["rate"]: rate["net"] for rate in want["rates"]}:
        faults.append(f"lines add up to {by_rate}")
    return faults


# Files


def dump(value, depth=0):
    """JSON as people read it: one line for each line of a receipt; combining marks and controls as escapes, for they are not seen."""
    indent = "  " * (depth + 1)
    if isinstance(value, dict) and depth < 2:
        parts = [f"{indent}{json.dumps(key)}: {dump(part, depth + 1)}" for key, part in value.items()]
        return "{\n" + ",\n".join(parts) + "\n" + indent[2:] + "}"
    if isinstance(value, list) and value and isinstance(value[0], (dict, str)) and depth:
        return "[\n" + ",\n".join(f"{indent}{dump(part, 9)}" for part in value) + "\n" + indent[2:] + "]"
    text = json.dumps(value, ensure_ascii=False)
    return "".join(f"\\u{ord(c):04x}" if unicodedata.combining(c) else c for c in text)


def main(mode):
    sellers = json.loads((HERE / "sellers.json").read_text("utf-8"))["sellers"]
    said = []
    for path in sorted(HERE.glob("[0-9][0-9]-*.json")):
        scenario, number = json.loads(path.read_text("utf-8")), int(path.name[:2])
        expect = scenario["expect"]
        if "faults" in expect:
            continue
        seller = sellers[scenario["seller"]]
        want = expected(scenario, seller, number)
        if want["total"] != scenario["sale"]["total"]:
            said.append(f"{path.name}: total {scenario['sale']['total']}, not {want['total']}")
        if mode == "--write":
            scenario["expect"] = {**want, **{key: expect[key] for key in ("xml", "left_out") if key in expect}}
            path.write_text(dump(scenario) + "\n", "utf-8")
            continue
        said += [f"{path.name}: {key} {expect.get(key)!r}, not {want[key]!r}" for key in want if expect.get(key) != want[key]]
        if "xml" in expect:
            said += [f"{expect['xml']}: {fault}" for fault in xml_faults(expect["xml"], scenario, seller, number, want)]
    for line in said:
        print(line)
    return 1 if said else 0


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in ("--check", "--write"):
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
