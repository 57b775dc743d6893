#include "tlk_tlv.h"

#include <string.h>

#define LONGEST 32767u

uint16_t tlk_get16(const uint8_t *p)
{
    return (uint16_t)(p[0] | (uint32_t)p[1] << 8);
}

uint32_t tlk_get32(const uint8_t *p)
{
    return (uint32_t)tlk_get16(p) | (uint32_t)tlk_get16(p + 2) << 16;
}

uint64_t tlk_get64(const uint8_t *p)
{
    return (uint64_t)tlk_get32(p) | (uint64_t)tlk_get32(p + 4) << 32;
}

void tlk_put16(uint8_t *p, uint16_t value)
{
    p[0] = (uint8_t)(value & 0xFFu);
    p[1] = (uint8_t)(value >> 8);
}

void tlk_put32(uint8_t *p, uint32_t value)
{
    tlk_put16(p, (uint16_t)(value & 0xFFFFu));
    tlk_put16(p + 2, (uint16_t)(value >> 16));
}

void tlk_put64(uint8_t *p, uint64_t value)
{
    tlk_put32(p, (uint32_t)(value & 0xFFFFFFFFu));
    tlk_put32(p + 4, (uint32_t)(value >> 32));
}

size_t tlk_length_bytes(size_t length)
{
    return length < 0x80u ? 1u : length < 0x4000u ? 2u : 3u;
}

static size_t put_length(uint8_t *to, size_t length)
{
    size_t count = 0;
    while (length >= 0x80u) { /* at most twice: length <= 32,767 */
        to[count++] = (uint8_t)((length & 0x7Fu) | 0x80u);
        length >>= 7;
    }
    to[count++] = (uint8_t)length;
    return count;
}

void tlk_w_start(tlk_writer *w, uint8_t *bytes, size_t room)
{
    w->bytes = bytes;
    w->room = room;
    w->length = 0;
    w->full = 0;
}

void tlk_w_bytes(tlk_writer *w, uint8_t tag, const void *value, size_t count)
{
    if (w->full || count > LONGEST || w->room - w->length < 1u + tlk_length_bytes(count) + count) {
        w->full = 1;
        return;
    }
    w->bytes[w->length++] = tag;
    w->length += put_length(w->bytes + w->length, count);
    if (count > 0) {
        memmove(w->bytes + w->length, value, count); /* the value may already lie where it goes */
        w->length += count;
    }
}

void tlk_w_u8(tlk_writer *w, uint8_t tag, uint8_t value)
{
    tlk_w_bytes(w, tag, &value, 1);
}

void tlk_w_u16(tlk_writer *w, uint8_t tag, uint16_t value)
{
    uint8_t b[2];
    tlk_put16(b, value);
    tlk_w_bytes(w, tag, b, sizeof b);
}

void tlk_w_u32(tlk_writer *w, uint8_t tag, uint32_t value)
{
    uint8_t b[4];
    tlk_put32(b, value);
    tlk_w_bytes(w, tag, b, sizeof b);
}

void tlk_w_u64(tlk_writer *w, uint8_t tag, uint64_t value)
{
    uint8_t b[8];
    tlk_put64(b, value);
    tlk_w_bytes(w, tag, b, sizeof b);
}

void tlk_w_s64(tlk_writer *w, uint8_t tag, int64_t value)
{
    tlk_w_u64(w, tag, (uint64_t)value);
}

void tlk_w_time(tlk_writer *w, uint8_t tag, tlk_time value)
{
    uint8_t b[10];
    tlk_put64(b, (uint64_t)value.ms);
    tlk_put16(b + 8, (uint16_t)value.offset);
    tlk_w_bytes(w, tag, b, sizeof b);
}

void tlk_w_text(tlk_writer *w, uint8_t tag, const char *text)
{
    if (text != NULL && text[0] != 0) {
        tlk_w_bytes(w, tag, text, strlen(text));
    }
}

size_t tlk_w_open(tlk_writer *w, uint8_t tag)
{
    tlk_w_bytes(w, tag, NULL, 0);
    return w->length;
}

void tlk_w_close(tlk_writer *w, size_t opened)
{
    size_t length = w->length - opened;
    size_t more = tlk_length_bytes(length) - 1u;
    if (w->full || length > LONGEST || w->room - w->length < more) {
        w->full = 1;
        return;
    }
    /* The length was not known before; only its shortest form is legal, so the group moves up if it became long. */
    memmove(w->bytes + opened + more, w->bytes + opened, length);
    (void)put_length(w->bytes + opened - 1, length);
    w->length += more;
}

int tlk_next(const uint8_t **bytes, size_t *left, tlk_field *field)
{
    const uint8_t *p = *bytes;
    size_t n = *left;
    size_t length = 0;
    unsigned i = 0;
    uint8_t b;
    if (n == 0) {
        return 0;
    }
    field->tag = *p++;
    n--;
    do {
        if (n == 0 || i == 3) {
            return -1;
        }
        b = *p++;
        n--;
        length |= (size_t)(b & 0x7Fu) << (7u * i);
        i++;
    } while ((b & 0x80u) != 0);
    if ((i > 1 && b == 0) || length > LONGEST || length > n) {
        return -1; /* not the shortest form, too long, or past the end */
    }
    field->value = p;
    field->length = length;
    *bytes = p + length;
    *left = n - length;
    return 1;
}

int tlk_is_text(const uint8_t *p, size_t n)
{
    size_t i = 0;
    while (i < n) {
        uint32_t c = p[i];
        size_t more = c < 0x80u ? 0u : (c & 0xE0u) == 0xC0u ? 1u : (c & 0xF0u) == 0xE0u ? 2u : (c & 0xF8u) == 0xF0u ? 3u : 9u;
        uint32_t least = more == 1u ? 0x80u : more == 2u ? 0x800u : 0x10000u;
        uint32_t value = more == 0u ? c : c & (0x3Fu >> more);
        size_t j;
        if (c < 0x20u || c == 0x7Fu || more > 3u || n - i < more + 1u) {
            return 0;
        }
        for (j = 1; j <= more; j++) {
            if ((p[i + j] & 0xC0u) != 0x80u) {
                return 0;
            }
            value = value << 6 | (p[i + j] & 0x3Fu);
        }
        if (more > 0 && (value < least || value > 0x10FFFFu || (value >= 0xD800u && value <= 0xDFFFu))) {
            return 0;
        }
        i += more + 1u;
    }
    return 1;
}

static int fits(const tlk_want *want, const tlk_field *field)
{
    return field->length >= want->least && field->length <= want->most
        && ((want->how & TLK_TEXT) == 0 || tlk_is_text(field->value, field->length));
}

int tlk_read(const uint8_t *bytes, size_t count, const tlk_want *wants, size_t want_count, tlk_field *fields)
{
    tlk_field field;
    size_t i;
    int got;
    for (i = 0; i < want_count; i++) {
        fields[i].tag = wants[i].tag;
        fields[i].value = NULL;
        fields[i].length = 0;
    }
    while ((got = tlk_next(&bytes, &count, &field)) > 0) {
        for (i = 0; i < want_count && wants[i].tag != field.tag; i++) {
        }
        if (i == want_count) {
            if (field.tag >= 0x80u) {
                return -1; /* critical, and not known */
            }
            continue;
        }
        if ((fields[i].value != NULL && (wants[i].how & TLK_REPEATED) == 0) || !fits(&wants[i], &field)) {
            return -1;
        }
        if (fields[i].value == NULL) {
            fields[i] = field;
        }
    }
    for (i = 0; got == 0 && i < want_count; i++) {
        if ((wants[i].how & TLK_REQUIRED) != 0 && fields[i].value == NULL) {
            got = -1;
        }
    }
    return got;
}

int tlk_read_time(const tlk_field *field, tlk_time *time)
{
    uint64_t ms = tlk_get64(field->value);
    uint16_t raw = tlk_get16(field->value + 8);
    int32_t offset = raw < 0x8000u ? (int32_t)raw : (int32_t)raw - 0x10000;
    if (ms >= (uint64_t)1 << 47 || offset < -840 || offset > 840) {
        return -1;
    }
    time->ms = (int64_t)ms;
    time->offset = (int16_t)offset;
    return 0;
}
