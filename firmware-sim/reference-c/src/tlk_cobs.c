#include "tlk_cobs.h"

size_t tlk_cobs_encode(const uint8_t *plain, size_t count, uint8_t *coded)
{
    size_t code_at = 0;
    size_t end = 1;
    size_t i;
    for (i = 0; i < count; i++) {
        if (plain[i] != 0) {
            coded[end++] = plain[i];
        }
        if (plain[i] == 0 || end - code_at == 0xFF) {
            coded[code_at] = (uint8_t)(end - code_at);
            if (plain[i] != 0 && i + 1 == count) {
                return end; /* a full block at the very end has no empty one behind it */
            }
            code_at = end++;
        }
    }
    coded[code_at] = (uint8_t)(end - code_at);
    return end;
}

int32_t tlk_cobs_decode(uint8_t *run, size_t count)
{
    size_t at = 0;
    size_t out = 0;
    if (count == 0) {
        return -1;
    }
    while (at < count) {
        size_t code = run[at];
        size_t i;
        if (code == 0 || at + code > count) {
            return -1;
        }
        for (i = 1; i < code; i++) {
            run[out++] = run[at + i]; /* out is never ahead of what was read */
        }
        at += code;
        if (code < 0xFF && at < count) {
            run[out++] = 0;
        }
    }
    return (int32_t)out;
}
