#include "tlk_basket.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

uint64_t tlk_basket_draw(uint64_t seq, uint64_t seed)
{
    return seq * 2654435761u + seed * 40503u;
}

uint32_t tlk_basket_sale(uint8_t *bytes, uint32_t room, const tlk_when *when, const tlk_leased *leased, uint64_t seq, uint64_t draw, long lines)
{
    static const char *const goods[] = { "Cà phê sữa đá", "Phở tái", "Bánh mì", "Trà đá", "Nước mắm 500 ml" };
    char receipt[16];
    int64_t total = 0;
    tlk_line line;
    tlk_writer w;
    long i;
    (void)snprintf(receipt, sizeof receipt, "%06" PRIu32, (uint32_t)(seq % 1000000u));
    tlk_record_start_sale(&w, bytes, room, TLK_SALE, when, leased, receipt, 1);
    for (i = 0; i < lines && i < TLK_BASKET_LINES; i++) {
        int64_t each = 1000 * (int64_t)(10u + (draw >> (i % 16)) % 40u);
        memset(&line, 0, sizeof line);
        line.no = (uint16_t)(i + 1);
        line.code = "SP01";
        line.name = goods[(draw >> (i % 8)) % 5u];
        line.unit = "ly";
        line.quantity = 1000000;
        line.price = each * 1000000;
        line.tax_class = 3;
        line.amount = each;
        tlk_record_line(&w, &line);
        total += each;
    }
    tlk_record_payment(&w, 1, total, NULL);
    tlk_record_tax_total(&w, 3, 0, total - total * 8 / 108, total * 8 / 108);
    return tlk_record_finish_sale(&w, total, 0, 0, NULL);
}
