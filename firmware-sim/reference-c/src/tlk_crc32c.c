#include "tlk_crc32c.h"

/* Half a byte at a time: 64 bytes of table instead of 1 KiB. */
static const uint32_t nibble[16] = {
    0x00000000u, 0x105EC76Fu, 0x20BD8EDEu, 0x30E349B1u, 0x417B1DBCu, 0x5125DAD3u, 0x61C69362u, 0x7198540Du,
    0x82F63B78u, 0x92A8FC17u, 0xA24BB5A6u, 0xB21572C9u, 0xC38D26C4u, 0xD3D3E1ABu, 0xE330A81Au, 0xF36E6F75u,
};

uint32_t tlk_crc_add(uint32_t crc, const uint8_t *bytes, size_t count)
{
    size_t i;
    for (i = 0; i < count; i++) {
        crc ^= bytes[i];
        crc = (crc >> 4) ^ nibble[crc & 15u];
        crc = (crc >> 4) ^ nibble[crc & 15u];
    }
    return crc;
}

uint32_t tlk_crc_end(uint32_t crc)
{
    return crc ^ 0xFFFFFFFFu;
}

uint32_t tlk_crc(const uint8_t *bytes, size_t count)
{
    return tlk_crc_end(tlk_crc_add(TLK_CRC_START, bytes, count));
}
