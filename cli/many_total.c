// SPDX-License-Identifier: MIT
// Adds up the progress of files that are under way.
#include "cli/many_total.h"

#include <math.h>
#include <stdio.h>
#include <time.h>

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

void wr_total_open(struct wr_total *total, struct wr_console *console, enum wr_progress_mode mode,
                   const struct wr_tasks *tasks)
{
    *total = (struct wr_total){.began = now()};
    wr_display_open(&total->display, console, mode);
    pthread_mutex_init(&total->lock, NULL);
    for (int n = 0; n < tasks->count; n++)
        total->files += !tasks->items[n].left_out;
}

static void show(struct wr_total *total)
{
    double done = total->finished;
    int64_t frames = total->frames;
    for (int n = 0; n < WR_TOTAL_MOST; n++) {
        done += total->running[n].fraction;
        frames += total->running[n].frames;
    }
    const double elapsed = total->shown - total->began;
    const double fraction = total->files ? done / total->files : 1;
    char line[WR_CONSOLE_LINE], eta[32] = "";
    if (fraction > 0.01) {
        const int left = (int)fmin(elapsed * (1 - fraction) / fraction + 0.5, 359999);
        snprintf(eta, sizeof eta, "  ETA %d:%02d:%02d", left / 3600, left / 60 % 60, left % 60);
    }
    snprintf(line, sizeof line, "%3d%%  %d/%d files  %lld frames  %.1f fps%s",
             (int)(100 * fraction), total->finished, total->files, (long long)frames,
             (double)frames / fmax(elapsed, 0.001), eta);
    wr_console_draw(total->display.console, line);
}

// At most ten times a second.
static void show_sometimes(struct wr_total *total)
{
    const double time = now();
    if (total->display.mode != WR_PROGRESS_BAR || time - total->shown < 0.1)
        return;
    total->shown = time;
    show(total);
}

void wr_total_update(struct wr_total *total, int number, const struct wr_progress *p)
{
    pthread_mutex_lock(&total->lock);
    total->running[number].frames = p->frames_out;
    if (p->frames_total > 0)
        total->running[number].fraction = fmin(1, (double)p->frames_out / (double)p->frames_total);
    else if (p->duration > 0)
        total->running[number].fraction = fmin(1, p->position / p->duration);
    show_sometimes(total);
    pthread_mutex_unlock(&total->lock);
}

void wr_total_finish(struct wr_total *total, int number)
{
    pthread_mutex_lock(&total->lock);
    total->frames += total->running[number].frames;
    total->running[number].frames = 0;
    total->running[number].fraction = 0;
    total->finished++;
    show_sometimes(total);
    pthread_mutex_unlock(&total->lock);
}

void wr_total_close(struct wr_total *total)
{
    if (total->display.mode == WR_PROGRESS_BAR)
        wr_console_draw(total->display.console, "");
    pthread_mutex_destroy(&total->lock);
}
