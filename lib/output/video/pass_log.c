// SPDX-License-Identifier: MIT
// Writes and reads the file of statistics. libx264 does both itself, and gets its name.
#include "lib/output/video/pass_log.h"

#include <errno.h>
#include <libavutil/avstring.h>
#include <libavutil/file.h>
#include <libavutil/mem.h>
#include <string.h>

static enum wr_status read_statistics(struct wr_pass_log *pass, struct wr_error *error)
{
    uint8_t *bytes = NULL; // also of an empty file
    size_t size = 0;
    const int result = av_file_map(pass->name, &bytes, &size, 0, NULL);
    if (result < 0)
        return wr_fail(error, WR_FAILED, "cannot read %s, which the first pass writes: %s",
                       pass->name, av_err2str(result));
    pass->statistics = bytes ? av_strndup((const char *)bytes, size) : av_strdup("");
    if (bytes)
        av_file_unmap(bytes, size);
    return pass->statistics ? WR_OK : wr_fail(error, WR_FAILED, "out of memory");
}

static enum wr_status create_file(struct wr_pass_log *pass, struct wr_error *error)
{
    pass->file = fopen(pass->name, "wbe");
    return pass->file
               ? WR_OK
               : wr_fail(error, WR_FAILED, "cannot write %s: %s", pass->name, strerror(errno));
}

enum wr_status wr_pass_log_open(struct wr_pass_log *pass, const struct wr_encoder_row *row,
                                const struct wr_writer_options *options, struct wr_error *error)
{
    *pass = (struct wr_pass_log){.pass = options->pass, .log = &options->log};
    if (!pass->pass)
        return WR_OK;
    if (options->chunk)
        return wr_fail(error, WR_USAGE,
                       "two passes are not possible where the video is encoded in pieces");
    pass->name = av_asprintf("%s-0.log", options->pass_log ? options->pass_log : "ffmpeg2pass");
    if (!pass->name)
        return wr_fail(error, WR_FAILED, "out of memory");
    return pass->pass == 2   ? read_statistics(pass, error)
           : row->statistics ? WR_OK
                             : create_file(pass, error);
}

void wr_pass_log_add(struct wr_pass_log *pass, const AVCodecContext *encoder, bool is_end)
{
    // Some tell of each packet, others of all of them at the end.
    const bool is_told = pass->file && ftell(pass->file) > 0;
    if (pass->file && encoder->stats_out && !(is_end && is_told))
        fputs(encoder->stats_out, pass->file);
}

enum wr_status wr_pass_log_end(struct wr_pass_log *pass, const AVCodec *codec,
                               struct wr_error *error)
{
    FILE *const file = pass->file;
    if (!file)
        return WR_OK;
    if (!ftell(file))
        wr_say(pass->log, WR_LOG_WARNING,
               "encoder %s keeps no statistics for a second pass, which changes nothing then",
               codec->name);
    pass->file = NULL;
    const bool has_failed = ferror(file);
    return fclose(file) || has_failed
               ? wr_fail(error, WR_FAILED, "cannot write %s: %s", pass->name, strerror(errno))
               : WR_OK;
}

void wr_pass_log_close(struct wr_pass_log *pass)
{
    if (pass->file)
        fclose(pass->file);
    av_freep(&pass->name);
    av_freep(&pass->statistics);
    *pass = (struct wr_pass_log){0};
}
