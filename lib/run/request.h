// SPDX-License-Identifier: MIT
// What a job is asked to do with pictures: its options, and their chain, which is parsed here and
// nowhere else.
#pragma once

#include "lib/chain/mixed.h"
#include "lib/chain/segment_list.h"
#include "lib/input/maps.h"
#include "lib/output/pixel_wish.h"
#include "lib/warpreel.h"

struct wr_request {
    const struct wr_job_options *options; // borrowed
    struct wr_segments chain;             // of options->chain
    struct wr_pixel_wish pixels;          // the pixel format that options ask for
    bool sound_never_ends;                // the filters of sound go on when their inputs have ended
    bool ends_repeated;                   // the chain ends where a repeated input does not
    bool is_of_tags;                      // the output's container holds no streams
    bool is_of_sound; // nothing is asked of pictures, and the output's container is for sound
    bool is_of_text;  // the same for subtitles
};

// Parses the options' chain. Fails where that is wrong; wr_request_close is due then, too.
enum wr_status wr_request_open(struct wr_request *request, const struct wr_job_options *options,
                               struct wr_error *error);

// The same with what files says of the inputs, which are not read.
enum wr_status wr_request_open_files(struct wr_request *request,
                                     const struct wr_job_options *options,
                                     const struct wr_chain_files *files, struct wr_error *error);
void wr_request_close(struct wr_request *request);

// The pixel format that the chain ends with, NULL where the output chooses.
const char *wr_request_pix_fmt(const struct wr_request *request);

// The options' maps, with the sound that the chain takes; borrows from the request.
struct wr_maps wr_request_maps(const struct wr_request *request);

// Whether no frame is decoded: packets of the video are copied, or there is none.
bool wr_request_copies(const struct wr_request *request);

// Whether the chain gives the frames that it takes, at the same times: then the reader can cut what
// is to be cut.
bool wr_request_keeps_times(const struct wr_request *request);

// Whether as many frames are written as are read.
bool wr_request_keeps_count(const struct wr_request *request);

// Whether options->skip cuts behind the chain, and the sound of all inputs as well. Where one input
// is only encoded anew, the reader skips instead, as it does with options->start.
bool wr_request_skips_behind(const struct wr_request *request);

// Whether sound goes through filters, and may become longer or shorter.
bool wr_request_filters_sound(const struct wr_request *request);

// Whether sound is asked for in another form, or goes through filters.
bool wr_request_encodes_sound(const struct wr_request *request);

// Whether options->duration is counted behind the chain, and not by the reader.
bool wr_request_ends_behind(const struct wr_request *request);

// Whether the chain has a filter that does anything.
bool wr_request_has_filters(const struct wr_request *request);

// Whether the chain takes pictures of inputs by their numbers.
bool wr_request_takes_by_number(const struct wr_request *request);
