#include "tlk_record.h"

static void start(tlk_writer *w, uint8_t *bytes, size_t room, uint8_t kind, const tlk_when *when)
{
    tlk_w_start(w, bytes, room < TLK_RECORD_MAX ? room : TLK_RECORD_MAX);
    tlk_w_u8(w, 0x01, kind);
    tlk_w_time(w, 0x02, when->closed);
    tlk_w_u8(w, 0x03, when->confidence);
    if (when->previous != NULL) {
        tlk_w_bytes(w, 0x04, when->previous, 16);
    }
}

static uint32_t finish(const tlk_writer *w)
{
    return w->full ? 0 : (uint32_t)w->length;
}

void tlk_record_start_sale(tlk_writer *w, uint8_t *bytes, size_t room, uint8_t kind, const tlk_when *when, const tlk_leased *leased,
    const char *receipt, int prices_include_tax)
{
    start(w, bytes, room, kind, when);
    tlk_w_u8(w, 0x05, leased != NULL ? 1 : 0);
    if (leased != NULL) {
        tlk_w_u64(w, 0x06, leased->lease);
        tlk_w_text(w, 0x07, leased->code);
        tlk_w_text(w, 0x08, leased->series);
        tlk_w_u32(w, 0x09, leased->number);
    }
    tlk_w_text(w, 0x0A, receipt);
    tlk_w_text(w, 0x0B, when->cashier);
    tlk_w_u8(w, 0x0C, 0);
    tlk_w_u8(w, 0x0E, prices_include_tax ? 1 : 0);
}

void tlk_record_line(tlk_writer *w, const tlk_line *line)
{
    size_t group = tlk_w_open(w, 0x10);
    tlk_w_u16(w, 0x01, line->no);
    tlk_w_text(w, 0x02, line->code);
    tlk_w_text(w, 0x03, line->name);
    tlk_w_text(w, 0x04, line->unit);
    tlk_w_s64(w, 0x05, line->quantity);
    tlk_w_s64(w, 0x06, line->price);
    if (line->discount != 0) {
        tlk_w_s64(w, 0x07, line->discount);
    }
    if (line->tax_class != 0) {
        tlk_w_u8(w, 0x08, line->tax_class);
    }
    if (line->tax_class == 7) {
        tlk_w_u16(w, 0x09, line->rate);
    }
    tlk_w_s64(w, 0x0A, line->amount);
    if (line->nature > 1) {
        tlk_w_u8(w, 0x0B, line->nature);
    }
    tlk_w_text(w, 0x0C, line->department);
    tlk_w_close(w, group);
}

void tlk_record_discount(tlk_writer *w, int64_t amount, const char *text)
{
    size_t group = tlk_w_open(w, 0x11);
    tlk_w_s64(w, 0x01, amount);
    tlk_w_text(w, 0x02, text);
    tlk_w_close(w, group);
}

void tlk_record_payment(tlk_writer *w, uint8_t means, int64_t amount, const char *reference)
{
    size_t group = tlk_w_open(w, 0x12);
    tlk_w_u8(w, 0x01, means);
    tlk_w_s64(w, 0x02, amount);
    tlk_w_text(w, 0x03, reference);
    tlk_w_close(w, group);
}

void tlk_record_tax_total(tlk_writer *w, uint8_t tax_class, uint16_t rate, int64_t net, int64_t tax)
{
    size_t group = tlk_w_open(w, 0x14);
    tlk_w_u8(w, 0x01, tax_class);
    if (tax_class == 7) {
        tlk_w_u16(w, 0x02, rate);
    }
    tlk_w_s64(w, 0x03, net);
    tlk_w_s64(w, 0x04, tax);
    tlk_w_close(w, group);
}

uint32_t tlk_record_finish_sale(tlk_writer *w, int64_t total, uint64_t ref_epoch, uint64_t ref_seq, const char *remark)
{
    tlk_w_s64(w, 0x15, total);
    if (ref_seq != 0) {
        tlk_w_u64(w, 0x16, ref_epoch);
        tlk_w_u64(w, 0x17, ref_seq);
    }
    tlk_w_text(w, 0x18, remark);
    return finish(w);
}

void tlk_record_start_z(tlk_writer *w, uint8_t *bytes, size_t room, const tlk_when *when)
{
    start(w, bytes, room, TLK_DAY_CLOSE, when);
    tlk_w_text(w, 0x0B, when->cashier);
    tlk_w_u8(w, 0x0C, 0);
}

uint32_t tlk_record_finish_z(tlk_writer *w, int64_t total, uint32_t number, tlk_time since, uint32_t count)
{
    tlk_w_s64(w, 0x15, total);
    tlk_w_u32(w, 0x19, number);
    tlk_w_time(w, 0x1A, since);
    tlk_w_u32(w, 0x1B, count);
    return finish(w);
}

uint32_t tlk_record_void(uint8_t *bytes, size_t room, const tlk_when *when, const char *receipt, uint64_t ref_epoch, uint64_t ref_seq,
    const char *remark)
{
    tlk_writer w;
    start(&w, bytes, room, TLK_VOID, when);
    tlk_w_text(&w, 0x0A, receipt);
    tlk_w_text(&w, 0x0B, when->cashier);
    tlk_w_u64(&w, 0x16, ref_epoch);
    tlk_w_u64(&w, 0x17, ref_seq);
    tlk_w_text(&w, 0x18, remark);
    return finish(&w);
}

uint32_t tlk_record_power_loss(uint8_t *bytes, size_t room, const tlk_when *when, const char *receipt, uint32_t lines)
{
    tlk_writer w;
    start(&w, bytes, room, TLK_POWER_LOSS, when);
    tlk_w_text(&w, 0x0A, receipt);
    tlk_w_text(&w, 0x0B, when->cashier);
    tlk_w_u32(&w, 0x1B, lines);
    return finish(&w);
}

uint32_t tlk_record_clock_set(uint8_t *bytes, size_t room, const tlk_when *when, tlk_time before)
{
    tlk_writer w;
    start(&w, bytes, room, TLK_CLOCK_SET, when);
    tlk_w_text(&w, 0x0B, when->cashier);
    tlk_w_time(&w, 0x1A, before);
    return finish(&w);
}

uint32_t tlk_record_no_sale(uint8_t *bytes, size_t room, const tlk_when *when, uint8_t what, const char *remark)
{
    tlk_writer w;
    start(&w, bytes, room, TLK_NO_SALE, when);
    tlk_w_text(&w, 0x0B, when->cashier);
    tlk_w_text(&w, 0x18, remark);
    tlk_w_u8(&w, 0x1C, what);
    return finish(&w);
}

uint32_t tlk_record_unreadable(uint8_t *bytes, size_t room, const tlk_when *when, const char *remark)
{
    tlk_writer w;
    start(&w, bytes, room, TLK_UNREADABLE, when);
    tlk_w_text(&w, 0x18, remark);
    return finish(&w);
}
