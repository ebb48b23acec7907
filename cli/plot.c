// SPDX-License-Identifier: MIT
// Draws the memory plan: plain SVG, which every browser shows.
#include "cli/plot.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

// In pixels: the picture's width, the plot's height, and the margins on its sides and below.
enum { WIDTH = 1000, PLOT_HEIGHT = 500, LEFT = 110, RIGHT = 20, BOTTOM = 50 };
// Above the plot, from EDGE on: lines of the title, then rows of the legend.
enum { EDGE = 20, TITLE_LINE = 20, TITLE_CHARACTERS = 106, LEGEND_LINE = 18, LEGEND_COLUMNS = 6 };
enum { MOST_FILTERS = 64 };

struct drawing {
    FILE *file;
    int top;                           // of the plot; the title and the legend stand above it
    int64_t last;                      // time at the right edge
    int64_t most;                      // bytes at the upper edge
    const char *filters[MOST_FILTERS]; // those with buffers: a label of each
    int filter_count;
};

static double across(const struct drawing *d, int64_t time)
{
    return LEFT + (double)time / (double)d->last * (WIDTH - LEFT - RIGHT);
}

static double up(const struct drawing *d, int64_t bytes)
{
    return d->top + PLOT_HEIGHT * (1 - (double)bytes / (double)d->most);
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

// The filter's name is a label's first word.
static int filter_length(const char *label)
{
    return (int)strcspn(label, " ");
}

// A filter's place in the list, which gives its colour.
static int find_filter(const struct drawing *d, const char *label)
{
    const int length = filter_length(label);
    int n = 0;
    while (n < d->filter_count && (filter_length(d->filters[n]) != length ||
                                   strncmp(d->filters[n], label, (size_t)length) != 0))
        n++;
    return n;
}

static void put_color(const struct drawing *d, const char *name)
{
    fprintf(d->file, "fill=\"hsl(%d,55%%,72%%)\" stroke=\"#333\"", find_filter(d, name) * 67 % 360);
}

// ---- above the plot

// How many of the characters at text go on a line of the title: up to a comma, if there is one.
static int line_length(const char *text)
{
    int length = TITLE_CHARACTERS;
    if ((int)strlen(text) <= length)
        return (int)strlen(text);
    while (length > 0 && text[length - 1] != ',' && text[length - 1] != ' ')
        length--;
    return length ? length : TITLE_CHARACTERS;
}

// Writes the title and returns where it ends. Without a file it writes nothing.
static int put_title(FILE *file, const char *title)
{
    int y = EDGE;
    for (int length; *title; title += length) {
        char line[TITLE_CHARACTERS + 1];
        length = line_length(title);
        snprintf(line, sizeof(line), "%.*s", length, title);
        if (file) {
            fprintf(file, "<text x=\"%d\" y=\"%d\" font-size=\"15\">", EDGE, y + 5);
            put_escaped(file, line);
            fprintf(file, "</text>\n");
        }
        y += TITLE_LINE;
    }
    return y;
}

// The colour of each filter, from row y on.
static void put_legend(const struct drawing *d, int y)
{
    for (int n = 0; n < d->filter_count; n++) {
        const int x = EDGE + n % LEGEND_COLUMNS * ((WIDTH - EDGE) / LEGEND_COLUMNS);
        const int row = y + n / LEGEND_COLUMNS * LEGEND_LINE;
        fprintf(d->file, "<rect x=\"%d\" y=\"%d\" width=\"12\" height=\"12\" ", x, row);
        put_color(d, d->filters[n]);
        fprintf(d->file, "/><text x=\"%d\" y=\"%d\">%.*s</text>\n", x + 17, row + 10,
                filter_length(d->filters[n]), d->filters[n]);
    }
}

// ---- the plot

// A buffer: the filter's name in it where there is room; a viewer shows the rest under the pointer.
static void put_block(const struct drawing *d, const struct wr_memory_block *block)
{
    const double x = across(d, block->from), y = up(d, block->offset + block->bytes);
    const double width = across(d, block->to) - x, height = up(d, block->offset) - y;
    fprintf(d->file, "<g><rect x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\" ", x, y, width,
            height);
    put_color(d, block->label);
    fprintf(d->file, "/><title>");
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

// At most five, at 1, 2 or 5 times a power of ten of the unit.
static void put_ticks(const struct drawing *d)
{
    static const char *const names[] = {"bytes", "KiB", "MiB", "GiB"};
    int unit = 0;
    while (unit < 3 && d->most >> 10 * (unit + 1) >= 5)
        unit++;
    const int64_t one = INT64_C(1) << 10 * unit;
    int64_t step = one;
    for (int n = 0; d->most / step > 5; n++)
        step = n % 3 == 1 ? step / 2 * 5 : step * 2;
    for (int64_t bytes = 0; bytes <= d->most; bytes += step)
        fprintf(d->file,
                "<path d=\"M%d %.2f h-4\" stroke=\"#000\"/>"
                "<text x=\"%d\" y=\"%.2f\" text-anchor=\"end\">%lld %s</text>\n",
                LEFT, up(d, bytes), LEFT - 7, up(d, bytes) + 4, (long long)(bytes / one),
                names[unit]);
}

static void put_axes(const struct drawing *d)
{
    const int bottom = d->top + PLOT_HEIGHT;
    fprintf(d->file,
            "<path d=\"M%d %d V%d H%d\" fill=\"none\" stroke=\"#000\"/>\n"
            "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">time: passes of the "
            "filters</text>\n",
            LEFT, d->top, bottom, WIDTH - RIGHT, (LEFT + WIDTH - RIGHT) / 2, bottom + 38);
    put_ticks(d);
}

static void put_plot(const struct drawing *d, const struct wr_memory_plan *plan)
{
    for (int n = 0; n < plan->count; n++)
        put_block(d, &plan->blocks[n]);
    put_axes(d);
    put_line(d, plan->lower_bound, "lower bound", "#06c", "start", LEFT + 6);
    put_line(d, plan->peak, "peak", "#c00", "end", WIDTH - RIGHT);
}

// Lists the filters that have buffers, and measures.
static struct drawing measure(FILE *file, const struct wr_memory_plan *plan, const char *title)
{
    struct drawing d = {.file = file, .last = 1, .most = plan->peak + plan->peak / 10};
    for (int n = 0; n < plan->count; n++) {
        const struct wr_memory_block *block = &plan->blocks[n];
        d.last = block->to > d.last ? block->to : d.last;
        if (d.filter_count < MOST_FILTERS && find_filter(&d, block->label) == d.filter_count)
            d.filters[d.filter_count++] = block->label;
    }
    const int rows = (d.filter_count + LEGEND_COLUMNS - 1) / LEGEND_COLUMNS;
    d.top = put_title(NULL, title) + rows * LEGEND_LINE + EDGE;
    return d;
}

static void put_picture(FILE *file, const struct wr_memory_plan *plan, const char *title)
{
    const struct drawing d = measure(file, plan, title);
    fprintf(file,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
            "font-family=\"sans-serif\" font-size=\"12\">\n"
            "<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n",
            WIDTH, plan->count ? d.top + PLOT_HEIGHT + BOTTOM : d.top + BOTTOM);
    put_legend(&d, put_title(file, title));
    if (plan->count)
        put_plot(&d, plan);
    else
        fprintf(file, "<text x=\"%d\" y=\"%d\">nothing to plan</text>\n", EDGE, d.top);
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
