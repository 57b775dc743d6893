#ifndef TLK_CRC32C_H
#define TLK_CRC32C_H
#include <stddef.h>
#include <stdint.h>

/* CRC-32C, TLK/1 section 1.1. Start with TLK_CRC_START, add bytes in as many calls as you like, end with tlk_crc_end. */
#define TLK_CRC_START 0xFFFFFFFFu

uint32_t tlk_crc_add(uint32_t crc, const uint8_t *bytes, size_t count);
uint32_t tlk_crc_end(uint32_t crc);

/* All at once: E3069283 for "123456789". */
uint32_t tlk_crc(const uint8_t *bytes, size_t count);

#endif
