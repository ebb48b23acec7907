// SPDX-License-Identifier: MIT
// Writes packets into the file of a trial. Muxers may refuse packets that stand in for others.
#include "lib/output/trial_file.h"

static bool is_refusal(const AVFormatContext *file, int result)
{
    return (result == AVERROR(EINVAL) || result == AVERROR_INVALIDDATA) && file->nb_streams > 1;
}

int wr_trial_write(struct wr_trial *trial, AVPacket *packet)
{
    const int result = av_interleaved_write_frame(trial->file, packet);
    const bool refused = is_refusal(trial->file, result);
    trial->has_refusals |= refused;
    return refused ? 0 : result;
}

// A refused packet is gone, but others may still wait to be written.
int wr_trial_flush(struct wr_trial *trial)
{
    AVFormatContext *file = trial->file;
    int result;
    while (is_refusal(file, result = av_interleaved_write_frame(file, NULL)))
        trial->has_refusals = true;
    for (unsigned i = 0; i < file->nb_streams; i++)
        trial->streams[i].refused =
            trial->has_refusals && trial->streams[i].written && !file->streams[i]->nb_frames;
    return result;
}
