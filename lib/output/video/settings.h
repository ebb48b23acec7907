// SPDX-License-Identifier: MIT
// The encoder's settings: what the user asks for, and defaults of ours.
#pragma once

#include "lib/output/output_plan.h"
#include "lib/output/video/pass_log.h"

struct wr_encoder_setting {
    const char *option; // of warpreel, where it comes from; NULL for a default of ours
    char *key, *value;
};

// In the order in which they are set: of two with one key the later one counts.
struct wr_encoder_settings {
    struct wr_encoder_setting *list;
    int count;
    char library[320]; // of ours, for the encoder's library, "key=value:key=value"; "" for none
    char quality[64];  // the one that steers quality or rate, "crf 18"; "" if there is none
};

// Collects the defaults of ours, with those of hdr10 ("" or as of wr_hdr10_print), then what
// quality, preset and encoder_options ask for. Free the settings after a failure, too.
enum wr_status wr_encoder_settings_collect(struct wr_encoder_settings *settings,
                                           const struct wr_output_plan *plan,
                                           const struct wr_writer_options *options,
                                           const char *hdr10, struct wr_error *error);

// Adds what the encoder has to know of the pass.
enum wr_status wr_encoder_settings_add_pass(struct wr_encoder_settings *settings,
                                            const struct wr_output_plan *plan,
                                            const struct wr_pass_log *pass, struct wr_error *error);

// Sets all but the one numbered `except` (-1: none) in an encoder that is not open yet. Fails with
// WR_USAGE at the first one that the encoder refuses, unless it is a default of ours.
enum wr_status wr_encoder_settings_apply(const struct wr_encoder_settings *settings,
                                         AVCodecContext *context, int except,
                                         struct wr_error *error);

void wr_encoder_settings_free(struct wr_encoder_settings *settings);
