// SPDX-License-Identifier: MIT
// What the unit tests share: pictures of any layout, and chains run over them on an executor.
#pragma once

#include <check.h>
#include <stdbool.h>
#include <stdint.h>

#include "kernels/program/finish.h"
#include "lib/chain/chain.h"
#include "lib/engine/devices.h"

// "yuv420p10", "gray", "gbrap16": model, chroma, alpha and depth of a picture.
struct wr_format test_format(const char *layout, int depth, int width, int height);
extern const char *const test_layouts[]; // all of them, NULL at the end

// Frames of a format in one allocation, every plane with a guard around each row and plane.
struct test_frames {
    struct wr_format format;
    int count;
    struct wr_image *images;
    unsigned char *memory;
    size_t bytes;
};

struct test_frames test_frames_new(const struct wr_format *format, int count);
void test_frames_free(struct test_frames *frames);

// Noise over smooth ramps: all values occur, and neighbours differ by little and by much.
void test_frames_fill(struct test_frames *frames, unsigned seed);

int test_get(const struct test_frames *frames, int frame, int plane, int x, int y);
void test_put(struct test_frames *frames, int frame, int plane, int x, int y, int value);

// Fails the test if anything but samples was written.
void test_frames_check_guards(const struct test_frames *frames);
bool test_frames_equal(const struct test_frames *a, const struct test_frames *b);

// Parses and lowers a chain and finishes the program; otherwise as wr_chain_lower().
enum wr_status test_lower(const char *chain, const struct wr_format *input,
                          struct wr_program *program, char **text, struct wr_error *error);

// The same, for who takes rows in this order only.
enum wr_status test_lower_rows(const char *chain, const struct wr_format *input,
                               enum wr_row_order rows, struct wr_program *program, char **text,
                               struct wr_error *error);

// Runs chain over all frames of in, in batches, on device ("cpu", "cpu:avx2", "cuda"); the caller
// frees the result. Returns false, with the sentence in error, where the chain is refused; anything
// else that goes wrong fails the test.
bool test_run(const char *chain, const struct test_frames *in, const char *device, int batch,
              struct test_frames *out, struct wr_error *error);

// Likewise, with other options; *memory is what the executor held at the end.
bool test_run_with(const char *chain, const struct test_frames *in, const char *device,
                   const struct wr_executor_options *options, struct test_frames *out,
                   struct wr_memory *memory, struct wr_error *error);

// Runs all frames of in through an executor; out has as many.
void test_run_batches(struct wr_executor *executor, const struct wr_program *program,
                      const struct test_frames *in, int batch, struct test_frames *out);

// Goes into the folder samples, where examples of filters name files: of the project that the test
// was built from, or of the one that the environment's WARPREEL_SOURCE names.
void test_enter_samples(void);

// Whether the executor can be used here.
bool test_has_device(const char *device);

// The devices that are compared with the CPU's lowest level, "cpu:baseline": all levels of the CPU
// but avx512vnni, which has no kernels of its own but those of networks, and CUDA, where they are
// there. With WARPREEL_TEST_DEVICE=cuda only CUDA, without which the test then fails. Returns how
// many. Before each test, in its own process: a CUDA context does not survive a fork.
enum { TEST_DEVICES = 4 };
int test_find_devices(const char *devices[TEST_DEVICES]);

// Calls visit with a chain of each filter at its defaults, at each parameter's extremes and
// choices, with the example of its help, and with that on some frames only. Of extremes and choices
// WARPREEL_TEST_STRIDE leaves every n-th.
void test_each_chain(void (*visit)(const char *chain, void *context), void *context);

// What a chain of filter begins with when one parameter follows: its example where it has to have
// some. Valid until the next call.
const char *test_chain_start(const struct wr_filter *filter);

// 1, or how many a long list may skip to the next: sanitizers and stand-ins are slow.
int test_stride(void);

int test_main(Suite *suite);
