// SPDX-License-Identifier: MIT
// The program: read the command line, run what it asks for, and say how it went.
#include <fcntl.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cli/console.h"
#include "cli/ffmpeg/ffmpeg_line.h"
#include "cli/ffmpeg/ffmpeg_names.h"
#include "cli/ffmpeg/ffmpeg_outputs.h"
#include "cli/ffmpeg/ffmpeg_refuse.h"
#include "cli/ffmpeg/ffmpeg_source.h"
#include "cli/help.h"
#include "cli/many/estimate_all.h"
#include "cli/many/many.h"
#include "cli/options.h"
#include "cli/paths.h"
#include "cli/single.h"
#include "lib/warpreel.h"

// Memory of freed frames is kept for the next ones. Given back to the system, it would have to be
// cleared page by page each time.
static void keep_memory(void)
{
#ifdef __GLIBC__
    mallopt(M_MMAP_THRESHOLD, 32 << 20);
    mallopt(M_TRIM_THRESHOLD, 256 << 20);
#endif
}

// Whole pages are given back to the system, which hands out cleared ones for those that are used
// again; many never are.
static void clear(unsigned char *memory, size_t size)
{
    const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE), start = (uintptr_t)memory;
    const uintptr_t first = (start + page - 1) / page * page, end = (start + size) / page * page;
    if (end <= first || end - first < 16 * page ||
        madvise((void *)first, end - first, MADV_DONTNEED)) {
        memset(memory, 0, size);
        return;
    }
    memset(memory, 0, first - start);
    memset((void *)end, 0, start + size - end);
}

// libx264 decides by memory that it never wrote, so its bits would depend on what the process freed
// before. It is the one library here that calls memalign(), which this takes the place of: what it
// gets is cleared, and nobody else pays for that.
__attribute__((visibility("default"))) void *memalign(size_t alignment, size_t size)
{
    void *memory = NULL;
    if (posix_memalign(&memory, alignment < sizeof(memory) ? sizeof(memory) : alignment, size))
        return NULL;
    clear(memory, size);
    return memory;
}

// If a standard stream is closed at the start, the output file must not get its number.
static void fill_standard_streams(void)
{
    int fd;
    do
        fd = open("/dev/null", O_RDONLY);
    while (fd >= 0 && fd <= STDERR_FILENO);
    if (fd >= 0)
        close(fd);
}

// How much libraries write to stderr by themselves. For SVT-AV1 that is set in the environment and
// nowhere else. This belongs to the program: the library changes no environment.
static void set_verbose(bool verbose)
{
    wr_log_libav(verbose);
    if (!verbose)
        setenv("SVT_LOG", "0", 0);
}

static enum wr_status read_line(struct wr_settings *settings, int argc, char **argv,
                                struct wr_error *error)
{
    if (wr_is_ffmpeg_line(argc, argv))
        return wr_ffmpeg_line_read(settings, argc, argv, error);
    enum wr_status status = wr_ffmpeg_take_question(argc, argv, error);
    if (!status)
        status = wr_ffmpeg_refuse(argc, argv, error);
    return status ? status : wr_settings_parse(settings, argc, argv, error);
}

// Does what one command line asks for.
static enum wr_status run_line(struct wr_settings *settings, struct wr_console *console,
                               struct wr_error *error)
{
    console->json = settings->progress == WR_PROGRESS_JSON;
    console->quiet = settings->quiet;
    console->verbose = settings->verbose;
    if (settings->repeated)
        wr_console_say(console, WR_SAY_WARNING,
                       "--%s was given more than once: the last one counts", settings->repeated);
    for (int n = 0; settings->remarks && settings->remarks[n]; n++)
        wr_console_say(console, WR_SAY_WARNING, "%s", settings->remarks[n]);
    settings->engine.cpu_level = getenv("WARPREEL_CPU");
    set_verbose(settings->verbose);
    const bool many = settings->has_many, estimate = settings->estimate;
    return many && estimate       ? wr_many_estimate(settings, console, error)
           : many                 ? wr_many_run(settings, console, error)
           : !settings->job.input ? wr_help(settings, error)
           : estimate             ? wr_single_estimate(settings, console, error)
                                  : wr_single_run(settings, console, error);
}

// Runs the lines one after another and says how each failed. After a failure no further line is
// run, except where the input was only damaged.
static enum wr_status run_lines(struct wr_settings *settings, int count, struct wr_console *console,
                                struct wr_error *error)
{
    enum wr_status result = WR_OK, status = WR_OK;
    for (int n = 0; n < count && (!status || status == WR_DAMAGED); n++) {
        status = run_line(&settings[n], console, error);
        if (status)
            wr_console_say(console, WR_SAY_ERROR, "%s", error->text);
        result = status ? status : result;
    }
    return result;
}

// Each output of a line of ffmpeg's is a run of its own. All are read and checked before the first
// begins.
static enum wr_status read_and_run(int argc, char **argv, struct wr_console *console,
                                   struct wr_error *error)
{
    struct wr_ffmpeg_part *parts = NULL;
    int count = 0;
    enum wr_status status = wr_ffmpeg_parts_make(&parts, &count, argc, argv, error);
    struct wr_settings *settings = calloc((size_t)count + 1, sizeof(*settings));
    if (!status && !settings)
        status = wr_fail(error, WR_FAILED, "out of memory");
    for (int n = 0; n < count && settings; n++) {
        settings[n] = wr_default_settings();
        if (!status)
            status = read_line(&settings[n], parts[n].argc, parts[n].argv, error);
    }
    if (!status)
        status = wr_paths_check_runs(settings, count, error);
    for (int n = 0; n < count && count > 1 && !status; n++) {
        set_verbose(settings[n].verbose);
        status = wr_job_check(NULL, &settings[n].job, error);
    }
    if (status)
        wr_console_say(console, WR_SAY_ERROR, "%s", error->text);
    else
        status = run_lines(settings, count, console, error);
    for (int n = 0; n < count && settings; n++)
        wr_settings_free(&settings[n]);
    free(settings);
    wr_ffmpeg_parts_free(&parts, count);
    return status;
}

// Blocks SIGUSR1, which asks how far the run is, until the thread that answers it has started. By
// default the signal would end the program.
static void hold_questions(void)
{
    sigset_t question;
    sigemptyset(&question);
    sigaddset(&question, SIGUSR1);
    pthread_sigmask(SIG_BLOCK, &question, NULL);
}

int main(int argc, char **argv)
{
    hold_questions();
    keep_memory();
    fill_standard_streams();
    struct wr_console console = WR_CONSOLE;
    struct wr_error error = {0};
    struct wr_ffmpeg_source source;
    enum wr_status status = wr_ffmpeg_source_make(&source, argc, argv, &error);
    if (source.argv) {
        argc = source.argc;
        argv = source.argv;
    }
    if (wr_is_ffmpeg_line(argc, argv))
        console.respell = wr_ffmpeg_respell;
    if (status)
        wr_console_say(&console, WR_SAY_ERROR, "%s", error.text);
    else
        status = read_and_run(argc, argv, &console, &error);
    wr_ffmpeg_source_free(&source);
    return (int)status;
}
