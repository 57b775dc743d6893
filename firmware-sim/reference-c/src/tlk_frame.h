#ifndef TLK_FRAME_H
#define TLK_FRAME_H
#include "tlk_cobs.h"
#include "tlk_config.h"

/* Frames, TLK/1 section 1. */

#define TLK_VERSION 1u
#define TLK_HEAD 6u
#define TLK_OVERHEAD 10u /* bytes of a body beside its payload */
#define TLK_MAX_WIRE (TLK_COBS_MAX(TLK_MAX_BODY) + 2u)

enum { TLK_MORE = 1, TLK_MUST_UNDERSTAND = 2, TLK_SEALED = 4 };

enum {
    TLK_HELLO = 0x01, TLK_REC = 0x02, TLK_PING = 0x03, TLK_STATUS = 0x04, TLK_HAVE = 0x05, TLK_PONG = 0x06, TLK_LEASED = 0x07,
    TLK_TIMED = 0x08, TLK_ERROR = 0x7F, TLK_WELCOME = 0x81, TLK_ACK = 0x82, TLK_NAK = 0x83, TLK_BUSY = 0x84, TLK_GET = 0x85,
    TLK_GATEWAY_PONG = 0x86, TLK_LEASE = 0x87, TLK_TIME = 0x88, TLK_GATEWAY_PING = 0x89, TLK_ASK = 0x8A, TLK_GATEWAY_ERROR = 0xFF
};

/* Why something was dropped: sections 1.3 and 7. Indexes of tlk_decoder.dropped and tlk_link.dropped. */
enum {
    TLK_DROP_OVERSIZE, TLK_DROP_COBS, TLK_DROP_SHORT, TLK_DROP_LENGTH, TLK_DROP_CRC, TLK_DROP_VERSION, TLK_DROP_FLAGS,
    TLK_DROP_DIRECTION, TLK_DROP_TYPE, TLK_DROP_SEAL, TLK_DROP_PAYLOAD, TLK_DROP_SESSION, TLK_DROP_LATE, TLK_DROPS
};

/* A frame that passed checks 1 to 8 of section 1.3. Points into the decoder: valid until its next byte. */
typedef struct tlk_frame {
    uint8_t type;
    uint8_t flags;
    uint8_t txn;
    const uint8_t *body;    /* from `ver` on */
    const uint8_t *payload;
    size_t length;          /* of the payload */
} tlk_frame;

/* Cuts bytes into frames however they come. Buffers one coded body and nothing else. */
typedef struct tlk_decoder {
    uint8_t run[TLK_COBS_MAX(TLK_MAX_BODY)];
    size_t length;
    size_t max_body;     /* largest body taken, at most TLK_MAX_BODY */
    uint8_t from;        /* 80: takes the gateway's frames, 00: the register's */
    uint8_t started;     /* the connection's first 00 was seen */
    uint8_t skipping;    /* the run is too long already */
    uint32_t dropped[TLK_DROPS];
} tlk_decoder;

void tlk_decoder_start(tlk_decoder *d, uint8_t from);

/* A new connection: what was half there is forgotten; counters stay. */
void tlk_decoder_restart(tlk_decoder *d);

/* Takes one byte. 1 if it completed a frame. */
int tlk_decoder_take(tlk_decoder *d, uint8_t byte, tlk_frame *frame);

/*
 * Makes a frame of a payload that already lies in body[TLK_HEAD..TLK_HEAD + length): fills in the head and the CRC behind it, and
 * writes the wire bytes with both 00 to `wire` (TLK_MAX_WIRE bytes of room). Returns how many.
 */
size_t tlk_frame_encode(uint8_t *body, size_t length, uint8_t type, uint8_t flags, uint8_t txn, uint8_t *wire);

/* The head alone; what a seal is made of before the CRC is known. */
void tlk_frame_head(uint8_t *body, size_t length, uint8_t type, uint8_t flags, uint8_t txn);

#endif
