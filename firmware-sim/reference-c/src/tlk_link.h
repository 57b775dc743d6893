#ifndef TLK_LINK_H
#define TLK_LINK_H
#include "tlk_frame.h"
#include "tlk_hmac.h"
#include "tlk_journal.h"

/*
 * The register's end of the line: TLK/1 section 11 as a step function. It never waits and never allocates; it is called from one
 * place (a main loop or one task) with what happened and the time, in milliseconds of a clock that never goes back:
 *
 *     tlk_link_line     the line came or went
 *     tlk_link_receive  bytes came
 *     tlk_link_output   bytes to write now; call until it gives none, after every other call and at least every 50 ms
 *
 * A new record needs no call of its own: append it to the journal and ask for output.
 */

enum { TLK_DOWN, TLK_GREETING, TLK_SENDING, TLK_RECOVERING, TLK_STOPPED };

/* Capabilities, section 3.1 */
enum { TLK_CAP_LEASE = 1, TLK_CAP_TIME = 2, TLK_CAP_PREVIOUS = 4, TLK_CAP_SEAL = 8 };

/* STATUS, section 3.11 */
enum { TLK_FAULT_PRINTER = 1, TLK_FAULT_COVER = 2, TLK_FAULT_FLASH = 4, TLK_FAULT_CLOCK = 8, TLK_FAULT_STOPPED = 16, TLK_FAULT_FULL = 32 };

/* A result as it came, taken apart. Texts are not ended by 0. */
typedef struct tlk_result {
    uint64_t seq;
    uint8_t outcome;
    uint32_t number;
    tlk_field code;
    tlk_field series;
    tlk_field lookup;
    tlk_field text;
    uint8_t hold_reason;
} tlk_result;

/* What the link asks and tells. `context` is the caller's; every function is called from inside the three calls above. */
typedef struct tlk_hooks {
    void *context;
    /* The register's clock and how far it can be trusted (0..2). */
    tlk_time (*clock)(void *context, uint8_t *confidence);
    /* Sets the clock; NULL if TIME is not taken. */
    void (*set_clock)(void *context, tlk_time time);
    /* 16 bytes that nobody can guess. */
    void (*random)(void *context, uint8_t bytes[16]);
    /* A result is on flash: print the code, show HELD. May be NULL. */
    void (*result)(void *context, const tlk_result *result);
    /* The state changed, or a NAK came (reason 1..9, 0 else) with a text for the operator. May be NULL. */
    void (*told)(void *context, int state, uint8_t nak, const uint8_t *text, size_t length);
} tlk_hooks;

typedef struct tlk_identity {
    const char *serial;   /* 1..32 ASCII, no blanks */
    const char *model;
    const char *firmware;
    uint32_t caps;        /* TLK_CAP_LEASE and TLK_CAP_TIME as wanted; PREVIOUS if records carry it; SEAL is set with a key */
    const uint8_t *key;   /* 32 bytes of pairing, or NULL: not sealed */
} tlk_identity;

#define TLK_WINDOW_MAX 16u
#define TLK_REPLY_MAX 96u

/* One run of records under way: new ones, or those that GET asked for. */
typedef struct tlk_lane {
    uint64_t base;       /* oldest without its answer */
    uint64_t next;       /* not sent yet; base..next - 1 are under way */
    uint64_t end;        /* last of the run (GET only) */
    uint64_t again;      /* next to be sent again; == next: none */
    uint64_t sent_at[TLK_WINDOW_MAX];
    uint64_t quiet_until;/* NAK 3 and 5: nothing goes before */
    uint64_t busy_until; /* BUSY: nothing goes again before, and then its timer begins anew; 0: none */
    uint32_t pause;
    uint32_t answered;   /* bit i: base + i has its answer */
    uint8_t is_open;
} tlk_lane;

/* The last reply of one kind, and the request that it answered. */
typedef struct tlk_reply {
    uint8_t request[16];
    uint8_t payload[TLK_REPLY_MAX];
    size_t length;
    uint8_t type;
    uint8_t txn;
    uint8_t is_kept;
    uint8_t is_due;
} tlk_reply;

typedef struct tlk_link {
    tlk_journal *journal;
    tlk_identity who;
    tlk_hooks hooks;
    tlk_decoder decoder;
    uint8_t body[TLK_MAX_BODY];
    uint8_t wire[TLK_MAX_WIRE];
    size_t wire_length;
    size_t wire_sent;
    uint32_t dropped[TLK_DROPS];   /* checks 9 to 11 of section 1.3, and section 7; the decoder counts the others */
    uint64_t now;
    int state;
    /* HELLO */
    uint8_t hello[256];            /* payload of the open HELLO */
    size_t hello_length;
    uint8_t nonce[16];
    uint8_t hello_txn;
    uint8_t hello_open;
    uint8_t hello_fresh;           /* the next HELLO is a new one */
    uint32_t hello_pause;
    uint64_t hello_at;
    uint64_t hello_sent_at;
    /* session */
    uint8_t has_session;           /* also while STOPPED in it: PING and STATUS go on */
    uint8_t session_key[TLK_SHA256_LENGTH];
    size_t max_body;
    uint32_t window;
    uint64_t recover_to;           /* acked at WELCOME: where RECOVERING ends */
    uint64_t refused_lease;        /* highest lease that was refused in this session */
    int64_t set_to;                /* the last TIME of this session, and when it came; 0: none */
    uint64_t set_at;
    uint64_t hinted_after;         /* NAK 9 without a seal ends no session before */
    uint8_t is_bare;               /* the frame in hand has no seal, though there is a key */
    tlk_lane fresh;
    tlk_lane asked;
    /* the record that is being sent in fragments */
    tlk_lane *sending;
    tlk_found record;
    uint64_t sending_seq;
    uint32_t sending_at;
    uint16_t fragment;
    uint8_t is_last_part;          /* what lies in `wire` ends a record of `sending` */
    /* replies and requests */
    tlk_reply replies[5];
    uint8_t error_reason;          /* 0: none due */
    uint8_t error_about;
    uint8_t error_txn;
    uint64_t error_after;
    uint64_t heard_at;
    uint64_t ping_at;
    uint32_t ping_counter;
    uint8_t pings;
    uint8_t ping_txn;
    /* STATUS */
    uint8_t paper;
    uint8_t used_step;
    uint8_t status_due;
    uint32_t faults;
    uint32_t told_faults;
} tlk_link;

/* Everything pointed to must live as long as the link. The journal is open. */
void tlk_link_start(tlk_link *link, tlk_journal *journal, const tlk_identity *who, const tlk_hooks *hooks);

void tlk_link_line(tlk_link *link, uint64_t now, int is_up);
void tlk_link_receive(tlk_link *link, uint64_t now, const uint8_t *bytes, size_t count);

/* Copies at most `room` bytes that are to be written now; returns how many. They count as handed to the line. */
size_t tlk_link_output(tlk_link *link, uint64_t now, uint8_t *bytes, size_t room);

/* Paper (0 unknown, 1 well, 2 low, 3 out) and faults of the machine; STOPPED, FLASH and FULL are added by the link. */
void tlk_link_status(tlk_link *link, uint8_t paper, uint32_t faults);

/* 1 if a sale may be opened: the register is not stopped and the journal has room for a record of so many bytes. */
int tlk_link_may_sell(tlk_link *link, uint32_t length);

/* 1 while records reach the gateway. While 0 for long, a register with a lease may print leased codes. */
int tlk_link_is_up(const tlk_link *link);

#endif
