// SPDX-License-Identifier: MIT
// Takes the windows in the middle of the row as the pattern, and looks how far it repeats.
#include "kernels/program/repeat.h"

enum { MOST_ENDS = 32 }; // positions that are not worth more than one look each

static float weight_of(const struct wr_windows *w, int n, int k)
{
    return w->weights[(ptrdiff_t)k * w->positions + n];
}

// The first weight of position n that counts, and how many there are from it to the last one.
static int find_taps(const struct wr_windows *w, int n, int *skipped)
{
    int end = w->taps;
    *skipped = 0;
    while (end > 1 && weight_of(w, n, end - 1) == 0)
        end--;
    while (*skipped < end - 1 && weight_of(w, n, *skipped) == 0)
        ++*skipped;
    return end - *skipped;
}

static void take_phase(const struct wr_windows *w, int n, struct phases *p, float *weights)
{
    const int phase = n % p->up;
    int skipped;
    p->taps[phase] = find_taps(w, n, &skipped);
    p->start[phase] = w->first[n] + skipped - n / p->up * p->down;
    p->least = phase ? wr_min(p->least, p->start[phase]) : p->start[phase];
    for (int k = 0; k < p->taps[phase]; k++)
        weights[phase * PHASES_TAPS + k] = weight_of(w, n, skipped + k);
}

// Whether position n has the window that is due in its phase.
static bool is_due(const struct wr_windows *w, int n, const struct phases *p, const float *weights)
{
    const int phase = n % p->up;
    int skipped;
    if (find_taps(w, n, &skipped) != p->taps[phase] ||
        w->first[n] + skipped != p->start[phase] + n / p->up * p->down)
        return false;
    for (int k = 0; k < p->taps[phase]; k++)
        if (weight_of(w, n, skipped + k) != weights[phase * PHASES_TAPS + k])
            return false;
    return true;
}

// Smallest numbers that make the ratio.
static bool find_ratio(double ratio, struct phases *p)
{
    for (p->up = 1; p->up <= PHASES; p->up++) {
        p->down = (int)(ratio * p->up + 0.5);
        if (p->down >= 1 && p->down <= PHASES && ratio * p->up == p->down)
            return true;
    }
    return false;
}

bool wr_find_phases(const struct wr_windows *windows, double ratio, struct phases *phases,
                    float weights[PHASES * PHASES_TAPS])
{
    struct phases *const p = phases;
    if (windows->taps > PHASES_TAPS || !find_ratio(ratio, p) || windows->positions < 2 * p->up)
        return false;
    const int middle = windows->positions / 2 / p->up * p->up;
    for (int n = middle - p->up; n < middle; n++)
        take_phase(windows, n, p, weights);
    p->from = p->to = middle;
    while (p->from > 0 && is_due(windows, p->from - 1, p, weights))
        p->from--;
    while (p->to < windows->positions && is_due(windows, p->to, p, weights))
        p->to++;
    return windows->positions - (p->to - p->from) <= MOST_ENDS;
}
