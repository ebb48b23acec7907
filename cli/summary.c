// SPDX-License-Identifier: MIT
// The numbers of a run put into sentences.
#include "cli/summary.h"

#include <stdio.h>
#include <string.h>

static const char *plural(int64_t count)
{
    return count == 1 ? "" : "s";
}

// "1.6 MB, ", nothing where the size is not known.
static void print_size(char *text, size_t size, int64_t bytes)
{
    const double kilobytes = (double)bytes / 1e3;
    text[0] = '\0';
    if (bytes >= 1000000000)
        snprintf(text, size, "%.2f GB, ", kilobytes / 1e6);
    else if (bytes >= 999500)
        snprintf(text, size, "%.1f MB, ", kilobytes / 1e3);
    else if (bytes >= 1000)
        snprintf(text, size, "%.0f kB, ", kilobytes);
    else if (bytes > 0)
        snprintf(text, size, "%d byte%s, ", (int)bytes, plural(bytes));
}

// "22 fps, ", nothing where a rate means nothing.
static void print_rate(char *text, size_t size, const struct wr_report *r)
{
    const double fps = r->seconds_total > 0 ? (double)r->frames_out / r->seconds_total : 0;
    text[0] = '\0';
    if (r->frames_out > 1 && fps > 0)
        snprintf(text, size, "%.*f fps, ", fps < 10 ? 1 : 0, fps);
}

static const char *name_of(const struct wr_media_report *output)
{
    return strcmp(output->path, "-") ? output->path : "standard output";
}

// "h264 copied", "aac sound converted to mp3": the first stream of a kind that was written; false
// where there is none.
static bool print_stream(char *text, size_t size, const struct wr_report *r, const char *type)
{
    for (int n = 0; n < r->stream_count; n++) {
        const struct wr_stream_report *stream = &r->streams[n];
        if (strcmp(stream->type, type) || !strcmp(stream->action, "dropped"))
            continue;
        const char *what = !strcmp(type, "audio")      ? " sound"
                           : !strcmp(type, "subtitle") ? " subtitles"
                                                       : "";
        snprintf(text, size, "%s%s %s%s%s", stream->codec, what, stream->action,
                 *stream->to ? " to " : "", stream->to);
        return true;
    }
    return false;
}

// Of an output for which no picture was encoded.
static void say_copied(struct wr_console *console, const struct wr_report *r)
{
    const struct wr_media_report *output = &r->output;
    char bytes[32], stream[192] = "no streams", frames[64] = "";
    print_size(bytes, sizeof(bytes), output->bytes);
    if (print_stream(stream, sizeof(stream), r, "video"))
        snprintf(frames, sizeof(frames), "%lld frame%s, %dx%d, ", (long long)r->frames_out,
                 plural(r->frames_out), output->width, output->height);
    else if (!print_stream(stream, sizeof(stream), r, "audio"))
        print_stream(stream, sizeof(stream), r, "subtitle");
    wr_console_say(console, WR_SAY_SUMMARY, "%s: %s%s, %s%.*f s", name_of(output), frames, stream,
                   bytes, r->seconds_total < 0.1 ? 2 : 1, r->seconds_total);
}

void wr_summary_say(struct wr_console *console, const struct wr_report *r)
{
    const struct wr_media_report *output = &r->output;
    char bytes[32], rate[32];
    if (*output->path && (!*output->encoder || !strcmp(output->encoder, "copy"))) {
        say_copied(console, r);
        return;
    }
    print_size(bytes, sizeof(bytes), output->bytes);
    print_rate(rate, sizeof(rate), r);
    if (r->instances)
        wr_console_say(console, WR_SAY_INFO,
                       "%lld batch%s of %d, %lld padded frame%s, %d instance%s on %s",
                       (long long)r->batches, r->batches == 1 ? "" : "es", r->batch,
                       (long long)r->padded_frames, plural(r->padded_frames), r->instances,
                       plural(r->instances), r->device);
    if (*r->expect.path && !*output->path) {
        wr_console_say(console, WR_SAY_SUMMARY, "%s: %lld frame%s as in %s, %.*f s, %s%.*s",
                       r->input.path, (long long)r->frames_out,
                       r->frames_out == 1 ? " is" : "s are", r->expect.path,
                       r->seconds_total < 0.1 ? 2 : 1, r->seconds_total, rate,
                       (int)strcspn(r->device, " "), r->device);
        return;
    }
    wr_console_say(console, WR_SAY_SUMMARY, "%s: %lld frame%s, %dx%d, %s, %s%s%s, %s%.*f s, %s%.*s",
                   name_of(output), (long long)r->frames_out, plural(r->frames_out), output->width,
                   output->height, output->pix_fmt, output->encoder, *output->quality ? " " : "",
                   output->quality, bytes, r->seconds_total < 0.1 ? 2 : 1, r->seconds_total, rate,
                   (int)strcspn(r->device, " "), r->device);
}
