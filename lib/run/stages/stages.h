// SPDX-License-Identifier: MIT
// The stages of a job, made from its chain: filters that have kernels become programs, the others
// run in FFmpeg's own filters.
#pragma once

#include "lib/run/stages/cut_stage.h"
#include "lib/run/stages/rate_stage.h"
#include "lib/run/request.h"
#include "lib/run/stages/stage_list.h"

// Makes the stages for frames of `in`: what the request's chain asks for, then the chain `delivery`
// (NULL or "": none), which the output asks for, then the options' pixel format. Programs are
// lowered, but not prepared. The terms are copied, their source must outlive the stages. The caller
// closes the stages, also after a failure.
enum wr_status wr_stages_open(struct wr_stages *stages, const struct wr_request *request,
                              const char *delivery, const struct wr_stream *in,
                              const struct wr_stages_terms *terms, struct wr_error *error);

// Appends a conversion to the same layout with samples of limited range. It is a program of its
// own: whether it is needed is known only from a trial of the output, for which the stages before
// it are open already; and it is rare.
enum wr_status wr_stages_limit_range(struct wr_stages *stages, struct wr_error *error);
