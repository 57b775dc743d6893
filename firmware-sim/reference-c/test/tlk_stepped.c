/*
 * The whole client as a library: its line, its flash and its clock lie in memory, and time passes only as the caller says. With it the
 * conformance kit plays hours in a second, every time the same, and whole conversations can be compared byte for byte.
 *
 * `now` is milliseconds of a clock that never goes back. Nothing here is thread-safe, and nothing keeps state outside of its register.
 */
#include <stdlib.h>
#include <string.h>

#include "../host/tlk_basket.h"
#include "tlk_link.h"
#include "tlk_record.h"

#define SECTOR 4096u
#define WITHOUT_GATEWAY 2000u /* after so long the lease's codes are printed: the owner's choice, here as in the register on a host */

typedef struct tlk_stepped {
    tlk_journal journal;
    tlk_link link;
    uint8_t *flash;
    uint32_t sectors;
    uint8_t key[32];
    char serial[33];
    char model[33];
    char firmware[33];
    uint64_t now;
    uint64_t down_since;
    uint64_t chance;
    uint8_t nonce[16];
    int has_nonce;
    int64_t clock_ahead; /* of `now` */
    int16_t offset;
    uint8_t confidence;
    uint8_t record[TLK_RECORD_MAX];
} tlk_stepped;

/* Found by name in the library. */
tlk_stepped *tlk_stepped_new(const char *serial, const char *model, const char *firmware, uint32_t caps, const uint8_t *key, uint64_t epoch,
    uint32_t boot, uint32_t sectors, uint32_t keep);
void tlk_stepped_free(tlk_stepped *s);
void tlk_stepped_clock(tlk_stepped *s, uint64_t now, int64_t ms, int16_t offset, uint8_t confidence);
void tlk_stepped_nonce(tlk_stepped *s, const uint8_t nonce[16]);
int tlk_stepped_restart(tlk_stepped *s);
int tlk_stepped_append(tlk_stepped *s, const uint8_t *record, uint32_t length);
int tlk_stepped_result(tlk_stepped *s, uint64_t seq, const uint8_t *result, uint32_t length);
void tlk_stepped_reuse(tlk_stepped *s, uint64_t oldest);
int tlk_stepped_sell(tlk_stepped *s, uint64_t now, uint32_t lines);
void tlk_stepped_line(tlk_stepped *s, uint64_t now, int is_up);
void tlk_stepped_receive(tlk_stepped *s, uint64_t now, const uint8_t *bytes, uint32_t count);
uint32_t tlk_stepped_output(tlk_stepped *s, uint64_t now, uint8_t *bytes, uint32_t room);
uint32_t tlk_stepped_dropped(const tlk_stepped *s, uint32_t why);
uint64_t tlk_stepped_acked(const tlk_stepped *s);
int tlk_stepped_state(const tlk_stepped *s);

/* --- flash --- */

static int ram_read(void *context, uint32_t address, uint8_t *bytes, uint32_t count)
{
    const tlk_stepped *s = context;
    if (address + count > s->sectors * SECTOR) {
        return -1;
    }
    memcpy(bytes, s->flash + address, count);
    return 0;
}

/* A byte that is programmed twice is a fault of the journal: flash with ECC would lose the word. */
static int ram_program(void *context, uint32_t address, const uint8_t *bytes, uint32_t count)
{
    tlk_stepped *s = context;
    uint32_t i;
    if (address % 8u != 0 || count % 8u != 0 || address + count > s->sectors * SECTOR) {
        return -1;
    }
    for (i = 0; i < count; i++) {
        if (s->flash[address + i] != 0xFF) {
            return -1;
        }
        s->flash[address + i] = bytes[i];
    }
    return 0;
}

static int ram_erase(void *context, uint32_t address)
{
    tlk_stepped *s = context;
    if (address % SECTOR != 0 || address + SECTOR > s->sectors * SECTOR) {
        return -1;
    }
    memset(s->flash + address, 0xFF, SECTOR);
    return 0;
}

/* --- hooks --- */

static tlk_time clock_hook(void *context, uint8_t *confidence)
{
    const tlk_stepped *s = context;
    tlk_time time;
    time.ms = (int64_t)s->now + s->clock_ahead;
    time.offset = s->offset;
    *confidence = s->confidence;
    return time;
}

static void set_clock_hook(void *context, tlk_time wanted)
{
    tlk_stepped *s = context;
    s->clock_ahead = wanted.ms - (int64_t)s->now;
    s->offset = wanted.offset;
    s->confidence = 2;
}

/* Fresh each time, though the same in each run: for tests only. */
static void random_hook(void *context, uint8_t bytes[16])
{
    tlk_stepped *s = context;
    unsigned i;
    for (i = 0; i < 16; i++) {
        s->chance = s->chance * 6364136223846793005u + 1442695040888963407u;
        bytes[i] = s->has_nonce ? s->nonce[i] : (uint8_t)(s->chance >> 56);
    }
}

/* --- life --- */

static int open_journal(tlk_stepped *s, uint32_t keep, uint64_t epoch)
{
    tlk_flash flash;
    memset(&flash, 0, sizeof flash);
    flash.context = s;
    flash.sector_size = SECTOR;
    flash.sector_count = s->sectors;
    flash.read = ram_read;
    flash.program = ram_program;
    flash.erase = ram_erase;
    return tlk_journal_open(&s->journal, &flash, keep, epoch);
}

static void start_link(tlk_stepped *s, uint32_t caps, int has_key)
{
    tlk_identity who;
    tlk_hooks hooks;
    memset(&who, 0, sizeof who);
    who.serial = s->serial;
    who.model = s->model;
    who.firmware = s->firmware;
    who.caps = caps;
    who.key = has_key ? s->key : NULL;
    memset(&hooks, 0, sizeof hooks);
    hooks.context = s;
    hooks.clock = clock_hook;
    hooks.set_clock = set_clock_hook;
    hooks.random = random_hook;
    tlk_link_start(&s->link, &s->journal, &who, &hooks);
    tlk_link_status(&s->link, 1, 0);
}

/* A register that was never switched on, started `boot` times. NULL if there is no memory or the journal does not open. */
tlk_stepped *tlk_stepped_new(const char *serial, const char *model, const char *firmware, uint32_t caps, const uint8_t *key, uint64_t epoch,
    uint32_t boot, uint32_t sectors, uint32_t keep)
{
    tlk_stepped *s = calloc(1, sizeof *s);
    uint32_t i;
    int code = TLK_OK;
    if (s == NULL || (s->flash = malloc((size_t)sectors * SECTOR)) == NULL) {
        free(s);
        return NULL;
    }
    memset(s->flash, 0xFF, (size_t)sectors * SECTOR);
    s->sectors = sectors;
    s->chance = epoch;
    s->confidence = 1;
    (void)strncpy(s->serial, serial, sizeof s->serial - 1u);
    (void)strncpy(s->model, model, sizeof s->model - 1u);
    (void)strncpy(s->firmware, firmware, sizeof s->firmware - 1u);
    if (key != NULL) {
        memcpy(s->key, key, sizeof s->key);
    }
    for (i = 0; i < boot && code == TLK_OK; i++) {
        code = open_journal(s, keep, epoch);
    }
    if (code != TLK_OK) {
        tlk_stepped_free(s);
        return NULL;
    }
    start_link(s, caps, key != NULL);
    return s;
}

void tlk_stepped_free(tlk_stepped *s)
{
    if (s != NULL) {
        free(s->flash);
        free(s);
    }
}

/* Power off and on again: what is not on the flash is gone. The line is down. */
int tlk_stepped_restart(tlk_stepped *s)
{
    uint32_t caps = s->link.who.caps;
    int has_key = s->link.who.key != NULL;
    int code = open_journal(s, s->journal.keep, s->journal.epoch);
    start_link(s, caps, has_key);
    s->down_since = s->now;
    return code;
}

void tlk_stepped_clock(tlk_stepped *s, uint64_t now, int64_t ms, int16_t offset, uint8_t confidence)
{
    s->now = now;
    s->clock_ahead = ms - (int64_t)now;
    s->offset = offset;
    s->confidence = confidence;
}

/* From now on every nonce is this one: conversations of the vectors are fixed to the last byte. */
void tlk_stepped_nonce(tlk_stepped *s, const uint8_t nonce[16])
{
    memcpy(s->nonce, nonce, sizeof s->nonce);
    s->has_nonce = 1;
}

/* --- journal --- */

int tlk_stepped_append(tlk_stepped *s, const uint8_t *record, uint32_t length)
{
    return tlk_journal_append(&s->journal, record, length, 0);
}

int tlk_stepped_result(tlk_stepped *s, uint64_t seq, const uint8_t *result, uint32_t length)
{
    return tlk_journal_result(&s->journal, seq, result, length);
}

/* As if the ring had reused everything before `oldest`. */
void tlk_stepped_reuse(tlk_stepped *s, uint64_t oldest)
{
    s->journal.oldest = oldest;
}

int tlk_stepped_sell(tlk_stepped *s, uint64_t now, uint32_t lines)
{
    char code[24] = "";
    uint32_t number = 0;
    tlk_leased leased;
    tlk_when when;
    uint64_t seq = s->journal.newest + 1u;
    uint32_t length;
    int may_lease;
    s->now = now;
    may_lease = !tlk_link_is_up(&s->link) && now - s->down_since >= WITHOUT_GATEWAY;
    memset(&when, 0, sizeof when);
    when.closed = clock_hook(s, &when.confidence);
    when.previous = s->journal.previous;
    may_lease = may_lease && when.confidence > 0 && tlk_journal_lease_next(&s->journal, when.closed.ms, code, &number) == TLK_OK;
    leased.lease = s->journal.lease.id;
    leased.code = code;
    leased.series = s->journal.lease.series;
    leased.number = number;
    length = tlk_basket_sale(s->record, sizeof s->record, &when, may_lease ? &leased : NULL, seq, tlk_basket_draw(seq, 0), (long)lines);
    if (length == 0 || !tlk_link_may_sell(&s->link, length)) {
        return 0;
    }
    return tlk_journal_append(&s->journal, s->record, length, may_lease) == TLK_OK;
}

/* --- the line --- */

static void passed(tlk_stepped *s, uint64_t now)
{
    s->now = now;
    if (tlk_link_is_up(&s->link)) {
        s->down_since = now;
    }
}

void tlk_stepped_line(tlk_stepped *s, uint64_t now, int is_up)
{
    passed(s, now);
    tlk_link_line(&s->link, now, is_up);
}

void tlk_stepped_receive(tlk_stepped *s, uint64_t now, const uint8_t *bytes, uint32_t count)
{
    passed(s, now);
    tlk_link_receive(&s->link, now, bytes, count);
}

uint32_t tlk_stepped_output(tlk_stepped *s, uint64_t now, uint8_t *bytes, uint32_t room)
{
    passed(s, now);
    return (uint32_t)tlk_link_output(&s->link, now, bytes, room);
}

/* --- what a test looks at --- */

uint32_t tlk_stepped_dropped(const tlk_stepped *s, uint32_t why)
{
    return s->link.dropped[why] + s->link.decoder.dropped[why];
}

uint64_t tlk_stepped_acked(const tlk_stepped *s)
{
    return s->journal.acked;
}

int tlk_stepped_state(const tlk_stepped *s)
{
    return s->link.state;
}
