#ifndef TLK_BASKET_H
#define TLK_BASKET_H
#include "tlk_record.h"

/* What the registers on a host sell: a basket that draw and number of lines decide, so that two runs ring up the same. */

/* Most lines of one; they fit into TLK_RECORD_MAX. */
#define TLK_BASKET_LINES 400

/* The number that decides the basket of a sequence. */
uint64_t tlk_basket_draw(uint64_t seq, uint64_t seed);

/* Writes the SALE of a basket. Returns its length, 0 if it does not fit. */
uint32_t tlk_basket_sale(uint8_t *bytes, uint32_t room, const tlk_when *when, const tlk_leased *leased, uint64_t seq, uint64_t draw, long lines);

#endif
