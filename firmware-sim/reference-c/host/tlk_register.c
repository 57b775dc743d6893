/*
 * A cash register on a POSIX host: the reference client over a terminal and a file as flash. For tests and for trying a gateway out.
 *
 *   tlk_register (--line PATH | --pty LINK) --flash FILE [--serial S] [--sales N] [--pace MS] [--pair HEX] [--seed N] [--control FIFO]
 *                [--sectors N] [--keep N] [--no-lease] [--no-time]
 *
 * --pty makes a pseudo-terminal and a link to it, which the gateway opens as its serial port. Words on the standard input, or written to the
 * control FIFO, one a line: sell [LINES] · z · void · no-sale · paper N · fault N · clock MS · quit. What happens is said on the standard
 * output, one line each: sold SEQ [CODE] · refused · result SEQ ISSUED|HELD|RECORDED [CODE] · state NAME [NAK].
 */
#define _XOPEN_SOURCE 700
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "tlk_basket.h"
#include "tlk_link.h"
#include "tlk_record.h"

#define SECTOR 4096u
#define TICK_MS 5

typedef struct options {
    const char *line;
    const char *pty;
    const char *flash;
    const char *control;
    const char *serial;
    long sales;
    long pace;
    uint64_t seed;
    uint32_t sectors;
    uint32_t keep;
    uint32_t caps;
    int has_key;
    uint8_t key[32];
} options;

typedef struct words {
    int fd;
    size_t length;
    char text[256];
} words;

typedef struct host {
    options options;
    tlk_journal journal;
    tlk_link link;
    int flash;
    int line;
    int slave_seen;
    int is_up;
    int64_t clock_step;
    uint64_t set_at; /* when TIME set the clock, 0: never */
    uint64_t down_since;
    uint64_t next_sale;
    long sold;
    uint32_t receipts;
    uint64_t last_sale;
    int is_over;
    words words[2];
    uint8_t record[TLK_RECORD_MAX];
} host;

static volatile sig_atomic_t is_ended;

static void end(int signal)
{
    (void)signal;
    is_ended = 1;
}

static void fail(const char *what)
{
    fprintf(stderr, "tlk_register: %s: %s\n", what, strerror(errno));
    exit(1);
}

static void misused(const char *what)
{
    fprintf(stderr, "tlk_register: %s\n", what);
    exit(2);
}

/* --- flash in a file; a byte is programmed by AND, as flash does it --- */

static int flash_read(void *context, uint32_t address, uint8_t *bytes, uint32_t count)
{
    return pread(*(int *)context, bytes, count, (off_t)address) == (ssize_t)count ? 0 : -1;
}

static int flash_program(void *context, uint32_t address, const uint8_t *bytes, uint32_t count)
{
    uint8_t was[SECTOR];
    uint32_t i;
    if (count > SECTOR || flash_read(context, address, was, count) != 0) {
        return -1;
    }
    for (i = 0; i < count; i++) {
        was[i] = (uint8_t)(was[i] & bytes[i]);
    }
    return pwrite(*(int *)context, was, count, (off_t)address) == (ssize_t)count ? 0 : -1;
}

static int flash_erase(void *context, uint32_t address)
{
    uint8_t blank[SECTOR];
    memset(blank, 0xFF, sizeof blank);
    return pwrite(*(int *)context, blank, SECTOR, (off_t)address) == (ssize_t)SECTOR ? 0 : -1;
}

static void open_flash(host *h, tlk_flash *flash)
{
    struct stat stat;
    uint32_t i;
    h->flash = open(h->options.flash, O_RDWR | O_CREAT, 0600);
    if (h->flash < 0 || fstat(h->flash, &stat) != 0) {
        fail(h->options.flash);
    }
    flash->context = &h->flash;
    flash->sector_size = SECTOR;
    flash->sector_count = h->options.sectors;
    flash->read = flash_read;
    flash->program = flash_program;
    flash->erase = flash_erase;
    for (i = (uint32_t)(stat.st_size / SECTOR); i < h->options.sectors; i++) {
        if (flash_erase(&h->flash, i * SECTOR) != 0) {
            fail(h->options.flash);
        }
    }
}

/* --- time and chance --- */

static uint64_t now_ms(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000u + (uint64_t)t.tv_nsec / 1000000u;
}

static tlk_time clock_hook(void *context, uint8_t *confidence)
{
    const host *h = context;
    struct timespec t;
    tlk_time time;
    (void)clock_gettime(CLOCK_REALTIME, &t);
    time.ms = (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000 + h->clock_step;
    time.offset = 420;
    *confidence = h->set_at != 0 && now_ms() - h->set_at < 24u * 3600u * 1000u ? 2 : 1;
    return time;
}

static void set_clock_hook(void *context, tlk_time wanted)
{
    host *h = context;
    uint8_t confidence;
    h->clock_step += wanted.ms - clock_hook(context, &confidence).ms;
    h->set_at = now_ms();
    printf("clock %" PRId64 "\n", wanted.ms);
}

static void random_hook(void *context, uint8_t bytes[16])
{
    int source = open("/dev/urandom", O_RDONLY);
    (void)context;
    if (source < 0 || read(source, bytes, 16) != 16) {
        fail("/dev/urandom");
    }
    (void)close(source);
}

/* --- what the link says --- */

static void result_hook(void *context, const tlk_result *r)
{
    static const char *const names[] = { "?", "ISSUED", "HELD", "RECORDED" };
    (void)context;
    printf("result %" PRIu64 " %s %.*s\n", r->seq, names[r->outcome], (int)r->code.length, r->code.value != NULL ? (const char *)r->code.value : "");
}

static void told_hook(void *context, int state, uint8_t nak, const uint8_t *text, size_t length)
{
    static const char *const names[] = { "DOWN", "GREETING", "SENDING", "RECOVERING", "STOPPED" };
    (void)context;
    printf("state %s %u %.*s\n", names[state], (unsigned)nak, (int)length, text != NULL ? (const char *)text : "");
}

/* --- selling --- */

static void fill_when(host *h, tlk_when *when)
{
    memset(when, 0, sizeof *when);
    when->closed = clock_hook(h, &when->confidence);
    when->previous = h->journal.previous;
    when->cashier = "Lan";
}

static void store(host *h, uint32_t length, int leased, const char *code)
{
    if (length == 0 || !tlk_link_may_sell(&h->link, length) || tlk_journal_append(&h->journal, h->record, length, leased) != TLK_OK) {
        printf("refused\n");
        return;
    }
    printf("sold %" PRIu64 " %s\n", h->journal.newest, code);
    h->sold++;
}

static void sell(host *h, long lines)
{
    char code[24] = "";
    uint32_t number = 0;
    tlk_leased leased;
    tlk_when when;
    uint64_t seq = h->journal.newest + 1u;
    uint32_t length;
    /* Without a gateway for two seconds, the lease's codes are printed, if there are any. The line is asked again for each sale. */
    int may_lease = !tlk_link_is_up(&h->link) && now_ms() - h->down_since >= 2000u / TLK_TIME_SCALE;
    fill_when(h, &when);
    may_lease = may_lease && when.confidence > 0;
    if (may_lease && tlk_journal_lease_next(&h->journal, when.closed.ms, code, &number) != TLK_OK) {
        may_lease = 0;
        code[0] = 0;
    }
    leased.lease = h->journal.lease.id;
    leased.code = code;
    leased.series = h->journal.lease.series;
    leased.number = number;
    length = tlk_basket_sale(
        h->record, sizeof h->record, &when, may_lease ? &leased : NULL, seq, tlk_basket_draw(seq, h->options.seed), lines);
    store(h, length, may_lease, may_lease ? code : "");
    h->last_sale = h->journal.newest;
}

static void obey(host *h, char *text)
{
    char *rest = strchr(text, ' ');
    long number = rest != NULL ? strtol(rest, NULL, 10) : 0;
    tlk_when when;
    fill_when(h, &when);
    if (strncmp(text, "sell", 4) == 0) {
        sell(h, number > 0 && number <= TLK_BASKET_LINES ? number : 1);
    } else if (strcmp(text, "z") == 0) {
        tlk_writer w;
        tlk_record_start_z(&w, h->record, sizeof h->record, &when);
        store(h, tlk_record_finish_z(&w, 0, 1, when.closed, 0), 0, "");
    } else if (strcmp(text, "void") == 0) {
        store(h, tlk_record_void(h->record, sizeof h->record, &when, "", h->journal.epoch, h->last_sale, "khách đổi ý"), 0, "");
    } else if (strcmp(text, "no-sale") == 0) {
        store(h, tlk_record_no_sale(h->record, sizeof h->record, &when, 1, ""), 0, "");
    } else if (strncmp(text, "paper", 5) == 0) {
        tlk_link_status(&h->link, (uint8_t)number, h->link.faults);
    } else if (strncmp(text, "fault", 5) == 0) {
        tlk_link_status(&h->link, h->link.paper, (uint32_t)number);
    } else if (strncmp(text, "clock", 5) == 0) {
        if (tlk_journal_lease_end(&h->journal, when.closed.ms) == TLK_OK) {
            h->clock_step += number;
        }
    } else if (strcmp(text, "quit") == 0) {
        h->is_over = 1;
    } else if (text[0] != 0) {
        printf("unknown %s\n", text);
    }
}

static void read_words(host *h, words *w)
{
    char *newline;
    ssize_t count;
    if (w->length == sizeof w->text - 1u) {
        w->length = 0; /* no word is that long */
    }
    count = read(w->fd, w->text + w->length, sizeof w->text - 1u - w->length);
    if (count <= 0) {
        if (count == 0) {
            (void)close(w->fd);
            w->fd = -1;
        }
        return;
    }
    w->length += (size_t)count;
    w->text[w->length] = 0;
    while ((newline = strchr(w->text, '\n')) != NULL) {
        *newline = 0;
        obey(h, w->text);
        w->length -= (size_t)(newline - w->text) + 1u;
        memmove(w->text, newline + 1, w->length + 1u);
    }
}

/* --- the line --- */

static void make_raw(int fd)
{
    struct termios t;
    if (tcgetattr(fd, &t) != 0) {
        return; /* not a terminal: a socket or a pipe passes every byte anyway */
    }
    t.c_iflag = 0;
    t.c_oflag = 0;
    t.c_lflag = 0;
    t.c_cflag = (t.c_cflag & ~(tcflag_t)(CSIZE | PARENB | CSTOPB)) | CS8 | CREAD | CLOCAL;
    t.c_cc[VMIN] = 1;
    t.c_cc[VTIME] = 0;
    (void)cfsetispeed(&t, B38400);
    (void)cfsetospeed(&t, B38400);
    (void)tcsetattr(fd, TCSANOW, &t);
}

static void open_line(host *h)
{
    int slave;
    if (h->options.line != NULL) {
        h->line = open(h->options.line, O_RDWR | O_NOCTTY | O_NONBLOCK);
        if (h->line < 0) {
            fail(h->options.line);
        }
        make_raw(h->line);
        return;
    }
    h->line = posix_openpt(O_RDWR | O_NOCTTY);
    if (h->line < 0 || grantpt(h->line) != 0 || unlockpt(h->line) != 0) {
        fail("posix_openpt");
    }
    slave = open(ptsname(h->line), O_RDWR | O_NOCTTY);
    if (slave < 0) {
        fail("the pseudo-terminal");
    }
    make_raw(slave);
    (void)close(slave); /* from now on the master hears when nobody has the other end open */
    (void)fcntl(h->line, F_SETFL, O_RDWR | O_NONBLOCK);
    (void)unlink(h->options.pty);
    if (symlink(ptsname(h->line), h->options.pty) != 0) {
        fail(h->options.pty);
    }
}

static void write_line(host *h)
{
    static uint8_t bytes[TLK_MAX_WIRE];
    static size_t length;
    static size_t written;
    int turns;
    if (!h->is_up) {
        length = 0;
        written = 0;
        return;
    }
    for (turns = 0; turns < 64; turns++) {
        ssize_t count;
        if (written == length) {
            written = 0;
            length = tlk_link_output(&h->link, now_ms(), bytes, sizeof bytes);
            if (length == 0) {
                return;
            }
        }
        count = write(h->line, bytes + written, length - written);
        if (count <= 0) {
            return; /* the line is full, or gone: poll says which */
        }
        written += (size_t)count;
    }
}

static void set_up(host *h, int is_up)
{
    if (h->is_up != is_up) {
        h->is_up = is_up;
        tlk_link_line(&h->link, now_ms(), is_up);
    }
}

static void turn(host *h)
{
    struct pollfd wait[3];
    uint8_t bytes[4096];
    uint64_t now;
    int i;
    wait[0].fd = h->line;
    wait[1].fd = h->words[0].fd;
    wait[2].fd = h->words[1].fd;
    for (i = 0; i < 3; i++) {
        wait[i].events = POLLIN;
        wait[i].revents = 0;
    }
    if (!h->is_up) {
        /* A hung-up line reports itself without pause. */
        (void)poll(wait + 1, 2, TICK_MS);
        (void)poll(wait, 1, 0);
    } else {
        (void)poll(wait, 3, TICK_MS);
    }
    now = now_ms();
    if ((wait[0].revents & POLLIN) != 0) {
        ssize_t count = read(h->line, bytes, sizeof bytes);
        if (count > 0) {
            set_up(h, 1);
            tlk_link_receive(&h->link, now, bytes, (size_t)count);
        }
    }
    set_up(h, (wait[0].revents & POLLHUP) == 0);
    for (i = 0; i < 2; i++) {
        if ((wait[i + 1].revents & (POLLIN | POLLHUP)) != 0) {
            read_words(h, &h->words[i]);
        }
    }
    if (h->sold < h->options.sales && now >= h->next_sale) {
        h->next_sale = now + (uint64_t)h->options.pace;
        sell(h, 1 + (long)(h->journal.newest % 3u));
    }
    if (tlk_link_is_up(&h->link)) {
        h->down_since = now;
    }
    write_line(h);
    (void)fflush(stdout);
}

/* --- starting --- */

static void read_key(options *o, const char *hex)
{
    unsigned i;
    if (strlen(hex) != 64) {
        misused("--pair: expected 64 hex digits, as pairing gave them");
    }
    for (i = 0; i < 32; i++) {
        unsigned value;
        if (sscanf(hex + 2u * i, "%2x", &value) != 1) {
            misused("--pair: expected 64 hex digits, as pairing gave them");
        }
        o->key[i] = (uint8_t)value;
    }
    o->has_key = 1;
}

static void read_options(options *o, int count, char **words)
{
    int i;
    memset(o, 0, sizeof *o);
    o->serial = "C-REF-1";
    o->sectors = 2048;
    o->keep = 10000;
    o->pace = 1000;
    o->caps = TLK_CAP_LEASE | TLK_CAP_TIME | TLK_CAP_PREVIOUS;
    for (i = 1; i < count; i++) {
        const char *key = words[i];
        const char *value = i + 1 < count ? words[i + 1] : "";
        int takes = 1;
        if (strcmp(key, "--line") == 0) {
            o->line = value;
        } else if (strcmp(key, "--pty") == 0) {
            o->pty = value;
        } else if (strcmp(key, "--flash") == 0) {
            o->flash = value;
        } else if (strcmp(key, "--control") == 0) {
            o->control = value;
        } else if (strcmp(key, "--serial") == 0) {
            o->serial = value;
        } else if (strcmp(key, "--sales") == 0) {
            o->sales = strtol(value, NULL, 10);
        } else if (strcmp(key, "--pace") == 0) {
            o->pace = strtol(value, NULL, 10);
        } else if (strcmp(key, "--seed") == 0) {
            o->seed = strtoull(value, NULL, 10);
        } else if (strcmp(key, "--sectors") == 0) {
            o->sectors = (uint32_t)strtoul(value, NULL, 10);
        } else if (strcmp(key, "--keep") == 0) {
            o->keep = (uint32_t)strtoul(value, NULL, 10);
        } else if (strcmp(key, "--pair") == 0) {
            read_key(o, value);
        } else if (strcmp(key, "--no-lease") == 0) {
            o->caps &= ~(uint32_t)TLK_CAP_LEASE;
            takes = 0;
        } else if (strcmp(key, "--no-time") == 0) {
            o->caps &= ~(uint32_t)TLK_CAP_TIME;
            takes = 0;
        } else {
            fprintf(stderr, "tlk_register: unknown %s\n", key);
            exit(2);
        }
        i += takes;
    }
    if ((o->line == NULL) == (o->pty == NULL) || o->flash == NULL || o->sectors > 65536u) {
        misused("expected --flash FILE and one of --line PATH and --pty LINK");
    }
}

static void start(host *h)
{
    uint8_t chance[16];
    tlk_flash flash;
    tlk_identity who;
    tlk_hooks hooks;
    tlk_when when;
    uint64_t epoch;
    open_flash(h, &flash);
    random_hook(h, chance);
    epoch = tlk_get64(chance);
    if (tlk_journal_open(&h->journal, &flash, h->options.keep, epoch == 0 ? 1 : epoch) != TLK_OK) {
        misused("--flash: the journal does not open");
    }
    if (h->journal.torn) {
        fill_when(h, &when);
        (void)tlk_journal_append(&h->journal, h->record, tlk_record_power_loss(h->record, sizeof h->record, &when, "", 0), 0);
    }
    memset(&who, 0, sizeof who);
    who.serial = h->options.serial;
    who.model = "TLK reference client";
    who.firmware = "1.0.0";
    who.caps = h->options.caps;
    who.key = h->options.has_key ? h->options.key : NULL;
    memset(&hooks, 0, sizeof hooks);
    hooks.context = h;
    hooks.clock = clock_hook;
    hooks.set_clock = set_clock_hook;
    hooks.random = random_hook;
    hooks.result = result_hook;
    hooks.told = told_hook;
    tlk_link_start(&h->link, &h->journal, &who, &hooks);
    tlk_link_status(&h->link, 1, 0);
    h->down_since = now_ms();
    h->words[0].fd = STDIN_FILENO;
    h->words[1].fd = -1;
    if (h->options.control != NULL) {
        if (mkfifo(h->options.control, 0600) != 0 && errno != EEXIST) {
            fail(h->options.control);
        }
        h->words[1].fd = open(h->options.control, O_RDWR | O_NONBLOCK); /* for writing, too: so it never ends */
        if (h->words[1].fd < 0) {
            fail(h->options.control);
        }
    }
}

int main(int count, char **words)
{
    static host h;
    read_options(&h.options, count, words);
    (void)signal(SIGTERM, end);
    (void)signal(SIGINT, end);
    (void)signal(SIGPIPE, SIG_IGN);
    start(&h);
    open_line(&h);
    printf("ready %016" PRIX64 " %s\n", h.journal.epoch, h.options.pty != NULL ? h.options.pty : h.options.line);
    while (!h.is_over && !is_ended) {
        turn(&h);
    }
    if (h.options.pty != NULL) {
        (void)unlink(h.options.pty);
    }
    return 0;
}
