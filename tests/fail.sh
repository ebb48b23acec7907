#!/bin/bash
# SPDX-License-Identifier: MIT
# How bad input, bad output and bad options are refused: tests/fail.sh BUILD.
# One sentence, the right exit code, nothing left in the folder, and never a hang.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/lib.sh"

limit=${WARPREEL_TEST_TIMEOUT:-60}
clips=$(samples)
good=$clips/counter-120.mp4
folder=$work/out
mkdir "$folder"

# left: what a run has left in the folder, which is empty before each.
left() { find "$folder" -mindepth 1 -printf '%P '; }

# judge NAME CODE PATTERN GOT: one sentence on stderr that matches, and an empty folder.
judge() {
    local -r name=$1 code=$2 pattern=$3 got=$4
    local reason=''
    if [ "$got" = 124 ] || [ "$got" = 137 ]; then
        reason="it hung"
    elif [ "$got" != "$code" ]; then
        reason="exit code $got instead of $code: $(said_last)"
    elif [ "$(wc -l < "$said")" != 1 ]; then
        reason="it said $(wc -l < "$said") lines: $(head -c 300 "$said" | tr '\n' '|')"
    elif ! grep -qi -e "$pattern" "$said"; then
        reason="it did not say \"$pattern\": $(said_last)"
    elif grep -q '[[:cntrl:]]' "$said"; then
        reason="control characters in what it said"
    elif [ -n "$(left)" ]; then
        reason="it left $(left)"
    fi
    rm -rf "${folder:?}"/* "$folder"/.[!.]*
    verdict "$name" "$reason"
}

# refused NAME CODE PATTERN OPTIONS...
refused() {
    local -r name=$1 code=$2 pattern=$3
    shift 3
    local got=0
    reel "$@" > "$work/stdout" || got=$?
    judge "$name" "$code" "$pattern" "$got"
}

# ---- input

bad_inputs() {
    local -r out=$folder/out.mkv
    refused "no such file" 1 "no-such.mp4" --filter negate -o "$out" "$work/no-such.mp4"
    : > "$work/empty.mp4"
    refused "an empty file" 1 "empty.mp4" --filter negate -o "$out" "$work/empty.mp4"
    head -c 3000 "$0" > "$work/text.txt"
    refused "a text file" 1 "text.txt" --filter negate -o "$out" "$work/text.txt"
    head -c 3000 "$0" > "$work/text.mp4"
    refused "a text file that is called mp4" 1 "text.mp4" --filter negate -o "$out" "$work/text.mp4"
    head -c 60000 "$work/noise" > "$work/noise.mkv"
    refused "noise that is called mkv" 1 "noise.mkv" --filter negate -o "$out" "$work/noise.mkv"
    head -c 1500 "$clips/vfr-av.mkv" > "$work/header.mkv"
    refused "a header without frames" 1 "header.mkv" --filter negate -o "$out" "$work/header.mkv"
    ffmpeg -nostdin -v error -i "$good" -map 0:a -c copy "$work/sound.mp4"
    refused "sound alone" 1 "video" --filter negate -o "$out" "$work/sound.mp4"
    ffmpeg -nostdin -v error -i "$good" -i "$clips/gray.mkv" -map 0:a -map 1:v -c:a copy \
        -c:v mjpeg -pix_fmt yuvj420p -frames:v 1 -disposition:v attached_pic "$work/cover.mp4"
    refused "sound with a cover" 1 "video" --filter negate -o "$out" "$work/cover.mp4"
    ffmpeg -nostdin -v error -f lavfi -i testsrc2=size=64x48 -frames:v 0 -c:v ffv1 "$work/none.mkv"
    refused "no frames" 1 "none.mkv" --filter negate -o "$out" "$work/none.mkv"
}

# A change of size or format may fail: said, and no file.
changing_inputs() {
    ffmpeg -nostdin -v error -f lavfi -i testsrc2=size=64x48 -frames:v 40 -c:v libx264 "$work/a.h264"
    ffmpeg -nostdin -v error -f lavfi -i testsrc2=size=96x64 -frames:v 20 -c:v libx264 "$work/b.h264"
    ffmpeg -nostdin -v error -f lavfi -i testsrc2=size=64x48 -frames:v 20 -c:v libx264 \
        -pix_fmt yuv422p10 "$work/c.h264"
    cat "$work/a.h264" "$work/b.h264" > "$work/size.h264"
    cat "$work/a.h264" "$work/c.h264" > "$work/format.h264"
    refused "the size changes" 1 "64x48.*96x64" --on-change fail --filter negate -o "$folder/out.mkv" "$work/size.h264"
    refused "the format changes" 1 "yuv420p.*yuv422p10\|format" --on-change fail --filter negate -o "$folder/out.mkv" \
        "$work/format.h264"
    # Muxers that make their own files leave none of them either.
    local name
    for name in out.m3u8 out.mpd picture%03d.png; do
        ASAN_OPTIONS=$(asan_for "$name") refused "the size changes, $name" 1 "64x48.*96x64" \
            --on-change fail --pix-fmt "$(pix_fmt "$name")" -o "$folder/$name" "$work/size.h264"
    done
    kept_before_failure
}

# asan_for NAME: libavformat's HLS muxer forgets memory of its own when it gets no trailer.
asan_for() { echo "${ASAN_OPTIONS:-}$([[ $1 != *.m3u8 ]] || echo :detect_leaks=0)"; }

# pix_fmt NAME: what an encoder for it takes.
pix_fmt() { [[ $1 = *.png ]] && echo rgb24 || echo yuv420p; }

# A failing input is no reason to throw away what was asked to be kept.
kept_before_failure() {
    local got=0 reason='' n
    reel --filter negate --on-change fail --keep-partial -o "$folder/out.mkv" "$work/size.h264" || got=$?
    n=$(frames "$folder/out.mkv")
    if [ $got != 1 ]; then
        reason="exit code $got instead of 1: $(said_last)"
    elif [ "${n:-0}" != 40 ]; then
        reason="${n:-0} frames instead of 40"
    elif ! grep -q "64x48.*96x64.*out.mkv holds the 40 frames" "$said"; then
        reason="it did not say what was kept: $(said_last)"
    elif [ "$(left)" != "out.mkv " ]; then
        reason="it left $(left)"
    fi
    rm -rf "${folder:?}"/*
    verdict "an input that fails, with --keep-partial" "$reason"
}

# damaged NAME FILE LEAST: exit code 4, a number in what is said, and at least so many frames.
damaged() {
    local -r name=$1 file=$2 least=$3 out=$folder/out.mkv
    local got=0 reason='' n told
    reel --filter negate --codec ffv1 --report "$work/report.json" -o "$out" "$file" || got=$?
    n=$(frames "$out")
    told=$(jq .damaged "$work/report.json")
    if [ $got != 4 ]; then
        reason="exit code $got instead of 4: $(said_last)"
    elif [ "${n:-0}" -lt "$least" ]; then
        reason="only ${n:-0} frames"
    elif [ "$told" -lt 1 ]; then
        reason="the report counts no damage"
    elif ! grep -q "damaged.* $told\b\|\b$told .*damaged" "$said"; then
        reason="it did not say how much is damaged: $(said_last)"
    elif [ "$(left)" != "out.mkv " ]; then
        reason="it left $(left)"
    fi
    rm -rf "${folder:?}"/*
    verdict "$name" "$reason"
}

damaged_inputs() {
    head -c 60000 "$clips/vfr-av.mkv" > "$work/truncated.mkv"
    damaged "a truncated mkv" "$work/truncated.mkv" 15
    head -c $(($(stat -c %s "$good") * 2 / 3)) "$good" > "$work/truncated.mp4"
    damaged "a truncated mp4" "$work/truncated.mp4" 40
    # Noise over the coded pictures in the middle, not over the head that says where they are.
    cp "$good" "$work/corrupt.mp4"
    dd if="$work/noise" of="$work/corrupt.mp4" bs=1 seek=90000 count=12000 conv=notrunc status=none
    damaged "a corrupt mp4" "$work/corrupt.mp4" 60
    # A little damage is found every time, however the decoder's threads fall.
    cp "$good" "$work/scratched.mp4"
    dd if="$work/noise" of="$work/scratched.mp4" bs=1 seek=90000 count=1200 conv=notrunc status=none
    for turn in 1 2 3 4 5; do
        damaged "a scratched mp4, turn $turn" "$work/scratched.mp4" 110
    done
}

# ---- output

still_precious() {
    verdict "$1" "$(grep -qx precious "$work/existing.mkv" || echo overwritten)"
}

bad_outputs() {
    refused "a folder that is not there" 1 "no-such-folder" --filter negate \
        -o "$folder/no-such-folder/out.mkv" "$good"
    refused "a folder as the output of a line for ffmpeg" 1 "it is a directory" -i "$good" -vf negate -f matroska "$folder"
    refused "a folder nobody can write" 1 "/proc" --filter negate --format matroska \
        -o /proc/out.mkv "$good"
    refused "no container for the name" 2 "" --filter negate -o "$folder/out.no-such" "$good"

    cp "$good" "$work/same.mp4"
    refused "input as output" 1 "same.mp4" --filter negate --overwrite \
        -o "$work/same.mp4" "$work/same.mp4"
    ln -s same.mp4 "$work/link.mp4"
    refused "input as output through a link" 1 "link.mp4\|same.mp4" --filter negate --overwrite \
        -o "$work/link.mp4" "$work/same.mp4"
    cmp -s "$good" "$work/same.mp4"
    verdict "the input is still whole" "$(cmp "$good" "$work/same.mp4" 2>&1)"

    echo precious > "$work/existing.mkv"
    refused "an existing output" 1 "existing.mkv.*overwrite" --filter negate \
        -o "$work/existing.mkv" "$good"
    still_precious "the existing output is still there"
    refused "a failing run over an existing output" 1 "" --filter negate -y \
        -o "$work/existing.mkv" "$work/text.mp4"
    still_precious "the existing output is still there after a failure"
}

# A disk that fills: a limit on the size of files works for everyone, a small file system for root.
full_disk() {
    local got=0
    (
        trap '' XFSZ
        ulimit -f 60
        reel --filter negate --codec ffv1 -o "$folder/out.mkv" "$good"
    ) || got=$?
    judge "a file that may not grow" 1 "" "$got"

    if [ -c /dev/full ]; then
        got=0
        reel --filter negate --codec ffv1 --format matroska -o - "$good" > /dev/full || got=$?
        judge "a full device" 1 "space" "$got"
    else
        skip "a full device" "no /dev/full"
    fi

    if mount -t tmpfs -o size=200k none "$folder" 2> /dev/null; then
        got=0
        reel --filter negate --codec ffv1 -o "$folder/out.mkv" "$good" || got=$?
        judge "a full disk" 1 "space" "$got"
        umount "$folder"
    else
        skip "a full disk" "only root can mount a small one"
    fi
}

# ---- words

bad_words() {
    local -r out=$folder/out.mkv
    refused "unknown filter" 2 "negat.*negate" --filter negat -o "$out" "$good"
    refused "unknown parameter" 2 "sharpness\|unsharp" --filter unsharp=sharpness=3 -o "$out" "$good"
    refused "value out of range" 2 "gamma.*99.*10" --filter eq=gamma=99 -o "$out" "$good"
    refused "value that is no number" 2 "contrast.*high" --filter eq=contrast=high -o "$out" "$good"
    refused "an even matrix" 2 "4" --filter unsharp=4 -o "$out" "$good"
    refused "an expression that fails" 2 "crop.*nonsense" --filter 'crop=nonsense+1' -o "$out" "$good"
    refused "a crop beyond the picture" 2 "crop" --filter crop=9999:10 -o "$out" "$good"
    refused "an empty filter" 2 "" --filter "negate,,hflip" -o "$out" "$good"
    refused "unknown codec" 2 "libx264x" --filter negate --codec libx264x -o "$out" "$good"
    refused "a sound codec" 2 "aac" --filter negate --codec aac -o "$out" "$good"
    refused "unknown container" 2 "matroskaa" --filter negate --format matroskaa -o "$out" "$good"
    device=gpu refused "unknown device" 2 "gpu" --filter negate -o "$out" "$good"
    /sbin/ldconfig -p | grep -q 'libcuda\.so' || [ -e /dev/dxg ] ||
        device=cuda refused "no driver" 1 "(no NVIDIA driver)\|built without CUDA" --filter negate -o "$out" "$good"
    refused "unknown pixel format" 2 "yuv421p" --filter negate --pix-fmt yuv421p -o "$out" "$good"
    refused "a format the encoder cannot hold" 1 "pix-fmt" --filter negate --codec libvpx -o "$out" \
        "$clips/deep-10bit.mkv"
    refused "an asked for format the encoder cannot hold" 2 "yuv422p10" --filter negate --codec libvpx \
        --pix-fmt yuv422p10le -o "$out" "$good"
    refused "raw frames that AVI cannot name" 1 "avi cannot say that raw frames are gbrp" --filter negate \
        --codec rawvideo --pix-fmt gbrp -o "$folder/out.avi" "$good"
    refused "unknown encoder option" 2 "no-such" --filter negate --encoder-option no-such=1 \
        -o "$out" "$good"
    refused "unknown preset" 2 "fastish" --filter negate --preset fastish -o "$out" "$good"
    # Libraries of encoders would say these themselves, and several times.
    refused "unknown tune" 2 "tune.*filmish.*film" --encoder-option tune=filmish -o "$out" "$good"
    refused "one unknown tune of two" 2 "tune.*filmish" --encoder-option tune=psnr,filmish -o "$out" "$good"
    refused "unknown profile" 2 "profile.*high12.*high10" --encoder-option profile=high12 -o "$out" "$good"
    refused "a profile of fewer bits" 2 "profile main.*yuv422p10" --encoder-option profile=main -o "$out" \
        "$clips/deep-10bit.mkv"
    refused "a profile without 4:4:4" 2 "profile high.*yuv444p" --encoder-option profile=high -o "$out" \
        "$clips/full-range-444.mkv"
    refused "a profile that is never lossless" 2 "profile high.*lossless" --encoder-option profile=high \
        --quality 0 -o "$out" "$good"
    if ffmpeg -nostdin -v error -h encoder=libsvtav1 | grep -q AVOptions; then
        refused "tiles that SVT-AV1 has not" 2 "tile-columns=99" --codec libsvtav1 --preset 12 \
            --encoder-option svtav1-params=tile-columns=99 -o "$out" "$good"
    else
        skip "tiles that SVT-AV1 has not" "no libsvtav1"
    fi
    refused "several outputs" 2 "tee" --format tee --codec libx264 -o "$folder/a.mkv|$folder/b.mkv" "$good"
    refused "no output" 2 "output" --filter negate "$good"
    refused "no input" 2 "input" --filter negate -o "$out"
    refused "a batch too large" 2 "batch" --filter negate --batch 257 -o "$out" "$good"
    refused "a batch of 257" 2 "256" --filter negate --batch 257 -o "$out" "$good"
    refused "unknown option" 2 "no-such" --no-such -o "$out" "$good"
    refused "stdout without a container" 2 "format" --filter negate -o - "$good"
    refused "a start beyond the end" 1 "" --filter negate --start 1:00:00 -o "$out" "$good"
}

# ---- interruption

# A clip that takes a minute to encode, so that a signal finds it at work.
slow_clip() {
    ffmpeg -nostdin -v error -stream_loop 19 -i "$good" -c copy "$work/slow.mp4"
}

# started: waits until frames have reached the encoder, a minute at most.
started() {
    local i
    for ((i = 0; i < 600; i++)); do
        ! grep -qs '"frames": *[1-9]' "$said" || return 0
        sleep 0.1
    done
    echo "it did not start" >> "$work/trouble"
}

# interrupted SIGNAL OUTPUT INPUT OPTIONS...: runs, sends the signal when at work; exit code in $got. One
# signal only: without --foreground timeout would send it to the program and then to the whole group.
interrupted() {
    local -r signal=$1 output=$2 input=$3
    shift 3
    : > "$said"
    timeout --foreground -k 30 "$limit" "$warpreel" --device "$device" --progress json --codec libx264 \
        --preset veryslow --filter unsharp "$@" -o "$folder/$output" "$input" \
        2> "$said" < /dev/null &
    local -r program=$!
    started
    kill -s "$signal" "$program"
    got=0
    wait "$program" || got=$?
}

# gone NAME: judges an interrupted run, which must have left nothing.
gone() {
    local reason=''
    [ "$got" = 130 ] || reason="exit code $got: $(said_last)"
    [ -z "$(left)" ] || reason=${reason:-it left $(left)}
    rm -rf "${folder:?}"/* "$folder"/.[!.]*
    verdict "$1" "$reason"
}

# Fewer frames than the encoder looks ahead: all come out after the input has ended, and slowly.
interrupted_at_the_end() {
    local in out
    ffmpeg -nostdin -v error -f lavfi -i "testsrc2=size=480x270,noise=alls=40:allf=t" -frames:v 50 \
        -c:v libx264 -preset ultrafast "$work/noisy.mp4"
    interrupted INT out.mkv "$work/noisy.mp4" --report "$work/report.json"
    in=$(jq .frames_in "$work/report.json")
    out=$(jq .frames_out "$work/report.json")
    gone "SIGINT while the encoder flushes"
    verdict "it did not wait for the flush" \
        "$([ "$in" = 50 ] && [ "$out" -lt 50 ] || echo "$in frames in, $out frames out")"
}

interruptions() {
    local got reason signal n name
    slow_clip
    for signal in INT TERM; do
        interrupted $signal out.mkv "$work/slow.mp4"
        gone "SIG$signal"
    done
    for name in hls:out.m3u8 segment:out%03d.mkv; do
        ASAN_OPTIONS=$(asan_for "$name") interrupted INT "${name#*:}" "$work/slow.mp4" --format "${name%%:*}" --encoder-option g=10
        gone "SIGINT, $name"
    done
    interrupted_at_the_end

    interrupted INT out.mkv "$work/slow.mp4" --keep-partial
    reason=''
    [ "$got" = 130 ] || reason="exit code $got: $(said_last)"
    n=$(frames "$folder/out.mkv")
    [ "${n:-0}" -ge 1 ] || reason=${reason:-no frames were kept}
    [ "${n:-0}" -lt 2400 ] || reason=${reason:-it was not interrupted}
    [ "$(left)" = "out.mkv " ] || reason=${reason:-it left $(left)}
    [ -z "$(ffmpeg -nostdin -v error -xerror -i "$folder/out.mkv" -map 0 -f null - 2>&1)" ] ||
        reason=${reason:-the kept file is damaged}
    rm -rf "${folder:?}"/*
    verdict "SIGINT with --keep-partial" "$reason"
}

# Noise that is the same every time, without a generator: a compressed stream.
ffmpeg -nostdin -v error -f lavfi -i "nullsrc=size=256x256,noise=all_seed=3:alls=100" -frames:v 1 \
    -f rawvideo -pix_fmt gray - > "$work/noise"

bad_inputs
changing_inputs
damaged_inputs
bad_outputs
full_disk
bad_words
interruptions
[ ! -e "$work/trouble" ] || fail "interruptions" "$(head -n 1 "$work/trouble")"
finish
