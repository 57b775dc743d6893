#ifndef TLK_COBS_H
#define TLK_COBS_H
#include <stddef.h>
#include <stdint.h>

/* Consistent Overhead Byte Stuffing, TLK/1 section 1.2. */

/* Most bytes that `count` bytes become. */
#define TLK_COBS_MAX(count) ((count) + ((count) + 253u) / 254u + ((count) == 0u ? 1u : 0u))

/* Writes the coded bytes to `coded`, which has room for TLK_COBS_MAX(count) and does not overlap `plain`. Returns how many. */
size_t tlk_cobs_encode(const uint8_t *plain, size_t count, uint8_t *coded);

/* Decodes a run without 00 in place. Returns the number of plain bytes, or -1 if a code byte points past the end (or count is 0). */
int32_t tlk_cobs_decode(uint8_t *run, size_t count);

#endif
