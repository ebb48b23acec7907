#!/bin/bash
# SPDX-License-Identifier: MIT
# Makes the sample clips with FFmpeg's generators: samples/make.sh FOLDER. Those that are there stay.
set -eu
export LC_ALL=C

here=$(cd "$(dirname "$0")" && pwd)
[ $# = 1 ] || { echo "usage: samples/make.sh FOLDER" >&2; exit 2; }
mkdir -p "$1"
folder=$(cd "$1" && pwd)
scratch=$folder/.making.$$
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM

# make NAME OPTIONS...: one clip, under its name only when it is whole. Bit-exact and single-threaded,
# so that the same FFmpeg always makes the same file.
make() {
    local name=$1
    shift
    [ ! "$folder/$name" -nt "$here/make.sh" ] || return 0
    mkdir -p "$scratch"
    ffmpeg -nostdin -v error -y "$@" -map_metadata:g -1 -fflags +bitexact -flags:v +bitexact \
        -flags:a +bitexact -threads 1 "$scratch/$name"
    mv "$scratch/$name" "$folder/$name"
}

# rotated NAME SOURCE: a copy whose display matrix turns it; FFmpeg 6 has another option for it.
rotated() {
    if ffmpeg -v quiet -h full | grep -q display_rotation; then
        make "$1" -display_rotation 90 -i "$folder/$2" -c copy
    else
        make "$1" -i "$folder/$2" -c copy -metadata:s:v:0 rotate=90
    fi
}

# Pictures: moving test cards with a running counter, and curves that use every value of their depth.
card() { echo "testsrc2=size=$1:rate=${2:-25}"; }
odd() { echo "format=yuv444p,crop=$1"; } # the card's own sizes are even
curves="nullsrc=size=160x90:rate=25,format=yuv422p10,geq=\
lum='mod(X*X/24+Y*Y/9+N*16,1024)':cb='mod(X*9+N*8,1024)':cr='mod(Y*8+N*8,1024)'"
sine() { echo "sine=frequency=$1:sample_rate=$2:duration=$3"; }
x264=(-c:v libx264 -preset medium -crf 22 -pix_fmt yuv420p)
ffv1=(-c:v ffv1 -level 3 -g 1 -frames:v 18)

# 120 frames: seven batches of 16 and a half.
make counter-120.mp4 -f lavfi -i "$(card 320x180):duration=4.8" -f lavfi -i "$(sine 440 44100 4.8)" \
    "${x264[@]}" -c:a aac -b:a 64k -metadata title=Counter -metadata:s:a:0 language=eng \
    -movflags +faststart
make deep-10bit.mkv -f lavfi -i "$curves" "${ffv1[@]}" -colorspace bt2020nc \
    -color_primaries bt2020 -color_trc smpte2084 -color_range tv
make odd-161x121.mkv -f lavfi -i "$(card 164x124 30),$(odd 161:121),format=yuv420p" "${ffv1[@]}"
make gray.mkv -f lavfi -i "$(card 100x70),$(odd 99:70),format=gray" "${ffv1[@]}"
make rgb.mkv -f lavfi -i mandelbrot=size=96x64:rate=25,format=bgr0 "${ffv1[@]}"
make alpha.mkv -f lavfi -i "$(card 160x90):alpha=128,format=yuva420p" "${ffv1[@]}"
make full-range-444.mkv -f lavfi -i "$(card 130x74),scale=out_range=full,format=yuv444p" \
    "${ffv1[@]}" -color_range pc
make interlaced.mp4 -f lavfi \
    -i "$(card 320x176 50),tinterlace=mode=interleave_top,setfield=tff,setsar=16/11" -frames:v 20 \
    "${x264[@]}" -flags:v +ildct+ilme -x264-params tff=1
make upright.mp4 -f lavfi -i "$(card 192x108 30)" -frames:v 24 "${x264[@]}"
rotated rotated.mp4 upright.mp4

# The hard one: uneven times, sound, two kinds of subtitles, chapters, an attachment, languages.
[ ! "$folder/vfr-av.mkv" -nt "$here/make.sh" ] || exit 0
mkdir -p "$scratch"
cat > "$scratch/one.srt" << 'END'
1
00:00:00,200 --> 00:00:01,000
First line

2
00:00:01,400 --> 00:00:02,500
Second <i>line</i>
END
cat > "$scratch/two.srt" << 'END'
1
00:00:00,300 --> 00:00:01,100
Erste Zeile

2
00:00:01,500 --> 00:00:02,600
Zweite <i>Zeile</i>
END
cat > "$scratch/chapters.txt" << 'END'
;FFMETADATA1
title=Uneven times
artist=warpreel samples
comment=every kind of stream
[CHAPTER]
TIMEBASE=1/1000
START=0
END=1000
title=One
[CHAPTER]
TIMEBASE=1/1000
START=1000
END=2500
title=Two, with a comma
END
uneven="settb=1/1000,setpts=N*40+9*mod(N\\,3)+60*gte(N\\,20)+2*mod(N\\,7)"
ffmpeg -nostdin -v error -y -f lavfi -i "$(card 176x100):duration=2" \
    -f lavfi -i "$(sine 330 48000 2.6)" -f lavfi -i "$(sine 660 48000 2.4)" -i "$scratch/one.srt" \
    -i "$scratch/two.srt" -f ffmetadata -i "$scratch/chapters.txt" -map 0 -map 1 -map 2 -map 3 -map 4 \
    -map_metadata 5 -map_chapters 5 -vf "$uneven" -fps_mode:v passthrough -enc_time_base:v 1/1000 \
    "${x264[@]}" -bf 2 -c:a:0 aac -b:a:0 48k -c:a:1 flac -c:s:0 srt -c:s:1 ass \
    -attach "$scratch/one.srt" -metadata:s:t:0 mimetype=text/plain -metadata:s:t:0 filename=notes.txt \
    -metadata:s:v:0 title=Pictures -metadata:s:a:0 language=eng -metadata:s:a:0 title=Sound \
    -metadata:s:a:1 language=deu -metadata:s:s:0 language=eng -metadata:s:s:1 language=deu \
    -disposition:v:0 default -disposition:a:0 default -disposition:a:1 comment \
    -disposition:s:0 default+forced -disposition:s:1 hearing_impaired -fflags +bitexact \
    -flags:v +bitexact -flags:a +bitexact -threads 1 "$scratch/vfr-av.mkv"
mv "$scratch/vfr-av.mkv" "$folder/vfr-av.mkv"
