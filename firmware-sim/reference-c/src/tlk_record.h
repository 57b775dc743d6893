#ifndef TLK_RECORD_H
#define TLK_RECORD_H
#include "tlk_journal.h"

/*
 * Builds records, TLK/1 section 4, into a buffer of the caller (at most 24,576 bytes; a receipt of 30 lines is about 2,500).
 * Call in the order of this file: a sale is start_sale, lines, discounts, payments, tax totals, finish. All money is in the currency's
 * minor unit (đồng), quantities and unit prices in millionths of it. Texts are UTF-8 in composed form, ended by 0; NULL or "" leaves
 * them out. The last call says whether everything fitted.
 */

enum {
    TLK_SALE = 1, TLK_VOID = 2, TLK_REFUND = 3, TLK_DAY_CLOSE = 4, TLK_POWER_LOSS = 5, TLK_CLOCK_SET = 6, TLK_PLU = 7, TLK_NO_SALE = 8,
    TLK_UNREADABLE = 9
};

#define TLK_RECORD_MAX 24576u

/* What every record says. */
typedef struct tlk_when {
    tlk_time closed;
    uint8_t confidence;        /* 0..2, section 3.1 */
    const uint8_t *previous;   /* tlk_journal.previous, or NULL if this register does not chain its records */
    const char *cashier;
} tlk_when;

/* Who gives the code: NULL in start_sale means the gateway. */
typedef struct tlk_leased {
    uint64_t lease;
    const char *code;
    const char *series;
    uint32_t number;
} tlk_leased;

typedef struct tlk_line {
    uint16_t no;
    const char *code;
    const char *name;
    const char *unit;
    int64_t quantity;   /* micro */
    int64_t price;      /* micro */
    int64_t discount;   /* money, 0: none */
    uint8_t tax_class;  /* 1..7, 0: the register knows none */
    uint16_t rate;      /* class 7 only */
    int64_t amount;     /* money */
    uint8_t nature;     /* 1..4 */
    const char *department;
} tlk_line;

void tlk_record_start_sale(tlk_writer *w, uint8_t *bytes, size_t room, uint8_t kind, const tlk_when *when, const tlk_leased *leased,
    const char *receipt, int prices_include_tax);
void tlk_record_line(tlk_writer *w, const tlk_line *line);
void tlk_record_discount(tlk_writer *w, int64_t amount, const char *text);
void tlk_record_payment(tlk_writer *w, uint8_t means, int64_t amount, const char *reference);
void tlk_record_tax_total(tlk_writer *w, uint8_t tax_class, uint16_t rate, int64_t net, int64_t tax);
/* `ref_seq` 0: refers to no receipt (kind REFUND only). Returns the record's length, 0 if it did not fit. */
uint32_t tlk_record_finish_sale(tlk_writer *w, int64_t total, uint64_t ref_epoch, uint64_t ref_seq, const char *remark);

/* Z: tax totals are added with tlk_record_tax_total, then tlk_record_finish_z. */
void tlk_record_start_z(tlk_writer *w, uint8_t *bytes, size_t room, const tlk_when *when);
uint32_t tlk_record_finish_z(tlk_writer *w, int64_t total, uint32_t number, tlk_time since, uint32_t count);

/* The others in one call each. They return the record's length, 0 if it did not fit. */
uint32_t tlk_record_void(uint8_t *bytes, size_t room, const tlk_when *when, const char *receipt, uint64_t ref_epoch, uint64_t ref_seq,
    const char *remark);
uint32_t tlk_record_power_loss(uint8_t *bytes, size_t room, const tlk_when *when, const char *receipt, uint32_t lines);
uint32_t tlk_record_clock_set(uint8_t *bytes, size_t room, const tlk_when *when, tlk_time before);
uint32_t tlk_record_no_sale(uint8_t *bytes, size_t room, const tlk_when *when, uint8_t what, const char *remark);
uint32_t tlk_record_unreadable(uint8_t *bytes, size_t room, const tlk_when *when, const char *remark);

#endif
