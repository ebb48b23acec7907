// SPDX-License-Identifier: MIT
// Keeps sentences and the redrawn lines apart on stderr. A single line needs no terminal control
// sequences, several need two.
#include "cli/console.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/json.h"

static bool wanted(const struct wr_console *console, enum wr_say kind)
{
    if (kind == WR_SAY_ERROR || kind == WR_SAY_LOSS)
        return true;
    return kind == WR_SAY_INFO ? console->verbose : !console->quiet;
}

// File names come into sentences as they are: none may move the cursor or begin a second line.
void wr_console_tame(char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < ' ' || *text == 0x7f)
            *text = '?';
}

static int count_breaks(const char *text)
{
    int breaks = 0;
    for (; *text; text++)
        breaks += *text == '\n';
    return breaks;
}

// Replaces what stands at the cursor in one write, so that it does not flicker.
static void draw(struct wr_console *console, const char *line)
{
    const int breaks = count_breaks(console->line);
    if (breaks || count_breaks(line)) {
        char up[16] = "";
        if (breaks)
            snprintf(up, sizeof(up), "\033[%dA", breaks);
        fprintf(stderr, "\r%s\033[J%s", up, line);
        fflush(stderr);
        return;
    }
    const int former = console->line[0] ? (int)strlen(console->line) + WR_CONSOLE_ECHO : 0;
    const int length = (int)strlen(line);
    const int rest = former > length ? former - length : 0;
    if (former || length)
        fprintf(stderr, "\r%s%*s%s", line, rest, "", length ? "" : "\r");
    fflush(stderr);
}

static void print(struct wr_console *console, const char *prefix, const char *text)
{
    pthread_mutex_lock(&console->lock);
    draw(console, "");
    fprintf(stderr, "%s%s\n", prefix, text);
    if (console->line[0])
        fprintf(stderr, "\r%s", console->line);
    fflush(stderr);
    pthread_mutex_unlock(&console->lock);
}

static char *as_json(enum wr_say kind, const char *text)
{
    static const char *const names[] = {
        [WR_SAY_ERROR] = "error",   [WR_SAY_LOSS] = "loss",       [WR_SAY_WARNING] = "warning",
        [WR_SAY_BLOCK] = "warning", [WR_SAY_SUMMARY] = "summary", [WR_SAY_INFO] = "info",
    };
    json_t *const object = json_pack("{s:s, s:o}", "type", names[kind], "text", wr_json_text(text));
    char *const line = object ? json_dumps(object, JSON_COMPACT) : NULL;
    json_decref(object);
    return line;
}

void wr_console_say(struct wr_console *console, enum wr_say kind, const char *format, ...)
{
    if (!wanted(console, kind))
        return;
    char sentence[2048], text[2048];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sentence, sizeof(sentence), format, arguments);
    va_end(arguments);
    if (console->respell)
        console->respell(text, sizeof(text), sentence);
    else
        snprintf(text, sizeof(text), "%s", sentence);
    wr_console_tame(text);

    char *const line = console->json ? as_json(kind, text) : NULL;
    print(console, line || kind == WR_SAY_BLOCK ? "" : "warpreel: ", line ? line : text);
    free(line);
}

void wr_console_size(int *columns, int *rows)
{
    struct winsize size = {0};
    const bool known = !ioctl(STDERR_FILENO, TIOCGWINSZ, &size);
    *columns = known && size.ws_col ? size.ws_col : 80;
    *rows = known && size.ws_row ? size.ws_row : 24;
}

void wr_console_draw(struct wr_console *console, const char *line)
{
    pthread_mutex_lock(&console->lock);
    draw(console, line);
    snprintf(console->line, sizeof(console->line), "%s", line);
    pthread_mutex_unlock(&console->lock);
}

void wr_console_print(struct wr_console *console, const char *text)
{
    print(console, "", text);
}
