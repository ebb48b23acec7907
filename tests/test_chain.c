// SPDX-License-Identifier: MIT
// The grammar of chains, what filters make of their parameters, and what is said about wrong ones.
#include <libavutil/mem.h>
#include <string.h>

#include "tests/support.h"
#include "kernels/program/state.h"
#include "kernels/program/finish.h"

// What a chain makes of a 100x60 4:2:0 picture with sample aspect ratio 4:3.
static const struct {
    const char *chain;
    int width, height, sar_num, sar_den;
    const char *text; // as it will run
} good[] = {
    {"", 100, 60, 4, 3, ""},
    {"negate", 100, 60, 4, 3, "negate"},
    {" negate , hflip ", 100, 60, 4, 3, "negate,hflip"},
    {"negate@first=components=y,hflip", 100, 60, 4, 3, "negate=components=y,hflip"},
    {"crop=50:40", 50, 40, 4, 3, "crop=out_w=50:out_h=40"},
    {"crop=w=iw/2:h=ih-20", 50, 40, 4, 3, "crop=out_w=iw/2:out_h=ih-20"},
    {"crop='min(iw,50)':40", 50, 40, 4, 3, "crop=out_w='min(iw,50)':out_h=40"},
    {"crop=min(iw\\,50):40", 50, 40, 4, 3, "crop=out_w='min(iw,50)':out_h=40"},
    {"crop=oh:ih/2", 30, 30, 4, 3, "crop=out_w=oh:out_h=ih/2"},
    {"crop=50:60:keep_aspect=1", 50, 60, 8, 3, "crop=out_w=50:out_h=60:keep_aspect=1"},
    {"crop=51:31", 50, 30, 4, 3, "crop=out_w=51:out_h=31"},
    {"crop=51:31:exact=yes", 51, 31, 4, 3, "crop=out_w=51:out_h=31:exact=yes"},
    {"scale=50:-2", 50, 30, 4, 3, "scale=w=50:h=-2"},
    {"scale=-4:45", 76, 45, 25 * 4 * 45, 1, NULL},
    {"scale=-1:-1", 100, 60, 4, 3, "scale=w=-1:h=-1"},
    {"scale=0:30", 100, 30, 2, 3, "scale=w=0:h=30"},
    {"scale=iw*2:ih", 200, 60, 2, 3, "scale=w=iw*2:h=ih"},
    {"scale=200:200:force_original_aspect_ratio=decrease", 200, 120, 4, 3, NULL},
    {"scale=200:200:force_original_aspect_ratio=increase", 333, 200, 0, 0, NULL},
    {"scale=200:200:force_original_aspect_ratio=2:force_divisible_by=8", 336, 200, 0, 0, NULL},
    {"scale=25:25:force_original_aspect_ratio=decrease:force_divisible_by=2", 24, 14, 0, 0, NULL},
    {"scale=17:20:force_original_aspect_ratio=increase:force_divisible_by=2", 34, 20, 0, 0, NULL},
    {"scale=50x30", 50, 30, 4, 3, NULL},
    {"scale=hd720", 1280, 720, 0, 0, NULL},
    {"scale=size=50x30", 50, 30, 4, 3, NULL},
    {"scale=iw/3:ow*3", 33, 99, 0, 0, NULL},
    {"scale=50:30:bicubic:0", 50, 30, 4, 3, NULL},
    {"scale=w=50:h=30:flags=lanczos+accurate_rnd", 50, 30, 4, 3, NULL},
    {"unsharp=lx=7:ly=5:la=3/2", 100, 60, 4, 3,
     "unsharp=luma_msize_x=7:luma_msize_y=5:luma_amount=3/2"},
    {"format=yuv420p", 100, 60, 4, 3, "format=pix_fmts=yuv420p"},
    {"format=gbrp|rgb24,crop=50:41", 50, 41, 4, 3, NULL},
    {"unsharp=max:3:min", 100, 60, 4, 3, NULL},
    {"pad=aspect='4\\:3'", 100, 100, 4, 3, "pad=aspect='4\\:3'"},
    {"negate=enable=n", 100, 60, 4, 3, "negate=enable=n"},
    {"negate=enable='gt(n,2)'", 100, 60, 4, 3, "negate=enable='gt(n,2)'"},
};

START_TEST(chains_are_understood)
{
    struct wr_format format = test_format("yuv420p", 8, 100, 60);
    format.sar_num = 4;
    format.sar_den = 3;
    struct wr_program program;
    struct wr_error error;
    char *text;
    const enum wr_status status = test_lower(good[_i].chain, &format, &program, &text, &error);
    ck_assert_msg(!status, "%s: %s", good[_i].chain, error.text);
    const struct wr_format *out = &program.output.format;
    ck_assert_msg(out->width == good[_i].width && out->height == good[_i].height, "%s: %dx%d",
                  good[_i].chain, out->width, out->height);
    if (good[_i].sar_den == 3 || good[_i].sar_den == 4)
        ck_assert_msg(out->sar_num == good[_i].sar_num && out->sar_den == good[_i].sar_den,
                      "%s: sar %d:%d", good[_i].chain, out->sar_num, out->sar_den);
    if (good[_i].text)
        ck_assert_str_eq(text, good[_i].text);
    // What runs can be written again.
    struct wr_program again;
    ck_assert_msg(!test_lower(text, &format, &again, NULL, &error), "%s: %s", text, error.text);
    wr_program_close(&again);
    av_free(text);
    // Whatever the sizes, the picture keeps its shape.
    if (!strncmp(good[_i].chain, "scale", 5))
        ck_assert_double_eq_tol((double)out->width * out->sar_num / (out->height * out->sar_den),
                                100.0 * 4 / (60 * 3), 1e-6);
    wr_program_close(&program);
}
END_TEST

static const struct {
    const char *chain, *sentence;
} bad[] = {
    {"unsharpen", "no filter named 'unsharpen', did you mean 'unsharp'?"},
    {"zzzzzzzz", "no filter named 'zzzzzzzz' (--list-filters lists them)"},
    {"unsharp=sizex=3",
     "unsharp: no parameter 'sizex', it takes luma_msize_x, luma_msize_y, luma_amount, "
     "chroma_msize_x, chroma_msize_y, chroma_amount, alpha_msize_x, alpha_msize_y, alpha_amount"},
    {"unsharp=luma_amout=2",
     "unsharp: no parameter 'luma_amout', did you mean 'luma_amount'? It takes "
     "luma_msize_x, luma_msize_y, luma_amount, chroma_msize_x, chroma_msize_y, chroma_amount, "
     "alpha_msize_x, alpha_msize_y, alpha_amount"},
    {"unsharp=2", "unsharp: luma_msize_x=2 is not allowed, it takes 3 to 23"},
    {"unsharp=3.5", "unsharp: luma_msize_x=3.5 is not allowed, it takes 3 to 23"},
    {"unsharp=1:0", "unsharp: luma_msize_x=1 is not allowed, it takes 3 to 23"},
    {"unsharp='1\\:0'", "unsharp: luma_msize_x=1:0 is not allowed, it takes 3 to 23"},
    {"median='4294967297\\:1'", "median: radius=4294967297:1 is not allowed, it takes 1 to 127"},
    {"unsharp=a", "unsharp: luma_msize_x=a is not allowed, it takes 3 to 23"},
    {"unsharp=4", "unsharp: luma_msize_x:luma_msize_y=4:5 is not allowed, both must be odd"},
    {"unsharp=13:15",
     "unsharp: luma_msize_x:luma_msize_y=13:15 is not allowed, together they are at most 26"},
    {"unsharp=la=nan", "unsharp: luma_amount=nan is not allowed, it takes -2 to 5"},
    {"hflip=1", "hflip: '1' is one value too many, it takes 0"},
    {"cas=1:7:2", "cas: '2' is one value too many, it takes 2"},
    {"crop=w=9:8", "crop: '8' follows a named parameter and needs a name itself, such as h=8"},
    {"crop=min(iw,300):200",
     "no filter named '300):200' (a comma inside an expression must be written \\, or the "
     "expression quoted)"},
    {"hflip=a=1", "hflip: no parameter 'a', it takes none"},
    {"eq=1:2:3:1:1:1:1:1:init", "eq: brightness=2 is not allowed, it takes -1 to 1"},
    {"eq=eval=4294967296", "eq: eval=4294967296 is not allowed, it takes one of init, frame"},
    {"scale=9:9:lanczoz",
     "scale: flags=lanczoz is not allowed, it takes any of neighbor+area+bilinear+bicubic+"
     "lanczos+fast_bilinear+accurate_rnd+full_chroma_int+full_chroma_inp+bitexact+print_info; "
     "did you mean 'lanczos'?"},
    {"transpose=clok",
     "transpose: dir=clok is not allowed, it takes one of cclock_flip, clock, cclock, clock_flip, "
     "cclock_flip_landscape, clock_landscape, cclock_landscape, clock_flip_landscape; did you "
     "mean 'clock'?"},
    {"eq=gamma=1+t", "eq: gamma='1+t' changes from frame to frame: that takes eval=frame"},
    {"scale=50:50:bicubic:1", "scale: interlaced scaling is not supported"},
    {"scale=s=big", "scale: size=big is not a size such as 640x360 or hd720"},
    {"eq=gamma_r=0/0:eval=frame",
     "eq: gamma_r='0/0' has no value, and the frame rate is not known"},
    {"eq=gamma_r=r/25", "eq: gamma_r='r/25' has no value, and the frame rate is not known"},
    {"negate=components=y+q",
     "negate: components=y+q is not allowed, it takes any of y+u+v+r+g+b+a"},
    {"negate=negate_alpha=maybe", "negate: negate_alpha=maybe is not allowed, it takes 0 or 1"},
    {"crop=200:10",
     "crop: out_w:out_h='200:10' is 200x10, allowed are 1x1 to the picture's 100x60"},
    {"crop=1:1",
     "crop: out_w:out_h='1:1' leaves 0x0 pixels, allowed are 1x1 to the picture's 100x60 "
     "(in steps of whole chroma samples unless exact=1)"},
    {"crop=foo",
     "crop: out_w='foo' is not an expression it can evaluate, names it knows are in_w, iw, "
     "in_h, ih, out_w, ow, out_h, oh, a, sar, dar, hsub, vsub, ohsub, ovsub, x, y"},
    {"scale=1e9:2", "scale: w:h='1e9:2' is 1e+09x2, allowed are 1 to 65536"},
    {"scale=flags=sinc",
     "scale: flags=sinc is not allowed, it takes any of neighbor+area+bilinear+bicubic+"
     "lanczos+fast_bilinear+accurate_rnd+full_chroma_int+full_chroma_inp+bitexact+print_info"},
    {"scale=flags=area+bicubic", "scale: flags names more than one method"},
    {"format=yuv42p", "format: unknown pixel format \"yuv42p\""},
    {"format=gray|pal8",
     "format: cannot make pal8: every component must have 8 to 16 bits, all the same"},
    {"format=||", "format: unknown pixel format \"\""},
    {"format=gray:enable=1",
     "format: enable='1' is not possible where the size or layout of the picture changes"},
    {"negate;hflip",
     "';' in the chain: links and graphs are not supported, write filters one after the "
     "other with commas"},
    {"[in]negate",
     "'[' in the chain: links and graphs are not supported, write filters one after the "
     "other with commas"},
    {"negate,", "a filter's name is missing in the chain"},
    {",negate", "a filter's name is missing in the chain before ',negate'"},
};

START_TEST(mistakes_are_named)
{
    const struct wr_format format = test_format("yuv420p", 8, 100, 60);
    struct wr_program program;
    struct wr_error error = {0};
    const enum wr_status status = test_lower(bad[_i].chain, &format, &program, NULL, &error);
    ck_assert_msg(status == WR_USAGE, "%s: status %d", bad[_i].chain, (int)status);
    ck_assert_str_eq(error.text, bad[_i].sentence);
}
END_TEST

// A matrix that has no weights is left alone until it is needed.
START_TEST(foreign_matrices_are_refused)
{
    struct wr_format format = test_format("yuv444p", 8, 8, 8);
    format.matrix = 8;
    struct wr_program program;
    struct wr_error error = {0};
    ck_assert(!test_lower("format=yuv420p10,negate", &format, &program, NULL, &error));
    ck_assert_int_eq(program.output.format.matrix, 8);
    wr_program_close(&program);
    ck_assert(test_lower("format=gbrp", &format, &program, NULL, &error) == WR_USAGE);
    ck_assert_str_eq(
        error.text,
        "format: cannot convert between RGB and the picture's matrix, number 8 (ycgco): "
        "supported are bt709, fcc, bt470bg, smpte170m, smpte240m and bt2020nc");
}
END_TEST

// A damaged file's frames may come before the one that a fade counts from: they show the colour.
START_TEST(fades_do_not_go_below_nothing)
{
    static const struct {
        struct wr_moment moment;
        int seen;
    } frames[] = {{{1, 8}, 0}, {{2, 8.5}, 32767}, {{3, -1e12}, 0}, {{4, 9}, 65536}};
    const struct wr_format format = test_format("gray", 8, 4, 4);
    struct wr_program program;
    struct wr_error error;
    ck_assert_int_eq(test_lower("fade=s=1:d=1", &format, &program, NULL, &error), WR_OK);
    struct wr_program_state *state;
    ck_assert(!wr_program_state_open(&state, &program, &error));
    for (size_t n = 0; n < sizeof frames / sizeof *frames; n++) {
        union wr_value value;
        wr_program_compute(state, &frames[n].moment, &value);
        ck_assert_int_eq(value.integer, frames[n].seen);
    }
    wr_program_state_close(&state);
    wr_program_close(&program);
}
END_TEST

START_TEST(tables_compose)
{
    const struct wr_format format = test_format("gray", 8, 8, 8);
    struct wr_program program;
    struct wr_error error;
    ck_assert(!test_lower("eq=contrast=2,negate,eq=gamma=2", &format, &program, NULL, &error));
    ck_assert_int_eq(program.pass_count, 1);
    wr_program_close(&program);
    // Cropping costs no pass, and two negatives are nothing.
    ck_assert(!test_lower("negate,crop=4:4:1:2,negate", &format, &program, NULL, &error));
    ck_assert_int_eq(program.pass_count, 0);
    ck_assert(wr_program_hands_over(&program, 0));
    ck_assert_int_eq(program.output.plane[0].y, 2);
    wr_program_close(&program);
    // Nor does flipping: what is computed is written so.
    ck_assert(!test_lower("vflip,negate,vflip", &format, &program, NULL, &error));
    ck_assert_int_eq(program.pass_count, 1);
    ck_assert(program.passes[0].out[0].flipped);
    ck_assert(!program.output.plane[0].flipped);
    wr_program_close(&program);
    ck_assert(!test_lower("vflip,crop=4:4:0:1,vflip", &format, &program, NULL, &error));
    ck_assert_int_eq(program.pass_count, 0);
    ck_assert_int_eq(program.output.plane[0].y, 3);
    wr_program_close(&program);
}
END_TEST

// Planes that nobody computes are handed over flipped only to who takes them so.
START_TEST(flipped_planes_are_copied_on_request)
{
    const struct wr_format format = test_format("yuv420p", 8, 8, 8);
    struct wr_program program;
    struct wr_error error;
    ck_assert(!test_lower("negate=y,vflip", &format, &program, NULL, &error));
    ck_assert_int_eq(program.pass_count, 1);
    for (int p = 1; p < 3; p++)
        ck_assert(wr_program_hands_over(&program, p) && program.output.plane[p].flipped);
    wr_program_close(&program);
    ck_assert(
        !test_lower_rows("negate=y,vflip", &format, WR_ROWS_FORWARDS, &program, NULL, &error));
    ck_assert_int_eq(program.pass_count, 3);
    for (int p = 0; p < 3; p++)
        ck_assert(!wr_program_hands_over(&program, p) && !program.output.plane[p].flipped);
    wr_program_close(&program);
    // Part of what a pass writes is copied anyhow.
    ck_assert(!test_lower("negate,crop=8:5:0:1:exact=1,vflip", &format, &program, NULL, &error));
    ck_assert(!program.passes[0].out[0].flipped && !program.output.plane[0].flipped);
    wr_program_close(&program);
}
END_TEST

#define COUNT(array) ((int)(sizeof array / sizeof array[0]))

int main(void)
{
    Suite *suite = suite_create("chain");
    TCase *tests = tcase_create("grammar");
    tcase_add_loop_test(tests, chains_are_understood, 0, COUNT(good));
    tcase_add_loop_test(tests, mistakes_are_named, 0, COUNT(bad));
    tcase_add_test(tests, foreign_matrices_are_refused);
    tcase_add_test(tests, fades_do_not_go_below_nothing);
    tcase_add_test(tests, tables_compose);
    tcase_add_test(tests, flipped_planes_are_copied_on_request);
    suite_add_tcase(suite, tests);
    return test_main(suite);
}
