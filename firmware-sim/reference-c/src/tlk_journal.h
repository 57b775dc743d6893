#ifndef TLK_JOURNAL_H
#define TLK_JOURNAL_H
#include "tlk_config.h"
#include "tlk_tlv.h"

/*
 * The register's journal: a log in a ring of flash sectors. TLK/1 sections 3.1, 3.9, 5 and 6 demand of it:
 *   - a record is in it before the total is printed, with a contiguous sequence, and never changes;
 *   - a result is in it before its record counts as acked;
 *   - the ring reuses only acked records, and keeps the newest `keep` of these;
 *   - it refuses sales when it is full, early enough that every record in it can still get its result;
 *   - power may fail at any byte of any write: what a call returned for is there at the next start, what it did not return for
 *     is there whole or not at all, and a sequence whose record was torn is used by the next record.
 *
 * On flash:   sector = head (128 bytes: state at that moment) | entries
 *             entry  = head (24 bytes, with CRCs of head and body) | body, filled up to 8 | commit mark (8 bytes)
 * An entry may run over several sectors; its head never does. The commit mark is programmed last and by itself. Nothing is ever
 * programmed twice without an erase between, in steps of 8 bytes, so flash with ECC words of 8 bytes will do.
 */

enum {
    TLK_OK = 0,
    TLK_FULL = -1,       /* no room that may be used */
    TLK_FLASH_FAULT = -2,/* the flash's own functions reported an error */
    TLK_NOT_THERE = -3,  /* not held, or its bytes do not read any more */
    TLK_BAD = -4         /* arguments or geometry */
};

/* The caller's flash. Every function returns 0, or anything else for a fault. Addresses are from 0 to sector_size * sector_count. */
typedef struct tlk_flash {
    void *context;
    uint32_t sector_size;  /* multiple of 8, 1,024..65,536 */
    uint32_t sector_count; /* TLK_RESERVE_SECTORS + 2 or more */
    int (*read)(void *context, uint32_t address, uint8_t *bytes, uint32_t count);
    int (*program)(void *context, uint32_t address, const uint8_t *bytes, uint32_t count); /* of erased bytes; multiples of 8 */
    int (*erase)(void *context, uint32_t address);                                         /* one sector, to FF */
} tlk_flash;

/* Numbers and codes that may be printed while the line is down: TLK/1 section 3.9. */
typedef struct tlk_lease {
    uint64_t id;          /* 0: none */
    uint64_t first_code;  /* goes with first_number, the next with the next; there are as many codes as numbers */
    uint32_t first_number;
    uint32_t last_number;
    uint32_t used;        /* how many were taken; all of them when it has ended */
    uint64_t newest;      /* newest sequence when it was stored: no higher one bears an older lease */
    tlk_time until;       /* the last moment of it */
    char block[6];
    char series[7];
    uint8_t year;
    uint8_t kind;         /* 1..9: the code's first digit */
} tlk_lease;

/* A result: TLK/1 section 5. */
enum { TLK_ISSUED = 1, TLK_HELD = 2, TLK_RECORDED = 3 };
#define TLK_RESULT_MAX 456u /* bytes of the longest result group without its seq */

/* A position in the log. */
typedef struct tlk_place {
    uint32_t sector;  /* its rising id, not its index */
    uint32_t offset;
} tlk_place;

/* A record in the log. */
typedef struct tlk_found {
    uint64_t seq;
    tlk_place body;
    uint32_t length;
} tlk_found;

typedef struct tlk_journal {
    tlk_flash flash;
    uint32_t keep;          /* acked records that are never reused: the newest so many */
    uint64_t epoch;
    uint32_t boot;          /* this start's number */
    uint64_t oldest;        /* first and last sequence held, TLK/1 section 3.1 */
    uint64_t newest;
    uint64_t acked;
    uint32_t beyond;        /* bit i: acked + 2 + i has its result */
    uint8_t stopped;        /* NAK reason that stopped the register, 0: none */
    uint8_t torn;           /* a torn record was found at this start */
    uint8_t previous[16];   /* first bytes of the newest record's hash, for `previous` of the next */
    tlk_lease lease;
    /* the ring */
    uint32_t oldest_sector;
    uint32_t newest_sector;
    uint32_t newest_index;
    uint32_t tail;          /* offset in the newest sector where the next entry goes */
    uint64_t hint_seq;      /* where a search may begin */
    tlk_place hint;
} tlk_journal;

/*
 * Opens the journal, or makes a new one if the flash holds none, and counts the start. `fresh_epoch` is random, not 0, and used only for
 * a new journal. `keep`: at least 1; TLK/1 asks for 10,000 or 30 days. On a fault nothing else may be called.
 */
int tlk_journal_open(tlk_journal *j, const tlk_flash *flash, uint32_t keep, uint64_t fresh_epoch);

/* Appends a record under sequence newest + 1 and returns when it is there for good. `leased`: it carries the lease's next code and
 * number (tlk_journal_lease_next), which are thereby used. TLK_FULL: refuse the sale. */
int tlk_journal_append(tlk_journal *j, const uint8_t *record, uint32_t length, int leased);

/* Whether a record of so many bytes would be taken: ask before the receipt is opened. */
int tlk_journal_has_room(tlk_journal *j, uint32_t length);

/* Percent of the room for records that is used: 100 when the next sale will be refused. */
uint8_t tlk_journal_used(tlk_journal *j);

/* Finds a record and checks its bytes. TLK_NOT_THERE if it is not held or does not read. */
int tlk_journal_find(tlk_journal *j, uint64_t seq, tlk_found *found);

/* Bytes of a record that was found. */
int tlk_journal_read(tlk_journal *j, const tlk_found *found, uint32_t offset, uint8_t *bytes, uint32_t count);

/* Puts a record of kind 9 (TLK/1 section 6.7) in the place of one that does not read and has no result. */
int tlk_journal_replace(tlk_journal *j, uint64_t seq, const uint8_t *record, uint32_t length);

/* Stores a record's result (the group of section 5 without its seq) and moves acked. */
int tlk_journal_result(tlk_journal *j, uint64_t seq, const uint8_t *result, uint32_t length);

/* 1 if the record has its result (whether or not it is still held). */
int tlk_journal_is_answered(const tlk_journal *j, uint64_t seq);

/* The newest result of a record that is held. Returns its length, or TLK_NOT_THERE. */
int32_t tlk_journal_result_of(tlk_journal *j, uint64_t seq, uint8_t result[TLK_RESULT_MAX]);

/* Stores a lease, which replaces the former one, with `newest` as it is now. The caller has checked that its id rises. */
int tlk_journal_lease(tlk_journal *j, const tlk_lease *lease);

/* The clock shows `now` and is going to be set: a lease that is over stays over, wherever the clock is set to. The link calls it for
 * TIME; call it before the clock is set by hand. */
int tlk_journal_lease_end(tlk_journal *j, int64_t now);

/* The lease's next code (24 bytes with its 0) and number. TLK_NOT_THERE if there is none, it is used up, or `now` is after its end.
 * Ask only with a clock that is set (confidence above 0). */
int tlk_journal_lease_next(const tlk_journal *j, int64_t now, char code[24], uint32_t *number);

/* Remembers that the gateway stopped the register (a NAK reason), or that it may go on (0). */
int tlk_journal_stop(tlk_journal *j, uint8_t reason);

#endif
