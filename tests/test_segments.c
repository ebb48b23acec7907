// SPDX-License-Identifier: MIT
// Which stretches of a chain are warpreel's and which libavfilter's, and what is refused.
#include <libavutil/log.h>
#include <libavutil/mem.h>
#include <stdio.h>
#include <string.h>

#include "lib/chain/segments.h"
#include "lib/chain/parameters.h"
#include "tests/support.h"

// Segments are written "native scale,hflip | host fps=10".
static const struct {
    const char *chain, *segments;
} good[] = {
    {"", ""},
    {NULL, ""},
    {" \n", ""},
    // One place.
    {"hflip", "native hflip"},
    {" negate , hflip ", "native negate,hflip"},
    {"scale=640:-2:flags=lanczos+accurate_rnd,format=yuv420p", "native scale,format"},
    {"fps=10", "host fps=10"},
    {"fps = 10 , setpts=PTS/2", "host fps = 10,setpts=PTS/2"},
    {"select='not(mod(n,20))',setpts=N/30/TB", "host select='not(mod(n,20))',setpts=N/30/TB"},
    {"select=eq(pict_type\\,I)", "host select=eq(pict_type\\,I)"},
    {"drawtext@title=text='a, b; [c]\\: %{n}':x=10:enable='lt(t,2)'",
     "host drawtext@title=text='a, b; [c]\\: %{n}':x=10:enable='lt(t,2)'"},
    // Native and host by turns.
    {"fps=10,scale=320:-1:flags=lanczos", "host fps=10 | native scale"},
    {"crop=iw/2:ih,hflip,setsar=1,fps=25,vflip",
     "native crop,hflip | host setsar=1,fps=25 | native vflip"},
    {"scale=640:360, drawbox=x=1 ,pad=660:380", "native scale | host drawbox=x=1 | native pad"},
    // What only libavfilter's filter of the name takes.
    {"scale=640:360:flags=spline", "host scale=640:360:flags=spline"},
    {"scale=in_range=tv:out_range=pc:out_color_matrix=bt709", "native scale"},
    {"scale=eval=frame,hflip", "host scale=eval=frame,hflip"},
    {"format=rgb8", "host format=rgb8"},
    {"zscale=t=linear:npl=100,format=gbrpf32le,zscale=t=bt709,format=yuv420p",
     "host zscale=t=linear:npl=100,format=gbrpf32le,zscale=t=bt709 | native format"},
    // FFmpeg's flags for all scaling.
    {"sws_flags=lanczos;scale=64:36", "native scale"},
    {"sws_flags=spline;scale=64:36,hflip", "host sws_flags=spline;scale=64:36 | native hflip"},
    {"sws_flags=bilinear;fps=5,scale=64:36:flags=area",
     "host sws_flags=bilinear;fps=5 | native scale"},
    // Labels of a line.
    {"[in]hflip[out]", "native hflip"},
    {"[0:v]scale=64:36[v]", "native scale"},
    {"[0:0] fps=5,hflip [done]", "host fps=5 | native hflip"},
    {"[0]fps=5[a];[a]negate[b] ; [b]vflip", "host fps=5 | native negate,vflip"},
    {"[v:0]hflip", "native hflip"},
    // Graphs.
    {"split[a][b];[a]palettegen[p];[b][p]paletteuse",
     "host [in]split[a][b];[a]palettegen[p];[b][p]paletteuse[out]"},
    {"fps=10,scale=320:-1,split[a][b];[a]palettegen[p];[b][p]paletteuse",
     "host [in]fps=10,scale=320:-1,split[a][b];[a]palettegen[p];[b][p]paletteuse[out]"},
    {"vflip,format=yuv444p:color_ranges=auto,hflip,elbg=8,negate",
     "native vflip,format | host hflip,elbg=8 | native negate"},
    {"scale=320:-1,fps=10,split [a] [b];[a]vflip[c];[b][c]hstack,setsar=1,hflip,fps=5[v]",
     "native scale | host [in]fps=10,split[a][b];[a]vflip[c];[b][c]hstack,setsar=1[out] | native "
     "hflip | "
     "host fps=5"},
    {"[0:v]split=2[a][b];[b]lutyuv=y='if(gt(val,180),val,0)',gblur=12[glow];[a][glow]blend=all_"
     "mode=screen",
     "host "
     "[in]split=2[a][b];[b]lutyuv=y='if(gt(val,180),val,0)',gblur=12[glow];[a][glow]blend=all_mode="
     "screen"
     "[out]"},
    {"split,hstack,negate", "host [in]split,hstack[out] | native negate"},
    {"split[a],vflip[b];[a][b]hstack[c];[c]negate[v]",
     "host [in]split[a],vflip[b];[a][b]hstack[out] | native negate"},
    // A label that is used again.
    {"hflip[v];[v]fps=5[v];[v]vflip[v]", "native hflip | host fps=5 | native vflip"},
    {"split[a][b];[b]vflip[b];[a][b]hstack[a]",
     "host [in]split[a, link 4][b, link 2];[b, link 2]vflip[b];[a, link 4][b]hstack[out]"},
    {"split[a][b];[b]nullsink;[a]hflip", "host [in]split[out][b];[b]nullsink | native hflip"},
    {"hflip[v];testsrc,nullsink", "host [in]hflip[out];testsrc,nullsink"},
    // Sources.
    {"scale=64:36 [main]; movie=logo.png [w]; [w]scale=10x10 [x]; [main][x] overlay=5:5 [out]",
     "native scale | host movie=logo.png[w];[w]scale=10x10[x];[in][x]overlay=5:5[out]"},
    {"movie=logo.png[l];[in][l]overlay,hflip",
     "host movie=logo.png[l];[in][l]overlay[out] | native hflip"},
    {"movie=logo.png[l];[l]overlay", "host movie=logo.png[l];[l][in]overlay[out]"},
    {"color=red:s=64x36[c];[c][0:v]vstack", "host color=red:s=64x36[c];[c][in]vstack[out]"},
    // The input several times.
    {"[0:v]vflip[bottom];[0:v][bottom] vstack",
     "host [in]split=2[wr0][wr1];[wr0]vflip[bottom];[wr1][bottom]vstack[out]"},
    {"[0]scale=ih*16/9:-1,boxblur=10[bg];[bg][0:v]overlay=(W-w)/2,setsar=1,vflip",
     "host "
     "[in]split=2[wr0][wr1];[wr0]scale=ih*16/9:-1,boxblur=10[bg];[bg][wr1]overlay=(W-w)/"
     "2,setsar=1[out] | "
     "native vflip"},
    {"[in][in][0:v]hstack=inputs=3",
     "host [in]split=3[wr0][wr1][wr2];[wr0][wr1][wr2]hstack=inputs=3[out]"},
    {"vflip[b];[0:v][b]vstack", "host [in]split=2[wr0][wr1];[wr0]vflip[b];[wr1][b]vstack[out]"},
    {"movie=logo.png,overlay", "host movie=logo.png[wr0to1];[wr0to1][in]overlay[out]"},
    {"movie=logo.png,fps=5,overlay,hflip",
     "host movie=logo.png,fps=5[wr0to2];[wr0to2][in]overlay[out] | native hflip"},
    // Further inputs.
    {"[0:v][1:v]overlay@files=10:10", "host [in][in1]overlay@files=10:10[out]"},
    {"overlay@files=10:10,negate", "host [in][in1]overlay@files=10:10[out] | native negate"},
    {"negate,overlay@files", "native negate | host [in][in1]overlay@files[out]"},
    {"hstack@files=3", "host [in][in1][in2]hstack@files=3[out]"},
    {"[0:v]hflip[a];[1:v]scale@files=64:36[b];[a][b]hstack[v]",
     "native hflip | host [in1]scale@files=64:36[b];[in][b]hstack[out]"},
    {"[1:v]hflip[b];[0:v][b]overlay@files", "host [in1]hflip[b];[in][b]overlay@files[out]"},
    {"[1:v][0:v][1:v]hstack@files=3",
     "host [in1]split=2[wr0in1][wr1in1];[wr0in1][in][wr1in1]hstack@files=3[out]"},
    {"[2:v]vflip@files[in1];[0:v][in1]overlay",
     "host [in2]vflip@files[wr_in1];[in][wr_in1]overlay[out]"},
    // Filters that work in a device's memory are the plain ones.
    {"hwupload_cuda,scale_cuda=640:-2:lanczos:yuv420p,hwdownload,fps=5,hwmap",
     "native scale,format | host fps=5"},
    {"[0:v]format=nv12,hwupload[a];[a]transpose_vaapi=clock[o]", "native format,transpose"},
    {"yadif_cuda=0:-1:0,scale_npp=w=320:h=-2:interp_algo=super:format=same",
     "host yadif=0:-1:0 | native scale"},
    {"deinterlace_vaapi=rate=field:auto=1", "host yadif=mode=send_field:deint=interlaced"},
    {"split[a][b];[a]hwdownload[c];[c][b]hstack,hwupload",
     "host [in]split[a][b];[a]null[c];[c][b]hstack[out]"},
    {"[0:v]scale_cuda=w='min(iw\\,64)'[a];[1:v]hwupload_cuda[b];[a][b]overlay_cuda@files=x=5",
     "native scale | host [in1]null[b];[in][b]overlay=x=5[out]"},
    // Labels that would be taken for those of the segment.
    {"split[in][out];[in]vflip[wr0];[out][wr0]hstack",
     "host [in]split[wr_in][wr_out];[wr_in]vflip[wr_wr0];[wr_out][wr_wr0]hstack[out]"},
};

// A chain may use [1:v] and [2:v] where a filter's instance is called so.
static int inputs_of(const char *chain)
{
    return chain && strstr(chain, "@files") ? 3 : 1;
}

static void print_segments(const struct wr_segments *segments, char *text, size_t size)
{
    size_t used = 0;
    *text = '\0';
    for (int n = 0; n < segments->count; n++) {
        const struct wr_segment *segment = &segments->items[n];
        used += (size_t)snprintf(text + used, size - used, "%s%s %s", n ? " | " : "",
                                 segment->is_native ? "native" : "host",
                                 segment->is_native ? "" : segment->graph);
        for (int i = 0; i < segment->chain.count; i++)
            used += (size_t)snprintf(text + used, size - used, "%s%s", i ? "," : "",
                                     segment->chain.uses[i].filter->name);
    }
}

START_TEST(chains_are_cut)
{
    struct wr_segments segments;
    struct wr_error error = {0};
    const enum wr_status status =
        wr_segments_open(&segments, good[_i].chain, inputs_of(good[_i].chain), &error);
    ck_assert_msg(!status, "%s: %s", good[_i].chain, error.text);
    char text[1000];
    print_segments(&segments, text, sizeof text);
    ck_assert_str_eq(text, good[_i].segments);
    wr_segments_close(&segments);
    ck_assert(!segments.items);
}
END_TEST

START_TEST(host_filters_are_named)
{
    struct wr_segments segments;
    struct wr_error error;
    ck_assert(!wr_segments_open(&segments, "hflip,fps=10,setsar@a=1,vflip", 1, &error));
    ck_assert_int_eq(segments.count, 3);
    ck_assert_str_eq(segments.items[1].names, "fps, setsar");
    ck_assert_ptr_null(segments.items[0].names);
    ck_assert_ptr_null(segments.items[0].graph);
    wr_segments_close(&segments);
}
END_TEST

// What the host segment of a chain is asked for by a `format` behind it, and by --pix-fmt.
static const struct {
    const char *chain, *pix_fmt, *format;
} formats[] = {
    {"fps=5,format=yuv420p|gray,hflip", NULL, "fps=5,format=yuv420p|gray"},
    {"fps=5,hflip,format=gray", NULL, ""},
    {"fps=5,format=gray:color_ranges=auto", NULL, ""}, // a word that no version of FFmpeg has
    {"split[a][b];[a][b]hstack,format=gray", NULL,
     "[in]split[a][b];[a][b]hstack[wrout];[wrout]format=gray"},
    {"sws_flags=area;fps=5,format=gray", NULL, "sws_flags=area;fps=5,format=gray"},
    {"fps=5", "rgb24", "fps=5,format=rgb24"},
    {"fps=5,hflip", "rgb24", ""},
};

START_TEST(formats_behind_are_noted)
{
    struct wr_segments segments;
    struct wr_error error = {0};
    ck_assert(!wr_segments_open(&segments, formats[_i].chain, 1, &error));
    if (formats[_i].pix_fmt)
        ck_assert(!wr_segments_append_format(&segments, formats[_i].pix_fmt, &error));
    char *text = segments.items[0].format ? wr_segment_with_format(&segments.items[0]) : NULL;
    ck_assert_str_eq(text ? text : "", formats[_i].format);
    ck_assert(!formats[_i].pix_fmt || segments.items[segments.count - 1].is_native);
    av_free(text);
    wr_segments_close(&segments);
}
END_TEST

START_TEST(lines_can_be_split)
{
    struct wr_segments segments;
    struct wr_error error = {0};
    char text[1000];
    ck_assert(!wr_segments_open(
        &segments, "sws_flags=area;hflip,fps=5,setsar='1',drawgrid,format=gray", 1, &error));
    ck_assert(!wr_segments_split(&segments, 1, 2, &error));
    print_segments(&segments, text, sizeof text);
    ck_assert_str_eq(
        text,
        "native hflip | host sws_flags=area;fps=5,setsar='1' | host sws_flags=area;drawgrid | "
        "native format");
    ck_assert_str_eq(segments.items[1].names, "fps, setsar");
    ck_assert_ptr_null(segments.items[1].format);
    ck_assert_str_eq(segments.items[2].format, "format=gray");
    wr_segments_close(&segments);
}
END_TEST

static const struct {
    const char *chain, *sentence;
} bad[] = {
    // Names: the nearest of both.
    {"hflp", "no filter named 'hflp', did you mean 'hflip'?"},
    {"drawtxt=text=a", "no filter named 'drawtxt', did you mean 'drawtext'?"},
    {"xyzzyxyzzy", "no filter named 'xyzzyxyzzy' (--list-filters lists them)"},
    {"tonemap_opencl=hable",
     "tonemap_opencl: works in a device's memory, where FFmpeg's filters do "
     "not run here; use tonemap, which takes other parameters"},
    {"scale_cuda=1:2:lanczos:same:1:0:1:2:3", "scale_cuda: '3' is one value too many"},
    {"scale=min(iw,640):-2",
     "no filter named '640):-2' (a comma inside an expression must be written \\, or the "
     "expression quoted)"},
    // Parameters that neither takes.
    {"unsharp=luma_amout=2",
     "unsharp: no parameter 'luma_amout', did you mean 'luma_amount'? It takes "
     "luma_msize_x, luma_msize_y, luma_amount, chroma_msize_x, chroma_msize_y, chroma_amount, "
     "alpha_msize_x, alpha_msize_y, alpha_amount"},
    {"fps=5,median=radius=1000", "median: radius=1000 is not allowed, it takes 1 to 127"},
    {"transpose=clok",
     "transpose: dir=clok is not allowed, it takes one of cclock_flip, clock, cclock, "
     "clock_flip, cclock_flip_landscape, clock_landscape, cclock_landscape, clock_flip_landscape; "
     "did you "
     "mean 'clock'?"},
    {"format=yuv42p", "format: unknown pixel format \"yuv42p\""},
    {"split=x[a][b]", "split: libavfilter does not take 'split=x'"},
    // The text.
    {"hflip,", "a filter's name is missing in the chain"},
    {"fps=5;,hflip", "a filter's name is missing in the chain before ',hflip'"},
    {"[in hflip", "'[in hflip' in the chain: a ']' is missing"},
    {"[]hflip", "'[]' in the chain: the label's name is missing"},
    {"hflip=]x", "']x' in the chain: after a filter comes ',', ';' or a label in '[]'"},
    {"hflip[a]vflip", "'vflip' in the chain: after a filter comes ',', ';' or a label in '[]'"},
    {"sws_flags=lanczos", "'sws_flags=lanczos' in the chain: a ';' must follow"},
    // Inputs.
    {"[1:v]hflip", "[1:v]: there is no input 1, --input names further ones"},
    {"[0:v][1]overlay", "[1]: there is no input 1, --input names further ones"},
    {"[0:v][3:v]overlay@files", "[3:v]: there is no input 3, --input names further ones"},
    {"[0:a]hflip",
     "[0:a]: filters of pictures take no sound here; a chain of sound alone may stand beside them, "
     "\"[0:a]volume=2[a]\""},
    {"[0:v:1]hflip", "[0:v:1]: filters take the video, [0:v], which --map 0:v:N chooses"},
    {"[0:v][1:a]overlay@files",
     "[1:a]: filters of pictures take no sound here; a chain of sound alone may stand beside them, "
     "\"[1:a]volume=2[a]\""},
    {"[0:v][0:a]concat=n=1:v=1:a=1[v][a]",
     "[0:a]: filters of pictures take no sound here; a chain of sound alone may stand beside them, "
     "\"[0:a]volume=2[a]\""},
    {"hstack@files=4",
     "hstack: an input has no label, and no video is left for it: --input FILE adds one, "
     "the label [0:v] takes the first again"},
    {"split[a][b];[a][c]hstack",
     "[c]: no filter has this label behind it; the video is [in] or [0:v]"},
    {"split[a][b];[a]hflip[c];[a][c]hstack",
     "[a]: two inputs have this label, split makes two of it"},
    {"split[a][a],hflip", "[a]: two outputs have this label"},
    {"split[a][a];[a]hflip",
     "hflip: a second output of the chain, which must have one; nullsink drops others"},
    {"fps=5,overlay",
     "overlay: an input has no label, and no video is left for it: --input FILE adds one, "
     "the label [0:v] takes the first again"},
    {"overlay",
     "overlay: an input has no label, and no video is left for it: --input FILE adds one, "
     "the label [0:v] takes the first again"},
    {"split=3,hstack", "hstack: takes 2 inputs, it is given 3"},
    {"split,hflip", "hflip: takes 1 input, it is given 2"},
    {"testsrc", "testsrc: the chain does not use the input's picture"},
    // Outputs.
    {"split", "split: a second output of the chain, which must have one; nullsink drops others"},
    {"hflip;[in]vflip",
     "vflip: a second output of the chain, which must have one; nullsink drops others"},
    {"split[a][b];[a]hflip[x];[b]vflip[y]",
     "vflip: a second output of the chain, which must have one; nullsink drops others"},
    {"hflip[a][b]", "hflip: has 1 output, but 2 labels behind it"},
    {"hflip,nullsink", "nullsink: the chain gives no picture"},
    // Sound.
    {"hflip,atempo=2", "atempo: takes sound, and only the video is filtered"},
    {"hflip;[0:a]anullsink", "anullsink: gives no sound"},
    {"hflip,nullsink;[0:a]volume=2", "nullsink: the chain gives no picture"},
    {"[0:a]volum=2", "no filter for sound named 'volum', did you mean 'volume'?"},
    {"[0:a]amix=inputs=x", "amix: libavfilter does not take 'amix=inputs=x'"},
    {"[0:a][1:a]volume@files", "volume: takes 1 input, it is given 2"},
    {"[0:a]volume[a][b]", "volume: has 1 output, but 2 labels behind it"},
    {"[0:a][b]amix", "[b]: no filter has this label behind it; sound is [0:a] or [1:a:0]"},
    {"[0:a][4:a]amix@files", "[4:a]: there is no input 4, --input names further ones"},
};

// What a chain makes of sound: the graph, its inputs and its label, and what is left.
static const struct {
    const char *chain, *sound, *segments;
} sounds[] = {
    {"atempo=2", "[in0]atempo=2[end0];[end0]anull[end]; | any |", ""},
    {"hflip", "", "native hflip"},
    {"[1:v]hflip@files", "", "native hflip"},
    {"hflip;anullsrc[a]", "[in0]anull[end]; | 1:a:0 | a", "native hflip"},
    {"[0:a]atempo=2[a]", "[in0]atempo=2[end0];[end0]anull[end]; | 0:a | a", ""},
    {"[0:v]setpts=PTS/2[v]; [0:a:1] atempo=2 , volume='2' [a]",
     "[in0]atempo=2[0];[0]volume='2'[end0];[end0]anull[end]; | 0:a:1 | a", "host setpts=PTS/2"},
    {"[1:a]afade@files=t=in:d=1;hflip", "[in0]afade@files=t=in:d=1[end0];[end0]anull[end]; | 1:a |",
     "native hflip"},
    {"[1]volume=2[x];[x][0:a]amix@files[a]",
     "[in0]volume=2[label x];[label x][in1]amix@files[end0];[end0]anull[end]; | 1: 0:a | a", ""},
    {"amix=3", "[in0][in1][in2]amix=3[end0];[end0]anull[end]; | any any any |", ""},
    {"[0:a]asplit,amerge", "[in0]asplit[0][1];[0][1]amerge[end0];[end0]anull[end]; | 0:a |", ""},
    {"[0:a]asplit[a][b];[a]anullsink;[b]volume=2",
     "[in0]asplit[label a][label b];[label a]anullsink;[label b]volume=2[end0];[end0]anull[end]; | "
     "0:a |",
     ""},
    {"sine[s];[0:a][s]amix", "sine[label s];[in0][label s]amix[end0];[end0]anull[end]; | 0:a |",
     ""},
    {"[0:a][1:a]concat@files=n=2:v=0:a=1[a]",
     "[in0][in1]concat@files=n=2:v=0:a=1[end0];[end0]anull[end]; | 0:a 1:a | a", ""},
    {"[0:a]volume=2[a];[1:a]volume@files=3[b]",
     "[in0]volume=2[end0];[end0]anull[end]; | 0:a | a || "
     "[in0]volume@files=3[end0];[end0]anull[end]; | 1:a | b",
     ""},
    {"[0:a]asplit[a][x];[x]volume=2[b]",
     "[in0]asplit[end0][label x];[label x]volume=2[end1];[end1]anullsink;[end0]anull[end]; | 0:a | "
     "a || "
     "[in0]asplit[end0][label x];[label x]volume=2[end1];[end0]anullsink;[end1]anull[end]; | 0:a | "
     "b",
     ""},
};

static void print_sound(char *text, size_t size, const struct wr_sound_part *sound)
{
    FILE *out = fmemopen(text, size, "w");
    for (int k = 0; k < sound->output_count; k++) {
        const struct wr_sound_output *output = &sound->outputs[k];
        fprintf(out, "%s%s |", k ? " || " : "", output->graph);
        for (int n = output->first; n < output->first + output->count; n++) {
            const struct wr_sound_input *input = &sound->inputs[n];
            if (input->file < 0)
                fprintf(out, " any");
            else
                fprintf(out, " %d:%s", input->file, input->specifier);
        }
        fprintf(out, " |%s%s", output->label ? " " : "", output->label ? output->label : "");
    }
    fclose(out);
}

START_TEST(sound_stands_apart)
{
    char text[512] = "", left[256] = "";
    struct wr_segments segments;
    struct wr_error error = {0};
    const char *chain = sounds[_i].chain;
    ck_assert_msg(!wr_segments_open(&segments, chain, inputs_of(chain), &error), "%s: %s", chain,
                  error.text);
    if (segments.sound.output_count)
        print_sound(text, sizeof text, &segments.sound);
    ck_assert_str_eq(text, sounds[_i].sound);
    print_segments(&segments, left, sizeof left);
    ck_assert_str_eq(left, sounds[_i].segments);
    wr_segments_close(&segments);
}
END_TEST

START_TEST(mistakes_are_named)
{
    struct wr_segments segments;
    struct wr_error error = {0};
    const enum wr_status status =
        wr_segments_open(&segments, bad[_i].chain, inputs_of(bad[_i].chain), &error);
    ck_assert_msg(status == WR_USAGE, "%s: status %d", bad[_i].chain, (int)status);
    ck_assert_str_eq(error.text, bad[_i].sentence);
    wr_segments_close(&segments);
}
END_TEST

#define COUNT(array) ((int)(sizeof array / sizeof array[0]))

int main(void)
{
    av_log_set_level(AV_LOG_QUIET);
    Suite *suite = suite_create("segments");
    TCase *tests = tcase_create("segments");
    tcase_add_loop_test(tests, chains_are_cut, 0, COUNT(good));
    tcase_add_test(tests, host_filters_are_named);
    tcase_add_loop_test(tests, formats_behind_are_noted, 0, COUNT(formats));
    tcase_add_test(tests, lines_can_be_split);
    tcase_add_loop_test(tests, sound_stands_apart, 0, COUNT(sounds));
    tcase_add_loop_test(tests, mistakes_are_named, 0, COUNT(bad));
    suite_add_tcase(suite, tests);
    return test_main(suite);
}
