// SPDX-License-Identifier: MIT
// Waits with the header until the first frame tells where in the source the output begins.
#include "lib/output/writer_begin.h"

#include "lib/output/time_code.h"
#include "lib/output/writer_packets.h"

// So much of other streams waits for the first frame at most.
enum { MOST_BYTES = 64 << 20 };

enum wr_status wr_writer_hold(struct wr_writer *writer, struct wr_message *message,
                              struct wr_error *error)
{
    writer->waiting_bytes += message->packet->size;
    const enum wr_status status = wr_messages_put(&writer->waiting, message, error);
    *message = (struct wr_message){0};
    if (status || writer->waiting_bytes < MOST_BYTES)
        return status;
    wr_say(&writer->options.log, WR_LOG_LOSS,
           "the time code stays that of the source's first frame, since the first that is kept "
           "comes too late in the file: --start begins there");
    return wr_writer_begin(writer, NULL, error);
}

enum wr_status wr_writer_begin(struct wr_writer *writer, const AVFrame *first,
                               struct wr_error *error)
{
    struct wr_muxer *muxer = &writer->muxer;
    const AVRational rate = writer->encoder.context->framerate;
    if (first && wr_time_code_follow(muxer->file, writer->source, rate, first) < 0)
        return wr_fail(error, WR_FAILED, "out of memory");
    writer->waits = false;
    const enum wr_status status = wr_muxer_write_header(muxer, writer->plan.codec->name, error);
    return status ? status : wr_writer_release(writer, error);
}
