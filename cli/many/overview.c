// SPDX-License-Identifier: MIT
// Draws the lines of all jobs as one block, at most ten times a second.
#include "cli/many/overview.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/clock.h"
#include "cli/progress.h"
#include "cli/progress_file.h"

#define INTERVAL 0.1    // seconds between two redraws, or two JSON lines that were asked for
#define IN_A_LOG 10.0   // between two JSON lines where standard error is no terminal
#define SHOWN_SLOTS 16  // lines for jobs; there may be more of them
#define NAME_COLUMNS 24 // of a file's name, the end of it

struct slot {
    const char *name; // NULL: nothing runs here
    struct wr_progress latest;
    double shown; // as JSON
};

struct wr_overview {
    struct wr_console *console;
    enum wr_progress_mode mode;
    pthread_mutex_t lock;
    double began, shown;
    double interval; // seconds between two JSON lines of a job, 0 for none
    struct wr_progress_file file;
    struct wr_progress ended; // sums of the jobs that have ended
    int count, finished, slot_count;
    struct slot slots[]; // slot_count
};

// Seconds between two lines about the whole run, 0 for none. A log gets one now and then unasked.
static double choose_interval(enum wr_progress_mode asked, const struct wr_console *console)
{
    const bool is_log = asked == WR_PROGRESS_AUTO && !console->quiet && !isatty(STDERR_FILENO);
    return asked == WR_PROGRESS_JSON ? INTERVAL : is_log ? IN_A_LOG : 0;
}

enum wr_status wr_overview_open(struct wr_overview **overview, struct wr_console *console,
                                const struct wr_settings *settings, int slots,
                                struct wr_error *error)
{
    struct wr_overview *const new = calloc(1, sizeof(*new) + (size_t)slots * sizeof(struct slot));
    *overview = new;
    if (!new)
        return wr_fail(error, WR_FAILED, "out of memory");
    new->console = console;
    new->mode = wr_progress_settle(settings->progress, console);
    new->interval = choose_interval(settings->progress, console);
    new->slot_count = slots;
    new->began = wr_clock();
    pthread_mutex_init(&new->lock, NULL);
    const enum wr_status status = wr_progress_file_open(&new->file, settings->progress_to, error);
    if (status)
        wr_overview_close(overview);
    return status;
}

static void add(struct wr_progress *sum, const struct wr_progress *one)
{
    sum->frames_out += one->frames_out;
    sum->position += one->position;
}

// The frames and times of all outputs together.
static struct wr_progress sum_of_all(const struct wr_overview *overview)
{
    struct wr_progress sum = overview->ended;
    for (int n = 0; n < overview->slot_count; n++)
        if (overview->slots[n].name)
            add(&sum, &overview->slots[n].latest);
    sum.elapsed = wr_clock() - overview->began;
    return sum;
}

void wr_overview_close(struct wr_overview **overview)
{
    if (!*overview)
        return;
    if ((*overview)->mode == WR_PROGRESS_BAR)
        wr_console_draw((*overview)->console, "");
    const struct wr_progress sum = sum_of_all(*overview);
    wr_progress_file_close(&(*overview)->file, &sum, NULL);
    pthread_mutex_destroy(&(*overview)->lock);
    free(*overview);
    *overview = NULL;
}

// Finished jobs and the known parts of running ones.
static double fraction_of_all(const struct wr_overview *overview)
{
    double sum = overview->finished;
    for (int n = 0; n < overview->slot_count; n++)
        if (overview->slots[n].name)
            sum += fmax(0, wr_progress_fraction(&overview->slots[n].latest));
    return overview->count ? sum / overview->count : 0;
}

// Seconds that the run still takes: at the speed so far, and at least as long as its slowest job.
static double seconds_left(const struct wr_overview *overview, double fraction)
{
    double left = (wr_clock() - overview->began) * (1 - fraction) / fraction;
    for (int n = 0; n < overview->slot_count; n++)
        if (overview->slots[n].name)
            left = fmax(left, wr_progress_seconds_left(&overview->slots[n].latest));
    return left;
}

static void write_total(const struct wr_overview *overview, char *text, size_t size)
{
    const double fraction = fraction_of_all(overview);
    int used = snprintf(text, size, "%d of %d files  %d%%", overview->finished, overview->count,
                        (int)(100 * fraction));
    if (fraction > 0 && fraction < 1) {
        const int eta = (int)fmin(seconds_left(overview, fraction) + 0.5, 359999);
        snprintf(text + used, size - (size_t)used, "  ETA %d:%02d:%02d", eta / 3600, eta / 60 % 60,
                 eta % 60);
    }
}

static void write_slot(const struct slot *slot, char line[WR_CONSOLE_LINE])
{
    char rest[WR_CONSOLE_LINE];
    const size_t length = strlen(slot->name);
    const char *const end = slot->name + (length > NAME_COLUMNS ? length - NAME_COLUMNS : 0);
    wr_progress_write(rest, &slot->latest, NAME_COLUMNS + 2);
    snprintf(line, WR_CONSOLE_LINE, "%-*s  %.*s\n", NAME_COLUMNS, end,
             WR_CONSOLE_LINE - NAME_COLUMNS - 4, rest);
}

static void write_block(const struct wr_overview *overview, char block[WR_CONSOLE_BLOCK])
{
    char line[WR_CONSOLE_LINE];
    size_t used = 0;
    block[0] = '\0';
    for (int n = 0; n < overview->slot_count && n < SHOWN_SLOTS; n++) {
        if (!overview->slots[n].name)
            continue;
        write_slot(&overview->slots[n], line);
        if (used + strlen(line) + WR_CONSOLE_LINE < WR_CONSOLE_BLOCK)
            used += (size_t)snprintf(block + used, WR_CONSOLE_BLOCK - used, "%s", line);
    }
    write_total(overview, block + used, WR_CONSOLE_BLOCK - used);
}

static void draw(struct wr_overview *overview)
{
    char block[WR_CONSOLE_BLOCK];
    const double time = wr_clock();
    const struct wr_progress sum = sum_of_all(overview);
    wr_progress_file_update(&overview->file, &sum);
    if (overview->mode != WR_PROGRESS_BAR || time - overview->shown < INTERVAL)
        return;
    write_block(overview, block);
    wr_console_draw(overview->console, block);
    overview->shown = time;
}

void wr_overview_set_count(struct wr_overview *overview, int count)
{
    pthread_mutex_lock(&overview->lock);
    overview->count = count;
    pthread_mutex_unlock(&overview->lock);
}

void wr_overview_begin(struct wr_overview *overview, int slot, const char *name)
{
    pthread_mutex_lock(&overview->lock);
    const double before = overview->mode == WR_PROGRESS_JSON ? -INTERVAL : 0;
    overview->slots[slot] = (struct slot){.name = name, .shown = before};
    draw(overview);
    pthread_mutex_unlock(&overview->lock);
}

void wr_overview_update(struct wr_overview *overview, int slot, const struct wr_progress *progress)
{
    pthread_mutex_lock(&overview->lock);
    struct slot *const own = &overview->slots[slot];
    own->latest = *progress;
    draw(overview);
    if (overview->interval > 0 && progress->elapsed - own->shown >= overview->interval) {
        wr_progress_print(overview->console, progress, own->name);
        own->shown = progress->elapsed;
    }
    pthread_mutex_unlock(&overview->lock);
}

void wr_overview_end(struct wr_overview *overview, int slot)
{
    pthread_mutex_lock(&overview->lock);
    struct slot *const own = &overview->slots[slot];
    if (overview->mode == WR_PROGRESS_JSON && own->latest.elapsed > own->shown)
        wr_progress_print(overview->console, &own->latest, own->name);
    add(&overview->ended, &own->latest);
    *own = (struct slot){0};
    overview->finished++;
    draw(overview);
    pthread_mutex_unlock(&overview->lock);
}

void wr_overview_say(struct wr_overview *overview)
{
    char block[WR_CONSOLE_BLOCK];
    pthread_mutex_lock(&overview->lock);
    if (overview->mode == WR_PROGRESS_JSON) {
        for (int n = 0; n < overview->slot_count; n++)
            if (overview->slots[n].name)
                wr_progress_print(overview->console, &overview->slots[n].latest,
                                  overview->slots[n].name);
    } else {
        write_block(overview, block);
        wr_console_print(overview->console, block);
    }
    pthread_mutex_unlock(&overview->lock);
}
