// SPDX-License-Identifier: MIT
// warpreel inside another program: sharpens a file, with progress on stdout.
//
//     cc embed.c $(pkg-config --cflags --libs warpreel) -o embed
//     ./embed IN OUT
#include <stdio.h>
#include <warpreel.h>

static void show(void *opaque, const struct wr_progress *progress)
{
    (void)opaque;
    printf("%lld of about %lld frames\n", (long long)progress->frames_out,
           (long long)progress->frames_total);
}

static void say(void *opaque, enum wr_log_level level, const char *sentence)
{
    (void)opaque;
    (void)level;
    printf("note: %s\n", sentence);
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "usage: embed IN OUT\n");
        return 2;
    }
    struct wr_options options = wr_default_options();
    options.input = argv[1];
    options.output = argv[2];
    options.chain = "unsharp,eq=contrast=1.1";
    options.overwrite = true;
    options.progress = show;
    options.log = say;
    wr_log_libav(false);

    struct wr_error error;
    struct wr_run *run = NULL;
    enum wr_status status = wr_open(&run, &options, &error);
    if (!status)
        status = wr_execute(run, &error);
    if (status)
        fprintf(stderr, "%s\n", error.text);
    else
        printf("%s: %lld frames on %s\n", options.output, (long long)wr_get_report(run)->frames_out,
               wr_get_report(run)->device);
    wr_close(&run);
    return status;
}
