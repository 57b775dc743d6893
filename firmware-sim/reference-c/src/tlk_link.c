#include "tlk_link_inside.h"

#include <string.h>

void tlk_link_start(tlk_link *link, tlk_journal *journal, const tlk_identity *who, const tlk_hooks *hooks)
{
    memset(link, 0, sizeof *link);
    link->journal = journal;
    link->who = *who;
    link->hooks = *hooks;
    link->state = TLK_DOWN;
    link->max_body = TLK_MAX_BODY;
    tlk_decoder_start(&link->decoder, 0x80);
}

int tlk_in_session(const tlk_link *link)
{
    return link->state == TLK_SENDING || link->state == TLK_RECOVERING;
}

int tlk_link_is_up(const tlk_link *link)
{
    return tlk_in_session(link);
}

int tlk_link_may_sell(tlk_link *link, uint32_t length)
{
    return link->state != TLK_STOPPED && link->journal->stopped == 0 && tlk_journal_has_room(link->journal, length);
}

void tlk_link_status(tlk_link *link, uint8_t paper, uint32_t faults)
{
    uint32_t own = link->faults & TLK_FAULT_FLASH;
    if (paper != link->paper || (faults | own) != link->faults) {
        link->status_due = 1;
    }
    link->paper = paper;
    link->faults = faults | own;
}

void tlk_fault(tlk_link *link, uint32_t fault)
{
    if ((link->faults & fault) == 0) {
        link->faults |= fault;
        link->status_due = 1;
    }
}

/* Forgets a session: section 8.1. Acked and the journal stay. */
void tlk_forget(tlk_link *link)
{
    unsigned i;
    link->has_session = 0;
    link->sending = NULL;
    link->is_last_part = 0;
    link->fresh.is_open = 0;
    link->asked.is_open = 0;
    link->error_reason = 0;
    link->refused_lease = 0;
    link->set_to = 0;
    link->pings = 0;
    for (i = 0; i < 5; i++) {
        link->replies[i].is_kept = 0;
        link->replies[i].is_due = 0;
    }
}

void tlk_enter(tlk_link *link, int state, uint8_t nak, const tlk_field *text)
{
    if (state == TLK_STOPPED && link->state != TLK_STOPPED) {
        /* Nothing is repeated but HELLO, and that once a minute. What was being sent is not finished. */
        link->sending = NULL;
        link->hello_open = 0;
        link->hello_fresh = 1;
        link->hello_at = link->now + TLK_STOPPED_HELLO;
        link->status_due = 1;
    }
    if (state == TLK_STOPPED && tlk_journal_stop(link->journal, nak == 0 ? 7 : nak) != TLK_OK) {
        tlk_fault(link, TLK_FAULT_FLASH);
    }
    link->state = state;
    if (link->hooks.told != NULL) {
        link->hooks.told(link->hooks.context, state, nak, text != NULL ? text->value : NULL, text != NULL ? text->length : 0);
    }
}

/* A new HELLO, at once or after a wait. In STOPPED it stays STOPPED until a WELCOME. */
void tlk_greet(tlk_link *link, uint64_t after)
{
    tlk_forget(link);
    link->hello_open = 0;
    link->hello_fresh = 1;
    link->hello_pause = TLK_FIRST_PAUSE;
    link->hello_at = link->now + after;
    link->max_body = TLK_MAX_BODY;
    link->decoder.max_body = TLK_MAX_BODY;
    if (link->state != TLK_GREETING && link->state != TLK_STOPPED) {
        tlk_enter(link, TLK_GREETING, 0, NULL);
    }
}

void tlk_link_line(tlk_link *link, uint64_t now, int is_up)
{
    link->now = now * TLK_TIME_SCALE;
    tlk_decoder_restart(&link->decoder);
    link->wire_length = 0;
    link->wire_sent = 0;
    if (is_up) {
        link->state = TLK_DOWN;
        tlk_greet(link, 0);
    } else {
        tlk_forget(link);
        link->hello_open = 0;
        tlk_enter(link, TLK_DOWN, 0, NULL);
    }
}

/* --- lanes --- */

void tlk_lane_open(tlk_lane *lane, uint64_t from, uint64_t to)
{
    memset(lane, 0, sizeof *lane);
    lane->base = from;
    lane->next = from;
    lane->again = from;
    lane->end = to;
    lane->pause = TLK_FIRST_PAUSE;
    lane->is_open = 1;
}

void tlk_lane_again(tlk_link *link, tlk_lane *lane, uint64_t from)
{
    if (link->sending == lane) {
        link->sending = NULL; /* the record that is half out begins anew */
        link->is_last_part = 0;
    }
    lane->again = from < lane->base ? lane->base : from < lane->next ? from : lane->next;
}

/* When the records under way go again: counted from when the oldest one's last byte went out. */
uint64_t tlk_lane_due(const tlk_lane *lane)
{
    uint64_t sent = lane->sent_at[lane->base % TLK_WINDOW_MAX];
    uint64_t anew = lane->busy_until == 0 ? 0 : lane->busy_until + TLK_FIRST_PAUSE;
    if (lane->base == lane->next || lane->again < lane->next || sent == TLK_NEVER) {
        return TLK_NEVER;
    }
    return sent + lane->pause > anew ? sent + lane->pause : anew;
}

void tlk_lane_answer(tlk_link *link, tlk_lane *lane, uint64_t seq)
{
    if (!lane->is_open || seq < lane->base || seq >= lane->next) {
        return;
    }
    if (link->sending == lane && link->sending_seq == seq) {
        link->sending = NULL;
        link->is_last_part = 0;
    }
    lane->pause = TLK_FIRST_PAUSE;
    lane->answered |= (uint32_t)1u << (seq - lane->base);
    while ((lane->answered & 1u) != 0) { /* at most the window */
        lane->answered >>= 1;
        lane->base++;
    }
    lane->again = lane->again < lane->base ? lane->base : lane->again;
}

/* --- seals, section 3.13 --- */

void tlk_seal_tag(tlk_link *link, uint8_t type, const uint8_t *body, size_t length, uint8_t tag[TLK_SHA256_LENGTH])
{
    static const char *const hello = "TLK/1 hello";
    static const char *const welcome = "TLK/1 welcome";
    static const char *const frame = "TLK/1 frame";
    int is_answer = !link->has_session && link->hello_open && (type == TLK_WELCOME || type == TLK_NAK || type == TLK_BUSY);
    const char *label = type == TLK_HELLO ? hello : is_answer ? welcome : frame;
    tlk_hmac mac;
    tlk_hmac_start(&mac, label == frame ? link->session_key : link->who.key);
    tlk_hmac_add(&mac, (const uint8_t *)label, strlen(label) + 1u);
    if (is_answer) {
        tlk_hmac_add(&mac, link->nonce, sizeof link->nonce);
    }
    tlk_hmac_add(&mac, body, length);
    tlk_hmac_end(&mac, tag);
}

/* --- the three calls --- */

/* The link's timers: section 10. */
static void tick(tlk_link *link)
{
    tlk_lane *lanes[2];
    unsigned i;
    lanes[0] = &link->fresh;
    lanes[1] = &link->asked;
    if (link->state == TLK_DOWN || link->state == TLK_GREETING) {
        return;
    }
    if (link->has_session && link->now - link->heard_at >= (TLK_PINGS + 1u) * TLK_IDLE) {
        if (link->state == TLK_STOPPED) {
            link->has_session = 0; /* its next HELLO is due within the minute */
        } else {
            tlk_greet(link, 0); /* three PINGs into silence: the link is down */
        }
        return;
    }
    for (i = 0; tlk_in_session(link) && i < 2; i++) {
        if (lanes[i]->is_open && link->now >= tlk_lane_due(lanes[i])) {
            lanes[i]->pause = lanes[i]->pause * 2u < TLK_LONGEST_PAUSE ? lanes[i]->pause * 2u : TLK_LONGEST_PAUSE;
            lanes[i]->again = lanes[i]->base;
        }
    }
}

void tlk_link_receive(tlk_link *link, uint64_t now, const uint8_t *bytes, size_t count)
{
    tlk_frame frame;
    size_t i;
    link->now = now * TLK_TIME_SCALE;
    for (i = 0; i < count; i++) {
        if (tlk_decoder_take(&link->decoder, bytes[i], &frame) && link->state != TLK_DOWN) {
            tlk_take_frame(link, &frame);
        }
    }
}

size_t tlk_link_output(tlk_link *link, uint64_t now, uint8_t *bytes, size_t room)
{
    size_t count;
    link->now = now * TLK_TIME_SCALE;
    if (link->state == TLK_DOWN) {
        return 0;
    }
    if (link->wire_sent == link->wire_length) {
        tick(link);
        link->wire_sent = 0;
        link->wire_length = 0;
        tlk_next_frame(link);
    }
    count = link->wire_length - link->wire_sent;
    count = count < room ? count : room;
    memcpy(bytes, link->wire + link->wire_sent, count);
    link->wire_sent += count;
    if (count > 0 && link->wire_sent == link->wire_length && link->is_last_part) {
        if (link->sending != NULL) {
            link->sending->sent_at[link->sending_seq % TLK_WINDOW_MAX] = link->now;
        }
        link->sending = NULL;
        link->is_last_part = 0;
    }
    return count;
}
