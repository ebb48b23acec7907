// SPDX-License-Identifier: MIT
// The numbers of a run put into sentences.
#include "cli/summary.h"

void wr_summary_say(struct wr_console *console, const struct wr_report *r)
{
    const double fps = r->seconds_total > 0 ? (double)r->frames_out / r->seconds_total : 0;
    wr_console_say(console, WR_SAY_SUMMARY,
                   "%lld frame%s, %lld batch%s (%lld padded frame%s), %.1f s, %.1f fps, %s",
                   (long long)r->frames_out, r->frames_out == 1 ? "" : "s", (long long)r->batches,
                   r->batches == 1 ? "" : "es", (long long)r->padded_frames,
                   r->padded_frames == 1 ? "" : "s", r->seconds_total, fps, r->device);
}

void wr_summary_reason(const struct wr_report *r, enum wr_status status, struct wr_error *error)
{
    if (error->text[0])
        return;
    if (status == WR_DAMAGED)
        wr_fail(error, status, "the input was damaged in %lld place%s; the rest was done",
                (long long)r->damaged, r->damaged == 1 ? "" : "s");
    else if (status == WR_INTERRUPTED)
        wr_fail(error, status, "interrupted after %lld frame%s", (long long)r->frames_out,
                r->frames_out == 1 ? "" : "s");
}
