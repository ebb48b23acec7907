#!/bin/bash
# SPDX-License-Identifier: MIT
# warpreel against ffmpeg, turn by turn, same chain, encoder and options: tests/bench/run.sh BUILD [ROUNDS].
# CLIP=FILE takes that clip instead of a generated one; DEVICE=cuda another device. Nothing here can fail.
set -eu
export LC_ALL=C

build=$(cd "${1:-build}" && pwd)
rounds=${2:-5}
device=${DEVICE:-auto}
work=$(mktemp -d "${TMPDIR:-/tmp}/warpreel-bench.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
[ -x /usr/bin/time ] || { echo "needs the package time" >&2; exit 2; }

# Ten seconds of 1080p with grain, which neither codec nor filter finds easy.
make_clip() {
    ffmpeg -nostdin -v error -f lavfi -i testsrc2=size=1920x1080:rate=24:duration=10 \
        -vf "noise=all_seed=1:alls=12:allf=t" -c:v libx264 -preset veryfast -crf 20 -pix_fmt yuv420p \
        -g 48 "$work/clip.mp4"
    echo "$work/clip.mp4"
}

# measure NAME COMMAND...: appends seconds and peak kilobytes to the measurements of NAME.
measure() {
    local -r name=$1
    shift
    /usr/bin/time -a -o "$work/$name" -f '%e %M' "$@" < /dev/null > /dev/null 2> "$work/said" ||
        { cat "$work/said" >&2; exit 1; }
}

# The sound is copied by both, the pictures keep their times in both.
run_ffmpeg() {
    measure "$1" ffmpeg -nostdin -v error -y -i "$2" -map 0 -c copy -vf "$3" -c:v libx264 \
        -preset "$4" -crf 18 -fps_mode passthrough "$work/ffmpeg.mp4"
}

run_warpreel() {
    measure "$1" "$build/warpreel" --quiet --device "$device" --overwrite --filter "$3" --codec libx264 \
        --preset "$4" --quality 18 --output "$work/warpreel.mp4" "$2"
}

# spread: median, least and most of the numbers on stdin.
spread() {
    sort -g | awk -v digits="$1" '{ v[NR] = $1 } END {
        m = NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2
        printf "%.*f (%.*f to %.*f)", digits, m, digits, v[1], digits, v[NR] }'
}

rates() { awk -v n="$frames" '{ print n / $1 }' "$work/$1" | spread 1; }
memory() { awk '{ print $2 / 1024 }' "$work/$1" | spread 0; }

compare() {
    local -r chain=$1 preset=$2
    local round
    rm -f "$work/f" "$work/w"
    for ((round = 0; round < rounds; round++)); do
        # Who begins changes, so that what the machine does in between hits both.
        if ((round % 2)); then
            run_warpreel w "$clip" "$chain" "$preset"
            run_ffmpeg f "$clip" "$chain" "$preset"
        else
            run_ffmpeg f "$clip" "$chain" "$preset"
            run_warpreel w "$clip" "$chain" "$preset"
        fi
    done
    echo
    echo "$chain, libx264 $preset crf 18, $rounds rounds: median (least to most)"
    echo "  ffmpeg    $(rates f) fps, $(memory f) MiB"
    echo "  warpreel  $(rates w) fps, $(memory w) MiB"
    echo "  ratio     $(paste -d ' ' "$work/f" "$work/w" | awk '{ print $1 / $3 }' | spread 3)"
}

# Memory must not grow with the length of the file: three seconds, and ten times that.
compare_length() {
    rm -f "$work/one" "$work/ten"
    ffmpeg -nostdin -v error -y -i "$clip" -t 3 -map 0:V:0 -c copy "$work/one.mp4"
    ffmpeg -nostdin -v error -y -stream_loop 9 -i "$work/one.mp4" -c copy "$work/ten.mp4"
    run_warpreel one "$work/one.mp4" "$1" ultrafast
    run_warpreel ten "$work/ten.mp4" "$1" ultrafast
    echo
    echo "memory of warpreel: $(memory one) MiB, for a file ten times as long $(memory ten) MiB"
}

clip=${CLIP:-$(make_clip)}
frames=$(ffprobe -v error -select_streams V:0 -count_packets -show_entries stream=nb_read_packets \
    -of default=nokey=1:noprint_wrappers=1 "$clip")
echo "$("$build/warpreel" --version | head -n 1), $(ffmpeg -version | head -n 1 | cut -d ' ' -f 1-3)," \
    "$(nproc) processors, $frames frames"
for preset in ${PRESETS:-veryfast medium}; do
    compare "unsharp=5:5:1.0" "$preset"
    compare "crop=iw-8:ih-8,unsharp=5:5:1.0,eq=contrast=1.1:saturation=1.2,hflip" "$preset"
    compare "scale=1280:-2" "$preset"
done
compare_length "unsharp=5:5:1.0"
