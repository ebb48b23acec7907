// SPDX-License-Identifier: MIT
// Fuzzes the reader with whole small files: opens them and reads their first frames and packets.
#include <libavutil/log.h>
#include <libavutil/mem.h>

#include "lib/input/reader.h"
#include "lib/input/reader_open.h"
#include "tests/fuzz/support.h"

enum { MOST_FRAMES = 4, MOST_MESSAGES = 64, MOST_BYTES = 64 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    av_log_set_level(AV_LOG_QUIET);
    av_max_alloc(MOST_BYTES); // sizes that a header only claims
    const struct wr_reader_options options = {
        .input = fuzz_file(data, size), .frames = MOST_FRAMES, .threads = 1, .cancelled = -1};
    struct wr_error error;
    struct wr_reader *reader = NULL;
    int status = wr_reader_open(&reader, &options, &error);
    for (int n = 0; !status && n < MOST_MESSAGES; n++) {
        struct wr_message message = {0};
        status = wr_reader_next(reader, &message, &error);
        wr_message_drop(&message);
    }
    wr_reader_close(&reader);
    return 0;
}
