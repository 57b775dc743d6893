#ifndef TLK_LINK_INSIDE_H
#define TLK_LINK_INSIDE_H
#include "tlk_link.h"

/* What tlk_link.c (state), tlk_receive.c (messages in) and tlk_send.c (frames out) share. Not for the caller. */

#define TLK_NEVER UINT64_MAX
#define TLK_FIRST_PAUSE 500u
#define TLK_LONGEST_PAUSE 8000u
#define TLK_IDLE 5000u
#define TLK_PINGS 3u
#define TLK_REFUSED_WAIT 60000u
#define TLK_DEFAULT_WAIT 8000u
#define TLK_STOPPED_HELLO 60000u
#define TLK_ERROR_PAUSE 1000u
#define TLK_SEAL_LENGTH 16u
#define TLK_HINT_PAUSE 8000u
#define TLK_CLOCK_STEP 2000

enum { TLK_REPLY_HAVE, TLK_REPLY_PONG, TLK_REPLY_LEASED, TLK_REPLY_TIMED, TLK_REPLY_STATUS };

/* Outcome of reading a message; errors become ERROR frames. */
enum { TLK_READ = 0, TLK_MALFORMED = 2, TLK_NOT_NOW = 3, TLK_INTERNAL = 4, TLK_DIFFERS = 5 };

/* tlk_link.c */
void tlk_enter(tlk_link *link, int state, uint8_t nak, const tlk_field *text);
void tlk_forget(tlk_link *link);
void tlk_greet(tlk_link *link, uint64_t after);
void tlk_lane_open(tlk_lane *lane, uint64_t from, uint64_t to);
void tlk_lane_again(tlk_link *link, tlk_lane *lane, uint64_t from);
uint64_t tlk_lane_due(const tlk_lane *lane);
void tlk_lane_answer(tlk_link *link, tlk_lane *lane, uint64_t seq);
int tlk_in_session(const tlk_link *link);
void tlk_seal_tag(tlk_link *link, uint8_t type, const uint8_t *body, size_t length, uint8_t tag[TLK_SHA256_LENGTH]);
void tlk_fault(tlk_link *link, uint32_t fault);

/* tlk_receive.c */
void tlk_take_frame(tlk_link *link, const tlk_frame *frame);

/* tlk_send.c */
void tlk_next_frame(tlk_link *link);
void tlk_write_status(tlk_link *link, tlk_writer *w);

#endif
