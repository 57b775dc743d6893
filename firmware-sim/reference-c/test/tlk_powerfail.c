/*
 * Power failures: a scripted run of the journal on a small flash in memory, cut at every byte that it programs or erases, then started
 * again, checked, carried on, cut once more, started and checked again.
 *
 *   tlk_powerfail SEED STEP     every STEP-th byte of the run that SEED decides; 1: every byte
 *
 * Checked at each start: every record that was committed and must be held reads as it was written, every result too; acked, epoch, lease
 * and stop are what they were (or what the call that the cut hit would have made them); no sequence has two contents; starts rise; and
 * a result never finds the flash full. Prints what it did, and ends with 0 if all holds.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tlk_crc32c.h"
#include "tlk_journal.h"
#include "tlk_record.h"

#define SECTOR 1024u
#define SECTORS 14u
#define KEEP 3u
#define RECORDS 400u
#define STEPS 46u

typedef struct flash {
    uint8_t bytes[SECTOR * SECTORS];
    uint64_t left;   /* bytes until the power fails */
    uint64_t done;
    int is_off;
} flash;

/* What must be on the flash. The index is the sequence. */
typedef struct model {
    uint32_t record[RECORDS];  /* CRC of its bytes, 0: none */
    uint32_t length[RECORDS];
    uint32_t result[RECORDS];  /* CRC of its newest result, 0: none */
    uint64_t newest;
    uint64_t epoch;
    uint32_t boot;
    uint64_t lease;
    uint32_t used;
    uint8_t stopped;
} model;

/* The call that the cut hit: the model as it would be if it had come through. */
typedef struct world {
    flash flash;
    tlk_journal journal;
    model is;
    model would_be;
    int is_cut;
    uint64_t draw;
} world;

static uint8_t scratch[TLK_RECORD_MAX];
static uint64_t restarts;
static uint64_t refused;

static uint32_t draw(world *w, uint32_t below)
{
    w->draw = w->draw * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(w->draw >> 33) % below;
}

static void broken(const world *w, const char *what, uint64_t seq)
{
    printf("BROKEN after %" PRIu64 " bytes: %s (sequence %" PRIu64 ", newest %" PRIu64 ", acked %" PRIu64 ")\n", w->flash.done, what, seq,
        w->journal.newest, w->journal.acked);
    exit(1);
}

static int ram_read(void *context, uint32_t address, uint8_t *bytes, uint32_t count)
{
    flash *f = context;
    if (f->is_off || address + count > sizeof f->bytes) {
        return -1;
    }
    memcpy(bytes, f->bytes + address, count);
    return 0;
}

/* How many of `count` bytes the power is there for. */
static uint32_t powered(flash *f, uint32_t count)
{
    uint32_t can = f->left < count ? (uint32_t)f->left : count;
    f->left -= can;
    f->done += can;
    f->is_off = can < count;
    return can;
}

static int ram_program(void *context, uint32_t address, const uint8_t *bytes, uint32_t count)
{
    flash *f = context;
    uint32_t can;
    uint32_t i;
    if (f->is_off || address % 8u != 0 || count % 8u != 0 || address + count > sizeof f->bytes) {
        return -1;
    }
    can = powered(f, count);
    for (i = 0; i < can; i++) {
        if (f->bytes[address + i] != 0xFF) {
            printf("BROKEN: byte %u is programmed twice\n", address + i);
            exit(1);
        }
        f->bytes[address + i] = bytes[i];
    }
    return f->is_off ? -1 : 0;
}

static int ram_erase(void *context, uint32_t address)
{
    flash *f = context;
    uint32_t can;
    if (f->is_off || address % SECTOR != 0) {
        return -1;
    }
    can = powered(f, SECTOR);
    /* From the end on: what is left in front is a head that still looks right. */
    memset(f->bytes + address + SECTOR - can, 0xFF, can);
    return f->is_off ? -1 : 0;
}

static uint64_t acked_of(const model *m)
{
    uint64_t seq = 0;
    while (seq < m->newest && m->result[seq + 1u] != 0) {
        seq++;
    }
    return seq;
}

/* --- checking --- */

static void check_record(world *w, const model *m, uint64_t seq, int must_be)
{
    tlk_found found;
    uint8_t result[TLK_RESULT_MAX];
    int32_t length;
    if (tlk_journal_find(&w->journal, seq, &found) != TLK_OK) {
        if (must_be) {
            broken(w, "a committed record is gone", seq);
        }
        return;
    }
    if (found.length != m->length[seq] || tlk_journal_read(&w->journal, &found, 0, scratch, found.length) != TLK_OK
        || tlk_crc(scratch, found.length) != m->record[seq]) {
        broken(w, "a record has other bytes", seq);
    }
    length = tlk_journal_result_of(&w->journal, seq, result);
    if (length < 0 ? m->result[seq] != 0 : tlk_crc(result, (size_t)length) != m->result[seq]) {
        broken(w, "a result is not the one that was stored", seq);
    }
}

/* 1 if the journal is as a model says. */
static int is_like(const world *w, const model *m)
{
    const tlk_journal *j = &w->journal;
    return j->newest == m->newest && j->acked == acked_of(m) && j->lease.id == m->lease && (m->lease == 0 || j->lease.used == m->used)
        && j->stopped == m->stopped;
}

static void check(world *w)
{
    const model *m = &w->is;
    uint64_t seq;
    uint64_t acked;
    if (w->is_cut && is_like(w, &w->would_be)) {
        /* Either is right, but whose result the cut left only the bytes can tell. */
        uint8_t result[TLK_RESULT_MAX];
        int came_through = !is_like(w, m);
        for (seq = 1; !came_through && seq <= m->newest; seq++) {
            if (w->would_be.result[seq] != m->result[seq]) {
                int32_t length = tlk_journal_result_of(&w->journal, seq, result);
                came_through = length >= 0 && tlk_crc(result, (size_t)length) == w->would_be.result[seq];
            }
        }
        if (came_through) {
            uint32_t boot = w->is.boot;
            w->is = w->would_be;
            w->is.boot = boot;
        }
    }
    w->is_cut = 0;
    if (!is_like(w, m)) {
        broken(w, "state is neither that before the cut nor that after it", 0);
    }
    if (m->epoch != 0 && w->journal.epoch != m->epoch) {
        broken(w, "the epoch changed", 0);
    }
    acked = acked_of(m);
    for (seq = 1; seq <= m->newest; seq++) {
        check_record(w, m, seq, seq + KEEP > acked);
    }
}

static int start(world *w)
{
    tlk_flash f;
    int code;
    f.context = &w->flash;
    f.sector_size = SECTOR;
    f.sector_count = SECTORS;
    f.read = ram_read;
    f.program = ram_program;
    f.erase = ram_erase;
    restarts++;
    code = tlk_journal_open(&w->journal, &f, KEEP, 1u + draw(w, 1000000u));
    if (code != TLK_OK) {
        if (!w->flash.is_off) {
            broken(w, "the journal does not open", 0);
        }
        return 0;
    }
    if (w->journal.boot <= w->is.boot) {
        broken(w, "starts do not rise", 0);
    }
    check(w);
    w->is.epoch = w->journal.epoch;
    w->is.boot = w->journal.boot;
    return 1;
}

/* --- the script --- */

static void finish(world *w, int code)
{
    if (code == TLK_OK) {
        uint32_t boot = w->is.boot;
        w->is = w->would_be;
        w->is.boot = boot;
        if (!is_like(w, &w->is)) {
            broken(w, "a call returned and the state is not what it should have become", 0);
        }
    } else if (code == TLK_FULL) {
        refused++;
    } else if (!w->flash.is_off) {
        broken(w, "a call failed with the power on", 0);
    } else {
        w->is_cut = 1;
    }
}

static void append(world *w)
{
    uint32_t length = draw(w, 5) == 0 ? 900u + draw(w, 1600) : 60u + draw(w, 200);
    uint64_t seq = w->is.newest + 1u;
    int leased = w->is.lease != 0 && draw(w, 2) == 0;
    uint32_t i;
    for (i = 0; i < length; i++) {
        scratch[i] = (uint8_t)draw(w, 256);
    }
    w->would_be.newest = seq;
    w->would_be.record[seq] = tlk_crc(scratch, length);
    w->would_be.length[seq] = length;
    w->would_be.used += leased ? 1u : 0u;
    finish(w, tlk_journal_append(&w->journal, scratch, length, leased));
}

static void answer(world *w, uint64_t seq, uint8_t outcome)
{
    uint8_t result[TLK_RESULT_MAX];
    uint32_t length = outcome == TLK_ISSUED ? 40u + draw(w, TLK_RESULT_MAX - 40u) : 6u + draw(w, 200);
    uint32_t i;
    int code;
    for (i = 3; i < length; i++) {
        result[i] = (uint8_t)draw(w, 256);
    }
    result[0] = 0x02;
    result[1] = 1;
    result[2] = outcome;
    w->would_be.result[seq] = tlk_crc(result, length);
    code = tlk_journal_result(&w->journal, seq, result, length);
    if (code == TLK_FULL) {
        broken(w, "a result finds the flash full", seq);
    }
    finish(w, code);
}

static void one_step(world *w)
{
    uint64_t acked = acked_of(&w->is);
    uint32_t what = draw(w, 20);
    w->would_be = w->is;
    if (what < 8 || (what < 17 && acked == w->is.newest)) {
        append(w);
    } else if (what < 15) {
        answer(w, acked + 1u, what < 10 ? TLK_HELD : TLK_ISSUED);
    } else if (what < 17) {
        uint64_t seq = acked + 1u + draw(w, (uint32_t)(w->is.newest - acked));
        if (w->is.result[seq] == 0) {
            answer(w, seq, TLK_RECORDED);
        }
    } else if (what < 18) {
        tlk_lease lease;
        memset(&lease, 0, sizeof lease);
        lease.id = w->is.lease + 1u;
        lease.first_code = 1;
        lease.first_number = 1;
        lease.last_number = 1000;
        w->would_be.lease = lease.id;
        w->would_be.used = 0;
        finish(w, tlk_journal_lease(&w->journal, &lease));
    } else {
        w->would_be.stopped = w->is.stopped ? 0 : 2;
        finish(w, tlk_journal_stop(&w->journal, w->would_be.stopped));
    }
}

/* Runs up to so many steps; stops where the power fails. */
static void run(world *w, unsigned steps)
{
    unsigned i;
    for (i = 0; i < steps && !w->flash.is_off; i++) {
        one_step(w);
    }
}

static void restart(world *w, uint64_t power)
{
    w->flash.is_off = 0;
    w->flash.left = power;
    while (!start(w)) { /* the power failed again while it started: at most once more, as it is then unlimited */
        w->flash.is_off = 0;
        w->flash.left = UINT64_MAX;
    }
}

static void begin(world *w, uint64_t seed, uint64_t power)
{
    memset(w, 0, sizeof *w);
    memset(w->flash.bytes, 0xFF, sizeof w->flash.bytes);
    w->draw = seed * 7919u + 1u;
    restart(w, power);
}

int main(int count, char **words)
{
    static world w;
    uint64_t seed = count > 1 ? strtoull(words[1], NULL, 10) : 1;
    uint64_t step = count > 2 ? strtoull(words[2], NULL, 10) : 1;
    uint64_t all;
    uint64_t cut;
    uint64_t cuts = 0;
    begin(&w, seed, UINT64_MAX);
    run(&w, STEPS);
    all = w.flash.done;
    printf("seed %" PRIu64 ": %" PRIu64 " bytes, %" PRIu64 " records, oldest %" PRIu64 ", acked %" PRIu64 ", refused %" PRIu64 "\n", seed, all,
        w.is.newest, w.journal.oldest, w.journal.acked, refused);
    for (cut = 0; cut < all; cut += step == 0 ? 1 : step) {
        begin(&w, seed, cut);
        run(&w, STEPS);
        w.draw = seed + cut;
        restart(&w, 1u + draw(&w, 3000));
        run(&w, 12);
        restart(&w, UINT64_MAX);
        run(&w, 6);
        restart(&w, UINT64_MAX);
        cuts++;
    }
    printf("%" PRIu64 " cuts, %" PRIu64 " starts, all sound\n", cuts, restarts);
    return 0;
}
