#!/bin/bash
# SPDX-License-Identifier: MIT
# Some encoders are given frames with rows from last to first. They must encode them like copies with
# rows in order, which all other encoders get: tests/flipped.sh BUILD.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/lib.sh"

clips=$(samples)

# As the table in lib/output/video/encoders.c has them: nothing stands there that is not tried here.
encoders=$(awk -F'"' '/\.name = / { name = $2 } /\.takes_flipped = true/ { print name }' \
    "$root/lib/output/video/encoders.c")
[ -n "$encoders" ] || fail "the table of encoders" "no encoder takes flipped frames"

# encode CLIP CHAIN FILE OPTIONS...: leaves a trace beside the file.
encode() {
    reel --filter "$2" --frames 5 --threads 1 -y -o "$3" --trace "$3.json" "${@:4}" "$clips/$1"
}

has_copied() { grep -q '"name":"copy_plane"' "$1.json"; }

# packets FILE: a hash of each.
packets() { ffmpeg -nostdin -v error -i "$1" -map 0:v -c copy -f framemd5 - | sed -n 's/^[0-9].*, *//p'; }

# compare "ENCODER OPTIONS...": on all clips that it takes. hflip,hflip is a copy.
compare() {
    local -r file=$work/$BASHPID.nut
    local options clip reason='' compared=0
    read -ra options <<< "$1"
    for clip in counter-120.mp4 odd-161x121.mkv deep-10bit.mkv gray.mkv rgb.mkv alpha.mkv; do
        encode "$clip" hflip,hflip,vflip "$file" --codec "${options[@]}" || continue
        packets "$file" > "$file.want"
        encode "$clip" vflip "$file" --codec "${options[@]}" || reason="$clip: $(said_last)"
        packets "$file" > "$file.have"
        ! has_copied "$file" || reason=${reason:-$clip: copied}
        [ -s "$file.have" ] || reason=${reason:-$clip: no packets}
        cmp -s "$file.have" "$file.want" || reason=${reason:-$clip: other packets}
        compared=$((compared + 1))
    done
    [ $compared != 0 ] || reason="it takes none of the clips"
    verdict "flipped frames are handed over to $1" "$reason"
}

# copied ENCODER
copied() {
    local -r file=$work/$BASHPID.nut
    local reason=''
    encode counter-120.mp4 vflip "$file" --codec "$1" || reason=$(said_last)
    has_copied "$file" || reason=${reason:-handed over}
    verdict "flipped frames are copied for $1" "$reason"
}

has_encoder() { ffmpeg -v quiet -encoders | grep -q "^ V.* $1 "; }

# What it passes on has no bytes to compare.
encode counter-120.mp4 vflip "$work/none" --format null
verdict "flipped frames are handed over to wrapped_avframe" "$(has_copied "$work/none" && echo copied)"

for encoder in $encoders; do
    [ "$encoder" = wrapped_avframe ] || ! has_encoder "$encoder" || echo "$encoder"
done > "$work/cases"
echo "rawvideo --pix-fmt nv12" >> "$work/cases"
each compare < "$work/cases"
for encoder in magicyuv libsvtav1; do
    ! has_encoder "$encoder" || echo "$encoder"
done > "$work/others"
each copied < "$work/others"
finish
