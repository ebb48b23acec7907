// SPDX-License-Identifier: MIT
// The progress line fits itself to the terminal; the JSON object has everything that is known.
#include "cli/progress.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/json.h"

#define INTERVAL 0.1 // seconds between two redraws
#define NARROWEST_BAR 12
#define WIDEST_BAR 42 // less than the room of a part

// Numbers that bar and JSON have in common; negative where not known yet.
struct rates {
    double fraction, fps, speed, eta;
};

static struct rates rates_of(const struct wr_progress *p)
{
    struct rates r = {-1, -1, -1, -1};
    if (p->frames_total > 0)
        r.fraction = fmin(1, (double)p->frames_out / (double)p->frames_total);
    else if (p->duration > 0)
        r.fraction = fmax(0, fmin(1, p->position / p->duration));
    if (p->elapsed > 0) {
        r.fps = (double)p->frames_out / p->elapsed;
        r.speed = p->position / p->elapsed;
    }
    if (r.fraction > 0)
        r.eta = p->elapsed * (1 - r.fraction) / r.fraction;
    return r;
}

// The parts of the line, from left to right.
enum { PERCENT, BAR, FRAMES, TOTAL, UNIT, FPS, SPEED, ETA, PARTS };

enum { ROOM = 48 };

static void write_parts(char part[PARTS][ROOM], const struct wr_progress *p, const struct rates *r)
{
    const int eta = (int)fmin(r->eta + 0.5, 359999);
    snprintf(part[FRAMES], ROOM, "  %lld", (long long)p->frames_out);
    snprintf(part[UNIT], ROOM, " frames");
    if (r->fraction >= 0)
        snprintf(part[PERCENT], ROOM, "%3d%%", (int)(100 * r->fraction));
    if (p->frames_total > 0)
        snprintf(part[TOTAL], ROOM, "/%lld", (long long)p->frames_total);
    if (r->fps >= 0)
        snprintf(part[FPS], ROOM, "  %.*f fps", r->fps < 100 ? 1 : 0, r->fps);
    if (r->speed >= 0)
        snprintf(part[SPEED], ROOM, "  %.*fx", r->speed < 10 ? 2 : 0, r->speed);
    if (r->eta >= 0 && eta >= 3600)
        snprintf(part[ETA], ROOM, "  ETA %d:%02d:%02d", eta / 3600, eta / 60 % 60, eta % 60);
    else if (r->eta >= 0)
        snprintf(part[ETA], ROOM, "  ETA %d:%02d", eta / 60, eta % 60);
}

static void write_bar(char bar[ROOM], int width, double fraction)
{
    const int inside = width - (int)strlen(" []");
    snprintf(bar, ROOM, " [%*s]", inside, "");
    memset(bar + 2, '.', (size_t)inside);
    memset(bar + 2, '#', (size_t)(fraction * inside));
}

// Drops the least important parts until the rest fits; a bar gets the room that is left.
static void write_line(char line[WR_CONSOLE_LINE], int width, const struct wr_progress *p)
{
    static const int dropped_first[] = {SPEED, TOTAL, FPS, UNIT, FRAMES, ETA, PERCENT};
    const struct rates rates = rates_of(p);
    char part[PARTS][ROOM] = {0};
    write_parts(part, p, &rates);
    int length = 0;
    for (int i = 0; i < PARTS; i++)
        length += (int)strlen(part[i]);
    for (int i = 0; i < PARTS - 1 && length > width; i++) {
        char *const drop = part[dropped_first[i]];
        length -= (int)strlen(drop);
        drop[0] = '\0';
    }

    const int room = width - length < WIDEST_BAR ? width - length : WIDEST_BAR;
    if (room >= NARROWEST_BAR && part[PERCENT][0])
        write_bar(part[BAR], room, rates.fraction);
    line[0] = '\0';
    for (int i = 0; i < PARTS; i++)
        strcat(line, part[i]);
}

void wr_progress_write(char line[WR_CONSOLE_LINE], const struct wr_progress *progress, int taken)
{
    int columns, rows;
    wr_console_size(&columns, &rows);
    columns -= 1 + WR_CONSOLE_ECHO + taken; // a full line would wrap
    write_line(line, columns > 4 ? columns : 4, progress);
}

double wr_progress_seconds_left(const struct wr_progress *progress)
{
    return fmax(0, rates_of(progress).eta);
}

double wr_progress_fraction(const struct wr_progress *progress)
{
    return rates_of(progress).fraction;
}

static void show_bar(struct wr_display *display)
{
    char line[WR_CONSOLE_LINE];
    wr_progress_write(line, &display->latest, 0);
    wr_console_draw(display->console, line);
}

// A negative value is not known: null.
static json_t *number(double value)
{
    return value >= 0 ? wr_json_number(value) : json_null();
}

static json_t *as_json(const struct wr_progress *p)
{
    const struct rates r = rates_of(p);
    json_t *const o =
        json_pack("{s:s, s:I}", "type", "progress", "frames", (json_int_t)p->frames_out);
    json_object_set_new(o, "frames_total",
                        p->frames_total > 0 ? json_integer(p->frames_total) : json_null());
    json_object_set_new(o, "percent", number(100 * r.fraction));
    json_object_set_new(o, "fps", number(r.fps));
    json_object_set_new(o, "speed", number(r.speed));
    json_object_set_new(o, "position", wr_json_number(p->position));
    json_object_set_new(o, "duration", wr_json_known(p->duration));
    json_object_set_new(o, "elapsed", wr_json_number(p->elapsed));
    json_object_set_new(o, "eta", number(r.eta));
    return o;
}

void wr_progress_print(struct wr_console *console, const struct wr_progress *progress,
                       const char *job)
{
    json_t *const object = as_json(progress);
    if (object && job)
        json_object_set_new(object, "job", wr_json_text(job));
    char *const line = object ? json_dumps(object, JSON_COMPACT | WR_JSON_DIGITS) : NULL;
    if (line)
        wr_console_print(console, line);
    free(line);
    json_decref(object);
}

static void show(struct wr_display *display)
{
    if (display->mode == WR_PROGRESS_BAR)
        show_bar(display);
    else if (display->mode == WR_PROGRESS_JSON)
        wr_progress_print(display->console, &display->latest, NULL);
    display->shown = display->latest.elapsed;
    display->pending = false;
}

static bool can_redraw(void)
{
    const char *const term = getenv("TERM");
    return isatty(STDERR_FILENO) && term && strcmp(term, "dumb");
}

enum wr_progress_mode wr_progress_settle(enum wr_progress_mode mode,
                                         const struct wr_console *console)
{
    // FFmpeg's own messages, which verbose shows, would break the line of the bar.
    const bool bar = can_redraw() && !console->quiet && !console->verbose;
    return mode != WR_PROGRESS_AUTO ? mode : bar ? WR_PROGRESS_BAR : WR_PROGRESS_NONE;
}

void wr_display_open(struct wr_display *display, struct wr_console *console,
                     enum wr_progress_mode mode)
{
    mode = wr_progress_settle(mode, console);
    *display = (struct wr_display){.console = console, .mode = mode, .shown = -INTERVAL};
    pthread_mutex_init(&display->lock, NULL);
}

void wr_display_say(struct wr_display *display)
{
    char line[WR_CONSOLE_LINE];
    pthread_mutex_lock(&display->lock);
    const struct wr_progress latest = display->latest;
    pthread_mutex_unlock(&display->lock);
    if (display->mode == WR_PROGRESS_JSON) {
        wr_progress_print(display->console, &latest, NULL);
        return;
    }
    wr_progress_write(line, &latest, 0);
    wr_console_print(display->console, line);
}

void wr_display_update(struct wr_display *display, const struct wr_progress *progress)
{
    pthread_mutex_lock(&display->lock);
    display->latest = *progress;
    display->pending = true;
    wr_progress_file_update(&display->file, progress);
    if (progress->elapsed - display->shown >= INTERVAL)
        show(display);
    pthread_mutex_unlock(&display->lock);
}

void wr_display_finish(struct wr_display *display)
{
    pthread_mutex_lock(&display->lock);
    if (display->mode == WR_PROGRESS_BAR)
        wr_console_draw(display->console, "");
    else if (display->pending)
        show(display);
    display->shown = -INTERVAL;
    display->pending = false;
    pthread_mutex_unlock(&display->lock);
}

void wr_display_close(struct wr_display *display)
{
    pthread_mutex_destroy(&display->lock);
}
