// SPDX-License-Identifier: MIT
// An encoder counts in frames, and packets get the frames' own times back.
#include <libavutil/mathematics.h>

#include "lib/output/video/frame_clock.h"
#include "tests/support.h"

enum { FRAMES = 7, RATE = 25, MILLISECONDS = 1000, FRAME = MILLISECONDS / RATE };

// A second in, with frames on time, too close to one another, and after a pause.
static const int64_t times[FRAMES] = {1000, 1040, 1041, 1042, 1120, 3000, 3041};
static const int64_t ticks[FRAMES] = {25, 26, 27, 28, 29, 75, 76};

static void add_all(struct wr_frame_clock *clock)
{
    struct wr_error error;
    *clock = (struct wr_frame_clock){.tick = {1, RATE}, .time_base = {1, MILLISECONDS}};
    for (int n = 0; n < FRAMES; n++) {
        int64_t tick;
        ck_assert(!wr_frame_clock_add(clock, times[n], &tick, &error));
        ck_assert_int_eq(tick, ticks[n]);
    }
}

START_TEST(frames_get_their_times_back)
{
    struct wr_frame_clock clock;
    add_all(&clock);
    for (int n = 0; n < FRAMES; n++) {
        for (int later = n; later < FRAMES; later++)
            ck_assert_int_eq(wr_frame_clock_time(&clock, ticks[later]), times[later]);
        wr_frame_clock_forget(&clock, ticks[n]);
        ck_assert_int_eq(clock.count, FRAMES - n);
    }
    wr_frame_clock_close(&clock);
}
END_TEST

// Decoding times before the first frame, and such as no frame has.
START_TEST(the_clock_ticks_on_where_there_is_no_frame)
{
    struct wr_frame_clock clock;
    add_all(&clock);
    ck_assert_int_eq(wr_frame_clock_time(&clock, ticks[0] - 2), times[0] - 2 * FRAME);
    ck_assert_int_eq(wr_frame_clock_time(&clock, ticks[4] + 3), times[4] + 3 * FRAME);
    ck_assert_int_eq(wr_frame_clock_time(&clock, ticks[6] + 1), times[6] + FRAME);
    int64_t last = INT64_MIN;
    for (int64_t tick = 0; tick < ticks[6] + 9; tick++) {
        const int64_t time = wr_frame_clock_time(&clock, tick);
        ck_assert_int_gt(time, last);
        last = time;
    }
    wr_frame_clock_close(&clock);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("clock");
    TCase *tests = tcase_create("clock");
    tcase_add_test(tests, frames_get_their_times_back);
    tcase_add_test(tests, the_clock_ticks_on_where_there_is_no_frame);
    suite_add_tcase(suite, tests);
    return test_main(suite);
}
