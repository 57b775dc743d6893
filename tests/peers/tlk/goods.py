"""A price list, and what a sale of it looks like as a record (TLK/1 section 4)."""
import os

from wire import clock, s64, text, tlv, u16, u8

PRICE_LIST = [  # code, name, unit, price in dong (tax included), tax class, percent
    ("PY001", "Bánh chưng Bờ Đậu", "cái", 65000, 3, 8), ("PY002", "Nem chua Thanh Hóa", "chục", 50000, 3, 8),
    ("PY003", "Chè Thái Nguyên", "gói", 120000, 3, 8), ("PY004", "Mật ong bạc hà", "chai", 280000, 3, 8),
    ("PY005", "Vải thiều Lục Ngạn", "kg", 45000, 5, 0), ("PY006", "Gạo nếp cái hoa vàng", "kg", 38500, 5, 0),
    ("PY007", "Đường thốt nốt An Giang", "kg", 62000, 2, 5), ("PY008", "Thuốc hạ sốt trẻ em", "gói", 3300, 2, 5),
    ("PY009", "Rượu nếp cẩm", "chai", 95000, 4, 10), ("PY010", "Bia hơi Hà Nội", "lít", 24000, 4, 10),
    ("PY011", "Cốm làng Vòng", "kg", 240000, 3, 8), ("PY012", "Ô mai Hồng Lam", "hộp", 75000, 3, 8),
    ("PY013", "Bánh đậu xanh Rồng Vàng", "hộp", 42000, 3, 8), ("PY014", "Nón lá Huế", "cái", 55000, 3, 8),
    ("PY015", "Mắm tôm Hậu Lộc", "lọ", 33000, 3, 8), ("PY016", "Cà phê chồn", "hộp", 499000, 3, 8),
    ("PY017", "Hồng treo gió Đà Lạt", "kg", 320000, 5, 0), ("PY018", "Quạt giấy", "cái", 15000, 3, 8),
    ("PY019", "Tranh Đông Hồ", "bức", 110000, 3, 8), ("PY020", "Kẹo cu đơ Hà Tĩnh", "gói", 27000, 3, 8),
]


def half_away(numerator, denominator):
    """numerator / denominator of a sum that is not negative, rounded half away from zero."""
    return (2 * numerator + denominator) // (2 * denominator)


BUYER = (tlv(2, "Công ty TNHH Sông Hồng".encode()) + tlv(3, b"0312270160") + tlv(4, "12 phố Huế, Hà Nội".encode()))


def note(no, words):
    """A line of nature 4: words, no quantity, no price, no tax class."""
    return tlv(0x10, u16(1, no) + text(3, words) + s64(5, 0) + s64(6, 0) + s64(0x0A, 0) + u8(0x0B, 4))


def sale(seq, closed_ms, previous, extras=False):
    """One good of the price list; what it is follows from the sequence alone. With extras: a department, every third with a note, every
    fifth with a buyer under 16 random bytes."""
    code, name, unit, price, tax_class, percent = PRICE_LIST[(seq * 7) % len(PRICE_LIST)]
    quantity = 137_000 * (seq % 17 + 1) if unit == "kg" else 1_000_000 * (seq % 4 + 1)
    discount = 1000 if seq % 9 == 0 and price > 10_000 else 0
    total = half_away(quantity * price, 1_000_000) - discount
    net = half_away(total * 100, 100 + percent)
    line = (u16(1, 1) + text(2, code) + text(3, name) + text(4, unit) + s64(5, quantity) + s64(6, price * 1_000_000)
            + (s64(7, discount) if discount else b"") + u8(8, tax_class) + s64(0x0A, total)
            + (text(0x0C, str(tax_class)) if extras else b""))
    notes = note(2, "Mang về") if extras and seq % 3 == 0 else b""
    buyer = tlv(0x1E, tlv(1, os.urandom(16)) + BUYER) if extras and seq % 5 == 0 else b""
    return (u8(1, 1) + clock(2, closed_ms) + u8(3, 2) + tlv(4, previous[:16]) + u8(5, 0) + text(0x0A, f"PY{seq:06d}")
            + text(0x0B, "Chị Mây") + u8(0x0C, 0) + u8(0x0E, 1) + tlv(0x10, line) + notes
            + tlv(0x12, u8(1, 1 if seq % 2 else 3) + s64(2, total))
            + tlv(0x14, u8(1, tax_class) + s64(3, net) + s64(4, total - net)) + s64(0x15, total) + buyer), total
