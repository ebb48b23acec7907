#!/bin/bash
# SPDX-License-Identifier: MIT
# Inputs that are unusual, but right: pipes, joined broadcasts, pictures packed in other ways, covers; and what
# each kind of damage is counted as: tests/input.sh BUILD.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/lib.sh"

clips=$(samples)

# encode NAME SECONDS OPTIONS...: a clip with sound.
encode() {
    local -r name=$1 seconds=$2
    shift 2
    ffmpeg -nostdin -v error -f lavfi -i testsrc2=size=160x90:rate=25:duration="$seconds" \
        -f lavfi -i sine=duration="$seconds" -c:v libx264 -preset veryfast -threads 1 -c:a aac \
        "$@" "$work/$name"
}

# ---- pipes

# at_work: waits until frames have reached the encoder, a minute at most.
at_work() {
    local i
    for ((i = 0; i < 600; i++)); do
        ! grep -qs '"frames": *[1-9]' "$said" || return 0
        sleep 0.1
    done
    echo "it did not start"
}

# stalled NAME FROM: a pipe that brings frames and then nothing more, while somebody may still write to it. FROM
# is the input's name; the pipe is stdin too.
stalled() {
    local -r name=$1 from=$2 fifo=$work/fifo
    local reason='' got=0
    mkfifo "$fifo"
    exec 7<> "$fifo"
    head -c 400000 "$work/pipe.mkv" > "$fifo" 7>&- &
    : > "$said"
    timeout --foreground -k 5 "$limit" "$warpreel" --device "$device" --progress json --filter negate \
        --codec ffv1 -o "$work/stalled.mkv" -- "$from" 2> "$said" < "$fifo" 7>&- &
    local -r program=$!
    reason=$(at_work)
    kill -s INT "$program"
    wait "$program" || got=$?
    exec 7>&-
    rm -f "$fifo"
    [ $got = 130 ] || reason=${reason:-exit code $got: $(said_last)}
    [ ! -e "$work/stalled.mkv" ] || reason=${reason:-it left a file}
    verdict "SIGINT while $name waits" "$reason"
}

# A writer that fails ends the reading too, although the pipe brings nothing.
stalled_writer() {
    local -r fifo=$work/fifo
    local reason='' got=0
    mkfifo "$fifo"
    exec 7<> "$fifo"
    head -c 400000 "$work/pipe.mkv" > "$fifo" 7>&- &
    limit=60 reel --filter negate --codec rawvideo --format nut -o - -- "$fifo" > /dev/full 7>&- || got=$?
    exec 7>&-
    rm -f "$fifo"
    [ $got = 1 ] || reason="exit code $got: $(said_last)"
    grep -q "No space left" "$said" || reason=${reason:-$(said_last)}
    verdict "a failing writer while the input waits" "$reason"
}

pipes() {
    encode pipe.mkv 20 -bf 0 -g 25 -b:v 400k
    stalled "a pipe by name" "$work/fifo"
    stalled stdin -
    stalled "stdin by number" pipe:0
    [ ! -c /dev/full ] || stalled_writer
}

# reel_hashes OPTIONS...: of the frames, with their times; stdin is the caller's.
reel_hashes() {
    timeout -k 5 "$limit" "$warpreel" --device "$device" --filter negate --codec ffv1 --format framemd5 \
        -o - "$@" 2> "$said" | grep '^0,'
}

# A file as stdin can be read in any order, from where it stands.
redirected() {
    local -r clip=$clips/counter-120.mp4
    reel_hashes "$clip" < /dev/null > "$work/want"
    reel_hashes - < "$clip" > "$work/have"
    verdict "stdin is a file" "$(first_difference "$work/have" "$work/want")"
    { head -c 1000 /dev/zero && cat "$clip"; } > "$work/behind.mp4"
    { dd bs=1000 count=1 status=none > /dev/null && reel_hashes - > "$work/have"; } < "$work/behind.mp4"
    verdict "stdin is a file behind other bytes" "$(first_difference "$work/have" "$work/want")"
    reel_hashes --start 2.5 "$clip" < /dev/null > "$work/want"
    reel_hashes --start 2.5 - < "$clip" > "$work/have"
    verdict "a start in a file as stdin" "$(first_difference "$work/have" "$work/want")"
}

# ---- clocks that step

# times FILE: of the frames and, marked by a 1, of the sound's packets, in seconds.
times() {
    reel --filter negate --codec ffv1 --format framemd5 -o - "$1" > "$work/times"
    awk -F ', *' '/^#tb [01]:/ { split($1, tb, "[: /]+"); tick[$1 ~ /^#tb 0/ ? 0 : 1] = tb[3] / tb[4] }
        /^[01],/ { printf "%d %.6f\n", $1, ($1 == 0 ? $3 : $2) * tick[$1] }' "$work/times"
}

# steady FRAMES END: what is wrong with times on stdin that should rise steadily from 0 to END.
steady() {
    awk -v want="$1" -v end="$2" '
        $1 == 0 { if (count++ && ($2 - last < 0.039 || $2 - last > 0.1))
                      { print "frame " count - 1 " at " $2 " s follows one at " last " s"; exit }
                  last = $2 }
        END { if (count != want) print count " frames instead of " want
              else if (last < end - 0.2 || last > end + 0.2) print "the last at " last " s" }'
}

# distance FRAME PACKET: from a frame to a packet of sound.
distance() {
    awk -v frame="$1" -v packet="$2" '$1 == 0 && frame-- == 0 { video = $2 } $1 == 1 && packet-- == 0 { sound = $2 }
        END { printf "%.3f", sound - video }'
}

joined() {
    local packets want have
    encode one.ts 3 -bf 2
    encode two.ts 4 -bf 2 -output_ts_offset 2
    cat "$work/one.ts" "$work/two.ts" "$work/one.ts" > "$work/joined.ts"
    times "$work/joined.ts" > "$work/joined.times"
    verdict "joined broadcasts" "$(steady 250 10 < "$work/joined.times")"
    packets=$(times "$work/one.ts" | grep -c '^1')
    want=$(times "$work/two.ts" | distance 0 0)
    have=$(distance 75 "$packets" < "$work/joined.times")
    verdict "sound and pictures stay together" "$([ "$have" = "$want" ] || echo "$have s, not $want s, apart")"
    encode later.ts 3 -bf 2 -output_ts_offset 500
    cat "$work/one.ts" "$work/later.ts" > "$work/gap.ts"
    verdict "a clock that leaps" "$(times "$work/gap.ts" | steady 150 6)"
    encode wrapped.ts 6 -bf 2 -output_ts_offset 95440.7 -mpegts_copyts 1
    verdict "a clock that wraps" "$(times "$work/wrapped.ts" | steady 150 6)"
}

# ---- pictures

# Packed, semi-planar, palette: as they were, or as FFmpeg makes of them where that is exact.
packed() {
    local pix_fmt back
    while read -r pix_fmt back; do
        ffmpeg -nostdin -v error -y -f lavfi -i testsrc2=size=162x90:rate=25 -frames:v 5 -c:v rawvideo \
            -pix_fmt "$pix_fmt" "$work/packed.nut"
        reel --filter negate,negate --codec rawvideo --pix-fmt "$back" -y -o "$work/back.nut" "$work/packed.nut"
        hashes "$work/packed.nut" -c:v rawvideo -pix_fmt "$back" > "$work/want"
        hashes "$work/back.nut" -c:v rawvideo > "$work/have"
        verdict "$pix_fmt to $back" "$([ -s "$work/want" ] || echo "no frames")$(first_difference "$work/have" "$work/want")"
    done << 'END'
nv12 yuv420p
nv12 nv12
nv21 nv21
yuyv422 yuv422p
uyvy422 uyvy422
rgb24 rgb24
bgra bgra
rgb48be rgb48be
pal8 bgra
gray16be gray16be
END
}

# A cover is not the video where there is another, however much else speaks for it.
cover() {
    encode tall.mkv 1
    ffmpeg -nostdin -v error -f lavfi -i nullsrc=size=800x600,noise=alls=100 -frames:v 1 "$work/cover.png"
    ffmpeg -nostdin -v error -i "$work/tall.mkv" -attach "$work/cover.png" -metadata:s:t mimetype=image/png \
        -map 0:v -c copy -disposition:v:0 visual_impaired "$work/cover.mkv"
    reel --filter negate --codec ffv1 --report "$work/report.json" -o "$work/cover.out.mkv" "$work/cover.mkv"
    verdict "a cover that libavformat prefers" "$([ "$(jq -c '[.input.width, .frames_out]' "$work/report.json")" = \
        "[160,25]" ] || said_last)"
}

# ---- chapters

# They are kept, or it is said that they are not.
chapters() {
    local -r source=$clips/vfr-av.mkv
    local codec kept out suffix told
    while read -r suffix codec; do
        out=$work/chapters.$suffix
        reel --filter negate --codec "$codec" --frames 3 -o "$out" "$source" || { fail "$suffix" "$(said_last)"; continue; }
        kept=$(ffprobe -v quiet -show_chapters -of csv "$out" | wc -l)
        told=$(grep -c 'chapters are left out' "$said")
        verdict "chapters in $suffix" "$([ $((kept > 0)) != $((told > 0)) ] || echo "$kept of them, said $told times")"
    done << 'END'
mkv ffv1
webm libvpx-vp9
mp4 mpeg4
mov mpeg4
nut ffv1
asf mpeg4
avi mpeg4
ts mpeg2video
flv flv
ogv libtheora
END
}

# ---- damage

# counted NAME FILE LEAST: exit code 4, damage in the report, and at least so many frames.
counted() {
    local got=0 reason=''
    rm -f "$work/report.json"
    reel --filter negate --codec ffv1 --report "$work/report.json" -y -o "$work/counted.mkv" "$2" || got=$?
    if [ $got != 4 ]; then
        reason="exit code $got: $(said_last)"
    elif ! jq -e --argjson least "$3" '.damaged >= 1 and .frames_out >= $least' "$work/report.json" > "$work/judged"; then
        reason="damaged $(jq .damaged "$work/report.json"), $(jq .frames_out "$work/report.json") frames"
    fi
    verdict "$1" "$reason"
}

# without FILE FROM BYTES: what is left of it when some bytes in the middle are lost.
without() { head -c "$2" "$1" && tail -c +$(($2 + $3 + 1)) "$1"; }

# overwritten FILE FROM BYTES: noise in the middle.
overwritten() { head -c "$2" "$1" && head -c "$3" "$work/noise" && tail -c +$(($2 + $3 + 1)) "$1"; }

damage() {
    ffmpeg -nostdin -v error -f lavfi -i "nullsrc=size=512x512,noise=all_seed=3:alls=100" -frames:v 2 \
        -f rawvideo -pix_fmt gray "$work/noise"
    encode whole.ts 6 -bf 2 -g 25
    local -r half=$(($(stat -c %s "$work/whole.ts") / 376 * 188))
    without "$work/whole.ts" "$half" 188 > "$work/lost.ts"
    counted "a lost packet of a transport stream" "$work/lost.ts" 140
    { head -c "$half" "$work/whole.ts" && head -c 300000 /dev/zero && tail -c +$((half + 1)) "$work/whole.ts"; } \
        > "$work/hole.ts"
    counted "a hole between packets of a transport stream" "$work/hole.ts" 140
    # A packet from within one of sound, which is copied and never decoded: its PID is 257.
    local -r sound=$(od -An -v -tx1 -w188 "$work/whole.ts" |
        awk '$2 $3 == "0101" && ++n == 20 { print 188 * (NR - 1); exit }')
    without "$work/whole.ts" "$sound" 188 > "$work/silence.ts"
    counted "a lost packet of the sound" "$work/silence.ts" 150
    local codec size
    while read -r codec; do
        ffmpeg -nostdin -v error -f lavfi -i testsrc2=size=160x90:rate=25:duration=4 -c:v "$codec" -threads 1 \
            -y "$work/whole.mkv"
        size=$(stat -c %s "$work/whole.mkv")
        overwritten "$work/whole.mkv" $((size / 2)) 3000 > "$work/scratched.mkv"
        counted "scratched $codec" "$work/scratched.mkv" 40
    done << 'END'
ffv1
mpeg2video
mjpeg
libvpx-vp9
END
    # The first pictures are gone: what depends on them is patched up.
    encode head.ts 4 -bf 0 -g 50 -an
    tail -c +$((188 * 25 + 1)) "$work/head.ts" > "$work/headless.ts"
    reel --filter negate --codec ffv1 -y -o "$work/headless.mkv" "$work/headless.ts"
    verdict "a stream that begins in the middle" "$([ "$(frames "$work/headless.mkv")" -ge 50 ] || said_last)"
}

pipes
redirected
joined
packed
cover
chapters
damage
finish
