// SPDX-License-Identifier: MIT
// Draws the memory plan: plain SVG, readable without a program of its own.
#include "cli/plot.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

// Of the whole picture, and of the plot in it, in pixels.
enum { WIDTH = 1000, HEIGHT = 600, LEFT = 110, RIGHT = 20, TOP = 50, BOTTOM = 50 };

struct drawing {
    FILE *file;
    int64_t last; // time at the right edge
    int64_t most; // bytes at the upper edge
};

static double across(const struct drawing *d, int64_t time)
{
    return LEFT + (double)time / (double)d->last * (WIDTH - LEFT - RIGHT);
}

static double up(const struct drawing *d, int64_t bytes)
{
    return HEIGHT - BOTTOM - (double)bytes / (double)d->most * (HEIGHT - TOP - BOTTOM);
}

static void put_escaped(FILE *file, const char *text)
{
    for (; *text; text++)
        switch (*text) {
        case '<':
            fputs("&lt;", file);
            break;
        case '>':
            fputs("&gt;", file);
            break;
        case '&':
            fputs("&amp;", file);
            break;
        default:
            fputc(*text, file);
        }
}

static void put_bytes(FILE *file, int64_t bytes)
{
    fprintf(file, "%.2f MiB (%lld bytes)", (double)bytes / (1 << 20), (long long)bytes);
}

// A buffer: its name in it where there is room, and all about it on pointing at it.
static void put_block(const struct drawing *d, const struct wr_memory_block *block, int number)
{
    const double x = across(d, block->from), y = up(d, block->offset + block->bytes);
    const double width = across(d, block->to) - x, height = up(d, block->offset) - y;
    fprintf(d->file,
            "<g><rect x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\" "
            "fill=\"hsl(%d,55%%,72%%)\" stroke=\"#333\"/><title>",
            x, y, width, height, number * 67 % 360);
    put_escaped(d->file, block->label);
    fprintf(d->file, ": ");
    put_bytes(d->file, block->bytes);
    fprintf(d->file, " at %lld, from %lld to %lld</title>", (long long)block->offset,
            (long long)block->from, (long long)block->to);
    if (height >= 12 && width >= 7 * (double)strlen(block->label)) {
        fprintf(d->file, "<text x=\"%.2f\" y=\"%.2f\" text-anchor=\"middle\">", x + width / 2,
                y + height / 2 + 4);
        put_escaped(d->file, block->label);
        fprintf(d->file, "</text>");
    }
    fprintf(d->file, "</g>\n");
}

static void put_line(const struct drawing *d, int64_t bytes, const char *name, const char *color,
                     const char *anchor, double x)
{
    fprintf(d->file,
            "<line x1=\"%d\" y1=\"%.2f\" x2=\"%d\" y2=\"%.2f\" stroke=\"%s\" stroke-width=\"2\" "
            "stroke-dasharray=\"6 4\"/>\n<text x=\"%.0f\" y=\"%.2f\" fill=\"%s\" "
            "text-anchor=\"%s\">%s ",
            LEFT, up(d, bytes), WIDTH - RIGHT, up(d, bytes), color, x, up(d, bytes) - 5, color,
            anchor, name);
    put_bytes(d->file, bytes);
    fprintf(d->file, "</text>\n");
}

static void put_axes(const struct drawing *d)
{
    fprintf(d->file,
            "<path d=\"M%d %d V%d H%d\" fill=\"none\" stroke=\"#000\"/>\n"
            "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">time: passes of the "
            "filters</text>\n",
            LEFT, TOP, HEIGHT - BOTTOM, WIDTH - RIGHT, (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12);
    for (int n = 0; n <= 4; n++) {
        const int64_t bytes = d->most * n / 4;
        fprintf(d->file, "<text x=\"%d\" y=\"%.2f\" text-anchor=\"end\">%.3g MiB</text>\n",
                LEFT - 6, up(d, bytes) + 4, (double)bytes / (1 << 20));
    }
}

static void put_picture(FILE *file, const struct wr_memory_plan *plan, const char *title)
{
    struct drawing d = {file, 1, plan->peak > 0 ? plan->peak + plan->peak / 10 : 1};
    for (int n = 0; n < plan->count; n++)
        d.last = plan->blocks[n].to > d.last ? plan->blocks[n].to : d.last;
    fprintf(file,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
            "font-family=\"sans-serif\" font-size=\"12\">\n"
            "<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n<text x=\"%d\" y=\"24\" "
            "font-size=\"15\">",
            WIDTH, HEIGHT, 20);
    put_escaped(file, title);
    fprintf(file, "</text>\n");
    for (int n = 0; n < plan->count; n++)
        put_block(&d, &plan->blocks[n], n);
    put_axes(&d);
    put_line(&d, plan->lower_bound, "lower bound", "#06c", "start", LEFT + 6);
    put_line(&d, plan->peak, "peak", "#c00", "end", WIDTH - RIGHT);
    if (plan->count == 0)
        fprintf(file, "<text x=\"%d\" y=\"%d\">no buffers between the passes</text>\n", LEFT + 20,
                HEIGHT / 2);
    fprintf(file, "</svg>\n");
}

enum wr_status wr_plot_write(const char *path, const struct wr_memory_plan *plan, const char *title,
                             struct wr_error *error)
{
    FILE *const file = strcmp(path, "-") ? fopen(path, "w") : stdout;
    if (!file)
        return wr_fail(error, WR_FAILED, "cannot write the memory plan to %s: %s", path,
                       strerror(errno));
    put_picture(file, plan, title);
    int failed = fflush(file) || ferror(file);
    if (file != stdout)
        failed |= fclose(file);
    return failed ? wr_fail(error, WR_FAILED, "cannot write the memory plan to %s: %s", path,
                            strerror(errno))
                  : WR_OK;
}
