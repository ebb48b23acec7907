// SPDX-License-Identifier: MIT
// Reads the tables of options that FFmpeg's filters have.
#include "lib/chain/host_options.h"

#include <float.h>
#include <inttypes.h>
#include <libavutil/avstring.h>
#include <libavutil/opt.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

// ---- which options there are

static bool is_second_name(const AVOption *option, const AVOption *of)
{
    return option != of && option->type != AV_OPT_TYPE_CONST && option->type == of->type &&
           option->offset == of->offset;
}

// The option of the class with the same place as this one: behind it, or before it.
static const AVOption *second_name(const AVClass *class, const AVOption *of, bool behind)
{
    bool is_behind = false;
    for (const AVOption *option = class->option; option && option->name; option++) {
        if (is_second_name(option, of) && is_behind == behind)
            return option;
        is_behind |= option == of;
    }
    return NULL;
}

static bool is_named(const AVClass *class, const char *name)
{
    for (const AVOption *option = class->option; option && option->name; option++)
        if (option->type != AV_OPT_TYPE_CONST && !strcmp(option->name, name))
            return true;
    return false;
}

static bool is_shown(const AVClass *class, const AVOption *option)
{
    return option->type != AV_OPT_TYPE_CONST && !(option->flags & AV_OPT_FLAG_DEPRECATED) &&
           !second_name(class, option, false);
}

// The option with this number, and how many of the class come before it; NULL behind the last.
// Options that the class above has, too, are left out.
static const AVOption *find_in(const AVClass *class, const AVClass *above, int number, int *before)
{
    for (const AVOption *option = class->option; option && option->name; option++) {
        if (!is_shown(class, option) || (above && is_named(above, option->name)))
            continue;
        if (number == *before)
            return option;
        ++*before;
    }
    return NULL;
}

// Sets *class to the one that has the option.
static const AVOption *find(const AVClass **class, int number, int *count)
{
    const AVClass *const first = *class;
    const AVOption *option = first ? find_in(first, NULL, number, count) : NULL;
    void *position = NULL;
    while (first && !option && (*class = av_opt_child_class_iterate(first, &position)))
        option = find_in(*class, first, number, count);
    return option;
}

int wr_host_option_count(const AVClass *options)
{
    int count = 0;
    find(&options, -1, &count);
    return count;
}

// ---- in words

static const char *type_name(const AVOption *option)
{
    switch (option->type) {
    case AV_OPT_TYPE_BOOL:
        return "boolean";
    case AV_OPT_TYPE_INT:
    case AV_OPT_TYPE_INT64:
    case AV_OPT_TYPE_UINT64:
        return option->unit ? "choice" : "integer";
    case AV_OPT_TYPE_FLOAT:
    case AV_OPT_TYPE_DOUBLE:
        return "number";
    case AV_OPT_TYPE_FLAGS:
        return "flags";
    case AV_OPT_TYPE_RATIONAL:
        return "ratio";
    case AV_OPT_TYPE_VIDEO_RATE:
        return "frame rate";
    case AV_OPT_TYPE_IMAGE_SIZE:
        return "size";
    case AV_OPT_TYPE_COLOR:
        return "color";
    case AV_OPT_TYPE_DURATION:
        return "time";
    case AV_OPT_TYPE_PIXEL_FMT:
        return "pixel format";
    default:
        return "text";
    }
}

// Appends the names of values, whose option has this unit; those of flags only where bits are set.
static bool print_names(const AVClass *class, const char *unit, int64_t bits, const char *between,
                        char *text, size_t size)
{
    bool has_some = false;
    for (const AVOption *option = class->option; unit && option && option->name; option++) {
        const int64_t value = option->default_val.i64;
        if (option->type != AV_OPT_TYPE_CONST || !option->unit || strcmp(option->unit, unit) ||
            (bits >= 0 && (!value || (value & bits) != value)))
            continue;
        av_strlcatf(text, size, "%s%s", has_some ? between : "", option->name);
        has_some = true;
    }
    return has_some;
}

static const char *value_name(const AVClass *class, const char *unit, int64_t value)
{
    for (const AVOption *option = class->option; unit && option && option->name; option++)
        if (option->type == AV_OPT_TYPE_CONST && option->unit && !strcmp(option->unit, unit) &&
            option->default_val.i64 == value)
            return option->name;
    return NULL;
}

static bool is_time(const AVOption *option)
{
    return option->type == AV_OPT_TYPE_DURATION;
}

// Limits that are those of the type are none.
static void print_limits(const AVOption *option, char *text, size_t size)
{
    const double unit = is_time(option) ? 1e6 : 1;
    const double widest = is_time(option) ? (double)INT64_MAX : INT32_MAX;
    const bool has_min = option->min > -widest, has_max = option->max < widest;
    const char *const seconds = is_time(option) ? " seconds" : "";
    if (has_min && has_max)
        snprintf(text, size, "%.7g to %.7g%s", option->min / unit, option->max / unit, seconds);
    else if (has_min)
        snprintf(text, size, "from %.7g%s on", option->min / unit, seconds);
    else if (has_max)
        snprintf(text, size, "up to %.7g%s", option->max / unit, seconds);
}

static void print_range(const AVClass *class, const AVOption *option, char *text, size_t size)
{
    const bool is_flags = option->type == AV_OPT_TYPE_FLAGS;
    switch (option->type) {
    case AV_OPT_TYPE_BOOL:
        snprintf(text, size, option->min < 0 ? "0, 1 or auto" : "0 or 1");
        break;
    case AV_OPT_TYPE_FLAGS:
    case AV_OPT_TYPE_INT:
    case AV_OPT_TYPE_INT64:
    case AV_OPT_TYPE_UINT64:
        snprintf(text, size, is_flags ? "any of " : "one of ");
        if (print_names(class, option->unit, -1, is_flags ? "+" : ", ", text, size))
            break;
        *text = '\0';
        print_limits(option, text, size);
        break;
    case AV_OPT_TYPE_FLOAT:
    case AV_OPT_TYPE_DOUBLE:
    case AV_OPT_TYPE_DURATION:
    case AV_OPT_TYPE_RATIONAL:
        print_limits(option, text, size);
        break;
    default:
        break;
    }
}

static void print_whole(const AVClass *class, const AVOption *option, char *text, size_t size)
{
    const int64_t value = option->default_val.i64;
    const char *name = value_name(class, option->unit, value);
    if (option->type == AV_OPT_TYPE_BOOL)
        snprintf(text, size, "%s", value < 0 ? "auto" : value ? "1" : "0");
    else if (name)
        snprintf(text, size, "%s", name);
    else if (option->type != AV_OPT_TYPE_FLAGS ||
             !print_names(class, option->unit, value, "+", text, size))
        snprintf(text, size, "%" PRId64, value);
}

static void print_default(const AVClass *class, const AVOption *option, char *text, size_t size)
{
    const int64_t value = option->default_val.i64;
    switch (option->type) {
    case AV_OPT_TYPE_BOOL:
    case AV_OPT_TYPE_INT:
    case AV_OPT_TYPE_INT64:
    case AV_OPT_TYPE_UINT64:
    case AV_OPT_TYPE_FLAGS:
        print_whole(class, option, text, size);
        break;
    case AV_OPT_TYPE_DURATION:
        if (value >= option->min && value != INT64_MAX && value != INT64_MIN)
            snprintf(text, size, "%.7g", (double)value / 1e6);
        break;
    case AV_OPT_TYPE_FLOAT:
    case AV_OPT_TYPE_DOUBLE:
    case AV_OPT_TYPE_RATIONAL:
        if (fabs(option->default_val.dbl) < FLT_MAX) // else it stands for "none"
            snprintf(text, size, "%.7g", option->default_val.dbl);
        break;
    case AV_OPT_TYPE_STRING:
    case AV_OPT_TYPE_COLOR:
    case AV_OPT_TYPE_IMAGE_SIZE:
    case AV_OPT_TYPE_VIDEO_RATE:
        snprintf(text, size, "%s", option->default_val.str ? option->default_val.str : "");
        break;
    default:
        break;
    }
}

struct wr_parameter_info wr_host_option_describe(const AVClass *options, int number)
{
    int count = 0;
    const AVOption *option = find(&options, number, &count);
    if (!option)
        return (struct wr_parameter_info){.name = "", .type = "", .help = ""};
    const AVOption *alias = second_name(options, option, true);
    struct wr_parameter_info info = {.name = option->name,
                                     .alias = alias ? alias->name : NULL,
                                     .type = type_name(option),
                                     .help = option->help ? option->help : ""};
    print_range(options, option, info.range, sizeof info.range);
    print_default(options, option, info.standard, sizeof info.standard);
    return info;
}
