// SPDX-License-Identifier: MIT
// Networks over pictures: which of a picture's planes a network sees, and what becomes of the rest.
#pragma once

#include "kernels/net/net.h"

// What a network sees. AUTO: luma where it takes one channel, else RGB. With YUV a network of three
// channels sees these, with RGB a network of one channel sees each of them in turn.
enum wr_net_colors { WR_NET_AUTO, WR_NET_RGB, WR_NET_YUV };

struct wr_net_options {
    enum wr_net_colors colors;
    double noise;       // 0 to 255, for networks with one more channel; below 0: not given
    double strength;    // how much of the result is taken, the rest from the picture
    const float *steps; // see wr_net_lower()
};

// How many pixels a network loses on each side of the picture, since its windows do not reach
// beyond the border: with so many more of them the result would be a whole multiple of the picture.
// 0: it loses none, or its result is no such picture at all.
int wr_net_margin(const struct wr_network *network);

// Fails with a sentence where a network takes or makes other channels than a picture has.
enum wr_status wr_net_check_channels(const struct wr_lowering *lowering,
                                     const struct wr_network *network,
                                     const struct wr_net_options *options);

// Appends passes that turn the lowering's picture into the network's result, in the layout that it
// had. What the network does not see is scaled to the new size. Where the network is for a larger
// picture, the edge is repeated on all sides. Its channels have been checked. Fails with a sentence
// where sizes do not fit a picture.
enum wr_status wr_net_picture(struct wr_lowering *lowering, const struct wr_network *network,
                              const struct wr_net_options *options);
