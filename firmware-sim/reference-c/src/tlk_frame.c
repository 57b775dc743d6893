#include "tlk_frame.h"

#include <string.h>

#include "tlk_crc32c.h"
#include "tlk_tlv.h"

void tlk_decoder_start(tlk_decoder *d, uint8_t from)
{
    memset(d, 0, sizeof *d);
    d->from = from;
    d->max_body = TLK_MAX_BODY;
}

void tlk_decoder_restart(tlk_decoder *d)
{
    d->length = 0;
    d->started = 0;
    d->skipping = 0;
}

static int drop(tlk_decoder *d, unsigned why)
{
    d->dropped[why]++;
    return 0;
}

/* Checks 2 to 8, in the specification's order. */
static int check(tlk_decoder *d, size_t coded, tlk_frame *frame)
{
    int32_t decoded = tlk_cobs_decode(d->run, coded);
    const uint8_t *body = d->run;
    size_t length;
    if (decoded < 0) {
        return drop(d, TLK_DROP_COBS);
    }
    length = (size_t)decoded;
    if (length < TLK_OVERHEAD) {
        return drop(d, TLK_DROP_SHORT);
    }
    if (tlk_get16(body + 4) != length - TLK_OVERHEAD) {
        return drop(d, TLK_DROP_LENGTH);
    }
    if (tlk_get32(body + length - 4) != tlk_crc(body, length - 4)) {
        return drop(d, TLK_DROP_CRC);
    }
    if (body[0] != TLK_VERSION) {
        return drop(d, TLK_DROP_VERSION);
    }
    if ((body[2] & 0xF8u) != 0) {
        return drop(d, TLK_DROP_FLAGS);
    }
    if ((body[1] & 0x80u) != d->from) {
        return drop(d, TLK_DROP_DIRECTION);
    }
    frame->type = body[1];
    frame->flags = body[2];
    frame->txn = body[3];
    frame->body = body;
    frame->payload = body + TLK_HEAD;
    frame->length = length - TLK_OVERHEAD;
    return 1;
}

int tlk_decoder_take(tlk_decoder *d, uint8_t byte, tlk_frame *frame)
{
    size_t length = d->length;
    int skipped = d->skipping;
    if (byte != 0) {
        if (d->started == 0 || d->skipping) {
            return 0;
        }
        if (d->length == TLK_COBS_MAX(d->max_body)) {
            d->skipping = 1;
            return 0;
        }
        d->run[d->length++] = byte;
        return 0;
    }
    d->started = 1;
    d->length = 0;
    d->skipping = 0;
    if (skipped) {
        return drop(d, TLK_DROP_OVERSIZE);
    }
    return length > 0 ? check(d, length, frame) : 0;
}

void tlk_frame_head(uint8_t *body, size_t length, uint8_t type, uint8_t flags, uint8_t txn)
{
    body[0] = TLK_VERSION;
    body[1] = type;
    body[2] = flags;
    body[3] = txn;
    tlk_put16(body + 4, (uint16_t)length);
}

size_t tlk_frame_encode(uint8_t *body, size_t length, uint8_t type, uint8_t flags, uint8_t txn, uint8_t *wire)
{
    size_t coded;
    tlk_frame_head(body, length, type, flags, txn);
    tlk_put32(body + TLK_HEAD + length, tlk_crc(body, TLK_HEAD + length));
    wire[0] = 0;
    coded = tlk_cobs_encode(body, TLK_OVERHEAD + length, wire + 1);
    wire[1 + coded] = 0;
    return coded + 2u;
}
