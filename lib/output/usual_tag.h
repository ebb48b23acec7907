// SPDX-License-Identifier: MIT
// The four letters by which readers of a container know a codec.
#pragma once

#include <libavformat/avformat.h>

// Those that the muxer gives a video with these parameters and this rate if it keeps to standards:
// NTSC DV and PAL DV have different ones, as have sizes of XDCAM. 0 if it does not tell.
unsigned wr_usual_tag(const AVOutputFormat *container, const AVStream *video);
