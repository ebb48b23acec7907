// SPDX-License-Identifier: MIT
// The table of filters that work in a device's memory, and the plain ones that do the same.
#include "lib/chain/device_words.h"

#include <libavfilter/avfilter.h>
#include <libavutil/avstring.h>
#include <libavutil/bprint.h>
#include <libavutil/mem.h>
#include <libavutil/opt.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_PARAMETERS = 12 };

struct word {
    const char *name, *plain;
    const char *order[MOST_PARAMETERS]; // of parameters without a name, where both differ
};

static const struct word words[] = {
    {"avgblur_opencl", "avgblur", {NULL}},
    {"avgblur_vulkan", "avgblur", {NULL}},
    {"bilateral_cuda", "bilateral", {"sigmaS", "sigmaR", "window_size"}},
    {"boxblur_opencl", "boxblur", {NULL}},
    {"bwdif_cuda", "bwdif", {NULL}},
    {"bwdif_vulkan", "bwdif", {NULL}},
    {"chromakey_cuda", "chromakey", {NULL}},
    {"colorkey_opencl", "colorkey", {NULL}},
    {"deinterlace_qsv", "yadif", {"mode"}},
    {"deinterlace_vaapi", "yadif", {"mode", "rate", "auto"}},
    {"gblur_vulkan", "gblur", {NULL}},
    {"hflip_vulkan", "hflip", {NULL}},
    {"overlay_cuda", "overlay", {NULL}},
    {"overlay_opencl", "overlay", {NULL}},
    {"overlay_qsv", "overlay", {NULL}},
    {"overlay_vaapi", "overlay", {NULL}},
    {"overlay_vulkan", "overlay", {NULL}},
    {"pad_opencl", "pad", {NULL}},
    {"scale_cuda",
     "scale",
     {"w", "h", "interp_algo", "format", "passthrough", "param", "force_original_aspect_ratio",
      "force_divisible_by"}},
    {"scale_npp", "scale", {"w", "h", "format", "interp_algo"}},
    {"scale_qsv", "scale", {"w", "h", "format", "mode"}},
    {"scale_vaapi", "scale", {"w", "h", "format", "mode"}},
    {"scale_vulkan", "scale", {"w", "h", "scaler", "format"}},
    {"thumbnail_cuda", "thumbnail", {NULL}},
    {"transpose_npp", "transpose", {NULL}},
    {"transpose_opencl", "transpose", {NULL}},
    {"transpose_vaapi", "transpose", {NULL}},
    {"transpose_vulkan", "transpose", {NULL}},
    {"unsharp_opencl", "unsharp", {NULL}},
    {"vflip_vulkan", "vflip", {NULL}},
    {"yadif_cuda", "yadif", {NULL}},
    {"yadif_videotoolbox", "yadif", {NULL}},
    // They bring frames to a device and back.
    {"hwdownload", NULL, {NULL}},
    {"hwmap", NULL, {NULL}},
    {"hwupload", NULL, {NULL}},
    {"hwupload_cuda", NULL, {NULL}},
};

// What a parameter is called in the plain filter; NULL: it says where or how fast work is done.
static const struct {
    const char *name, *plain;
} renamed[] = {
    {"auto", "deint"},     {"interp_algo", "flags"}, {"mode", NULL},      {"param", "param0"},
    {"passthrough", NULL}, {"rate", "mode"},         {"scaler", "flags"}, {"window_size", NULL},
};

// And its values, where they differ.
static const struct {
    const char *parameter, *value, *plain;
} values[] = {
    {"deint", "0", "all"},
    {"deint", "1", "interlaced"},
    {"flags", "cubic", "bicubic"},
    {"flags", "cubic2p", "bicubic"},
    {"flags", "cubic2p_b05c03", "bicubic"},
    {"flags", "cubic2p_bspline", "bicubic"},
    {"flags", "cubic2p_catmullrom", "bicubic"},
    {"flags", "linear", "bilinear"},
    {"flags", "nearest", "neighbor"},
    {"flags", "nn", "neighbor"},
    {"flags", "super", "area"},
    {"mode", "field", "send_field"},
    {"mode", "frame", "send_frame"},
};

static const struct word *find_word(const char *name)
{
    for (size_t n = 0; n < sizeof words / sizeof *words; n++)
        if (!strcmp(words[n].name, name))
            return &words[n];
    return NULL;
}

static const char *plain_name(const char *name)
{
    for (size_t n = 0; n < sizeof renamed / sizeof *renamed; n++)
        if (!strcmp(renamed[n].name, name))
            return renamed[n].plain;
    return name;
}

static const char *plain_value(const char *parameter, const char *value)
{
    for (size_t n = 0; n < sizeof values / sizeof *values; n++)
        if (!strcmp(values[n].parameter, parameter) && !strcmp(values[n].value, value))
            return values[n].plain;
    return value;
}

// The end of a name that says where a filter works; NULL for none.
static const char *device_suffix(const char *name)
{
    static const char *const suffixes[] = {"_cuda",  "_npp",    "_opencl",       "_qsv",
                                           "_vaapi", "_vulkan", "_videotoolbox", "_vt"};
    const char *end = strrchr(name, '_');
    for (size_t n = 0; end && n < sizeof suffixes / sizeof *suffixes; n++)
        if (!strcmp(end, suffixes[n]))
            return end;
    return NULL;
}

bool wr_is_device_word(const char *filter)
{
    return find_word(filter) || device_suffix(filter);
}

static enum wr_status fail_memory(struct wr_error *error)
{
    return wr_fail(error, WR_FAILED, "out of memory while reading the filters");
}

static enum wr_status refuse(const char *name, struct wr_error *error)
{
    char plain[64];
    const size_t length = (size_t)(device_suffix(name) - name);
    av_strlcpy(plain, name, FFMIN(length + 1, sizeof plain));
    const bool has_plain = avfilter_get_by_name(plain);
    return wr_fail(error, WR_USAGE,
                   "%s: works in a device's memory, where FFmpeg's filters do not run here%s%s%s",
                   name, has_plain ? "; use " : "", has_plain ? plain : "",
                   has_plain ? ", which takes other parameters" : "");
}

// ---- parameters

struct text {
    AVBPrint parameters;
    char *format; // that the filter makes besides, NULL for none
};

// Puts name=value behind the parameters, with the quotes that FFmpeg needs.
static bool print_parameter(struct text *text, const char *name, const char *value)
{
    char *escaped = NULL;
    if (av_escape(&escaped, value, ":", AV_ESCAPE_MODE_BACKSLASH, 0) < 0)
        return false;
    av_bprintf(&text->parameters, "%s%s=%s", text->parameters.len ? ":" : "", name, escaped);
    av_free(escaped);
    return true;
}

// False where memory is short.
static bool take_parameter(struct text *text, const char *name, const char *value)
{
    if (!strcmp(name, "format")) {
        free(text->format);
        text->format = strdup(value);
        return text->format;
    }
    const char *plain = plain_name(name);
    if (!plain)
        return true;
    return print_parameter(text, plain, plain_value(plain, value));
}

static enum wr_status read_parameters(struct text *text, const struct word *word,
                                      const char *written, struct wr_error *error)
{
    enum wr_status status = WR_OK;
    for (int place = 0; written && *written && !status; written += *written == ':') {
        char *name = NULL, *value = NULL;
        if (av_opt_get_key_value(&written, "=", ":", AV_OPT_FLAG_IMPLICIT_KEY, &name, &value) < 0)
            return wr_fail(error, WR_USAGE, "%s: '%s' is not a parameter", word->name, written);
        const bool has_place = place < MOST_PARAMETERS && word->order[place];
        const char *known = name ? name : has_place ? word->order[place++] : NULL;
        if (!known)
            status = wr_fail(error, WR_USAGE, "%s: '%s' is one value too many", word->name, value);
        else if (!take_parameter(text, known, value))
            status = fail_memory(error);
        av_free(name);
        av_free(value);
    }
    return status;
}

// ---- filters

// Sets the text of a filter from its name and parameters.
static bool write_text(struct wr_graph_filter *filter)
{
    char *escaped = NULL;
    const char *parameters = filter->parameters;
    if (parameters && av_escape(&escaped, parameters, "[],;", AV_ESCAPE_MODE_BACKSLASH, 0) < 0)
        return false;
    char *text = av_asprintf("%s%s%s", filter->name, escaped ? "=" : "", escaped ? escaped : "");
    free(filter->text);
    filter->text = text ? strdup(text) : NULL;
    av_free(text);
    av_free(escaped);
    return filter->text;
}

static bool rename_filter(struct wr_graph_filter *filter, const char *name, const char *parameters)
{
    char *const new_name = strdup(name), *const new_parameters =
                                             parameters ? strdup(parameters) : NULL;
    if (!new_name || (parameters && !new_parameters)) {
        free(new_name);
        free(new_parameters);
        return false;
    }
    free(filter->name);
    free(filter->parameters);
    filter->name = new_name;
    filter->parameters = new_parameters;
    return write_text(filter);
}

// Puts `format` behind a filter, which it follows with a comma.
static bool insert_format(struct wr_graph *graph, int at, const char *format)
{
    struct wr_graph_filter *larger =
        reallocarray(graph->filters, (size_t)graph->count + 1, sizeof *larger);
    if (!larger)
        return false;
    graph->filters = larger;
    struct wr_graph_filter *filter = &larger[at], *new = filter + 1;
    memmove(new + 1, new, (size_t)(graph->count++ - at - 1) * sizeof *new);
    *new = (struct wr_graph_filter){.out = filter->out, .carries = filter->carries};
    filter->out = (struct wr_labels){0};
    filter->carries = true;
    return rename_filter(new, "format", format);
}

static enum wr_status replace_one(struct wr_graph *graph, int at, const struct word *word,
                                  struct wr_error *error)
{
    struct text text = {.format = NULL};
    const char *written = graph->filters[at].parameters;
    av_bprint_init(&text.parameters, 0, AV_BPRINT_SIZE_UNLIMITED);
    enum wr_status status = word->order[0] ? read_parameters(&text, word, written, error) : WR_OK;
    if (!status && (!av_bprint_is_complete(&text.parameters) ||
                    !rename_filter(&graph->filters[at], word->plain,
                                   !word->order[0]       ? written
                                   : text.parameters.len ? text.parameters.str
                                                         : NULL)))
        status = fail_memory(error);
    const bool has_format = text.format && strcmp(text.format, "same") != 0;
    if (!status && has_format && !insert_format(graph, at, text.format))
        status = fail_memory(error);
    av_bprint_finalize(&text.parameters, NULL);
    free(text.format);
    return status;
}

// Takes a filter out that changes nothing, and joins its neighbours. Where it stands between
// labels, `null` takes its place.
static enum wr_status take_out(struct wr_graph *graph, int at, struct wr_error *error)
{
    struct wr_graph_filter *filter = &graph->filters[at];
    struct wr_graph_filter *before = at ? filter - 1 : NULL, *after = filter + 1;
    const bool follows = before && before->carries && !before->out.count && !filter->in.count;
    const bool leads = filter->carries && at + 1 < graph->count && !after->in.count;
    if (follows) {
        before->carries = filter->carries;
        before->out = filter->out;
        filter->out = (struct wr_labels){0};
    } else if (leads) {
        after->in = filter->in;
        filter->in = (struct wr_labels){0};
    } else if (graph->count > 1 || filter->in.count || filter->out.count) {
        return rename_filter(filter, "null", NULL) ? WR_OK : fail_memory(error);
    }
    wr_graph_remove(graph, at);
    return WR_OK;
}

enum wr_status wr_device_words_replace(struct wr_graph *graph, struct wr_error *error)
{
    enum wr_status status = WR_OK;
    for (int n = graph->count - 1; n >= 0 && !status; n--) {
        const char *name = graph->filters[n].name;
        const struct word *word = find_word(name);
        if (word)
            status = word->plain ? replace_one(graph, n, word, error) : take_out(graph, n, error);
        else if (device_suffix(name))
            status = refuse(name, error);
    }
    return status;
}
