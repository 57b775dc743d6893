#ifndef TLK_CONFIG_H
#define TLK_CONFIG_H
/*
 * What may be chosen when the client is built. Each can be given with -D.
 */

/* Largest frame body: 512..4096 bytes. The link keeps three buffers of about this size and nothing larger. */
#ifndef TLK_MAX_BODY
#define TLK_MAX_BODY 1024
#endif

/* Divides every time of TLK/1 section 10 and every wait that the gateway asks for. 1 in the field; tests build with more, so
   that what takes minutes takes seconds. Never ship anything but 1. */
#ifndef TLK_TIME_SCALE
#define TLK_TIME_SCALE 1
#endif

/* Sectors of flash that no record may take, so that results and starts can always be written (tlk_journal.h). At least 3. */
#ifndef TLK_RESERVE_SECTORS
#define TLK_RESERVE_SECTORS 4
#endif

#if TLK_MAX_BODY < 512 || TLK_MAX_BODY > 4096
#error "TLK_MAX_BODY: TLK/1 allows 512..4096"
#endif
#if TLK_RESERVE_SECTORS < 3
#error "TLK_RESERVE_SECTORS: at least 3"
#endif

#endif
