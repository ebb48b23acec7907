// SPDX-License-Identifier: MIT
// Draws the lines of all jobs as one block, at most ten times a second.
#include "cli/many/overview.h"

#include <limits.h>
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
    int left;                 // inputs that have not ended
    int finished, made;       // inputs that have ended, and those of them that were not skipped
    int slot_count;
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

// The known parts of running jobs, in jobs.
static double begun_parts(const struct wr_overview *overview)
{
    double sum = 0;
    for (int n = 0; n < overview->slot_count; n++)
        if (overview->slots[n].name)
            sum += fmax(0, wr_progress_fraction(&overview->slots[n].latest));
    return sum;
}

// What is left takes as long as what was made, and skipped inputs took no time. All cannot be done
// before the last of those that run. Negative where it is not known yet.
static double seconds_left(const struct wr_overview *overview, double begun)
{
    const double made = overview->made + begun;
    if (made <= 0)
        return -1;
    double left = (wr_clock() - overview->began) * (overview->left - begun) / made;
    for (int n = 0; n < overview->slot_count; n++)
        if (overview->slots[n].name)
            left = fmax(left, wr_progress_seconds_left(&overview->slots[n].latest));
    return left;
}

static void write_total(const struct wr_overview *overview, char *text, size_t size)
{
    const double begun = begun_parts(overview), seconds = seconds_left(overview, begun);
    const int count = overview->finished + overview->left;
    int used = snprintf(text, size, "%d of %d files  %d%%", overview->finished, count,
                        count ? (int)(100 * (overview->finished + begun) / count) : 0);
    if (seconds >= 0 && overview->left) {
        const int eta = (int)fmin(seconds + 0.5, 359999);
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
    snprintf(line, WR_CONSOLE_LINE, "%-*s  %.*s", NAME_COLUMNS, end,
             WR_CONSOLE_LINE - NAME_COLUMNS - 3, rest);
    wr_console_tame(line);
}

static int count_running(const struct wr_overview *overview)
{
    int running = 0;
    for (int n = 0; n < overview->slot_count; n++)
        running += overview->slots[n].name != NULL;
    return running;
}

// At most `rows` lines: one for each job that runs, one for those that find no room, and the total.
static void write_block(const struct wr_overview *overview, int rows, char block[WR_CONSOLE_BLOCK])
{
    const int running = count_running(overview);
    const int shown = running < rows ? running : rows > 2 ? rows - 2 : 0;
    size_t used = 0;
    for (int n = 0, left = shown; left; n++) {
        char line[WR_CONSOLE_LINE];
        if (!overview->slots[n].name)
            continue;
        write_slot(&overview->slots[n], line);
        used += (size_t)snprintf(block + used, WR_CONSOLE_BLOCK - used, "%s\n", line);
        left--;
    }
    if (shown < running && rows > 1)
        used += (size_t)snprintf(block + used, WR_CONSOLE_BLOCK - used, "and %d more\n",
                                 running - shown);
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
    int columns, rows;
    wr_console_size(&columns, &rows);
    write_block(overview, rows - 1, block); // the last row is for what the person types
    wr_console_draw(overview->console, block);
    overview->shown = time;
}

void wr_overview_set_left(struct wr_overview *overview, int left)
{
    pthread_mutex_lock(&overview->lock);
    overview->left = left;
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
    overview->made += own->name != NULL;
    *own = (struct slot){0};
    overview->finished++;
    overview->left--;
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
        write_block(overview, INT_MAX, block);
        wr_console_print(overview->console, block);
    }
    pthread_mutex_unlock(&overview->lock);
}
