#include "tlk_hmac.h"

void tlk_hmac_start(tlk_hmac *mac, const uint8_t key[32])
{
    uint8_t pad[64];
    unsigned i;
    for (i = 0; i < 64; i++) {
        uint8_t b = i < 32 ? key[i] : 0;
        pad[i] = (uint8_t)(b ^ 0x36u);
        mac->outer_pad[i] = (uint8_t)(b ^ 0x5Cu);
    }
    tlk_sha256_start(&mac->inner);
    tlk_sha256_add(&mac->inner, pad, sizeof pad);
}

void tlk_hmac_add(tlk_hmac *mac, const uint8_t *bytes, size_t count)
{
    tlk_sha256_add(&mac->inner, bytes, count);
}

void tlk_hmac_end(tlk_hmac *mac, uint8_t tag[TLK_SHA256_LENGTH])
{
    uint8_t inner[TLK_SHA256_LENGTH];
    tlk_sha256_end(&mac->inner, inner);
    tlk_sha256_start(&mac->inner);
    tlk_sha256_add(&mac->inner, mac->outer_pad, sizeof mac->outer_pad);
    tlk_sha256_add(&mac->inner, inner, sizeof inner);
    tlk_sha256_end(&mac->inner, tag);
}

int tlk_same(const uint8_t *a, const uint8_t *b, size_t count)
{
    uint8_t difference = 0;
    size_t i;
    for (i = 0; i < count; i++) {
        difference = (uint8_t)(difference | (a[i] ^ b[i]));
    }
    return difference == 0;
}
