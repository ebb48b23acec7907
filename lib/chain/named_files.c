// SPDX-License-Identifier: MIT
// Finds the files by trying each value as a file's name: libavfilter does not say which options of
// its filters name files.
#include "lib/chain/named_files.h"

#include <libavutil/avstring.h>
#include <libavutil/mem.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

struct taker {
    void (*take)(void *opaque, const char *path);
    void *opaque;
};

static void take_file(const struct taker *taker, const char *path)
{
    struct stat status;
    if (*path && !stat(path, &status) && S_ISREG(status.st_mode))
        taker->take(taker->opaque, path);
}

// A network of ncnn's has its weights in a second file, whose name follows from the first's.
static void take_weights(const struct taker *taker, const char *path)
{
    static const char ending[] = ".param", *const others[] = {".bin", ".BIN"};
    const size_t length = strlen(path), of_ending = strlen(ending);
    if (length <= of_ending || strcasecmp(path + length - of_ending, ending) != 0)
        return;
    for (int n = 0; n < 2; n++) {
        char *name = av_asprintf("%.*s%s", (int)(length - of_ending), path, others[n]);
        if (name)
            take_file(taker, name);
        av_free(name);
    }
}

// A value stands behind a "=", of which a name may have some, too.
static void try_parameter(const struct taker *taker, const char *parameter)
{
    for (const char *value = parameter; value; value = strchr(value, '=')) {
        value += value != parameter;
        take_file(taker, value);
        take_weights(taker, value);
    }
}

// Takes the filter's quotes and escapes away, as libavfilter does, and then those of a parameter.
static void try_filter(const struct taker *taker, const char *filter)
{
    while (*filter) {
        char *parameter = av_get_token(&filter, ":");
        if (!parameter)
            return;
        try_parameter(taker, parameter);
        av_free(parameter);
        filter += *filter == ':';
    }
}

void wr_chain_each_file(const char *chain, void (*take)(void *opaque, const char *path),
                        void *opaque)
{
    const struct taker taker = {take, opaque};
    for (const char *rest = chain; rest && *rest; rest += *rest != '\0') {
        char *filter = av_get_token(&rest, "[],;");
        if (!filter)
            return;
        try_filter(&taker, filter);
        av_free(filter);
    }
}
