#!/bin/bash
# SPDX-License-Identifier: MIT
# Measures warpreel beside ffmpeg: tests/bench/run.sh [BUILD] [OPTION...], options as bench.py --help shows;
# with --sweep first, filters over the ranges of their sizes, options as sweep.py --help shows.
# The clips are made once, in BUILD/bench; nothing here passes or fails by time.
set -eu
export LC_ALL=C

here=$(cd "$(dirname "$0")" && pwd)
build=$(cd "${1:-build}" && pwd)
[ $# = 0 ] || shift
script=bench.py
if [ "${1:-}" = --sweep ]; then
    script=sweep.py
    shift
fi
clips=$build/bench
frames=240
mkdir -p "$clips"

# make NAME FILTERGRAPH OPTION...: noise, which neither codec nor filter finds easy; beside its final name
# first, so that an interrupted run leaves no half clip.
make_clip() {
    local -r name=$1 graph=$2
    shift 2
    [ ! -e "$clips/$name" ] || return 0
    ffmpeg -nostdin -v error -y -f lavfi -i "testsrc2=size=${size:-1920x1080}:rate=25,$graph" "$@" \
        "$clips/part-$name"
    mv "$clips/part-$name" "$clips/$name"
}

make_clip noisy-8.nut "noise=all_seed=1:alls=12:allf=t,format=yuv420p" -frames:v $frames -c:v rawvideo
make_clip noisy-10.nut "noise=all_seed=1:alls=12:allf=t,format=yuv420p10" -frames:v $((frames / 2)) \
    -c:v rawvideo
size=3840x2160 make_clip noisy-4k.nut "noise=all_seed=1:alls=12:allf=t,format=yuv420p" -frames:v $((frames / 6)) \
    -c:v rawvideo
make_clip noisy.mp4 "noise=all_seed=1:alls=12:allf=t,format=yuv420p" -frames:v $frames -c:v libx264 \
    -preset veryfast -crf 20 -g 48
exec python3 "$here/$script" --build "$build" --clips "$clips" "$@"
