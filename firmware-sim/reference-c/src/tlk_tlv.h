#ifndef TLK_TLV_H
#define TLK_TLV_H
#include <stddef.h>
#include <stdint.h>

/* Values and TLVs, TLK/1 section 2. */

/* A point in time: milliseconds since 1970-01-01 00:00 UTC (below 2^47) and the local clock's offset in minutes (-840..840). */
typedef struct tlk_time {
    int64_t ms;
    int16_t offset;
} tlk_time;

/* --- numbers, little-endian --- */
uint16_t tlk_get16(const uint8_t *p);
uint32_t tlk_get32(const uint8_t *p);
uint64_t tlk_get64(const uint8_t *p);
void tlk_put16(uint8_t *p, uint16_t value);
void tlk_put32(uint8_t *p, uint32_t value);
void tlk_put64(uint8_t *p, uint64_t value);

/* --- writing --- */

/* Writes TLVs into a buffer of the caller. What does not fit sets `full` and nothing more is written: ask it once, at the end. */
typedef struct tlk_writer {
    uint8_t *bytes;
    size_t room;
    size_t length;
    int full;
} tlk_writer;

void tlk_w_start(tlk_writer *w, uint8_t *bytes, size_t room);
void tlk_w_bytes(tlk_writer *w, uint8_t tag, const void *value, size_t count);
void tlk_w_u8(tlk_writer *w, uint8_t tag, uint8_t value);
void tlk_w_u16(tlk_writer *w, uint8_t tag, uint16_t value);
void tlk_w_u32(tlk_writer *w, uint8_t tag, uint32_t value);
void tlk_w_u64(tlk_writer *w, uint8_t tag, uint64_t value);
void tlk_w_s64(tlk_writer *w, uint8_t tag, int64_t value);
void tlk_w_time(tlk_writer *w, uint8_t tag, tlk_time value);

/* Text up to its 0 byte. An empty text (or NULL) writes nothing: TLK/1 has no empty texts. */
void tlk_w_text(tlk_writer *w, uint8_t tag, const char *text);

/* A group: open, write its TLVs, close with what open returned. Groups may hold groups. */
size_t tlk_w_open(tlk_writer *w, uint8_t tag);
void tlk_w_close(tlk_writer *w, size_t opened);

/* Bytes that a length takes: 1..3. */
size_t tlk_length_bytes(size_t length);

/* --- reading --- */

typedef struct tlk_field {
    uint8_t tag;
    const uint8_t *value; /* NULL: absent */
    size_t length;
} tlk_field;

/* Takes the next TLV off the front. 1: got one; 0: the end; -1: malformed. */
int tlk_next(const uint8_t **bytes, size_t *left, tlk_field *field);

/* What a message's table says of a tag. */
typedef struct tlk_want {
    uint8_t tag;
    uint8_t how;      /* TLK_REQUIRED, TLK_REPEATED */
    uint16_t least;   /* bytes */
    uint16_t most;
} tlk_want;

#define TLK_OPTIONAL 0u
#define TLK_REQUIRED 1u
#define TLK_REPEATED 2u
#define TLK_TEXT 4u /* UTF-8 without control characters */

/* Takes a run apart by its table: fields[i] belongs to wants[i]; of a repeated tag the first. 0, or -1 if the run is malformed. */
int tlk_read(const uint8_t *bytes, size_t count, const tlk_want *wants, size_t want_count, tlk_field *fields);

/* 0, or -1 if outside the range of section 2. */
int tlk_read_time(const tlk_field *field, tlk_time *time);

/* 1 if UTF-8 without control characters. */
int tlk_is_text(const uint8_t *bytes, size_t count);

#endif
