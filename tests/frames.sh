#!/bin/bash
# SPDX-License-Identifier: MIT
# Frames in = frames out and the same bits whatever the batch size and the number of instances:
# tests/frames.sh BUILD.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/lib.sh"

counts="1 15 16 17 31 32 33 120 121"
batches="1/1 5/3 16/1 17/2" # each with a number of instances
chains="negate hflip,crop=31:21:5:3 unsharp=7:3:1.5,eq=contrast=1.3:saturation=0.6 scale=45:-1"

clip() { echo "$work/$1.mkv"; }

# make_clip FRAMES [SIZE]: called FRAMES, with a size SIZE-FRAMES.
make_clip() {
    ffmpeg -nostdin -v error -f lavfi -i "testsrc2=size=${2:-66x50}:rate=25" -frames:v "$1" -c:v ffv1 \
        -pix_fmt yuv420p "$(clip "${2:+$2-}$1")"
}

# run_case CLIP CHAIN BATCH/INSTANCES: hashes of what came out, one to a line, into a file that is
# named on stdout.
run_case() {
    local -r out=$work/$1-${3/\//-}-${2//[^a-z0-9]/_}
    if ! reel --filter "$2" --batch "${3%/*}" --instances "${3#*/}" --format framemd5 \
        --report "$out.json" -o - "$(clip "$1")" \
        > "$out.all"; then
        return 1
    fi
    sed -n 's/^0,.*, *//p' "$out.all" > "$out"
    echo "$out"
}

check_report() {
    jq -r --argjson n "$1" --argjson batch "$2" '
        if .frames_in != $n or .frames_out != $n then
            "the report counts \(.frames_in) frames in and \(.frames_out) out"
        elif .batch != $batch then "the report has batches of \(.batch)"
        elif .batches * .batch - .padded_frames != $n then
            "\(.batches) batches less \(.padded_frames) padded frames are not \($n) frames"
        else empty end' "$3"
}

# compare "CLIP CHAIN": every batch size against the first.
compare() {
    local -r name=${1%% *} chain=${1#* }
    local -r n=${name#*-}
    local batch first='' out reason=''
    for batch in $batches; do
        out=$(run_case "$name" "$chain" "$batch") || reason="batch $batch: $(said_last)"
        [ -n "$reason" ] || first=${first:-$out}
        [ -n "$reason" ] || reason=$(check_report "$n" "${batch%/*}" "$out.json")
        [ -n "$reason" ] || [ "$(wc -l < "$out")" = "$n" ] || reason="$(wc -l < "$out") frames came out"
        [ -n "$reason" ] || reason=$(first_difference "$out" "$first")
        [ -z "$reason" ] || break
    done
    verdict "$name frames, $chain" "$reason"
}

# A player's count, the container and an encoder that delays frames in between.
check_file() {
    local -r out=$work/encoded-$1.mkv
    local reason='' n
    reel --filter hflip --codec libx264 --preset ultrafast -o "$out" "$(clip "$1")" || reason=$(said_last)
    n=$(frames "$out")
    [ "$n" = "$1" ] || reason=${reason:-$n frames in the file}
    verdict "$1 frames through libx264" "$reason"
}

check_none() {
    local status=0 reason=''
    reel --filter negate -o "$work/none.mkv" "$(clip 0)" || status=$?
    [ $status = 1 ] || reason="exit code $status instead of 1"
    [ ! -e "$work/none.mkv" ] || reason="it left a file"
    [ "$(wc -l < "$said")" = 1 ] || reason="it said $(wc -l < "$said") lines"
    verdict "0 frames: refused" "$reason"
}

for n in 0 $counts; do make_clip "$n"; done
check_none
for n in $counts; do echo "$n"; done | each check_file
for n in $counts; do for chain in $chains; do echo "$n $chain"; done; done | each compare
# Pictures so large that the CPU takes a batch in portions: four frames, and one by one.
for size in 640x360 1280x720; do
    make_clip 37 $size
    echo "$size-37 negate=enable='between(n,3,18)',unsharp"
done > "$work/large"
each compare < "$work/large"
finish
