#include "tlk_link_inside.h"
#include "tlk_record.h"

#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void drop(tlk_link *link, unsigned why)
{
    link->dropped[why]++;
}

static void say_error(tlk_link *link, uint8_t reason, const tlk_frame *about)
{
    int can_seal = link->who.key == NULL || link->has_session;
    if (can_seal && about->type != TLK_GATEWAY_ERROR && link->error_reason == 0 && link->now >= link->error_after) {
        link->error_reason = reason;
        link->error_about = about->type;
        link->error_txn = about->txn;
    }
}

static uint32_t wait_of(const tlk_field *field, uint32_t otherwise)
{
    return field->value != NULL ? tlk_get32(field->value) : otherwise;
}

/* --- WELCOME, section 3.2 --- */

static int take_welcome(tlk_link *link, const tlk_frame *frame)
{
    static const tlk_want wants[] = {
        { 0x0F, TLK_REQUIRED | TLK_TEXT, 1, 32 }, { 0x01, TLK_REQUIRED, 8, 8 }, { 0x12, TLK_REQUIRED, 16, 16 }, { 0x10, TLK_REQUIRED, 8, 8 },
        { 0x11, TLK_REQUIRED, 1, 1 }, { 0x0C, TLK_REQUIRED, 2, 2 }, { 0x0D, TLK_REQUIRED, 4, 4 }, { 0x0A, TLK_REQUIRED, 10, 10 },
        { 0x0E, TLK_REQUIRED, 16, 16 },
    };
    tlk_field f[COUNT(wants)];
    tlk_time clock;
    tlk_journal *j = link->journal;
    uint64_t durable;
    uint32_t window;
    uint32_t body;
    if (tlk_read(frame->payload, frame->length, wants, COUNT(wants), f) != 0 || tlk_read_time(&f[7], &clock) != 0) {
        return TLK_MALFORMED;
    }
    durable = tlk_get64(f[3].value);
    window = f[4].value[0];
    body = tlk_get16(f[5].value);
    if (tlk_get64(f[1].value) == 0 || window == 0 || window > TLK_WINDOW_MAX || body < 512 || body > 4096) {
        return TLK_MALFORMED;
    }
    if (!link->hello_open || frame->txn != link->hello_txn || memcmp(f[2].value, link->nonce, 16) != 0
        || tlk_get64(f[1].value) != j->epoch) {
        drop(link, TLK_DROP_LATE);
        return TLK_READ;
    }
    if (link->who.key != NULL) {
        static const uint8_t label[] = "TLK/1 session"; /* with its 00 */
        tlk_hmac mac;
        tlk_hmac_start(&mac, link->who.key);
        tlk_hmac_add(&mac, label, sizeof label);
        tlk_hmac_add(&mac, link->nonce, sizeof link->nonce);
        tlk_hmac_add(&mac, f[8].value, 16);
        tlk_hmac_end(&mac, link->session_key);
    }
    link->hello_open = 0;
    if (durable > j->newest) {
        tlk_enter(link, TLK_STOPPED, 7, NULL); /* an old image of this register's flash: the gateway should have said so */
        return TLK_READ;
    }
    if (j->stopped != 0 && tlk_journal_stop(j, 0) != TLK_OK) {
        tlk_fault(link, TLK_FAULT_FLASH);
    }
    link->has_session = 1;
    link->max_body = body < TLK_MAX_BODY ? body : TLK_MAX_BODY;
    link->decoder.max_body = link->max_body;
    link->window = window;
    link->recover_to = j->acked;
    link->pings = 0;
    link->status_due = 1;
    tlk_lane_open(&link->fresh, j->acked + 1u, 0);
    link->asked.is_open = 0;
    tlk_enter(link, durable < j->acked ? TLK_RECOVERING : TLK_SENDING, 0, NULL);
    return TLK_READ;
}

/* --- ACK and results, sections 3.4 and 5 --- */

static int read_result(const tlk_field *group, tlk_result *r)
{
    static const tlk_want wants[] = {
        { 0x01, TLK_REQUIRED, 8, 8 }, { 0x02, TLK_REQUIRED, 1, 1 }, { 0x03, TLK_TEXT, 1, 23 }, { 0x04, TLK_TEXT, 1, 6 }, { 0x05, 0, 4, 4 },
        { 0x06, TLK_TEXT, 1, 400 }, { 0x07, 0, 1, 1 }, { 0x08, TLK_TEXT, 1, 200 },
    };
    tlk_field f[COUNT(wants)];
    if (tlk_read(group->value, group->length, wants, COUNT(wants), f) != 0) {
        return TLK_MALFORMED;
    }
    memset(r, 0, sizeof *r);
    r->seq = tlk_get64(f[0].value);
    r->outcome = f[1].value[0];
    if (r->outcome == TLK_ISSUED) {
        if (f[2].value == NULL || f[3].value == NULL || f[4].value == NULL) {
            return TLK_MALFORMED;
        }
        r->code = f[2];
        r->series = f[3];
        r->number = tlk_get32(f[4].value);
        r->lookup = f[5];
        return r->number == 0 || r->number > 99999999u ? TLK_MALFORMED : TLK_READ;
    }
    if (r->outcome == TLK_HELD && f[6].value != NULL) {
        r->hold_reason = f[6].value[0];
        r->text = f[7];
        return TLK_READ;
    }
    return r->outcome == TLK_RECORDED ? TLK_READ : TLK_MALFORMED;
}

/* The group as it is kept and as `recovered` gives it back: without its seq, outcome first. */
static uint32_t write_result(const tlk_result *r, uint8_t bytes[TLK_RESULT_MAX])
{
    tlk_writer w;
    tlk_w_start(&w, bytes, TLK_RESULT_MAX);
    tlk_w_u8(&w, 0x02, r->outcome);
    if (r->outcome == TLK_ISSUED) {
        tlk_w_bytes(&w, 0x03, r->code.value, r->code.length);
        tlk_w_bytes(&w, 0x04, r->series.value, r->series.length);
        tlk_w_u32(&w, 0x05, r->number);
        if (r->lookup.value != NULL) {
            tlk_w_bytes(&w, 0x06, r->lookup.value, r->lookup.length);
        }
    } else if (r->outcome == TLK_HELD) {
        tlk_w_u8(&w, 0x07, r->hold_reason);
        if (r->text.value != NULL) {
            tlk_w_bytes(&w, 0x08, r->text.value, r->text.length);
        }
    }
    return (uint32_t)w.length;
}

/* Bytes of a kept result that make it this one and no other: outcome, code, series and number, which come first. */
static size_t core_length(const uint8_t *result, size_t length)
{
    const uint8_t *at = result;
    size_t left = length;
    size_t core = 0;
    tlk_field field;
    while (tlk_next(&at, &left, &field) > 0 && field.tag <= 0x05) {
        core = length - left;
    }
    return core;
}

/* 0, or the reason of an ERROR. */
static uint8_t take_result(tlk_link *link, const tlk_result *r)
{
    uint8_t held[TLK_RESULT_MAX];
    uint8_t came[TLK_RESULT_MAX];
    uint32_t length = write_result(r, came);
    tlk_journal *j = link->journal;
    int is_known = tlk_journal_is_answered(j, r->seq);
    if (r->seq == 0 || r->seq > j->newest || (!is_known && (r->seq >= link->fresh.next && (!link->asked.is_open || r->seq >= link->asked.next)))) {
        drop(link, TLK_DROP_LATE); /* of a record that was never sent */
        return 0;
    }
    if (is_known) {
        int32_t had = tlk_journal_result_of(j, r->seq, held);
        size_t core = had > 0 ? core_length(held, (size_t)had) : 0;
        tlk_lane_answer(link, &link->fresh, r->seq);
        tlk_lane_answer(link, &link->asked, r->seq);
        if (had <= 0 || (core == core_length(came, length) && memcmp(held, came, core) == 0)) {
            return 0; /* no longer held, or the same again */
        }
        if (held[2] != TLK_HELD || r->outcome != TLK_ISSUED) {
            return TLK_DIFFERS;
        }
    }
    /* On flash first: only then does it count as acked, and only then is it told. */
    if (tlk_journal_result(j, r->seq, came, length) != TLK_OK) {
        tlk_fault(link, TLK_FAULT_FLASH);
        return TLK_INTERNAL;
    }
    tlk_lane_answer(link, &link->fresh, r->seq);
    tlk_lane_answer(link, &link->asked, r->seq);
    if (link->hooks.result != NULL) {
        link->hooks.result(link->hooks.context, r);
    }
    return 0;
}

/* RECOVERING ends when the run reached what was acked at WELCOME. */
static void look_recovered(tlk_link *link)
{
    if (link->asked.is_open && link->asked.base > link->asked.end) {
        link->asked.is_open = 0;
        if (link->state == TLK_RECOVERING && link->asked.end >= link->recover_to) {
            tlk_enter(link, TLK_SENDING, 0, NULL);
        }
    }
}

static int take_ack(tlk_link *link, const tlk_frame *frame)
{
    static const tlk_want wants[] = { { 0x01, TLK_REQUIRED, 8, 8 }, { 0x10, TLK_REQUIRED, 8, 8 }, { 0x20, TLK_REPEATED, 0, 32767 } };
    tlk_field f[COUNT(wants)];
    const uint8_t *at;
    size_t left;
    tlk_field one;
    tlk_result r;
    int error = TLK_READ;
    int pass;
    if (tlk_read(frame->payload, frame->length, wants, COUNT(wants), f) != 0 || tlk_get64(f[0].value) == 0) {
        return TLK_MALFORMED;
    }
    if (!link->has_session || tlk_get64(f[0].value) != link->journal->epoch) {
        drop(link, TLK_DROP_SESSION);
        return TLK_READ;
    }
    for (pass = 0; pass < 2; pass++) { /* read all before any is stored */
        at = frame->payload;
        left = frame->length;
        while (tlk_next(&at, &left, &one) > 0) {
            if (one.tag != 0x20) {
                continue;
            }
            if (read_result(&one, &r) != TLK_READ) {
                return TLK_MALFORMED;
            }
            if (pass == 1) {
                uint8_t code = take_result(link, &r);
                error = code != 0 ? code : error;
            }
        }
    }
    look_recovered(link);
    return error;
}

/* --- NAK and BUSY, sections 3.5 and 3.6 --- */

static void hold(tlk_link *link, tlk_lane *lane, uint32_t wait)
{
    if (lane->is_open) {
        tlk_lane_again(link, lane, lane->base);
        lane->quiet_until = link->now + wait;
        lane->pause = TLK_FIRST_PAUSE;
    }
}

static void take_session_nak(tlk_link *link, uint8_t reason, const tlk_field *f)
{
    tlk_journal *j = link->journal;
    if (reason == 1) {
        uint64_t expected = f[5].value != NULL ? tlk_get64(f[5].value) : 0;
        if (expected > j->acked && expected <= j->newest) {
            tlk_lane_again(link, &link->fresh, expected);
        } else {
            tlk_greet(link, 0);
        }
    } else if (reason == 6 || reason == 8) {
        tlk_greet(link, wait_of(&f[4], TLK_REFUSED_WAIT));
    } else {
        uint32_t wait = wait_of(&f[4], reason == 3 ? TLK_REFUSED_WAIT : TLK_DEFAULT_WAIT);
        hold(link, &link->fresh, wait);
        hold(link, &link->asked, wait);
    }
    if (link->hooks.told != NULL) {
        link->hooks.told(link->hooks.context, link->state, reason, f[3].value, f[3].length);
    }
}

static void take_no_session(tlk_link *link)
{
    if (link->state == TLK_GREETING) {
        if (link->hello_open && link->now - link->hello_sent_at >= TLK_FIRST_PAUSE) {
            link->hello_at = link->now; /* the same HELLO, now */
        }
    } else if (tlk_in_session(link)) {
        if (link->is_bare && link->now < link->hinted_after) {
            drop(link, TLK_DROP_SEAL); /* whoever reaches the line can say it: it may not cost every session */
            return;
        }
        link->hinted_after = link->now + TLK_HINT_PAUSE;
        tlk_greet(link, 0);
    } else {
        drop(link, TLK_DROP_SESSION); /* STOPPED: its HELLO comes within the minute */
    }
}

static int take_nak(tlk_link *link, const tlk_frame *frame)
{
    static const tlk_want wants[] = {
        { 0x13, TLK_REQUIRED, 1, 1 }, { 0x01, 0, 8, 8 }, { 0x02, 0, 8, 8 }, { 0x14, TLK_TEXT, 1, 200 }, { 0x15, 0, 4, 4 }, { 0x16, 0, 8, 8 },
        { 0x17, 0, 1, 1 }, { 0x18, 0, 1, 1 },
    };
    tlk_field f[COUNT(wants)];
    uint8_t reason;
    int is_stop;
    if (tlk_read(frame->payload, frame->length, wants, COUNT(wants), f) != 0) {
        return TLK_MALFORMED;
    }
    reason = f[0].value[0];
    reason = reason == 0 || reason > 9 ? 5 : reason;
    is_stop = reason == 2 || reason == 4 || reason == 7;
    if (link->is_bare && reason != 9 && (reason != 6 || link->has_session)) {
        drop(link, TLK_DROP_SEAL); /* section 3.13: only these two may come from one who has no key */
        return TLK_READ;
    }
    if (reason == 9) {
        take_no_session(link);
        return TLK_READ;
    }
    if (link->has_session) {
        if (f[1].value != NULL && tlk_get64(f[1].value) != link->journal->epoch) {
            drop(link, TLK_DROP_SESSION);
        } else if (frame->txn != 0) {
            drop(link, TLK_DROP_LATE); /* of a HELLO that is over */
        } else if (is_stop) {
            tlk_enter(link, TLK_STOPPED, reason, &f[3]);
        } else if (link->state != TLK_STOPPED) {
            take_session_nak(link, reason, f);
        }
        return TLK_READ;
    }
    if (!link->hello_open || frame->txn != link->hello_txn) {
        drop(link, TLK_DROP_LATE);
        return TLK_READ;
    }
    if (is_stop) {
        tlk_enter(link, TLK_STOPPED, reason, &f[3]);
        return TLK_READ;
    }
    tlk_greet(link, wait_of(&f[4], reason == 5 || reason == 1 ? TLK_DEFAULT_WAIT : TLK_REFUSED_WAIT));
    if (link->hooks.told != NULL) {
        link->hooks.told(link->hooks.context, link->state, reason, f[3].value, f[3].length);
    }
    return TLK_READ;
}

static void be_quiet(tlk_link *link, tlk_lane *lane, uint64_t seq, uint32_t wait)
{
    if (!lane->is_open || seq < lane->base || seq >= lane->next) {
        return;
    }
    if (lane->again < lane->next && link->sending == lane && link->sending_seq < lane->again) {
        link->sending = NULL; /* a resend that is half out stops here */
        link->is_last_part = 0;
    }
    if (lane->sent_at[lane->base % TLK_WINDOW_MAX] == TLK_NEVER && link->sending != lane) {
        lane->sent_at[lane->base % TLK_WINDOW_MAX] = link->now;
    }
    lane->again = lane->next;
    lane->pause = TLK_FIRST_PAUSE;
    lane->busy_until = link->now + wait;
}

static int take_busy(tlk_link *link, const tlk_frame *frame)
{
    static const tlk_want wants[] = { { 0x15, TLK_REQUIRED, 4, 4 }, { 0x01, 0, 8, 8 }, { 0x02, 0, 8, 8 } };
    tlk_field f[COUNT(wants)];
    uint32_t wait;
    if (tlk_read(frame->payload, frame->length, wants, COUNT(wants), f) != 0 || (f[1].value == NULL) != (f[2].value == NULL)) {
        return TLK_MALFORMED;
    }
    wait = tlk_get32(f[0].value);
    if (wait < 100 || wait > 60000) {
        return TLK_MALFORMED;
    }
    if (f[1].value == NULL) {
        if (!link->hello_open || frame->txn != link->hello_txn) {
            drop(link, TLK_DROP_LATE);
        } else {
            link->hello_at = link->now + wait;
            link->hello_fresh = 0; /* the same bytes */
            link->hello_pause = TLK_FIRST_PAUSE / 2u; /* so that the timer begins anew at 500 ms */
        }
    } else if (!tlk_in_session(link) || tlk_get64(f[1].value) != link->journal->epoch) {
        drop(link, TLK_DROP_SESSION);
    } else {
        be_quiet(link, &link->fresh, tlk_get64(f[2].value), wait);
        be_quiet(link, &link->asked, tlk_get64(f[2].value), wait);
    }
    return TLK_READ;
}

/* --- requests of the gateway: GET, PING, LEASE, TIME, ASK --- */

/* The longest run from `from` on that is held, or not held, at most to `to`. Returns its end. */
static uint64_t find_run(tlk_link *link, uint64_t from, uint64_t to, int *present)
{
    tlk_journal *j = link->journal;
    tlk_found found;
    uint64_t seq = from;
    if (from < j->oldest) {
        *present = 0;
        return to < j->oldest - 1u ? to : j->oldest - 1u;
    }
    *present = tlk_journal_find(j, from, &found) == TLK_OK || !tlk_journal_is_answered(j, from);
    while (seq < to) { /* at most what the journal holds */
        /* A record without a result that does not read becomes one of kind 9 when it is sent, so it is there, too. */
        int is_there = tlk_journal_find(j, seq + 1u, &found) == TLK_OK || !tlk_journal_is_answered(j, seq + 1u);
        if (is_there != *present) {
            break;
        }
        seq++;
    }
    return seq;
}

static int take_get(tlk_link *link, const tlk_frame *frame, tlk_writer *reply)
{
    static const tlk_want wants[] = { { 0x01, TLK_REQUIRED, 8, 8 }, { 0x19, TLK_REQUIRED, 8, 8 }, { 0x1A, TLK_REQUIRED, 8, 8 } };
    tlk_field f[COUNT(wants)];
    uint64_t from;
    uint64_t to;
    int present = 0;
    if (tlk_read(frame->payload, frame->length, wants, COUNT(wants), f) != 0) {
        return TLK_MALFORMED;
    }
    from = tlk_get64(f[1].value);
    to = tlk_get64(f[2].value);
    if (tlk_get64(f[0].value) == 0 || from == 0 || to < from) {
        return TLK_MALFORMED;
    }
    if (!tlk_in_session(link) || tlk_get64(f[0].value) != link->journal->epoch || to > link->journal->newest) {
        return TLK_NOT_NOW;
    }
    to = find_run(link, from, to, &present);
    tlk_w_u64(reply, 0x01, link->journal->epoch);
    tlk_w_u64(reply, 0x19, from);
    tlk_w_u64(reply, 0x1A, to);
    tlk_w_u8(reply, 0x21, present ? 1 : 0);
    if (present && link->asked.is_open && from == link->asked.end + 1u) {
        link->asked.end = to; /* the run goes on; what of it has no answer yet stays under way */
    } else if (present) {
        if (link->sending == &link->asked) {
            link->sending = NULL;
            link->is_last_part = 0;
        }
        tlk_lane_open(&link->asked, from, to);
    } else if (link->state == TLK_RECOVERING && to >= link->recover_to) {
        tlk_enter(link, TLK_SENDING, 0, NULL);
    }
    return TLK_READ;
}

static int read_lease(const tlk_frame *frame, tlk_lease *lease, uint64_t *epoch)
{
    static const tlk_want wants[] = {
        { 0x01, TLK_REQUIRED, 8, 8 }, { 0x30, TLK_REQUIRED, 8, 8 }, { 0x31, TLK_REQUIRED | TLK_TEXT, 5, 5 }, { 0x32, TLK_REQUIRED, 1, 1 },
        { 0x33, TLK_REQUIRED, 8, 8 }, { 0x34, TLK_REQUIRED, 8, 8 }, { 0x35, TLK_REQUIRED | TLK_TEXT, 6, 6 }, { 0x36, TLK_REQUIRED, 4, 4 },
        { 0x37, TLK_REQUIRED, 4, 4 }, { 0x38, TLK_REQUIRED, 10, 10 }, { 0x3A, 0, 1, 1 },
    };
    tlk_field f[COUNT(wants)];
    uint64_t last_code;
    if (tlk_read(frame->payload, frame->length, wants, COUNT(wants), f) != 0) {
        return TLK_MALFORMED;
    }
    memset(lease, 0, sizeof *lease);
    *epoch = tlk_get64(f[0].value);
    lease->id = tlk_get64(f[1].value);
    memcpy(lease->block, f[2].value, 5);
    lease->year = f[3].value[0];
    lease->first_code = tlk_get64(f[4].value);
    last_code = tlk_get64(f[5].value);
    memcpy(lease->series, f[6].value, f[6].length);
    lease->first_number = tlk_get32(f[7].value);
    lease->last_number = tlk_get32(f[8].value);
    lease->kind = f[10].value != NULL ? f[10].value[0] : 1;
    if (*epoch == 0 || lease->id == 0 || lease->year > 99 || last_code > 99999999999u || lease->first_code > last_code
        || lease->first_number == 0 || lease->last_number > 99999999u || lease->first_number > lease->last_number
        || last_code - lease->first_code != lease->last_number - lease->first_number || lease->kind == 0 || lease->kind > 9
        || tlk_read_time(&f[9], &lease->until) != 0) {
        return TLK_MALFORMED;
    }
    return TLK_READ;
}

/* 1 if the values are those of the lease that was taken last: its LEASED was lost with the line. */
static int is_held(const tlk_lease *held, const tlk_lease *came)
{
    return came->id == held->id && came->first_code == held->first_code && came->first_number == held->first_number
        && came->last_number == held->last_number && came->until.ms == held->until.ms && came->until.offset == held->until.offset
        && came->year == held->year && came->kind == held->kind && memcmp(came->block, held->block, sizeof held->block) == 0
        && memcmp(came->series, held->series, sizeof held->series) == 0;
}

static int may_take(tlk_link *link, const tlk_lease *lease)
{
    uint8_t confidence = 0;
    tlk_time clock = link->hooks.clock(link->hooks.context, &confidence);
    return (link->who.caps & TLK_CAP_LEASE) != 0 && lease->id > link->journal->lease.id && lease->id > link->refused_lease && confidence > 0
        && clock.ms <= lease->until.ms;
}

static int take_lease(tlk_link *link, const tlk_frame *frame, tlk_writer *reply)
{
    tlk_lease lease;
    uint64_t epoch = 0;
    int taken;
    if (read_lease(frame, &lease, &epoch) != TLK_READ) {
        return TLK_MALFORMED;
    }
    if (epoch != link->journal->epoch) {
        return TLK_NOT_NOW;
    }
    taken = is_held(&link->journal->lease, &lease);
    if (!taken && may_take(link, &lease)) {
        int code = tlk_journal_lease(link->journal, &lease); /* on flash first */
        if (code == TLK_FLASH_FAULT) {
            tlk_fault(link, TLK_FAULT_FLASH);
            return TLK_INTERNAL; /* nobody knows whether it is stored: neither yes nor no */
        }
        taken = code == TLK_OK;
    }
    tlk_w_u64(reply, 0x30, lease.id);
    tlk_w_u8(reply, 0x21, taken ? 1 : 0);
    if (taken) {
        tlk_w_u64(reply, 0x08, link->journal->lease.newest);
    } else if (lease.id > link->refused_lease) {
        link->refused_lease = lease.id;
    }
    return TLK_READ;
}

static int take_time(tlk_link *link, const tlk_frame *frame, tlk_writer *reply)
{
    static const tlk_want wants[] = { { 0x0A, TLK_REQUIRED, 10, 10 } };
    tlk_field f[COUNT(wants)];
    tlk_time wanted;
    tlk_when when;
    tlk_time before;
    int64_t step;
    if (tlk_read(frame->payload, frame->length, wants, COUNT(wants), f) != 0 || tlk_read_time(&f[0], &wanted) != 0) {
        return TLK_MALFORMED;
    }
    if ((link->who.caps & TLK_CAP_TIME) == 0 || link->hooks.set_clock == NULL) {
        return TLK_NOT_NOW;
    }
    /* A TIME that runs back against the last one of this session was played back. The link's own time may be scaled, clocks are not. */
    if (link->set_to != 0 && wanted.ms < link->set_to + (int64_t)((link->now - link->set_at) / TLK_TIME_SCALE) - TLK_CLOCK_STEP) {
        return TLK_NOT_NOW;
    }
    memset(&when, 0, sizeof when);
    before = link->hooks.clock(link->hooks.context, &when.confidence);
    if (tlk_journal_lease_end(link->journal, before.ms) != TLK_OK) {
        return TLK_NOT_NOW; /* a clock that is set back would bring a lease back that is over */
    }
    step = wanted.ms - before.ms;
    if (step > TLK_CLOCK_STEP || step < -TLK_CLOCK_STEP) {
        uint8_t record[96];
        uint32_t length;
        when.closed = wanted;
        when.confidence = 2;
        when.previous = (link->who.caps & TLK_CAP_PREVIOUS) != 0 ? link->journal->previous : NULL;
        length = tlk_record_clock_set(record, sizeof record, &when, before);
        if (length == 0 || tlk_journal_append(link->journal, record, length, 0) != TLK_OK) {
            return TLK_NOT_NOW; /* a clock that steps without a record would be a hole in the evidence */
        }
    }
    link->hooks.set_clock(link->hooks.context, wanted);
    link->set_to = wanted.ms;
    link->set_at = link->now;
    tlk_w_time(reply, 0x0A, link->hooks.clock(link->hooks.context, &when.confidence));
    tlk_w_time(reply, 0x39, before);
    return TLK_READ;
}

static int take_ping(const tlk_frame *frame, tlk_writer *reply)
{
    static const tlk_want wants[] = { { 0x1B, TLK_REQUIRED, 4, 4 } };
    tlk_field f[COUNT(wants)];
    if (tlk_read(frame->payload, frame->length, wants, COUNT(wants), f) != 0) {
        return TLK_MALFORMED;
    }
    tlk_w_u32(reply, 0x1B, tlk_get32(f[0].value));
    return TLK_READ;
}

static int take_ask(tlk_link *link, const tlk_frame *frame, tlk_writer *reply)
{
    if (tlk_read(frame->payload, frame->length, NULL, 0, NULL) != 0) {
        return TLK_MALFORMED;
    }
    tlk_write_status(link, reply);
    return TLK_READ;
}

/* The same bytes again get the same bytes back and nothing is done twice: section 3. */
static int take_request(tlk_link *link, const tlk_frame *frame)
{
    static const uint8_t types[5][2] = {
        { TLK_GET, TLK_HAVE }, { TLK_GATEWAY_PING, TLK_PONG }, { TLK_LEASE, TLK_LEASED }, { TLK_TIME, TLK_TIMED }, { TLK_ASK, TLK_STATUS },
    };
    uint8_t digest[TLK_SHA256_LENGTH];
    tlk_sha256 sha;
    tlk_writer w;
    tlk_reply *reply;
    unsigned i = 0;
    int code;
    while (types[i][0] != frame->type) { /* the caller knows that it is one of them */
        i++;
    }
    reply = &link->replies[i];
    tlk_sha256_start(&sha);
    tlk_sha256_add(&sha, frame->body, TLK_HEAD + frame->length);
    tlk_sha256_end(&sha, digest);
    if (!link->has_session) {
        drop(link, TLK_DROP_SESSION);
        return TLK_READ;
    }
    if (reply->is_kept && memcmp(reply->request, digest, sizeof reply->request) == 0) {
        reply->is_due = 1;
        return TLK_READ;
    }
    reply->is_kept = 0;
    tlk_w_start(&w, reply->payload, sizeof reply->payload);
    code = i == TLK_REPLY_HAVE ? take_get(link, frame, &w)
        : i == TLK_REPLY_PONG ? take_ping(frame, &w)
        : i == TLK_REPLY_LEASED ? take_lease(link, frame, &w)
        : i == TLK_REPLY_TIMED ? take_time(link, frame, &w)
        : take_ask(link, frame, &w);
    if (code == TLK_READ) {
        memcpy(reply->request, digest, sizeof reply->request);
        reply->length = w.length;
        reply->type = types[i][1];
        reply->txn = frame->txn;
        reply->is_kept = 1;
        reply->is_due = 1;
    }
    return code;
}

/* --- which message it is --- */

static int take_pong(tlk_link *link, const tlk_frame *frame)
{
    static const tlk_want wants[] = { { 0x1B, TLK_REQUIRED, 4, 4 } };
    tlk_field f[COUNT(wants)];
    if (tlk_read(frame->payload, frame->length, wants, COUNT(wants), f) != 0) {
        return TLK_MALFORMED;
    }
    if (frame->txn != link->ping_txn || tlk_get32(f[0].value) != link->ping_counter) {
        drop(link, TLK_DROP_LATE);
    }
    return TLK_READ;
}

static int is_sealed_right(tlk_link *link, tlk_frame *frame)
{
    uint8_t tag[TLK_SHA256_LENGTH];
    link->is_bare = link->who.key != NULL && (frame->flags & TLK_SEALED) == 0;
    if ((frame->flags & TLK_SEALED) == 0) {
        /* NAK 9 and NAK 6 of a gateway that has no session or no key can only be bare: take_nak looks which it is. */
        return !link->is_bare || frame->type == TLK_NAK;
    }
    if (link->who.key == NULL || frame->length < TLK_SEAL_LENGTH) {
        return 0;
    }
    frame->length -= TLK_SEAL_LENGTH;
    tlk_seal_tag(link, frame->type, frame->body, TLK_HEAD + frame->length, tag);
    return (link->has_session || link->hello_open) && tlk_same(tag, frame->payload + frame->length, TLK_SEAL_LENGTH);
}

static int is_known(uint8_t type)
{
    return (type >= TLK_WELCOME && type <= TLK_ASK) || type == TLK_GATEWAY_ERROR;
}

static int take_message(tlk_link *link, const tlk_frame *frame)
{
    static const tlk_want error_wants[] = {
        { 0x13, TLK_REQUIRED, 1, 1 }, { 0x22, TLK_REQUIRED, 1, 1 }, { 0x14, TLK_TEXT, 1, 200 }, { 0x02, 0, 8, 8 },
    };
    tlk_field f[COUNT(error_wants)];
    switch (frame->type) {
    case TLK_WELCOME:
        return take_welcome(link, frame);
    case TLK_ACK:
        return take_ack(link, frame);
    case TLK_NAK:
        return take_nak(link, frame);
    case TLK_BUSY:
        return take_busy(link, frame);
    case TLK_GATEWAY_PONG:
        return take_pong(link, frame);
    case TLK_GATEWAY_ERROR:
        return tlk_read(frame->payload, frame->length, error_wants, COUNT(error_wants), f) != 0 ? TLK_MALFORMED : TLK_READ;
    default:
        return take_request(link, frame);
    }
}

void tlk_take_frame(tlk_link *link, const tlk_frame *came)
{
    tlk_frame frame = *came;
    int code;
    if (!is_known(frame.type)) {
        drop(link, TLK_DROP_TYPE);
        if ((frame.flags & TLK_MUST_UNDERSTAND) != 0) {
            say_error(link, 1, &frame);
        }
        return;
    }
    if (!is_sealed_right(link, &frame)) {
        drop(link, TLK_DROP_SEAL);
        return;
    }
    if (!link->is_bare) { /* what anybody may say is no sign of life */
        link->heard_at = link->now;
        link->pings = 0;
    }
    code = take_message(link, &frame);
    if (code != TLK_READ) {
        if (code == TLK_MALFORMED) {
            drop(link, TLK_DROP_PAYLOAD);
        }
        if (link->is_bare) {
            return;
        }
        say_error(link, (uint8_t)code, &frame);
    }
}
