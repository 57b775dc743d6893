#include "tlk_journal.h"

#include <string.h>

#include "tlk_crc32c.h"
#include "tlk_sha256.h"

#define SECTOR_HEAD 128u
#define HEAD_CRC_AT 112u  /* magic..state | crc | fill; then the mark that the sector is given up */
#define RETIRED_AT 120u
#define SECTOR_MAGIC 0x314B4C54u /* TLK1 */
#define ENTRY_HEAD 24u
#define ENTRY_MARK 0xA5u
#define COMMIT_LENGTH 8u
#define STATE_LENGTH 8u
#define LEASE_LENGTH 64u
#define BEYOND_BITS 32u

enum { ENTRY_RECORD = 1, ENTRY_RESULT = 2, ENTRY_STATE = 3, ENTRY_LEASE = 4 };
enum { AUX_LEASED = 1, AUX_REPLACES = 2 };

/* Room that each record without a result keeps free for its result: the longest, with its head, fill and mark. */
#define RESULT_ROOM (ENTRY_HEAD + TLK_RESULT_MAX + COMMIT_LENGTH + 8u)

/* A sector's head, taken apart. */
typedef struct sector {
    uint32_t id;
    uint32_t first;      /* offset of the first entry that begins here; 0: none does */
    uint8_t continues;   /* a record's bytes run into this sector */
    uint64_t next_seq;
    uint64_t epoch;
    uint32_t boot;
    uint64_t acked;
    uint32_t beyond;
    uint8_t stopped;
    tlk_lease lease;
} sector;

/* An entry's head, taken apart. */
typedef struct entry {
    uint8_t kind;
    uint16_t aux;
    uint32_t length;
    uint64_t seq;
    uint32_t crc;
    tlk_place body;
    tlk_place next;
} entry;

/* --- where things are --- */

static uint32_t fill8(uint32_t length)
{
    return (length + 7u) & ~7u;
}

static uint32_t index_of(const tlk_journal *j, uint32_t id)
{
    return (j->newest_index + j->flash.sector_count - (j->newest_sector - id) % j->flash.sector_count) % j->flash.sector_count;
}

static uint32_t usable(const tlk_journal *j)
{
    return j->flash.sector_size - SECTOR_HEAD;
}

/* Moves a place on by so many bytes of the log. */
static tlk_place moved(const tlk_journal *j, tlk_place at, uint32_t count)
{
    while (at.offset + count > j->flash.sector_size) { /* at most length / usable times */
        count -= j->flash.sector_size - at.offset;
        at.sector++;
        at.offset = SECTOR_HEAD;
    }
    at.offset += count;
    return at;
}

static int log_read(const tlk_journal *j, tlk_place at, uint8_t *bytes, uint32_t count)
{
    while (count > 0) { /* each turn takes the rest of a sector */
        uint32_t part;
        if (at.offset == j->flash.sector_size) {
            at.sector++;
            at.offset = SECTOR_HEAD;
        }
        if (at.sector - j->oldest_sector > j->newest_sector - j->oldest_sector) {
            return TLK_NOT_THERE;
        }
        part = j->flash.sector_size - at.offset;
        part = part < count ? part : count;
        if (j->flash.read(j->flash.context, index_of(j, at.sector) * j->flash.sector_size + at.offset, bytes, part) != 0) {
            return TLK_FLASH_FAULT;
        }
        at.offset += part;
        bytes += part;
        count -= part;
    }
    return TLK_OK;
}

/* --- sector heads --- */

static void put_lease(uint8_t *p, const tlk_lease *l)
{
    memset(p, 0, LEASE_LENGTH);
    tlk_put64(p, l->id);
    tlk_put64(p + 8, l->first_code);
    tlk_put64(p + 16, l->newest);
    tlk_put32(p + 24, l->first_number);
    tlk_put32(p + 28, l->last_number);
    tlk_put32(p + 32, l->used);
    tlk_put64(p + 36, (uint64_t)l->until.ms);
    tlk_put16(p + 44, (uint16_t)l->until.offset);
    memcpy(p + 46, l->block, 5);
    memcpy(p + 51, l->series, 6);
    p[57] = l->year;
    p[58] = l->kind;
}

static void get_lease(const uint8_t *p, tlk_lease *l)
{
    memset(l, 0, sizeof *l);
    l->id = tlk_get64(p);
    l->first_code = tlk_get64(p + 8);
    l->newest = tlk_get64(p + 16);
    l->first_number = tlk_get32(p + 24);
    l->last_number = tlk_get32(p + 28);
    l->used = tlk_get32(p + 32);
    l->until.ms = (int64_t)tlk_get64(p + 36);
    l->until.offset = (int16_t)tlk_get16(p + 44);
    memcpy(l->block, p + 46, 5);
    memcpy(l->series, p + 51, 6);
    l->year = p[57];
    l->kind = p[58];
}

/* magic 4 | id 4 | first 4 | continues 1, stopped 1, 0 2 | next_seq 8 | epoch 8 | boot 4 | beyond 4 | acked 8 | lease 59 + 5 | crc 4 | fill 4 | retired 8 */
static int read_sector(const tlk_journal *j, uint32_t index, sector *s)
{
    uint8_t b[SECTOR_HEAD];
    if (j->flash.read(j->flash.context, index * j->flash.sector_size, b, SECTOR_HEAD) != 0) {
        return TLK_FLASH_FAULT;
    }
    if (tlk_get32(b) != SECTOR_MAGIC || tlk_get32(b + HEAD_CRC_AT) != tlk_crc(b, HEAD_CRC_AT)
        || tlk_get64(b + RETIRED_AT) != UINT64_MAX) {
        return TLK_NOT_THERE;
    }
    s->id = tlk_get32(b + 4);
    s->first = tlk_get32(b + 8);
    s->continues = b[12];
    s->stopped = b[13];
    s->next_seq = tlk_get64(b + 16);
    s->epoch = tlk_get64(b + 24);
    s->boot = tlk_get32(b + 32);
    s->beyond = tlk_get32(b + 36);
    s->acked = tlk_get64(b + 40);
    get_lease(b + 48, &s->lease);
    return TLK_OK;
}

static int write_sector(tlk_journal *j, uint32_t index, uint32_t id, uint32_t first, uint8_t continues)
{
    uint8_t b[SECTOR_HEAD];
    memset(b, 0, sizeof b);
    tlk_put32(b, SECTOR_MAGIC);
    tlk_put32(b + 4, id);
    tlk_put32(b + 8, first);
    b[12] = continues;
    b[13] = j->stopped;
    tlk_put64(b + 16, j->newest + 1u);
    tlk_put64(b + 24, j->epoch);
    tlk_put32(b + 32, j->boot);
    tlk_put32(b + 36, j->beyond);
    tlk_put64(b + 40, j->acked);
    put_lease(b + 48, &j->lease);
    tlk_put32(b + HEAD_CRC_AT, tlk_crc(b, HEAD_CRC_AT));
    /* The last 8 bytes stay erased: they are programmed when the sector is given up. */
    return j->flash.program(j->flash.context, index * j->flash.sector_size, b, RETIRED_AT) != 0 ? TLK_FLASH_FAULT : TLK_OK;
}

/* --- reading the log --- */

/* The first entry that begins after sector `at->sector`. 0: there is none. */
static int next_sector(const tlk_journal *j, tlk_place *at)
{
    sector s;
    while (at->sector != j->newest_sector) { /* at most sector_count times */
        at->sector++;
        if (read_sector(j, index_of(j, at->sector), &s) == TLK_OK && s.first != 0) {
            at->offset = s.first;
            return 1;
        }
    }
    return 0;
}

/* What stands at a place. 1: an entry; 0: erased flash; -1: torn, or not readable any more; -2: a sector's end, too small for a head. */
static int entry_at(const tlk_journal *j, tlk_place at, entry *e)
{
    uint8_t b[ENTRY_HEAD];
    tlk_place commit;
    uint32_t head_crc;
    unsigned i;
    int blank = 1;
    if (j->flash.sector_size - at.offset < ENTRY_HEAD) {
        return -2;
    }
    if (log_read(j, at, b, ENTRY_HEAD) != TLK_OK) {
        return -1;
    }
    for (i = 0; i < ENTRY_HEAD; i++) {
        blank = blank && b[i] == 0xFF;
    }
    if (blank) {
        return 0;
    }
    head_crc = tlk_get32(b + 20);
    if (b[0] != ENTRY_MARK || head_crc != tlk_crc(b, 20)) {
        return -1;
    }
    e->kind = b[1];
    e->aux = tlk_get16(b + 2);
    e->length = tlk_get32(b + 4);
    e->seq = tlk_get64(b + 8);
    e->crc = tlk_get32(b + 16);
    e->body = moved(j, at, ENTRY_HEAD);
    commit = moved(j, e->body, fill8(e->length));
    e->next = moved(j, commit, COMMIT_LENGTH);
    if (log_read(j, commit, b, COMMIT_LENGTH) != TLK_OK) {
        return -1;
    }
    /* The mark repeats the head's CRC: what lies there may also be part of an entry that was written after this one was torn. */
    return tlk_get32(b) == head_crc && tlk_get32(b + 4) == ~head_crc ? 1 : -1;
}

/* The next committed entry at or after a place, which moves behind it. 0: the end. */
static int next_entry(const tlk_journal *j, tlk_place *at, entry *e)
{
    /* Each turn passes an entry's head or a sector, so it ends. */
    for (;;) {
        if (at->sector == j->newest_sector && at->offset >= j->tail) {
            return 0;
        }
        if (entry_at(j, *at, e) > 0) {
            *at = e->next;
            return 1;
        }
        if (!next_sector(j, at)) {
            return 0;
        }
    }
}

static tlk_place log_start(const tlk_journal *j)
{
    sector s;
    tlk_place at;
    at.sector = j->oldest_sector;
    at.offset = SECTOR_HEAD;
    if (read_sector(j, index_of(j, at.sector), &s) == TLK_OK && s.first != 0) {
        at.offset = s.first;
    } else {
        at.offset = j->flash.sector_size; /* nothing begins here: reading goes on with the next sector */
    }
    return at;
}

static int body_reads(const tlk_journal *j, const entry *e)
{
    uint8_t part[64];
    uint32_t crc = TLK_CRC_START;
    uint32_t done = 0;
    while (done < e->length) {
        uint32_t count = e->length - done < sizeof part ? e->length - done : (uint32_t)sizeof part;
        if (log_read(j, moved(j, e->body, done), part, count) != TLK_OK) {
            return 0;
        }
        crc = tlk_crc_add(crc, part, count);
        done += count;
    }
    return tlk_crc_end(crc) == e->crc;
}

/* --- writing the log --- */

/* Whether the records in a sector may be forgotten. */
static int is_reusable(const tlk_journal *j, uint32_t id)
{
    sector after;
    uint64_t last;
    if (id == j->newest_sector || read_sector(j, index_of(j, id + 1u), &after) != TLK_OK) {
        return 0;
    }
    last = after.next_seq - 1u + (after.continues ? 1u : 0u);
    return last + j->keep <= j->acked;
}

static void find_oldest(tlk_journal *j)
{
    tlk_place at = log_start(j);
    entry e;
    j->oldest = j->newest + 1u;
    while (next_entry(j, &at, &e)) {
        if (e.kind == ENTRY_RECORD && (e.aux & AUX_REPLACES) == 0) {
            j->oldest = e.seq;
            break;
        }
    }
    if (j->newest == 0) {
        j->oldest = 0;
    }
}

/* Opens the next sector of the ring. The order matters: marked as given up, erased, then its head, so that a start in between finds
 * either the old sector, or none. */
static int open_sector(tlk_journal *j, uint32_t first, uint8_t continues)
{
    static const uint8_t retired[8] = { 0 };
    uint32_t index = (j->newest_index + 1u) % j->flash.sector_count;
    uint32_t address = index * j->flash.sector_size;
    int reused = 0;
    int code;
    if (j->newest_sector - j->oldest_sector + 1u == j->flash.sector_count) {
        if (!is_reusable(j, j->oldest_sector)) {
            return TLK_FULL;
        }
        if (j->flash.program(j->flash.context, address + RETIRED_AT, retired, sizeof retired) != 0) {
            return TLK_FLASH_FAULT;
        }
        j->oldest_sector++;
        reused = 1;
    }
    if (j->flash.erase(j->flash.context, address) != 0) {
        return TLK_FLASH_FAULT;
    }
    code = write_sector(j, index, j->newest_sector + 1u, first, continues);
    if (code != TLK_OK) {
        return code;
    }
    j->newest_sector++;
    j->newest_index = index;
    j->tail = SECTOR_HEAD;
    if (reused) {
        find_oldest(j);
    }
    return TLK_OK;
}

/* Writes bytes of an entry at the tail; `left` is what of the entry comes after them, so that a new sector can say where its first
 * entry begins. */
static int log_write(tlk_journal *j, const uint8_t *bytes, uint32_t count, uint32_t left, uint8_t is_record)
{
    while (count > 0) {
        uint32_t part;
        if (j->tail >= j->flash.sector_size) {
            uint32_t all = count + left;
            int code = open_sector(j, all < usable(j) ? SECTOR_HEAD + all : 0u, is_record);
            if (code != TLK_OK) {
                return code;
            }
        }
        part = j->flash.sector_size - j->tail;
        part = part < count ? part : count;
        if (j->flash.program(j->flash.context, j->newest_index * j->flash.sector_size + j->tail, bytes, part) != 0) {
            return TLK_FLASH_FAULT;
        }
        j->tail += part;
        bytes += part;
        count -= part;
    }
    return TLK_OK;
}

static int write_entry(tlk_journal *j, uint8_t kind, uint16_t aux, uint64_t seq, const uint8_t *body, uint32_t length)
{
    uint8_t head[ENTRY_HEAD];
    uint8_t last[8];
    uint8_t mark[COMMIT_LENGTH];
    uint32_t whole = length & ~7u;
    uint32_t rest = length - whole;
    uint8_t is_record = kind == ENTRY_RECORD ? 1 : 0;
    int code = TLK_OK;
    memset(head, 0, sizeof head);
    head[0] = ENTRY_MARK;
    head[1] = kind;
    tlk_put16(head + 2, aux);
    tlk_put32(head + 4, length);
    tlk_put64(head + 8, seq);
    tlk_put32(head + 16, tlk_crc(body, length));
    tlk_put32(head + 20, tlk_crc(head, 20));
    tlk_put32(mark, tlk_get32(head + 20));
    tlk_put32(mark + 4, ~tlk_get32(head + 20));
    if (j->tail > j->flash.sector_size - ENTRY_HEAD) {
        code = open_sector(j, SECTOR_HEAD, 0);
    }
    if (code == TLK_OK) {
        code = log_write(j, head, ENTRY_HEAD, fill8(length) + COMMIT_LENGTH, is_record);
    }
    if (code == TLK_OK) {
        code = log_write(j, body, whole, fill8(rest) + COMMIT_LENGTH, is_record);
    }
    if (code == TLK_OK && rest > 0) {
        memset(last, 0, sizeof last);
        memcpy(last, body + whole, rest);
        code = log_write(j, last, sizeof last, COMMIT_LENGTH, is_record);
    }
    if (code == TLK_OK) {
        code = log_write(j, mark, COMMIT_LENGTH, 0, is_record);
    }
    if (code != TLK_OK) {
        /* What was begun is torn; the next entry begins in a sector of its own, as it would after a power failure. */
        j->tail = j->flash.sector_size;
    }
    return code;
}

/* --- room --- */

/* Bytes that can be written before the ring is at a sector that must be kept, counting no more than `enough`. */
static uint64_t free_bytes(const tlk_journal *j, uint64_t enough)
{
    uint32_t blank = j->flash.sector_count - (j->newest_sector - j->oldest_sector + 1u);
    uint64_t bytes = j->flash.sector_size - j->tail + (uint64_t)blank * usable(j);
    uint32_t id = j->oldest_sector;
    while (bytes < enough && is_reusable(j, id)) { /* at most sector_count times */
        bytes += usable(j);
        id++;
    }
    return bytes;
}

/* What must stay free: the results of all that have none, and the reserve. */
static uint64_t kept_free(const tlk_journal *j)
{
    return (j->newest - j->acked) * RESULT_ROOM + (uint64_t)TLK_RESERVE_SECTORS * j->flash.sector_size;
}

static uint64_t entry_room(uint32_t length)
{
    /* Each sector that an entry runs over can lose the bytes of a head at its end, which the room for results makes up for. */
    return ENTRY_HEAD + fill8(length) + COMMIT_LENGTH + ENTRY_HEAD;
}

int tlk_journal_has_room(tlk_journal *j, uint32_t length)
{
    uint64_t need = kept_free(j) + RESULT_ROOM + entry_room(length);
    return free_bytes(j, need) >= need;
}

uint8_t tlk_journal_used(tlk_journal *j)
{
    uint64_t all = (uint64_t)(j->flash.sector_count - TLK_RESERVE_SECTORS) * usable(j);
    uint64_t kept = kept_free(j) + RESULT_ROOM + ENTRY_HEAD;
    uint64_t bytes = free_bytes(j, UINT64_MAX);
    uint64_t left = bytes > kept ? bytes - kept : 0;
    left = left < all ? left : all;
    return (uint8_t)(100u - left * 100u / all);
}

/* --- opening --- */

static void count_result(tlk_journal *j, uint64_t seq)
{
    if (seq <= j->acked || seq > j->acked + 1u + BEYOND_BITS) {
        return;
    }
    if (seq > j->acked + 1u) {
        j->beyond |= (uint32_t)1u << (seq - j->acked - 2u);
        return;
    }
    j->acked++;
    while ((j->beyond & 1u) != 0) { /* at most BEYOND_BITS times */
        j->acked++;
        j->beyond >>= 1;
    }
    j->beyond >>= 1;
}

/* Takes over what a sector's head knew; entries may have been lost before it. */
static void merge(tlk_journal *j, const sector *s)
{
    j->boot = s->boot > j->boot ? s->boot : j->boot;
    j->newest = s->next_seq - 1u > j->newest ? s->next_seq - 1u : j->newest;
    if (s->acked > j->acked) {
        j->acked = s->acked;
        j->beyond = s->beyond;
    }
    if (s->lease.id > j->lease.id || (s->lease.id == j->lease.id && s->lease.used > j->lease.used)) {
        j->lease = s->lease;
    }
    if (s->id == j->oldest_sector) {
        j->stopped = s->stopped; /* of later sectors the entries say it; their heads may be older than an entry that runs into them */
    }
}

static void hash_record(tlk_journal *j, const entry *e)
{
    uint8_t part[64];
    uint8_t digest[TLK_SHA256_LENGTH];
    tlk_sha256 sha;
    uint32_t done = 0;
    tlk_put64(part, j->epoch);
    tlk_put64(part + 8, e->seq);
    tlk_sha256_start(&sha);
    tlk_sha256_add(&sha, part, 16);
    while (done < e->length) {
        uint32_t count = e->length - done < sizeof part ? e->length - done : (uint32_t)sizeof part;
        if (log_read(j, moved(j, e->body, done), part, count) != TLK_OK) {
            memset(j->previous, 0, sizeof j->previous);
            return;
        }
        tlk_sha256_add(&sha, part, count);
        done += count;
    }
    tlk_sha256_end(&sha, digest);
    memcpy(j->previous, digest, sizeof j->previous);
}

static void replay(tlk_journal *j, const entry *e)
{
    uint8_t body[LEASE_LENGTH];
    if (e->kind == ENTRY_RECORD) {
        if ((e->aux & AUX_REPLACES) == 0 && e->seq > j->newest) {
            j->newest = e->seq;
        }
        if ((e->aux & AUX_LEASED) != 0) {
            j->lease.used++;
        }
    } else if (e->kind == ENTRY_RESULT) {
        count_result(j, e->seq);
    } else if (e->kind == ENTRY_STATE && e->length == STATE_LENGTH && log_read(j, e->body, body, STATE_LENGTH) == TLK_OK) {
        j->boot = tlk_get32(body);
        j->stopped = body[4];
    } else if (e->kind == ENTRY_LEASE && e->length == LEASE_LENGTH && log_read(j, e->body, body, LEASE_LENGTH) == TLK_OK) {
        get_lease(body, &j->lease);
    }
}

/* The sector whose head is newest, and how far back the ring goes unbroken from it. 0: the flash holds no journal. */
static int find_ring(tlk_journal *j)
{
    sector s;
    uint32_t i;
    int any = 0;
    for (i = 0; i < j->flash.sector_count; i++) {
        if (read_sector(j, i, &s) == TLK_OK && (!any || s.id > j->newest_sector)) {
            j->newest_sector = s.id;
            j->newest_index = i;
            j->epoch = s.epoch;
            any = 1;
        }
    }
    j->oldest_sector = j->newest_sector;
    for (i = 1; any && i < j->flash.sector_count; i++) {
        uint32_t index = (j->newest_index + j->flash.sector_count - i) % j->flash.sector_count;
        if (read_sector(j, index, &s) != TLK_OK || s.id != j->newest_sector - i || s.epoch != j->epoch) {
            break;
        }
        j->oldest_sector = s.id;
    }
    return any;
}

/* Whether the newest sector is erased from an offset on. */
static int is_blank_from(const tlk_journal *j, uint32_t offset)
{
    uint8_t part[64];
    while (offset < j->flash.sector_size) {
        uint32_t count = j->flash.sector_size - offset < sizeof part ? j->flash.sector_size - offset : (uint32_t)sizeof part;
        uint32_t i;
        if (j->flash.read(j->flash.context, j->newest_index * j->flash.sector_size + offset, part, count) != 0) {
            return 0;
        }
        for (i = 0; i < count; i++) {
            if (part[i] != 0xFF) {
                return 0;
            }
        }
        offset += count;
    }
    return 1;
}

/* Reads the whole log and finds its end. */
static void scan(tlk_journal *j)
{
    tlk_place at = log_start(j);
    tlk_place end = at;
    uint32_t seen = j->oldest_sector - 1u;
    entry e;
    entry last;
    sector s;
    int has_last = 0;
    int what;
    memset(&last, 0, sizeof last);
    j->tail = j->flash.sector_size; /* everything counts while it is read */
    for (;;) { /* each turn passes an entry's head or a sector */
        while (seen != at.sector) {
            seen++;
            if (read_sector(j, index_of(j, seen), &s) == TLK_OK) {
                merge(j, &s);
            }
        }
        what = entry_at(j, at, &e);
        end = at;
        j->torn = what == -1 ? 1 : j->torn;
        if (what > 0) {
            j->torn = 0;
            replay(j, &e);
            if (e.kind == ENTRY_RECORD && e.seq == j->newest) {
                last = e;
                has_last = 1;
            }
            at = e.next;
        } else if (!next_sector(j, &at)) {
            break;
        }
    }
    while (seen != j->newest_sector) {
        seen++;
        if (read_sector(j, index_of(j, seen), &s) == TLK_OK) {
            merge(j, &s);
        }
    }
    if (has_last) {
        hash_record(j, &last);
    }
    /* Behind something torn nothing is written in the same sector, so that the next start finds its way past it. */
    j->tail = what == 0 && end.sector == j->newest_sector && is_blank_from(j, end.offset) ? end.offset : j->flash.sector_size;
}

static int store_state(tlk_journal *j, uint32_t boot, uint8_t stopped)
{
    uint8_t body[STATE_LENGTH];
    memset(body, 0, sizeof body);
    tlk_put32(body, boot);
    body[4] = stopped;
    return write_entry(j, ENTRY_STATE, 0, 0, body, sizeof body);
}

int tlk_journal_open(tlk_journal *j, const tlk_flash *flash, uint32_t keep, uint64_t fresh_epoch)
{
    int code;
    memset(j, 0, sizeof *j);
    if (flash->sector_size % 8u != 0 || flash->sector_size < 1024u || flash->sector_size > 65536u
        || flash->sector_count < TLK_RESERVE_SECTORS + 2u || keep == 0 || fresh_epoch == 0) {
        return TLK_BAD;
    }
    j->flash = *flash;
    j->keep = keep;
    if (find_ring(j)) {
        scan(j);
        find_oldest(j);
    } else {
        j->epoch = fresh_epoch;
        j->newest_sector = 0;
        j->oldest_sector = 1;
        j->newest_index = flash->sector_count - 1u;
        code = open_sector(j, SECTOR_HEAD, 0);
        if (code != TLK_OK) {
            return code;
        }
    }
    code = store_state(j, j->boot + 1u, j->stopped);
    if (code == TLK_OK || code == TLK_FULL) {
        /* With a ring that is full to its reserve (a power failure at each of many starts) the start is counted in memory only. */
        j->boot++;
        code = TLK_OK;
    }
    return code;
}

/* --- records --- */

static void note_hash(tlk_journal *j, uint64_t seq, const uint8_t *record, uint32_t length)
{
    uint8_t key[16];
    uint8_t digest[TLK_SHA256_LENGTH];
    tlk_sha256 sha;
    tlk_put64(key, j->epoch);
    tlk_put64(key + 8, seq);
    tlk_sha256_start(&sha);
    tlk_sha256_add(&sha, key, sizeof key);
    tlk_sha256_add(&sha, record, length);
    tlk_sha256_end(&sha, digest);
    memcpy(j->previous, digest, sizeof j->previous);
}

int tlk_journal_append(tlk_journal *j, const uint8_t *record, uint32_t length, int leased)
{
    int code;
    if (length == 0 || length > 24576u) {
        return TLK_BAD;
    }
    if (!tlk_journal_has_room(j, length)) {
        return TLK_FULL;
    }
    code = write_entry(j, ENTRY_RECORD, leased ? AUX_LEASED : 0, j->newest + 1u, record, length);
    if (code == TLK_OK) {
        j->newest++;
        j->oldest = j->oldest == 0 ? j->newest : j->oldest;
        j->lease.used += leased ? 1u : 0u;
        note_hash(j, j->newest, record, length);
    }
    return code;
}

int tlk_journal_replace(tlk_journal *j, uint64_t seq, const uint8_t *record, uint32_t length)
{
    int code;
    if (seq == 0 || seq > j->newest || tlk_journal_is_answered(j, seq)) {
        return TLK_BAD;
    }
    code = write_entry(j, ENTRY_RECORD, AUX_REPLACES, seq, record, length);
    if (code == TLK_OK && seq == j->newest) {
        note_hash(j, seq, record, length);
    }
    return code;
}

/* Where a search for a sequence begins: the last sector that was opened before the record was written. */
static tlk_place search_start(tlk_journal *j, uint64_t seq)
{
    sector s;
    uint32_t id = j->newest_sector;
    tlk_place at;
    if (j->hint_seq != 0 && j->hint_seq == seq && j->hint.sector >= j->oldest_sector) {
        return j->hint;
    }
    while (id > j->oldest_sector) { /* at most sector_count times */
        if (read_sector(j, index_of(j, id), &s) == TLK_OK && s.first != 0 && s.next_seq <= seq && !(s.continues && s.next_seq == seq)) {
            at.sector = id;
            at.offset = s.first;
            return at;
        }
        id--;
    }
    return log_start(j);
}

int tlk_journal_find(tlk_journal *j, uint64_t seq, tlk_found *found)
{
    tlk_place at;
    entry e;
    if (seq < j->oldest || seq > j->newest || seq == 0) {
        return TLK_NOT_THERE;
    }
    at = search_start(j, seq);
    while (next_entry(j, &at, &e)) {
        if (e.kind == ENTRY_RECORD && e.seq == seq && body_reads(j, &e)) {
            found->seq = seq;
            found->body = e.body;
            found->length = e.length;
            if ((e.aux & AUX_REPLACES) == 0) {
                j->hint_seq = seq + 1u;
                j->hint = e.next;
            }
            return TLK_OK;
        }
    }
    return TLK_NOT_THERE;
}

int tlk_journal_read(tlk_journal *j, const tlk_found *found, uint32_t offset, uint8_t *bytes, uint32_t count)
{
    if (offset > found->length || count > found->length - offset || found->body.sector < j->oldest_sector) {
        return TLK_NOT_THERE;
    }
    return log_read(j, moved(j, found->body, offset), bytes, count);
}

/* --- results --- */

int tlk_journal_is_answered(const tlk_journal *j, uint64_t seq)
{
    if (seq <= j->acked) {
        return 1;
    }
    return seq > j->acked + 1u && seq <= j->acked + 1u + BEYOND_BITS && ((j->beyond >> (seq - j->acked - 2u)) & 1u) != 0;
}

int tlk_journal_result(tlk_journal *j, uint64_t seq, const uint8_t *result, uint32_t length)
{
    int code;
    if (seq == 0 || seq > j->newest || length > TLK_RESULT_MAX || (!tlk_journal_is_answered(j, seq) && seq > j->acked + 1u + BEYOND_BITS)) {
        return TLK_BAD;
    }
    code = write_entry(j, ENTRY_RESULT, 0, seq, result, length);
    if (code == TLK_OK) {
        count_result(j, seq);
    }
    return code;
}

int32_t tlk_journal_result_of(tlk_journal *j, uint64_t seq, uint8_t result[TLK_RESULT_MAX])
{
    tlk_found found;
    tlk_place at;
    entry e;
    int32_t length = TLK_NOT_THERE;
    if (!tlk_journal_is_answered(j, seq) || tlk_journal_find(j, seq, &found) != TLK_OK) {
        return TLK_NOT_THERE;
    }
    at = moved(j, found.body, fill8(found.length) + COMMIT_LENGTH);
    while (next_entry(j, &at, &e)) {
        if (e.kind == ENTRY_RESULT && e.seq == seq && e.length <= TLK_RESULT_MAX && body_reads(j, &e)
            && log_read(j, e.body, result, e.length) == TLK_OK) {
            length = (int32_t)e.length;
            if (e.length >= 3 && result[2] != TLK_HELD) {
                break; /* only HELD is ever replaced; `outcome` is the first field that this client writes */
            }
        }
    }
    return length;
}

/* --- lease and state --- */

static int store_lease(tlk_journal *j, const tlk_lease *lease)
{
    uint8_t body[LEASE_LENGTH];
    int code;
    put_lease(body, lease);
    code = write_entry(j, ENTRY_LEASE, 0, 0, body, sizeof body);
    if (code == TLK_OK) {
        j->lease = *lease;
    }
    return code;
}

int tlk_journal_lease(tlk_journal *j, const tlk_lease *lease)
{
    tlk_lease stored = *lease;
    stored.newest = j->newest;
    return store_lease(j, &stored);
}

int tlk_journal_lease_end(tlk_journal *j, int64_t now)
{
    tlk_lease over = j->lease;
    uint32_t all = over.last_number - over.first_number + 1u;
    if (over.id == 0 || now <= over.until.ms || over.used >= all) {
        return TLK_OK;
    }
    over.used = all;
    return store_lease(j, &over);
}

int tlk_journal_lease_next(const tlk_journal *j, int64_t now, char code[24], uint32_t *number)
{
    const tlk_lease *l = &j->lease;
    uint64_t digits;
    unsigned i;
    if (l->id == 0 || now > l->until.ms || l->used > l->last_number - l->first_number) {
        return TLK_NOT_THERE;
    }
    code[0] = 'M';
    code[1] = (char)('0' + l->kind);
    code[2] = '-';
    code[3] = (char)('0' + l->year / 10u % 10u);
    code[4] = (char)('0' + l->year % 10u);
    code[5] = '-';
    memcpy(code + 6, l->block, 5);
    code[11] = '-';
    digits = l->first_code + l->used;
    for (i = 0; i < 11; i++) {
        code[22u - i] = (char)('0' + (char)(digits % 10u));
        digits /= 10u;
    }
    code[23] = 0;
    *number = l->first_number + l->used;
    return TLK_OK;
}

int tlk_journal_stop(tlk_journal *j, uint8_t reason)
{
    int code = TLK_OK;
    if (j->stopped != reason) {
        code = store_state(j, j->boot, reason);
        j->stopped = reason; /* stopped in any case, even if the flash fails */
    }
    return code;
}
