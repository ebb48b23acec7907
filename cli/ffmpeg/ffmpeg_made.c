// SPDX-License-Identifier: MIT
// Sets options of ours from what a line of ffmpeg's says, and keeps the strings that this makes.
#include "cli/ffmpeg/ffmpeg_made.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *wr_ffmpeg_make(struct wr_ffmpeg_line *line, const char *format, ...)
{
    char *text = NULL;
    va_list arguments;
    va_start(arguments, format);
    if (vasprintf(&text, format, arguments) < 0)
        text = NULL;
    va_end(arguments);
    const char *const kept = wr_settings_keep(line->settings, text);
    if (!kept)
        wr_fail(line->error, WR_FAILED, "out of memory");
    return kept;
}

// What an option that is for one input is called among the settings of a further one; NULL if it is
// no such option.
static const char *setting_of(const char *own)
{
    static const char *const names[][2] = {{"input-format", "format"},
                                           {"start", "start"},
                                           {"to", "to"},
                                           {"framerate", "framerate"},
                                           {"input-option", ""}};
    for (size_t n = 0; n < sizeof(names) / sizeof(*names); n++)
        if (!strcmp(own, names[n][0]))
            return names[n][1];
    return NULL;
}

enum wr_status wr_ffmpeg_set(struct wr_ffmpeg_line *line, const char *own, const char *text)
{
    if (!text)
        return WR_FAILED;
    struct wr_error error;
    const char *const setting = line->place == WR_BEFORE && line->inputs ? setting_of(own) : NULL;
    if (setting) {
        own = "input-setting";
        text = wr_ffmpeg_make(line, "%d/%s%s%s", line->inputs, setting, *setting ? "=" : "", text);
    }
    if (!text)
        return WR_FAILED;
    const enum wr_status status = wr_option_set(line->settings, own, text, &error);
    return status ? wr_fail(line->error, status, "%s %s: %s", line->word ? line->word->text : "",
                            line->word && line->word->value ? line->word->value : "", error.text)
                  : WR_OK;
}

enum wr_status wr_ffmpeg_remark(struct wr_ffmpeg_line *line, const char *sentence)
{
    struct wr_settings *const settings = line->settings;
    size_t count = 0;
    while (settings->remarks && settings->remarks[count])
        count++;
    const char **const longer = realloc(settings->remarks, (count + 2) * sizeof(*longer));
    if (longer)
        settings->remarks = longer;
    if (!longer || !sentence)
        return wr_fail(line->error, WR_FAILED, "out of memory");
    longer[count] = sentence;
    longer[count + 1] = NULL;
    return WR_OK;
}
