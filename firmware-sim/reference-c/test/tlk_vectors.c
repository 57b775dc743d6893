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
 *   session KEY NONCES     -> the 32 bytes of a sealed session's key
 *   seal KEY LABEL TYPE FLAGS TXN PAYLOAD -> wire with the tag; LABEL is label and extra of section 3.13
 *   opens KEY LABEL FROM WIRE  -> "right" or "wrong", as the tag is; "none" if it is no frame
 *   send EPOCH SEQ MAXBODY RECORD RESULT  -> the wires of REC as the whole client sends them, blank between them; RESULT "none", or the
 *                             group that it holds, and then GET asks for the record
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tlk_crc32c.h"
#include "tlk_frame.h"
#include "tlk_hmac.h"
#include "tlk_link.h"
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

static uint8_t key[32];
static uint8_t label[64];

static size_t key_and_label(void)
{
    memset(key, 0, sizeof key);
    (void)hex(word(), key);
    return hex(word(), label);
}

static void session(void)
{
    tlk_hmac mac;
    static const uint8_t name[] = "TLK/1 session"; /* with its 00 */
    size_t count = key_and_label();
    tlk_hmac_start(&mac, key);
    tlk_hmac_add(&mac, name, sizeof name);
    tlk_hmac_add(&mac, label, count);
    tlk_hmac_end(&mac, out);
    show(out, TLK_SHA256_LENGTH);
}

/* The tag of a body that begins at `body` and is `length` bytes long without it. */
static void tag_of(size_t labels, const uint8_t *body, size_t length, uint8_t tag[TLK_SHA256_LENGTH])
{
    tlk_hmac mac;
    tlk_hmac_start(&mac, key);
    tlk_hmac_add(&mac, label, labels);
    tlk_hmac_add(&mac, body, length);
    tlk_hmac_end(&mac, tag);
}

static void seal(void)
{
    uint8_t tag[TLK_SHA256_LENGTH];
    size_t labels = key_and_label();
    uint8_t type = (uint8_t)strtoul(word(), NULL, 16);
    uint8_t flags = (uint8_t)strtoul(word(), NULL, 16);
    uint8_t txn = (uint8_t)strtoul(word(), NULL, 16);
    size_t length = hex(word(), in + TLK_HEAD);
    tlk_frame_head(in, length + 16u, type, flags, txn);
    tag_of(labels, in, TLK_HEAD + length, tag);
    memcpy(in + TLK_HEAD + length, tag, 16);
    show(out, tlk_frame_encode(in, length + 16u, type, flags, txn, out));
}

static void opens(void)
{
    static tlk_decoder decoder;
    uint8_t tag[TLK_SHA256_LENGTH];
    tlk_frame frame;
    size_t labels = key_and_label();
    size_t count;
    size_t i;
    tlk_decoder_start(&decoder, (uint8_t)strtoul(word(), NULL, 16));
    count = hex(word(), in);
    for (i = 0; i < count; i++) {
        if (tlk_decoder_take(&decoder, in[i], &frame)) {
            if ((frame.flags & TLK_SEALED) == 0 || frame.length < 16u) {
                printf("wrong");
                return;
            }
            tag_of(labels, frame.body, TLK_HEAD + frame.length - 16u, tag);
            printf("%s", tlk_same(tag, frame.payload + frame.length - 16u, 16) ? "right" : "wrong");
            return;
        }
    }
    printf("none");
}

/* --- the whole client, over a flash in memory --- */

#define SECTOR 4096u
#define SECTORS 32u

static uint8_t ram[SECTOR * SECTORS];

static int ram_read(void *context, uint32_t address, uint8_t *bytes, uint32_t count)
{
    (void)context;
    memcpy(bytes, ram + address, count);
    return 0;
}

static int ram_program(void *context, uint32_t address, const uint8_t *bytes, uint32_t count)
{
    (void)context;
    memcpy(ram + address, bytes, count);
    return 0;
}

static int ram_erase(void *context, uint32_t address)
{
    (void)context;
    memset(ram + address, 0xFF, SECTOR);
    return 0;
}

static tlk_time no_clock(void *context, uint8_t *confidence)
{
    tlk_time time;
    (void)context;
    *confidence = 0;
    time.ms = 0;
    time.offset = 0;
    return time;
}

static void no_random(void *context, uint8_t bytes[16])
{
    (void)context;
    memset(bytes, 7, 16);
}

static void feed(tlk_link *link, tlk_writer *w, uint8_t type, uint8_t txn)
{
    static uint8_t wire[TLK_MAX_WIRE];
    size_t count = tlk_frame_encode(w->bytes - TLK_HEAD, w->length, type, 0, txn, wire);
    tlk_link_receive(link, 1, wire, count);
}

/* Everything that the client sends now; of it the RECs are shown. */
static void show_records(tlk_link *link)
{
    static uint8_t wire[TLK_MAX_WIRE];
    size_t count;
    unsigned i;
    for (i = 0; i < 256 && (count = tlk_link_output(link, 1, wire, sizeof wire)) > 0; i++) {
        if (wire[3] == TLK_REC) { /* 00, COBS code, ver, type: none of them 00 */
            show(wire, count);
            printf(" ");
        }
    }
}

static void send_record(void)
{
    static tlk_journal journal;
    static tlk_link link;
    static uint8_t body[TLK_MAX_BODY];
    tlk_flash flash;
    tlk_identity who;
    tlk_hooks hooks;
    tlk_writer w;
    uint64_t epoch = strtoull(word(), NULL, 16);
    uint64_t seq = strtoull(word(), NULL, 16);
    uint16_t max_body = (uint16_t)strtoul(word(), NULL, 10);
    size_t length = hex(word(), in);
    char *result = word();
    int is_held = strcmp(result, "none") != 0;
    static const uint8_t recorded[3] = { 0x02, 1, TLK_RECORDED };
    memset(ram, 0xFF, sizeof ram);
    memset(&flash, 0, sizeof flash);
    flash.sector_size = SECTOR;
    flash.sector_count = SECTORS;
    flash.read = ram_read;
    flash.program = ram_program;
    flash.erase = ram_erase;
    memset(&who, 0, sizeof who);
    who.serial = "V";
    who.model = "V";
    who.firmware = "V";
    memset(&hooks, 0, sizeof hooks);
    hooks.clock = no_clock;
    hooks.random = no_random;
    (void)tlk_journal_open(&journal, &flash, 100, epoch);
    while (journal.newest + 1u < seq) {
        (void)tlk_journal_append(&journal, recorded, sizeof recorded, 0);
        (void)tlk_journal_result(&journal, journal.newest, recorded, sizeof recorded);
    }
    (void)tlk_journal_append(&journal, in, (uint32_t)length, 0);
    if (is_held) {
        (void)tlk_journal_result(&journal, seq, out, (uint32_t)hex(result, out));
    }
    tlk_link_start(&link, &journal, &who, &hooks);
    tlk_link_line(&link, 1, 1);
    show_records(&link); /* HELLO */
    tlk_w_start(&w, body + TLK_HEAD, sizeof body - TLK_OVERHEAD);
    tlk_w_text(&w, 0x0F, "V");
    tlk_w_u64(&w, 0x01, epoch);
    tlk_w_bytes(&w, 0x12, link.nonce, 16);
    tlk_w_u64(&w, 0x10, seq - 1u);
    tlk_w_u8(&w, 0x11, 1);
    tlk_w_u16(&w, 0x0C, max_body);
    tlk_w_u32(&w, 0x0D, 0);
    tlk_w_time(&w, 0x0A, no_clock(NULL, out));
    tlk_w_bytes(&w, 0x0E, link.nonce, 16);
    feed(&link, &w, TLK_WELCOME, link.hello_txn);
    if (is_held) {
        tlk_w_start(&w, body + TLK_HEAD, sizeof body - TLK_OVERHEAD);
        tlk_w_u64(&w, 0x01, epoch);
        tlk_w_u64(&w, 0x19, seq);
        tlk_w_u64(&w, 0x1A, seq);
        feed(&link, &w, TLK_GET, 1);
    }
    show_records(&link);
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
    } else if (strcmp(command, "session") == 0) {
        session();
    } else if (strcmp(command, "seal") == 0) {
        seal();
    } else if (strcmp(command, "opens") == 0) {
        opens();
    } else if (strcmp(command, "send") == 0) {
        send_record();
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
