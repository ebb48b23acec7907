// SPDX-License-Identifier: MIT
// Expressions over the constants of a filter and over what changes from frame to frame.
#pragma once

#include <stdbool.h>
#include <stdint.h>

// When a frame is shown, for what changes from frame to frame.
struct wr_moment {
    int64_t number; // frames before it
    double time;    // seconds, NaN where unknown
};

// A name that an expression may use: for a constant, or for what changes from frame to frame.
struct wr_variable {
    const char *name;
    double value;
    // WR_FRAME_TICKS: the frame's time in units of value, which is in seconds.
    enum { WR_CONSTANT, WR_FRAME_NUMBER, WR_FRAME_TIME, WR_FRAME_TICKS } varies;
};

// A function of one argument that an expression may use.
struct wr_function {
    const char *name;
    double (*value)(void *context, double argument);
};

// An expression made ready. It remembers random numbers and what st() stored from one value to the
// next, so it belongs to one thread and one sequence of frames.
struct wr_expression {
    bool changes; // from frame to frame, even if only because it draws random numbers
    double (*value)(struct wr_expression *expression, const struct wr_moment *moment);
    // Gives a constant another value from now on.
    void (*set)(struct wr_expression *expression, const char *name, double value);
    // The same expression with nothing to remember yet, for the caller to close; NULL if there is
    // no memory for it. Several threads may copy one expression.
    struct wr_expression *(*copy)(const struct wr_expression *expression);
    void (*close)(struct wr_expression *expression);
};

// Closes all of them, but for those that are NULL.
void wr_expressions_close(struct wr_expression *const *expressions, int count);
