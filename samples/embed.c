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
    struct wr_engine_options with = wr_default_engine_options();
    struct wr_job_options what = wr_default_job_options();
    what.input = argv[1];
    what.output = argv[2];
    what.chain = "unsharp,eq=contrast=1.1";
    what.overwrite = true;
    what.progress = show;
    what.log = say;
    wr_log_libav(false);

    struct wr_error error;
    struct wr_engine *engine = NULL;
    struct wr_job *job = NULL;
    enum wr_status status = wr_engine_open(&engine, &with, &error);
    if (!status)
        status = wr_job_open(&job, engine, &what, &error);
    if (!status)
        status = wr_job_run(job, &error);
    if (status)
        fprintf(stderr, "%s\n", error.text);
    else
        printf("%s: %lld frames on %s\n", what.output, (long long)wr_job_report(job)->frames_out,
               wr_job_report(job)->device);
    wr_job_close(&job);
    wr_engine_close(&engine);
    return status;
}
