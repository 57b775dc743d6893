#include "tlk_link_inside.h"
#include "tlk_record.h"

#include <string.h>

/* Puts a payload that lies in link->body on the wire, sealed if there is a key. */
static void put_frame(tlk_link *link, size_t length, uint8_t type, uint8_t flags, uint8_t txn)
{
    if (link->who.key != NULL) {
        uint8_t tag[TLK_SHA256_LENGTH];
        flags |= TLK_SEALED;
        tlk_frame_head(link->body, length + TLK_SEAL_LENGTH, type, flags, txn);
        tlk_seal_tag(link, type, link->body, TLK_HEAD + length, tag);
        memcpy(link->body + TLK_HEAD + length, tag, TLK_SEAL_LENGTH);
        length += TLK_SEAL_LENGTH;
    }
    link->wire_length = tlk_frame_encode(link->body, length, type, flags, txn, link->wire);
}

static size_t payload_room(const tlk_link *link)
{
    return link->max_body - TLK_OVERHEAD - (link->who.key != NULL ? TLK_SEAL_LENGTH : 0u);
}

static uint8_t next_txn(uint8_t txn)
{
    return txn == 255 ? 1 : (uint8_t)(txn + 1u);
}

/* --- HELLO --- */

static void make_hello(tlk_link *link)
{
    tlk_journal *j = link->journal;
    uint8_t confidence = 0;
    tlk_time clock = link->hooks.clock(link->hooks.context, &confidence);
    tlk_writer w;
    link->hooks.random(link->hooks.context, link->nonce);
    link->hello_txn = next_txn(link->hello_txn);
    tlk_w_start(&w, link->hello, sizeof link->hello);
    tlk_w_text(&w, 0x03, link->who.serial);
    tlk_w_text(&w, 0x04, link->who.model);
    tlk_w_text(&w, 0x05, link->who.firmware);
    tlk_w_u64(&w, 0x01, j->epoch);
    tlk_w_u32(&w, 0x06, j->boot);
    tlk_w_u64(&w, 0x07, j->oldest);
    tlk_w_u64(&w, 0x08, j->newest);
    tlk_w_u64(&w, 0x09, j->acked);
    tlk_w_time(&w, 0x0A, clock);
    tlk_w_u8(&w, 0x0B, confidence);
    tlk_w_u16(&w, 0x0C, TLK_MAX_BODY);
    tlk_w_u32(&w, 0x0D, link->who.caps | (link->who.key != NULL ? TLK_CAP_SEAL : 0u));
    tlk_w_bytes(&w, 0x0E, link->nonce, sizeof link->nonce);
    link->hello_length = w.length;
    link->hello_fresh = 0;
    link->hello_open = 1;
    link->hello_pause = TLK_FIRST_PAUSE;
}

static void send_hello(tlk_link *link)
{
    if (link->hello_fresh) {
        make_hello(link);
        link->hello_at = link->now + TLK_FIRST_PAUSE;
    } else {
        link->hello_pause = link->hello_pause * 2u < TLK_LONGEST_PAUSE ? link->hello_pause * 2u : TLK_LONGEST_PAUSE;
        link->hello_at = link->now + link->hello_pause;
    }
    if (link->state == TLK_STOPPED) {
        tlk_forget(link);
        link->hello_fresh = 1;
        link->hello_at = link->now + TLK_STOPPED_HELLO;
    }
    link->hello_sent_at = link->now;
    memcpy(link->body + TLK_HEAD, link->hello, link->hello_length);
    put_frame(link, link->hello_length, TLK_HELLO, 0, link->hello_txn);
}

/* --- STATUS, PING, replies, ERROR --- */

static uint32_t all_faults(const tlk_link *link, uint8_t used)
{
    uint32_t faults = link->faults & ~(uint32_t)(TLK_FAULT_STOPPED | TLK_FAULT_FULL);
    faults |= link->state == TLK_STOPPED || link->journal->stopped != 0 ? TLK_FAULT_STOPPED : 0u;
    return faults | (used == 100 ? TLK_FAULT_FULL : 0u);
}

void tlk_write_status(tlk_link *link, tlk_writer *w)
{
    uint8_t confidence = 0;
    uint8_t used = tlk_journal_used(link->journal);
    tlk_time clock = link->hooks.clock(link->hooks.context, &confidence);
    uint64_t open = link->journal->newest - link->journal->acked;
    link->told_faults = all_faults(link, used);
    tlk_w_u8(w, 0x30, used);
    tlk_w_u32(w, 0x31, open > UINT32_MAX ? UINT32_MAX : (uint32_t)open);
    tlk_w_u8(w, 0x32, link->paper);
    tlk_w_u32(w, 0x33, link->told_faults);
    tlk_w_time(w, 0x0A, clock);
    tlk_w_u8(w, 0x0B, confidence);
}

static void send_status(tlk_link *link)
{
    tlk_writer w;
    tlk_w_start(&w, link->body + TLK_HEAD, payload_room(link));
    tlk_write_status(link, &w);
    link->status_due = 0;
    put_frame(link, w.length, TLK_STATUS, 0, 0);
}

/* STATUS is due when the journal passes 50, 75, 90 or 100 percent, and when the faults changed. */
static void watch_status(tlk_link *link)
{
    uint8_t used = tlk_journal_used(link->journal);
    uint8_t step = (uint8_t)((used >= 50) + (used >= 75) + (used >= 90) + (used >= 100));
    if (step > link->used_step || all_faults(link, used) != link->told_faults) {
        link->status_due = 1;
    }
    link->used_step = step;
}

static void send_ping(tlk_link *link)
{
    tlk_writer w;
    link->pings++;
    link->ping_counter++;
    link->ping_txn = next_txn(link->ping_txn);
    tlk_w_start(&w, link->body + TLK_HEAD, payload_room(link));
    tlk_w_u32(&w, 0x1B, link->ping_counter);
    put_frame(link, w.length, TLK_PING, 0, link->ping_txn);
}

static void send_error(tlk_link *link)
{
    tlk_writer w;
    tlk_w_start(&w, link->body + TLK_HEAD, payload_room(link));
    tlk_w_u8(&w, 0x13, link->error_reason);
    tlk_w_u8(&w, 0x22, link->error_about);
    link->error_reason = 0;
    link->error_after = link->now + TLK_ERROR_PAUSE;
    put_frame(link, w.length, TLK_ERROR, 0, link->error_txn);
}

/* 1 if a reply, a STATUS, a PING or an ERROR went into link->wire. */
static int send_small(tlk_link *link)
{
    unsigned i;
    for (i = 0; i < 5; i++) {
        tlk_reply *r = &link->replies[i];
        if (r->is_due) {
            r->is_due = 0;
            memcpy(link->body + TLK_HEAD, r->payload, r->length);
            put_frame(link, r->length, r->type, 0, r->txn);
            return 1;
        }
    }
    if (link->error_reason != 0 && link->now >= link->error_after) {
        send_error(link);
        return 1;
    }
    if (!link->has_session) {
        return 0;
    }
    watch_status(link);
    if (link->status_due) {
        send_status(link);
        return 1;
    }
    if (link->pings < TLK_PINGS && link->now - link->heard_at >= (link->pings + 1u) * TLK_IDLE) {
        send_ping(link);
        return 1;
    }
    return 0;
}

/* --- REC --- */

/* A record that does not read any more: kind 9 takes its place if it has no result (section 6.7). 1 if there is something to send. */
static int load_record(tlk_link *link, uint64_t seq)
{
    uint8_t bytes[64];
    tlk_when when;
    uint32_t length;
    if (tlk_journal_find(link->journal, seq, &link->record) == TLK_OK) {
        return 1;
    }
    memset(&when, 0, sizeof when);
    when.closed = link->hooks.clock(link->hooks.context, &when.confidence);
    length = tlk_record_unreadable(bytes, sizeof bytes, &when, "journal does not read");
    if (length == 0 || tlk_journal_replace(link->journal, seq, bytes, length) != TLK_OK) {
        tlk_fault(link, TLK_FAULT_FLASH);
        return 0;
    }
    return tlk_journal_find(link->journal, seq, &link->record) == TLK_OK;
}

/* Writes the next fragment of the record that is being sent. */
static void send_part(tlk_link *link)
{
    uint8_t recovered[TLK_RESULT_MAX];
    size_t room = payload_room(link);
    uint32_t left = link->record.length - link->sending_at;
    int32_t result = link->sending == &link->asked ? tlk_journal_result_of(link->journal, link->sending_seq, recovered) : -1;
    size_t result_length = result > 0 ? (size_t)result : 0u;
    size_t tail = link->sending == &link->asked ? 1u + tlk_length_bytes(result_length) + result_length : 0u;
    size_t first = 20u; /* epoch and seq */
    size_t part;
    int more;
    uint8_t *at;
    tlk_writer w;
    if (link->fragment > 0 || first + 1u + tlk_length_bytes(left) + left + tail > room) {
        first += 4u + (link->fragment == 0 ? 6u : 0u); /* fragment, and the record's length in the first of several */
    }
    more = first + 1u + tlk_length_bytes(left) + left + tail > room;
    part = left;
    if (more) {
        part = room - first - 3u;
        part = first + 1u + tlk_length_bytes(part + 1u) + part + 1u <= room ? part + 1u : part;
        part = part < left ? part : left - 1u; /* the last one carries a byte at least, with the result */
    }
    tlk_w_start(&w, link->body + TLK_HEAD, room);
    tlk_w_u64(&w, 0x01, link->journal->epoch);
    tlk_w_u64(&w, 0x02, link->sending_seq);
    if (first > 20u) {
        tlk_w_u16(&w, 0x1C, link->fragment);
    }
    if (first > 24u) {
        tlk_w_u32(&w, 0x1D, link->record.length);
    }
    /* The record's part is read from flash straight into the frame. */
    at = w.bytes + w.length + 1u + tlk_length_bytes(part);
    if (tlk_journal_read(link->journal, &link->record, link->sending_at, at, (uint32_t)part) != TLK_OK) {
        link->sending = NULL;
        tlk_fault(link, TLK_FAULT_FLASH);
        return;
    }
    tlk_w_bytes(&w, 0x1E, at, part);
    if (!more && tail > 0) {
        tlk_w_bytes(&w, 0x1F, recovered, result_length);
    }
    link->sending_at += (uint32_t)part;
    link->fragment++;
    link->is_last_part = more ? 0 : 1;
    put_frame(link, w.length, TLK_REC, more ? TLK_MORE : 0, 0);
}

static uint32_t under_way(const tlk_lane *lane)
{
    uint32_t count = 0;
    uint64_t i;
    for (i = lane->base; lane->is_open && i < lane->next; i++) { /* at most the window */
        count += (lane->answered >> (i - lane->base) & 1u) == 0 ? 1u : 0u;
    }
    return count;
}

/* Begins the lane's next record: one that goes again, or a new one if the window allows. 1 if a frame went into link->wire. */
static int send_from(tlk_link *link, tlk_lane *lane)
{
    uint64_t end = lane == &link->fresh ? link->journal->newest : lane->end;
    uint64_t seq;
    if (!lane->is_open || link->now < lane->quiet_until) {
        return 0;
    }
    while (lane->again < lane->next && (lane->answered >> (lane->again - lane->base) & 1u) != 0) {
        lane->again++; /* has its result; at most the window */
    }
    if (lane->again < lane->next) {
        seq = lane->again;
    } else if (lane->next <= end && lane->next - lane->base < link->window
        && under_way(&link->fresh) + under_way(&link->asked) < link->window) {
        seq = lane->next;
    } else {
        return 0;
    }
    if (!load_record(link, seq)) {
        lane->quiet_until = link->now + TLK_LONGEST_PAUSE; /* the flash is asked again then */
        return 0;
    }
    lane->again = seq + 1u;
    if (seq == lane->next) {
        lane->next++;
    }
    lane->sent_at[seq % TLK_WINDOW_MAX] = TLK_NEVER;
    link->sending = lane;
    link->sending_seq = seq;
    link->sending_at = 0;
    link->fragment = 0;
    send_part(link);
    return link->wire_length > 0;
}

void tlk_next_frame(tlk_link *link)
{
    if (link->sending != NULL) {
        send_part(link); /* the fragments of one record follow each other */
        if (link->wire_length > 0) {
            return;
        }
    }
    if ((link->state == TLK_GREETING || link->state == TLK_STOPPED) && link->now >= link->hello_at) {
        send_hello(link);
        return;
    }
    if (send_small(link) || !tlk_in_session(link)) {
        return;
    }
    if (!send_from(link, &link->asked) && link->state == TLK_SENDING) {
        (void)send_from(link, &link->fresh);
    }
}
