// SPDX-License-Identifier: MIT
// Literal pixels: what each filter makes of small pictures, worked out by hand.
//
// Rows are separated by "/", planes by "|"; planes stand in the order of the layout (RGB: green,
// blue, red).
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support.h"
#include "kernels/filters/registry.h"

static const struct example {
    const char *chain, *layout;
    int depth;
    const char *in, *out;
} examples[] = {
    {"", "gray", 8, "1 2 / 3 4", "1 2 / 3 4"},

    {"negate", "gray", 8, "0 1 128 255", "255 254 127 0"},
    {"negate", "gray", 10, "0 1 512 1023", "1023 1022 511 0"},
    {"negate", "gray", 16, "0 65535", "65535 0"},
    {"negate=components=y", "yuv444p", 8, "10 | 20 | 30", "245 | 20 | 30"},
    {"negate=components=u+v", "yuv444p", 8, "10 | 20 | 30", "10 | 235 | 225"},
    {"negate=components=r", "gbrp", 8, "10 | 20 | 30", "10 | 20 | 225"},
    {"negate", "ya", 8, "10 | 20", "245 | 20"},
    {"negate=negate_alpha=1", "ya", 8, "10 | 20", "245 | 235"},
    {"negate,negate", "gray", 12, "0 7 4095", "0 7 4095"},

    {"hflip", "gray", 8, "1 2 3 / 4 5 6", "3 2 1 / 6 5 4"},
    {"hflip", "yuv420p", 8, "1 2 3 / 4 5 6 | 7 8 | 9 10", "3 2 1 / 6 5 4 | 8 7 | 10 9"},
    {"hflip", "gray", 16, "65535 0 40000", "40000 0 65535"},

    {"curves=negative", "gbrp", 16, "0 65535 | 1 2 | 3 4", "65535 0 | 65534 65533 | 65532 65531"},
    {"curves=all='0/0 0.01/0 0.01003/1 1/1'", "gbrp", 8, "0 1 | 2 3 | 254 255",
     "0 0 | 0 255 | 255 255"},
    {"curves=r='0/0.5 1/1'", "gbrp", 16, "7 8 | 9 10 | 0 65535", "7 8 | 9 10 | 32768 65535"},
    {"curves=all='0/0 1/0.5':b='0/1 1/1'", "gbrp", 8, "0 254 | 9 10 | 0 255",
     "0 127 | 255 255 | 0 128"},
    // The table's first and last entries: 0.00 0.01 0.06 and 1.00 1.00 0.93 (red, green, blue).
    {"lut3d=grade.cube", "gbrp", 16, "0 65535 | 0 65535 | 0 65535",
     "655 65535 | 3932 60948 | 0 65535"},
    {"lut3d=grade.cube:interp=nearest", "gbrp", 8, "3 250 | 2 251 | 1 255",
     "3 255 | 15 237 | 0 255"},

    // A sample twice, less a quarter of each of its four neighbours; beyond the border the edge.
    {"dnn_processing=model=sharper.onnx", "gray", 8, "100 104 / 100 120", "99 101 / 95 129"},
    {"dnn_processing=model=sharper.onnx", "gray", 16, "0 65535", "0 65535"},
    {"dnn_processing=model=sharper.onnx", "yuv420p", 8, "100 120 / 100 120 | 7 | 9",
     "95 125 / 95 125 | 7 | 9"},
    {"dnn_processing=model=sharper.onnx:colorspace=rgb", "gbrp", 8, "12 20 | 20 20 | 30 38",
     "10 22 | 20 20 | 28 40"},
    {"dnn_processing=model=sharper.onnx:strength=0.25", "ya", 8, "100 120 | 5 6", "99 121 | 5 6"},
    {"vflip", "gray", 8, "1 2 / 3 4 / 5 6", "5 6 / 3 4 / 1 2"},
    {"vflip", "yuv420p", 8, "1 2 / 3 4 / 5 6 | 7 / 8 | 9 / 10", "5 6 / 3 4 / 1 2 | 8 / 7 | 10 / 9"},
    {"vflip", "gray", 16, "65535 / 0 / 40000", "40000 / 0 / 65535"},
    {"crop=2:2:0:1,vflip", "gray", 8, "1 2 / 3 4 / 5 6", "5 6 / 3 4"},

    {"transpose", "gray", 8, "1 2 3 / 4 5 6", "1 4 / 2 5 / 3 6"},
    {"transpose=clock", "gray", 8, "1 2 3 / 4 5 6", "4 1 / 5 2 / 6 3"},
    {"transpose=cclock", "gray", 10, "1 2 3 / 4 5 1023", "3 1023 / 2 5 / 1 4"},
    {"transpose=clock_flip", "gray", 8, "1 2 3 / 4 5 6", "6 3 / 5 2 / 4 1"},
    {"transpose=6", "gray", 8, "1 2 3 / 4 5 6", "1 2 3 / 4 5 6"},
    {"transpose=clock:passthrough=landscape", "gray", 8, "1 2 3 / 4 5 6", "1 2 3 / 4 5 6"},
    {"transpose=clock:passthrough=portrait", "gray", 8, "1 2 3 / 4 5 6", "4 1 / 5 2 / 6 3"},
    {"transpose=clock", "yuv420p", 8, "1 2 3 / 4 5 6 | 7 8 | 9 10",
     "4 1 / 5 2 / 6 3 | 7 / 8 | 9 / 10"},
    // Half as many chroma columns become half as many rows: nothing is resampled.
    {"transpose", "yuv422p", 8, "1 2 / 3 4 | 5 / 6 | 7 / 8", "1 3 / 2 4 | 5 6 | 7 8"},

    {"pad=4:3:1:1", "gray", 8, "50 60", "16 16 16 16 / 16 50 60 16 / 16 16 16 16"},
    {"pad=2:1", "gray", 10, "9", "9 64"},
    {"pad=3:1:-1:0", "gray", 16, "9", "4096 9 4096"},
    {"pad=2:1:color=0xFFFFFF", "yuv444p", 10, "1 | 2 | 3", "1 940 | 2 512 | 3 512"},
    {"pad=2:1:color=0xFF0000", "gbrp", 10, "1 | 2 | 3", "1 0 | 2 0 | 3 1023"},
    {"pad=2:1", "ya", 8, "9 | 7", "9 16 | 7 255"},
    {"pad=2:1:color=0x000000@0", "ya", 8, "9 | 7", "9 16 | 7 0"},
    {"pad=iw*2:ih:iw:color=0x804020", "yuv444p", 8, "1 | 2 | 3", "84 1 | 104 2 | 158 3"},
    {"pad=aspect=2:x=1", "gray", 8, "1 2 / 3 4", "16 1 2 16 / 16 3 4 16"},
    // A last column that is less than a whole chroma sample is drawn over, as in FFmpeg.
    {"pad=4:2", "yuv420p", 8, "1 2 3 / 4 5 6 | 7 8 | 9 10",
     "1 2 16 16 / 4 5 16 16 | 7 128 | 9 128"},

    {"fade", "gray", 8, "100 200", "16 16"},
    {"fade", "gray", 10, "100 200", "64 64"},
    {"fade=out", "gray", 16, "0 65535", "0 65535"},
    {"fade=in:1:9", "yuv444p", 8, "100 | 50 | 200", "16 | 128 | 128"},
    {"fade=color=0xFFFFFF", "gbrp", 8, "10 | 20 | 30", "255 | 255 | 255"},
    {"fade=alpha=1", "ya", 8, "9 | 200", "9 | 0"},
    {"fade", "ya", 8, "9 | 200", "16 | 200"},

    {"rotate=PI/2:ih:iw", "gray", 8, "1 2 3 / 4 5 6", "4 1 / 5 2 / 6 3"},
    {"rotate=-PI/2:ow=ih:oh=iw", "gray", 10, "1 2 3 / 4 5 6", "3 6 / 2 5 / 1 4"},
    {"rotate=5*PI/2:ow=ih:oh=iw", "gray", 8, "1 2 3 / 4 5 6", "4 1 / 5 2 / 6 3"},
    {"rotate=-2*PI", "gray", 8, "1 2 3 / 4 5 6", "1 2 3 / 4 5 6"},
    {"rotate=PI", "gray", 16, "1 2 3 / 4 5 65535", "65535 5 4 / 3 2 1"},
    {"rotate", "yuv420p", 8, "1 2 3 / 4 5 6 | 7 8 | 9 10", "1 2 3 / 4 5 6 | 7 8 | 9 10"},
    // Larger by a sample on each side: the border is a sample wide, the rest is filled.
    {"rotate=0:out_w=iw+4", "gray", 8, "100", "16 100 100 100 16"},
    {"rotate=0:out_w=iw+4:fillcolor=none", "gray", 10, "100", "100 100 100 100 100"},
    // Half a sample to the right: the mean of two, rounded down.
    {"rotate=0:out_w=iw-1", "gray", 8, "10 21 40", "15 30"},
    {"rotate=0:out_w=iw-1", "gray", 16, "10 21 65535", "15 32778"},
    {"rotate=0:out_w=iw-1:bilinear=0", "gray", 8, "10 21 40", "10 21"},
    {"rotate=PI/2:ow=ih:oh=iw", "gray", 8, "1 2", "1 / 2"},

    // 128 * cos(PI/4 * x / 4.53)^4; dark beyond 4.53, a corner's distance from the middle.
    {"vignette=PI/4:0:0:dither=0", "gray", 8, "128 128 128 128 128 128 128 128 128",
     "128 120 100 72 44 0 0 0 0"},
    {"vignette=0:dither=0", "yuv444p", 10, "1000 | 400 | 600", "1000 | 400 | 600"},
    {"vignette=PI/4:0:5:dither=0", "yuv444p", 10, "1000 | 400 | 600", "0 | 512 | 512"},
    {"vignette=PI/4:0:5:dither=0", "ya", 8, "200 | 100", "0 | 100"},

    {"hue=h=90", "yuv444p", 8, "9 | 138 | 108", "9 | 148 | 138"},
    {"hue=H=PI/2+n", "yuv444p", 10, "9 | 522 | 492", "9 | 532 | 522"},
    {"hue=s=0", "yuv444p", 10, "9 | 0 | 1023", "9 | 512 | 512"},
    {"hue=s=2", "yuv444p", 12, "9 | 2148 | 4095", "9 | 2248 | 4095"},
    // Angles that no float holds turn nothing.
    {"hue=h=1e300", "yuv444p", 8, "9 | 138 | 108", "9 | 138 | 108"},
    {"hue=H=-1e300-n", "yuv444p", 12, "9 | 138 | 108", "9 | 138 | 108"},
    {"hue=s=0", "gbrp", 8, "100 | 50 | 200", "124 | 124 | 124"},
    // A tenth of the range, cut off: 25.5 at 8 bits, 102.4 at 10.
    {"hue=b=1", "gray", 8, "0 100 250", "25 125 255"},
    {"hue=b=-1", "gray", 10, "0 200 1023", "0 97 920"},
    {"hue=b=2+n", "gray", 16, "0 65535", "13107 65535"},
    {"hue=b=1", "ya", 8, "9 | 200", "34 | 200"},
    // Almost nothing less is a whole step, where a double can tell.
    {"hue=b=-2e-16", "gray", 8, "1 16 128", "0 15 128"},
    {"hue=b=n-2e-16", "gray", 8, "1 16 128", "0 15 128"},

    {"crop=2:2:1:1", "gray", 8, "1 2 3 4 / 5 6 7 8 / 9 10 11 12", "6 7 / 10 11"},
    {"crop=2:1", "gray", 8, "1 2 3 4", "2 3"},
    {"crop=iw-2:ih:2:0", "gray", 10, "1000 2 3 4", "3 4"},
    {"crop=1:1:9:9", "gray", 8, "1 2 / 3 4", "4"},
    // Whole chroma samples: 3x3 at 1,1 becomes 2x2 at 0,0 ...
    {"crop=3:3:1:1", "yuv420p", 8,
     "1 2 3 4 / 5 6 7 8 / 9 10 11 12 / 13 14 15 16 "
     "| 20 21 / 22 23 | 30 31 / 32 33",
     "1 2 / 5 6 | 20 | 30"},
    // ... unless the rectangle is to be exact.
    {"crop=3:3:1:1:exact=1", "yuv420p", 8,
     "1 2 3 4 / 5 6 7 8 / 9 10 11 12 / 13 14 15 16 "
     "| 20 21 / 22 23 | 30 31 / 32 33",
     "6 7 8 / 10 11 12 / 14 15 16 | 20 21 / 22 23 | 30 31 / 32 33"},
    {"crop=2:1:1:0,hflip", "gray", 8, "1 2 3 4", "3 2"},
    // Where the place changes from frame to frame, it is a copy rather than a view.
    {"crop=2:2:n+1:1-n", "gray", 8, "1 2 3 4 / 5 6 7 8 / 9 10 11 12", "6 7 / 10 11"},
    {"crop=2:1:n+9:0,crop=1:1:n-5", "gray", 16, "1 2 3 65535", "3"},
    {"crop=2:2:2+n:1+n", "yuv420p", 8,
     "1 2 3 4 / 5 6 7 8 / 9 10 11 12 / 13 14 15 16 "
     "| 20 21 / 22 23 | 30 31 / 32 33",
     "3 4 / 7 8 | 21 | 31"},
    {"hflip,crop=2:1:0:0", "gray", 8, "1 2 3 4", "4 3"},

    // A strength of -1 leaves the blurred picture: 1 2 1 in both directions, over 16.
    {"unsharp=3:3:-1", "gray", 8, "0 0 0 / 0 160 0 / 0 0 0", "10 20 10 / 20 40 20 / 10 20 10"},
    {"unsharp=3:3:-1", "gray", 10, "0 0 0 / 0 640 0 / 0 0 0", "40 80 40 / 80 160 80 / 40 80 40"},
    {"unsharp=3:3:-1", "gray", 16, "0 0 0 / 0 40000 0 / 0 0 0",
     "2500 5000 2500 / 5000 10000 5000 / 2500 5000 2500"},
    {"unsharp=3:3:1", "gray", 8, "0 0 0 / 0 40 0 / 0 0 0", "0 0 0 / 0 70 0 / 0 0 0"},
    {"unsharp=3:3:1", "gray", 8, "0 0 0 / 0 200 0 / 0 0 0", "0 0 0 / 0 255 0 / 0 0 0"},
    {"unsharp", "gray", 8, "9", "9"},
    // Samples of more bits than the format has: sums along rows wrap around, on every device alike.
    {"unsharp=3:3:5", "gray", 10, "0 0 0 / 0 65535 0 / 0 0 0", "0 0 0 / 1023 1023 1023 / 0 0 0"},
    {"unsharp=la=0:ca=-1:cx=3:cy=3", "yuv444p", 8,
     "1 2 3 / 4 5 6 / 7 8 9 | 0 0 0 / 0 160 0 / 0 0 0 | 8 8 8 / 8 8 8 / 8 8 8",
     "1 2 3 / 4 5 6 / 7 8 9 | 10 20 10 / 20 40 20 / 10 20 10 | 8 8 8 / 8 8 8 / 8 8 8"},

    {"eq", "gray", 8, "0 100 255", "0 100 255"},
    {"eq=brightness=0.1", "gray", 8, "0 100 240", "25 125 255"},
    {"eq=contrast=2", "gray", 8, "0 100 128 200", "0 71 127 255"},
    {"eq=contrast=3", "gray", 10, "341 500 682", "0 477 1023"},
    {"eq=gamma=2", "gray", 8, "0 64 255", "0 128 255"},
    {"eq=saturation=0", "yuv444p", 8, "9 | 0 | 255", "9 | 127 | 127"},
    {"eq=saturation=0", "yuv444p", 10, "9 | 0 | 1023", "9 | 512 | 512"},
    {"eq=saturation=2", "yuv444p", 10, "9 | 512 | 612", "9 | 512 | 712"},
    {"eq=saturation=0", "gbrp", 8, "100 | 50 | 200", "118 | 118 | 118"},
    {"eq=brightness=0.2", "gbrp", 8, "100 | 100 | 100", "151 | 151 | 151"},
    {"eq=brightness=0.2", "gbrap", 8, "100 | 100 | 100 | 7", "151 | 151 | 151 | 7"},

    {"colorchannelmixer=rr=0:rb=1:br=1:bb=0", "gbrp", 8, "1 200 | 2 100 | 3 50",
     "1 200 | 3 50 | 2 100"},
    {"colorchannelmixer=gr=.5:gg=.25", "gbrp", 8, "100 0 | 7 8 | 200 255",
     "125 128 | 7 8 | 200 255"},
    {"colorchannelmixer=rr=2:gg=-1", "gbrp", 16, "60000 | 5 | 40000", "0 | 5 | 65535"},
    {"colorchannelmixer=ra=1:ag=1:aa=0", "gbrap", 8, "10 | 20 | 30 | 40", "10 | 20 | 70 | 10"},
    // Twice the red, and the largest component stays what it was.
    {"colorchannelmixer=rr=2:pc=max:pa=1", "gbrp", 8, "100 | 50 | 60", "83 | 42 | 100"},
    {"colorchannelmixer=rr=1e-44:gg=0:bb=0:pc=sum:pa=1", "gbrp", 16, "5 | 6 | 60000",
     "0 | 0 | 65535"},
    // Seven tenths of the range, where the sum of largest and smallest says so.
    {"colorbalance=rs=1", "gbrp", 8, "0 255 | 0 255 | 0 255", "0 255 | 0 255 | 179 255"},
    {"colorbalance=bh=-1", "gbrp", 8, "0 255 | 0 255 | 0 255", "0 255 | 0 77 | 0 255"},
    {"colorbalance=gm=0.5", "gbrp", 8, "0 64 255 | 0 64 255 | 0 64 255",
     "0 153 255 | 0 64 255 | 0 64 255"},
    {"format=gray|yuv444p", "yuv444p", 8, "1 2 | 3 4 | 5 6", "1 2 | 3 4 | 5 6"},
    {"format=yuv444p10", "yuv444p", 8, "16 | 128 | 240", "64 | 512 | 960"},
    {"format=yuv444p", "yuv444p", 10, "64 66 67 1023 | 512 513 514 515 | 0 0 0 0",
     "16 17 17 255 | 128 128 129 129 | 0 0 0 0"},
    {"format=gbrp16", "gbrp", 8, "0 | 1 | 255", "0 | 257 | 65535"},
    {"format=gbrap", "gbrp", 8, "1 | 2 | 3", "1 | 2 | 3 | 255"},
    {"format=gray", "gbrp", 8, "0 255 7 255 | 0 255 7 0 | 0 255 7 0", "0 255 7 150"},
    // Black, white and the red of colour bars: BT.601, since the picture is small.
    {"format=gbrp", "yuv444p", 8, "16 235 81 | 128 128 90 | 128 128 240",
     "0 255 0 | 0 255 0 | 0 255 254"},
    {"format=yuv444p", "gbrp", 8, "0 255 0 | 0 255 0 | 0 255 255",
     "16 235 81 | 128 128 90 | 128 128 240"},
    {"format=yuv444p:color_ranges=pc", "gbrp", 8, "0 255 0 | 0 255 0 | 0 255 255",
     "0 255 76 | 128 128 85 | 128 128 255"},
    {"format=yuv444p", "gray", 8, "9 200", "9 200 | 128 128 | 128 128"},
    // A flat colour stays what it is wherever chroma goes.
    {"format=yuv444p", "yuv420p", 8, "1 2 3 / 4 5 6 | 7 7 | 9 9",
     "1 2 3 / 4 5 6 | 7 7 7 / 7 7 7 | 9 9 9 / 9 9 9"},
    {"boxblur=1:1", "gray", 8, "0 0 0 / 0 90 0 / 0 0 0", "10 10 10 / 10 10 10 / 10 10 10"},
    {"boxblur=1:1", "gray", 10, "900 0 0 / 900 0 0 / 900 0 0", "600 300 0 / 600 300 0 / 600 300 0"},
    {"boxblur=1", "gray", 8, "90 0 0 / 90 0 0 / 90 0 0", "50 30 10 / 50 30 10 / 50 30 10"},
    {"boxblur=1:1000", "gray", 8, "0 255 / 0 255", "127 128 / 127 128"},
    {"boxblur=lr=0:cr=w/3:cp=1", "yuv444p", 8,
     "1 2 3 / 4 5 6 / 7 8 9 | 0 0 0 / 0 90 0 / 0 0 0 | 0 0 0 / 90 90 90 / 0 0 0",
     "1 2 3 / 4 5 6 / 7 8 9 | 10 10 10 / 10 10 10 / 10 10 10 | 30 30 30 / 30 30 30 / 30 30 30"},

    {"cas", "gray", 8, "100 100 100 / 100 100 100", "100 100 100 / 100 100 100"},
    // Weight in the middle: sqrt(200 / 240) / -16, so 120 becomes (120 - 22.8) / (1 - 0.228).
    {"cas", "gray", 8, "100 100 100 / 100 120 100 / 100 100 100",
     "100 98 100 / 98 125 98 / 100 98 100"},
    {"cas", "gray", 10, "0 0", "0 0"},

    {"sobel", "gray", 8, "0 0 0 / 0 0 0 / 9 9 9", "0 0 0 / 36 36 36 / 36 36 36"},
    {"sobel=scale=0.5:delta=1", "gray", 8, "0 0 0 / 0 0 0 / 9 9 9", "1 1 1 / 19 19 19 / 19 19 19"},
    {"sobel", "gray", 10, "0 0 / 1000 1000", "1023 1023 / 1023 1023"},
    {"sobel=planes=1", "yuv444p", 8, "0 9 | 0 9 | 9 0", "36 36 | 0 9 | 9 0"},

    // Weights for 1: 0.399 in the middle, then 0.242, 0.054, 0.004.
    {"gblur=1", "gray", 8, "0 0 0 0 240 0 0 0 0", "0 1 13 58 96 58 13 1 0"},
    {"gblur=1:sigmaV=0", "gray", 8, "0 0 0 / 250 250 250 / 0 0 0", "0 0 0 / 250 250 250 / 0 0 0"},
    {"gblur=0:sigmaV=1", "gray", 10, "0 / 0 / 1000 / 0 / 0", "54 / 242 / 399 / 242 / 54"},
    // Half each, but for the weight of the middle, 1 / (1024 sqrt(2 pi)).
    {"gblur=1024", "gray", 16, "0 65535", "32755 32780"},

    {"median", "gray", 8, "9 9 9 9 9 / 9 1 8 2 9 / 9 7 3 6 9 / 9 4 5 0 9 / 9 9 9 9 9",
     "9 9 9 9 9 / 9 9 7 9 9 / 9 7 4 6 9 / 9 9 6 9 9 / 9 9 9 9 9"},
    // One row leaves only one row of the window.
    {"median", "gray", 10, "1 900 2 800 3", "1 2 800 3 3"},
    {"median=percentile=0", "gray", 8, "1 9 2 8 3", "1 1 2 2 3"},
    {"median=percentile=1", "gray", 16, "1 9 2 8 60000", "9 9 9 60000 60000"},
    {"median=radius=2:planes=9", "gbrap", 8, "9 1 9 1 9 | 9 1 9 1 9 | 9 1 9 1 9 | 5 6 7 8 9",
     "9 9 9 9 9 | 9 1 9 1 9 | 9 1 9 1 9 | 5 6 7 8 9"},
    // Four samples to the right and to the left, or above and below, and their mean.
    {"deband=range=-1:direction=0:1thr=0.1", "gray", 8, "0 10 20 30", "5 10 20 25"},
    {"deband=range=-1:direction=0:1thr=0.1", "gray", 10, "0 40 80 120", "20 40 80 100"},
    {"deband=range=-1:direction=0:1thr=0.1", "gray", 16, "0 5000 0", "2500 0 2500"},
    {"deband=range=-1:direction=-1.5707963:1thr=0.1", "gray", 8, "0 / 10 / 20", "5 / 10 / 15"},
    {"deband=range=-1:direction=0", "gray", 8, "0 10 20 30", "0 10 20 30"},
    {"deband=range=-1:direction=0:1thr=0.1", "gray", 8, "0 0 40 0", "0 20 40 20"},
    {"deband=range=-1:direction=0:1thr=0.1:blur=0", "gray", 8, "0 0 40 0", "0 0 40 0"},
    {"deband=range=-1:direction=0:1thr=0.1:blur=0", "gray", 8, "0 10 20 30", "5 10 20 25"},
    {"deband=range=-99:direction=0:1thr=0.5", "gray", 8, "0 50 70 100", "50 50 50 50"},
    {"deband=range=-1:direction=0:1thr=0.00003:4thr=0.1", "ya", 8, "0 10 20 30 | 0 10 20 30",
     "0 10 20 30 | 5 10 20 25"},
    {"deband=.1:.1:.1:.1:-1:0", "gbrp", 8, "0 10 | 0 10 | 0 100", "5 5 | 5 5 | 0 100"},
    {"deband=.1:.1:.1:.1:-1:0:c=1", "gbrp", 8, "0 10 | 0 10 | 0 100", "0 10 | 0 10 | 0 100"},
    {"deband=.1:.1:.1:.1:-1:0:c=1", "gbrp", 8, "0 10 | 0 10 | 0 20", "5 5 | 5 5 | 10 10"},

    // A wide window leaves the mean of what differs by less than some sigmaR.
    {"bilateral=60:1:method=window", "gray", 8, "10 20", "15 15"},
    // 463,000 weights, which must not be lost: computed in double precision.
    {"bilateral=128:1:method=window", "gray", 16, "0 0 0 0 51200 51200 51200 51200",
     "21175 21332 21488 21645 29555 29712 29868 30025"},
    {"bilateral=60:0.1:method=window", "gray", 8, "0 26", "10 16"},
    {"bilateral=60:0.1:method=window", "gray", 8, "0 255", "0 255"},
    {"bilateral=60:1:method=window", "yuv444p", 8, "10 20 | 10 20 | 10 20",
     "15 15 | 10 20 | 10 20"},
    {"bilateral=60:1:planes=6:method=window", "yuv444p", 8, "10 20 | 10 20 | 10 20",
     "10 20 | 15 15 | 15 15"},
    {"bilateral=60:1:planes=8:method=window", "ya", 8, "10 20 | 10 20", "10 20 | 15 15"},
    {"bilateral", "gray", 8, "0 100", "0 100"},
    {"bilateral=1e-200", "gray", 8, "0 100", "0 100"},
    {"bilateral=5:0", "gray", 16, "0 1 2", "0 1 2"},

    // Samples that differ by 10 weigh exp(-10^2 / 10^2), by 30 nothing.
    {"nlmeans=p=1:r=3", "gray", 8, "0 10", "3 7"},
    {"nlmeans=p=1:r=3", "gray", 8, "0 30", "0 30"},
    {"nlmeans=p=1:r=3", "gray", 10, "0 40", "11 29"},
    {"nlmeans=p=1:r=3", "gray", 16, "0 2570", "691 1879"},
    // A column of three differs in each patch: exp(-300 / 10^2), exp(-300 / 20^2).
    {"nlmeans=p=3:r=3", "gray", 8, "0 10", "0 10"},
    {"nlmeans=s=2:p=3:r=3", "gray", 8, "0 10", "3 7"},
    {"nlmeans=p=1:r=3:rc=1", "yuv444p", 8, "0 10 | 0 10 | 0 10", "3 7 | 0 10 | 0 10"},
    {"nlmeans=p=1:r=3:pc=3:s=2", "gbrp", 8, "0 10 | 0 10 | 0 10", "4 6 | 3 7 | 3 7"},
    {"nlmeans=p=1:r=3", "ya", 8, "0 10 | 0 10", "3 7 | 0 10"},

    {"scale=4:4:flags=neighbor", "gray", 8, "1 2 / 3 4", "1 1 2 2 / 1 1 2 2 / 3 3 4 4 / 3 3 4 4"},
    {"scale=2:1:flags=area", "gray", 8, "10 20 30 40 / 50 60 70 80", "35 55"},
    {"scale=4:1:flags=bilinear", "gray", 8, "0 100", "0 25 75 100"},
    {"scale=2:1:flags=bilinear", "gray", 8, "0 100 204 64", "63 121"},
    {"scale=2:1:flags=fast_bilinear", "gray", 8, "0 100 204 64", "50 134"},
    {"scale=4:1:flags=bilinear", "gray", 16, "0 40000", "0 10000 30000 40000"},
    {"scale=1:2:flags=area", "gray", 8, "1 / 3 / 9 / 11", "2 / 10"},
    {"scale=in_range=full:out_range=limited", "yuv444p", 8, "0 255 | 128 0 | 128 255",
     "16 235 | 128 16 | 128 240"},
    {"scale=in_range=tv:out_range=pc", "yuv444p", 10, "64 940 | 512 512 | 512 512",
     "0 1023 | 512 512 | 512 512"},
    {"scale=in_range=pc", "gray", 8, "0 255", "16 235"},
    // Full red of BT.601, of which 8 bits lose some, as BT.709 writes it.
    {"scale=in_color_matrix=bt601:out_color_matrix=bt709", "yuv444p", 8, "81 | 90 | 240",
     "62 | 102 | 240"},
    {"scale=out_color_matrix=bt709", "yuv444p", 8, "81 | 90 | 240", "62 | 102 | 240"}, // names none
    {"scale=in_color_matrix=bt601", "yuv444p", 8, "81 | 90 | 240", "81 | 90 | 240"},
    {"scale=-1:2", "gray", 8, "5 5 5 5", "5 5 5 5 5 5 5 5 / 5 5 5 5 5 5 5 5"},
    // Chroma sits on the left luma sample: halving 4:2:0 keeps it there.
    {"scale=2:2:flags=neighbor", "yuv420p", 8,
     "1 2 3 4 / 5 6 7 8 / 9 10 11 12 / 13 14 15 16 "
     "| 20 21 / 22 23 | 30 31 / 32 33",
     "6 8 / 14 16 | 22 | 32"},
};

// "1 2 / 3 4 | 5": the size of a plane and its values, up to the next "|".
struct plane_text {
    int width, height, values[64];
};

static struct plane_text read_plane(const char **text)
{
    struct plane_text plane = {.height = 1};
    int count = 0;
    for (; **text && **text != '|'; ++*text)
        if (**text == '/') {
            plane.height++;
        } else if (**text != ' ') {
            char *end;
            plane.values[count++] = (int)strtol(*text, &end, 10);
            *text = end - 1;
        }
    *text += **text == '|';
    plane.width = count / plane.height;
    return plane;
}

static struct test_frames read_frames(const char *layout, int depth, const char *text)
{
    const char *rest = text;
    const struct plane_text first = read_plane(&rest);
    const struct wr_format format = test_format(layout, depth, first.width, first.height);
    struct test_frames frames = test_frames_new(&format, 1);
    for (int p = 0; p < wr_format_planes(&format); p++) {
        const struct plane_text plane = read_plane(&text);
        ck_assert_int_eq(plane.width, wr_format_width(&format, p));
        ck_assert_int_eq(plane.height, wr_format_height(&format, p));
        for (int n = 0; n < plane.width * plane.height; n++)
            test_put(&frames, 0, p, n % plane.width, n / plane.width, plane.values[n]);
    }
    return frames;
}

static void write_frames(const struct test_frames *frames, char *text, size_t size)
{
    *text = '\0';
    for (int p = 0; p < wr_format_planes(&frames->format); p++)
        for (int y = 0; y < wr_format_height(&frames->format, p); y++)
            for (int x = 0; x < wr_format_width(&frames->format, p); x++) {
                const char *between = x ? " " : y ? " / " : p ? " | " : "";
                const size_t used = strlen(text);
                snprintf(text + used, size - used, "%s%d", between, test_get(frames, 0, p, x, y));
            }
}

START_TEST(literal_pixels)
{
    const struct example *e = &examples[_i];
    struct test_frames in = read_frames(e->layout, e->depth, e->in), out;
    struct wr_error error;
    ck_assert_msg(test_run(e->chain, &in, "cpu", 1, &out, &error), "%s", error.text);
    char got[1024];
    write_frames(&out, got, sizeof got);
    ck_assert_msg(!strcmp(got, e->out), "%s on %s %d bits: %s\n  gives    %s\n  expected %s",
                  e->chain, e->layout, e->depth, e->in, got, e->out);
    test_frames_free(&in);
    test_frames_free(&out);
}
END_TEST

START_TEST(every_filter_has_examples)
{
    for (int f = 0; f < wr_filter_total; f++) {
        bool found = false;
        for (size_t n = 0; n < sizeof examples / sizeof examples[0]; n++)
            found |= !strncmp(examples[n].chain, wr_filters[f]->name, strlen(wr_filters[f]->name));
        ck_assert_msg(found, "%s has no literal pixels", wr_filters[f]->name);
    }
}
END_TEST

// Chains name files there.
static void enter_samples(void)
{
    test_enter_samples();
}

int main(void)
{
    Suite *suite = suite_create("pixels");
    TCase *tests = tcase_create("literal");
    tcase_add_checked_fixture(tests, enter_samples, NULL);
    tcase_add_loop_test(tests, literal_pixels, 0, sizeof examples / sizeof examples[0]);
    tcase_add_test(tests, every_filter_has_examples);
    suite_add_tcase(suite, tests);
    return test_main(suite);
}
