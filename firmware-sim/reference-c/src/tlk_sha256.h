#ifndef TLK_SHA256_H
#define TLK_SHA256_H
#include <stddef.h>
#include <stdint.h>

/* SHA-256 (FIPS 180-4). */
#define TLK_SHA256_LENGTH 32u

typedef struct tlk_sha256 {
    uint32_t state[8];
    uint64_t count;
    uint8_t block[64];
} tlk_sha256;

void tlk_sha256_start(tlk_sha256 *sha);
void tlk_sha256_add(tlk_sha256 *sha, const uint8_t *bytes, size_t count);
void tlk_sha256_end(tlk_sha256 *sha, uint8_t digest[TLK_SHA256_LENGTH]);

#endif
