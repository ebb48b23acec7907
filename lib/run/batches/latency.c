// SPDX-License-Identifier: MIT
// Keeps the time of arrival in the frame itself.
#include "lib/run/batches/latency.h"

#include <math.h>
#include <stdint.h>

#include "lib/base/trace.h"

static const double shortest = 1e-5, ratio = 1.02; // seconds, of a step to the one before

void wr_latency_begin(AVFrame *frame)
{
    frame->opaque = (void *)(intptr_t)(1e6 * wr_now()); // NOLINT: microseconds, no pointer
}

void wr_latency_end(struct wr_latency *latency, const AVFrame *frame)
{
    const intptr_t arrived = (intptr_t)frame->opaque;
    if (!arrived)
        return;
    const double seconds = fmax(wr_now() - 1e-6 * (double)arrived, 0);
    const double step = seconds > shortest ? ceil(log(seconds / shortest) / log(ratio)) : 0;
    latency->steps[step < WR_LATENCY_STEPS ? (int)step : WR_LATENCY_STEPS - 1]++;
    latency->worst = fmax(latency->worst, seconds);
    latency->count++;
}

// Seconds that this part of all frames did not exceed.
static double quantile(const struct wr_latency *latency, double part)
{
    int64_t below = 0;
    int step = 0;
    while (step < WR_LATENCY_STEPS &&
           (double)(below += latency->steps[step]) < part * (double)latency->count)
        step++;
    return fmin(shortest * pow(ratio, step), latency->worst);
}

void wr_latency_report(const struct wr_latency *latency, struct wr_report *report)
{
    if (!latency->count)
        return;
    report->latency_median = quantile(latency, 0.5);
    report->latency_95 = quantile(latency, 0.95);
    report->latency_worst = latency->worst;
}
