#ifndef TLK_HMAC_H
#define TLK_HMAC_H
#include "tlk_sha256.h"

/* HMAC-SHA-256 (RFC 2104) with a key of 32 bytes, TLK/1 section 3.13. */
typedef struct tlk_hmac {
    tlk_sha256 inner;
    uint8_t outer_pad[64];
} tlk_hmac;

void tlk_hmac_start(tlk_hmac *mac, const uint8_t key[32]);
void tlk_hmac_add(tlk_hmac *mac, const uint8_t *bytes, size_t count);
void tlk_hmac_end(tlk_hmac *mac, uint8_t tag[TLK_SHA256_LENGTH]);

/* 1 if equal; takes the same time wherever they differ. */
int tlk_same(const uint8_t *a, const uint8_t *b, size_t count);

#endif
