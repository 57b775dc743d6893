/*
 * Mutated bytes into the whole client: its decoder, its readers of messages and the state machine behind them. To be compiled with
 * -fsanitize=address,undefined, so that a read or write outside of a buffer, or arithmetic that the language does not define, ends it.
 *
 *   tlk_fuzz SEED INPUTS     the wires to start from come on the standard input, one a line in hex; the gateway's WELCOME of the vectors first
 *
 * After each input what must hold always is checked. Prints inputs, bytes and nanoseconds a byte, and ends with 0 if all holds.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tlk_cobs.h"
#include "tlk_link.h"

#define SECTOR 1024u
#define SECTORS 24u
#define WIRES 128u
#define LONGEST 4200u
#define EPOCH 0x1122334455667788u
#define LIFE 2000u /* inputs of one journal: then its flash is new */

static uint8_t flash[SECTOR * SECTORS];
static uint8_t wires[WIRES][LONGEST];
static size_t lengths[WIRES];
static unsigned count_of_wires;
static uint64_t draw;
static uint64_t bytes_fed;
static uint64_t answers;
static uint64_t sessions;
static tlk_journal journal;
static tlk_link link;
static uint64_t now;

static uint32_t below(uint32_t limit)
{
    draw = draw * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(draw >> 33) % limit;
}

static void broken(const char *what, uint64_t input)
{
    printf("BROKEN at input %" PRIu64 ": %s\n", input, what);
    exit(1);
}

/* --- flash, clock, chance --- */

static int ram_read(void *context, uint32_t address, uint8_t *bytes, uint32_t count)
{
    (void)context;
    if (address + count > sizeof flash) {
        return -1;
    }
    memcpy(bytes, flash + address, count);
    return 0;
}

static int ram_program(void *context, uint32_t address, const uint8_t *bytes, uint32_t count)
{
    (void)context;
    if (address + count > sizeof flash) {
        return -1;
    }
    memcpy(flash + address, bytes, count);
    return 0;
}

static int ram_erase(void *context, uint32_t address)
{
    (void)context;
    memset(flash + address, 0xFF, SECTOR);
    return 0;
}

static tlk_time clock_hook(void *context, uint8_t *confidence)
{
    tlk_time time;
    (void)context;
    *confidence = 2;
    time.ms = 1782892800000 + (int64_t)now;
    time.offset = 420;
    return time;
}

static void set_clock_hook(void *context, tlk_time time)
{
    (void)context;
    (void)time; /* this clock goes its own way: the next TIME steps again */
}

/* The nonce of the vectors, so that their WELCOME is the answer to every HELLO. */
static void random_hook(void *context, uint8_t bytes[16])
{
    uint8_t i;
    (void)context;
    for (i = 0; i < 16; i++) {
        bytes[i] = (uint8_t)(0x10 + i);
    }
}

/* --- the client --- */

static void drain(void)
{
    uint8_t out[TLK_MAX_WIRE];
    unsigned turns;
    size_t count = 1;
    for (turns = 0; turns < 400 && count > 0; turns++) {
        count = tlk_link_output(&link, now, out, 1u + below(sizeof out));
        answers += count > 0 ? 1u : 0u;
    }
    if (count > 0) {
        broken("it never stops to write", 0);
    }
}

static void start(int sealed)
{
    static const uint8_t recorded[3] = { 0x02, 1, TLK_RECORDED };
    static uint8_t key[32];
    uint8_t record[600];
    tlk_flash f;
    tlk_identity who;
    tlk_hooks hooks;
    unsigned i;
    memset(flash, 0xFF, sizeof flash);
    memset(&f, 0, sizeof f);
    f.sector_size = SECTOR;
    f.sector_count = SECTORS;
    f.read = ram_read;
    f.program = ram_program;
    f.erase = ram_erase;
    if (tlk_journal_open(&journal, &f, 2, EPOCH) != TLK_OK) {
        broken("the journal does not open", 0);
    }
    for (i = 0; i < 9; i++) {
        memset(record, (int)(i + 1u), sizeof record);
        (void)tlk_journal_append(&journal, record, 50u + below(550), 0);
        if (i < 5) {
            (void)tlk_journal_result(&journal, journal.newest, recorded, sizeof recorded);
        }
    }
    for (i = 0; i < 32; i++) {
        key[i] = (uint8_t)i;
    }
    memset(&who, 0, sizeof who);
    who.serial = "SIM-0001";
    who.model = "fuzz";
    who.firmware = "1";
    who.caps = TLK_CAP_LEASE | TLK_CAP_TIME | TLK_CAP_PREVIOUS;
    who.key = sealed ? key : NULL;
    memset(&hooks, 0, sizeof hooks);
    hooks.clock = clock_hook;
    hooks.set_clock = set_clock_hook;
    hooks.random = random_hook;
    tlk_link_start(&link, &journal, &who, &hooks);
}

/* The line comes back; most often the vectors' gateway welcomes. */
static void plug(unsigned welcome)
{
    tlk_link_line(&link, now, 0);
    tlk_link_line(&link, now, 1);
    link.hello_txn = 0; /* the vectors' WELCOME answers txn 1 */
    drain();
    if (below(8) != 0) {
        tlk_link_receive(&link, now, wires[welcome], lengths[welcome]);
        sessions += tlk_link_is_up(&link) ? 1u : 0u;
        drain();
    }
}

/* --- inputs --- */

static size_t mutate(uint8_t *bytes, size_t length, size_t room)
{
    unsigned changes = below(5);
    unsigned i;
    for (i = 0; i < changes && length > 0; i++) {
        size_t at = below((uint32_t)length);
        size_t more;
        switch (below(6)) {
        case 0:
            bytes[at] = (uint8_t)(bytes[at] ^ (1u << below(8)));
            break;
        case 1:
            bytes[at] = (uint8_t)below(256);
            break;
        case 2:
            length = at;
            break;
        case 3: /* a piece is there twice */
            more = 1u + below(32);
            more = more < length - at ? more : length - at;
            if (length + more <= room) {
                memmove(bytes + at + more, bytes + at, length - at);
                length += more;
            }
            break;
        case 4: /* a piece is missing */
            more = 1u + below(32);
            more = more < length - at ? more : length - at;
            memmove(bytes + at, bytes + at + more, length - at - more);
            length -= more;
            break;
        default:
            bytes[at] = (uint8_t)(below(2) != 0 ? 0xFF : 0x80);
            break;
        }
    }
    return length;
}

/* A wire of the vectors whose payload was changed under a right checksum, or whose bytes were changed as a line does it. */
static size_t make_input(uint8_t *bytes)
{
    unsigned which = below(count_of_wires);
    size_t length = lengths[which];
    uint8_t body[LONGEST];
    int32_t decoded;
    memcpy(bytes, wires[which], length);
    if (below(3) == 0 || length < 4) {
        return mutate(bytes, length, LONGEST);
    }
    memcpy(body, bytes + 1, length - 2);
    decoded = tlk_cobs_decode(body, length - 2);
    if (decoded < (int32_t)TLK_OVERHEAD || decoded > (int32_t)TLK_MAX_BODY) {
        return length;
    }
    length = mutate(body + TLK_HEAD, (size_t)decoded - TLK_OVERHEAD, TLK_MAX_BODY - TLK_OVERHEAD);
    return tlk_frame_encode(body, length, below(32) == 0 ? (uint8_t)below(256) : body[1], below(16) == 0 ? (uint8_t)below(8) : body[2],
        below(8) == 0 ? (uint8_t)below(256) : body[3], bytes);
}

static void feed(const uint8_t *bytes, size_t length)
{
    size_t at = 0;
    while (at < length) {
        size_t part = 1u + below(64);
        part = part < length - at ? part : length - at;
        tlk_link_receive(&link, now, bytes + at, part);
        at += part;
    }
    bytes_fed += length;
}

/* The readers alone, over memory that ends where the input ends: inside of the client a byte too far lies in the next field. */
static void read_alone(const uint8_t *bytes, size_t length)
{
    uint8_t *exact = malloc(length > 0 ? length : 1u);
    uint8_t *part;
    const uint8_t *at;
    size_t left;
    tlk_field field;
    int32_t decoded;
    if (exact == NULL) {
        broken("no memory", 0);
    }
    memcpy(exact, bytes, length);
    decoded = tlk_cobs_decode(exact, length);
    if (decoded > (int32_t)length) {
        broken("COBS made more of it than there was", 0);
    }
    left = decoded > (int32_t)TLK_OVERHEAD ? (size_t)decoded - TLK_OVERHEAD : 0;
    part = malloc(left > 0 ? left : 1u);
    if (part == NULL) {
        broken("no memory", 0);
    }
    memcpy(part, exact + (left > 0 ? TLK_HEAD : 0u), left);
    at = part;
    while (tlk_next(&at, &left, &field) > 0) {
        tlk_time time;
        (void)tlk_is_text(field.value, field.length);
        if (field.length == 10) {
            (void)tlk_read_time(&field, &time);
        }
    }
    free(part);
    free(exact);
}

static void check(uint64_t input, uint64_t acked, uint64_t newest)
{
    if (journal.acked > journal.newest || journal.acked < acked || journal.newest < newest) {
        broken("acked or newest went where it may not", input);
    }
    if (link.state < TLK_DOWN || link.state > TLK_STOPPED) {
        broken("no such state", input);
    }
    if (link.fresh.next - link.fresh.base > TLK_WINDOW_MAX || link.asked.next - link.asked.base > TLK_WINDOW_MAX) {
        broken("more under way than any window", input);
    }
    if (link.wire_length > TLK_MAX_WIRE || link.max_body > TLK_MAX_BODY || link.decoder.length > sizeof link.decoder.run) {
        broken("a buffer is longer than it is", input);
    }
}

static void read_wires(void)
{
    static char text[2 * LONGEST + 2];
    while (count_of_wires < WIRES && fgets(text, sizeof text, stdin) != NULL) {
        size_t length = 0;
        unsigned value;
        while (length < LONGEST && sscanf(text + 2 * length, "%2x", &value) == 1) {
            wires[count_of_wires][length++] = (uint8_t)value;
        }
        lengths[count_of_wires] = length;
        count_of_wires += length > 0 ? 1u : 0u;
    }
}

int main(int count, char **words)
{
    uint8_t input[LONGEST + 16];
    size_t length;
    uint64_t inputs = count > 2 ? strtoull(words[2], NULL, 10) : 0;
    uint64_t i;
    clock_t began;
    double took;
    draw = count > 1 ? strtoull(words[1], NULL, 10) : 1;
    read_wires();
    if (inputs == 0 || count_of_wires < 2) {
        fprintf(stderr, "tlk_fuzz: expected SEED, INPUTS, and two wires or more on the standard input\n");
        return 2;
    }
    began = clock();
    for (i = 0; i < inputs; i++) {
        uint64_t acked;
        uint64_t newest;
        if (i % LIFE == 0) {
            start(i / LIFE % 4u == 3u);
        }
        if (i % LIFE == 0 || below(12) == 0) {
            plug(i / LIFE % 4u == 3u ? 1u : 0u);
        }
        acked = journal.acked;
        newest = journal.newest;
        now += below(40) == 0 ? 1u + below(30000) : below(300);
        length = make_input(input);
        feed(input, length);
        drain();
        read_alone(input + (length > 1 ? 1 : 0), length > 2 ? length - 2u : 0u); /* without the 00 at both ends */
        check(i, acked, newest);
    }
    took = (double)(clock() - began) / CLOCKS_PER_SEC;
    printf("%" PRIu64 " inputs, %" PRIu64 " bytes, %" PRIu64 " frames written, %" PRIu64 " sessions, %.0f ns a byte\n", inputs, bytes_fed, answers, sessions,
        took * 1e9 / (double)bytes_fed);
    return 0;
}
