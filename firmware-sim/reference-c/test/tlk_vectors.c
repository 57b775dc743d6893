/*
 * Runs the byte vectors of TLK/1 through this client's code: one command a line on the standard input, one answer a line. All bytes are hex.
 *
 *   crc BYTES              -> 8 digits
 *   encode BYTES           -> COBS
 *   decode BYTES           -> plain bytes, or "refused"
 *   frame TYPE FLAGS TXN PAYLOAD  -> wire
 *   take FROM WIRE         -> "TYPE FLAGS TXN PAYLOAD" for each frame, blank between them; FROM is 80 or 00; "none"
 *   read PAYLOAD           -> "TAG=VALUE" for each TLV, or "malformed"
 *   write TAG=VALUE ...    -> the TLVs
 *   hash EPOCH SEQ RECORD  -> SHA-256 of section 3.3; EPOCH and SEQ as 16 digits
 *   hmac KEY BYTES         -> 16 bytes of the tag
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tlk_crc32c.h"
#include "tlk_frame.h"
#include "tlk_hmac.h"
#include "tlk_tlv.h"

#define LINE_MAX 140000

static char line[LINE_MAX];
static uint8_t in[LINE_MAX / 2];
static uint8_t out[LINE_MAX / 2];

static size_t hex(const char *text, uint8_t *bytes)
{
    size_t count = 0;
    while (text[0] != 0 && text[1] != 0) {
        char two[3];
        two[0] = text[0];
        two[1] = text[1];
        two[2] = 0;
        bytes[count++] = (uint8_t)strtoul(two, NULL, 16);
        text += 2;
    }
    return count;
}

static void show(const uint8_t *bytes, size_t count)
{
    size_t i;
    for (i = 0; i < count; i++) {
        printf("%02X", bytes[i]);
    }
}

static char *word(void)
{
    char *text = strtok(NULL, " \n");
    static char empty[1];
    return text != NULL ? text : empty;
}

static void take(void)
{
    static tlk_decoder decoder;
    tlk_frame frame;
    size_t count;
    size_t i;
    int any = 0;
    tlk_decoder_start(&decoder, (uint8_t)strtoul(word(), NULL, 16));
    count = hex(word(), in);
    for (i = 0; i < count; i++) {
        if (tlk_decoder_take(&decoder, in[i], &frame)) {
            printf("%s%02X %02X %02X ", any ? " " : "", frame.type, frame.flags, frame.txn);
            show(frame.payload, frame.length);
            any = 1;
        }
    }
    printf("%s", any ? "" : "none");
}

static void read_tlvs(void)
{
    const uint8_t *at = in;
    size_t left = hex(word(), in);
    tlk_field field;
    int got;
    while ((got = tlk_next(&at, &left, &field)) > 0) {
        printf("%02X=", field.tag);
        show(field.value, field.length);
        printf(" ");
    }
    printf("%s", got < 0 ? "malformed" : "");
}

static void write_tlvs(void)
{
    tlk_writer w;
    char *text;
    tlk_w_start(&w, out, sizeof out);
    while ((text = word())[0] != 0) {
        size_t count = hex(text + 3, in);
        tlk_w_bytes(&w, (uint8_t)strtoul(text, NULL, 16), in, count);
    }
    show(out, w.length);
}

static void frame_of(void)
{
    uint8_t type = (uint8_t)strtoul(word(), NULL, 16);
    uint8_t flags = (uint8_t)strtoul(word(), NULL, 16);
    uint8_t txn = (uint8_t)strtoul(word(), NULL, 16);
    size_t length = hex(word(), in + TLK_HEAD);
    show(out, tlk_frame_encode(in, length, type, flags, txn, out));
}

static void hash(void)
{
    tlk_sha256 sha;
    uint8_t key[16];
    size_t count;
    tlk_put64(key, strtoull(word(), NULL, 16));
    tlk_put64(key + 8, strtoull(word(), NULL, 16));
    count = hex(word(), in);
    tlk_sha256_start(&sha);
    tlk_sha256_add(&sha, key, sizeof key);
    tlk_sha256_add(&sha, in, count);
    tlk_sha256_end(&sha, out);
    show(out, TLK_SHA256_LENGTH);
}

static void hmac(void)
{
    tlk_hmac mac;
    uint8_t key[32];
    size_t count;
    memset(key, 0, sizeof key);
    (void)hex(word(), key);
    count = hex(word(), in);
    tlk_hmac_start(&mac, key);
    tlk_hmac_add(&mac, in, count);
    tlk_hmac_end(&mac, out);
    show(out, 16);
}

static int obey(const char *command)
{
    int32_t decoded;
    if (strcmp(command, "crc") == 0) {
        printf("%08X", (unsigned)tlk_crc(in, hex(word(), in)));
    } else if (strcmp(command, "encode") == 0) {
        show(out, tlk_cobs_encode(in, hex(word(), in), out));
    } else if (strcmp(command, "decode") == 0) {
        decoded = tlk_cobs_decode(in, hex(word(), in));
        if (decoded < 0) {
            printf("refused");
        } else {
            show(in, (size_t)decoded);
        }
    } else if (strcmp(command, "frame") == 0) {
        frame_of();
    } else if (strcmp(command, "take") == 0) {
        take();
    } else if (strcmp(command, "read") == 0) {
        read_tlvs();
    } else if (strcmp(command, "write") == 0) {
        write_tlvs();
    } else if (strcmp(command, "hash") == 0) {
        hash();
    } else if (strcmp(command, "hmac") == 0) {
        hmac();
    } else {
        return 0;
    }
    return 1;
}

int main(void)
{
    while (fgets(line, sizeof line, stdin) != NULL) {
        const char *command = strtok(line, " \n");
        if (command == NULL || !obey(command)) {
            fprintf(stderr, "tlk_vectors: unknown command\n");
            return 2;
        }
        printf("\n");
        (void)fflush(stdout);
    }
    return 0;
}
