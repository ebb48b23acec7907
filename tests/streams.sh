#!/bin/bash
# SPDX-License-Identifier: MIT
# Streams of unusual kinds: in codecs that nobody knows, described late or not at all, of single fields, with colours
# that only metadata or a profile tells: tests/streams.sh BUILD [MEDIA].
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/lib.sh"

media=${2:-${WARPREEL_MEDIA:-$root/../shared/media}}

# make FILE SECONDS OPTIONS...: a clip with sound, whatever its options make of it.
make() {
    local -r file=$1 seconds=$2
    shift 2
    ffmpeg -nostdin -v error -y -f lavfi -i testsrc2=size=160x120:rate=25:duration="$seconds" \
        -f lavfi -i sine=duration="$seconds" -threads 1 "$@" "$work/$file" < /dev/null
}

# refused FILE WORDS: exit code 1 and one sentence with these words.
refused() {
    local got=0
    reel --filter negate --codec ffv1 -y -o "$work/refused.mkv" "$work/$1" || got=$?
    verdict "$1 is refused" "$([ $got = 1 ] && [ "$(wc -l < "$said")" = 1 ] && grep -q "$2" "$said" &&
        [ ! -e "$work/refused.mkv" ] || echo "exit code $got: $(said_last)")"
}

# A file whose codec's name is overwritten with another of the same length.
codecs() {
    make plain.mp4 1 -c:v libx264 -preset ultrafast -an
    make plain.mkv 1 -c:v libx264 -preset ultrafast -an
    LC_ALL=C sed 's/avc1/vvc1/g; s/avcC/vvcC/g' "$work/plain.mp4" > "$work/vvc.mp4"
    LC_ALL=C sed 's/avc1/zzz9/g' "$work/plain.mp4" > "$work/unknown.mp4"
    LC_ALL=C sed 's#V_MPEG4/ISO/AVC#V_MPEG4/ISO/XYZ#g' "$work/plain.mkv" > "$work/unknown.mkv"
    ffprobe -v quiet -show_streams "$work/vvc.mp4" | grep -q '^codec_name=vvc' || refused vvc.mp4 'cannot decode vvc1'
    refused unknown.mp4 'cannot decode zzz9'
    refused unknown.mkv 'FFmpeg has no codec of that name'
}

# The tables of a transport stream come late, or again with other streams.
tables() {
    make whole.ts 4 -c:v mpeg2video -g 12 -c:a mp2
    make first.ts 20 -c:v mpeg2video -g 12 -c:a mp2
    make second.ts 4 -c:v mpeg2video -g 12 -c:a mp2 -mpegts_start_pid 0x200 -output_ts_offset 20
    # Without its first tables: their packets have the PIDs 0 and 4096.
    local number next=0
    : > "$work/late.ts"
    while read -r number; do
        tail -c +$((188 * next + 1)) "$work/whole.ts" | head -c $((188 * (number - next))) >> "$work/late.ts"
        next=$((number + 1))
    done < <(od -An -v -tx1 -w188 "$work/whole.ts" | awk '$2 $3 ~ /^[45]000$/ && NR < 420 { print NR - 1 }')
    tail -c +$((188 * next + 1)) "$work/whole.ts" >> "$work/late.ts"
    verdict "the tables are late" "$([ "$(stat -c %s "$work/late.ts")" -lt "$(stat -c %s "$work/whole.ts")" ] || echo "they are not")"
    reel --filter negate --codec ffv1 -y -o "$work/late.mkv" "$work/late.ts" || true
    verdict "late tables" "$([ "$(frames "$work/late.mkv")" = 100 ] || said_last)"
    cat "$work/first.ts" "$work/second.ts" > "$work/other.ts"
    local container
    for container in null framemd5; do
        reel -q --filter negate --codec rawvideo --format $container -y -o "$work/other.out" "$work/other.ts" ||
            fail "streams that begin later, $container" "$(said_last)"
        verdict "streams that begin later, $container" \
            "$([ "$(grep -c 'stream [23] .* is left out' "$said")" = 2 ] || said_last)"
    done
}

# No time is too late for a sentence.
starts() {
    local start got
    for start in 1e18 9223372036854775807 92233720368547758080 2562047788015:12:55 9223372036854 99999999999; do
        got=0
        reel --filter negate --codec ffv1 --start "$start" -y -o "$work/start.mkv" "$work/plain.mp4" || got=$?
        verdict "--start $start" "$({ [ $got = 1 ] || [ $got = 2 ]; } && [ "$(wc -l < "$said")" = 1 ] || echo "exit code $got: $(said_last)")"
    done
}

# Where an encoder lacks a format, the one that loses nothing is named first.
neighbours() {
    make deep.nut 1 -an -pix_fmt yuva444p12le -c:v rawvideo
    reel --filter negate --codec ffv1 -y -o "$work/deep.mkv" "$work/deep.nut"
    if [ -e "$work/deep.mkv" ]; then
        skip "the lossless neighbour of yuva444p12" "this FFmpeg's ffv1 holds it"
    else
        verdict "the lossless neighbour of yuva444p12" \
            "$(grep -q -e '--pix-fmt yuva444p16le, which loses nothing' "$said" || said_last)"
    fi
    reel --filter negate,negate --codec ffv1 --pix-fmt yuva444p16le -y -o "$work/deep.mkv" "$work/deep.nut"
    hashes "$work/deep.nut" -c:v rawvideo -pix_fmt yuva444p12le > "$work/want"
    hashes "$work/deep.mkv" -c:v rawvideo -pix_fmt yuva444p12le > "$work/have"
    verdict "it loses nothing" "$(first_difference "$work/have" "$work/want")"
}

# A profile of colours, 132 bytes that no reader looks into: kept where the container has a place, else said.
profiles() {
    ffmpeg -nostdin -v error -y -f lavfi -i testsrc2=size=64x64 -frames:v 1 -c:v mjpeg -q:v 2 "$work/bare.jpg" < /dev/null
    {
        head -c 2 "$work/bare.jpg"
        printf '\xff\xe2\x00\x94ICC_PROFILE\x00\x01\x01'
        printf '\x00\x00\x00\x84lcms\x02\x40\x00\x00mntrRGB XYZ %012d' 0
        printf 'acsp%092d' 0
        tail -c +3 "$work/bare.jpg"
    } > "$work/profile.jpg"
    local suffix
    for suffix in mp4 mov; do
        reel -q --filter negate -y -o "$work/profile-in.$suffix" "$work/profile.jpg"
        verdict "an ICC profile in $suffix" "$(ffprobe -v quiet -show_streams "$work/profile-in.$suffix" | grep -qi 'ICC profile' ||
            grep -q 'does not keep .*ICC profile' "$said" || said_last)"
    done
    for suffix in mkv webm; do
        reel -q --filter negate -y -o "$work/profile-in.$suffix" "$work/profile.jpg"
        verdict "an ICC profile in $suffix" "$(grep -q 'does not keep .*ICC profile' "$said" || said_last)"
    done
    for suffix in png jpg webp tiff bmp jp2 tga apng gif avif; do
        reel -q --filter negate -y -o "$work/profile-in.$suffix" "$work/profile.jpg"
        verdict "an ICC profile in $suffix" "$(ffprobe -v quiet -show_frames "$work/profile-in.$suffix" | grep -qi 'ICC profile' &&
            [ ! -s "$said" ] || grep -q 'does not keep the ICC profile' "$said" || said_last)"
    done
    reel --filter negate -y -o "$work/bare.tiff" "$work/bare.jpg"
    verdict "no ICC profile is missed where there is none" "$(grep 'ICC profile' "$said" || true)"
}

# Closed captions, a message within H.264, from the first picture on or from the eleventh.
captions() {
    make early.h264 0.4 -an -c:v libx264 -bf 0 -preset ultrafast
    printf '\0\0\0\1\x06\x04\x0e\xb5\0\x31GA94\x03\x41\xff\xfc\x94\x20\xff\x80' | cat - "$work/early.h264" > "$work/captions.h264"
    cat "$work/early.h264" "$work/captions.h264" > "$work/later-captions.h264"
    local clip words
    for clip in captions later-captions; do
        words='does not keep closed captions'
        [ $clip = captions ] || words+=', which begin at 0.4'
        reel -q --filter negate --codec ffv1 -y -o "$work/$clip.mkv" "$work/$clip.h264"
        verdict "$clip that an encoder does not take" "$([ "$(grep -c "$words" "$said")" = 1 ] || said_last)"
        reel -q --filter negate --codec libx264 -y -o "$work/$clip.mkv" "$work/$clip.h264"
        verdict "$clip that an encoder takes" "$(ffprobe -v error -show_frames "$work/$clip.mkv" | grep -q 'A53' && [ ! -s "$said" ] || said_last)"
    done
}

# Pictures coded as two fields, without times.
fields() {
    ffmpeg -nostdin -v quiet -y -i "$media/interlaced-h264-tff-camera-pgs.mts" -map 0:v -c copy "$work/fields.h264" < /dev/null
    reel --filter negate --codec ffv1 -y -o "$work/fields.mkv" "$work/fields.h264" || true
    local -r last=$(ffprobe -v quiet -select_streams v -show_entries packet=pts_time -of csv=p=0 "$work/fields.mkv" | tail -n 1 | tr -d ,)
    verdict "single fields have the speed of frames" "$([ "$last" = 0.480000 ] || echo "the last at $last s: $(said_last)")"
}

# Versions of FFmpeg that know of a clean aperture cut it out, and warpreel with them.
aperture() {
    local clip
    for clip in interlaced-dv-pal-bff.mov interlaced-mpeg2-1080-opengop.mov; do
        ffmpeg -nostdin -v quiet -i "$media/$clip" -map 0:v -frames:v 3 -fps_mode passthrough -f framemd5 - < /dev/null |
            sed -n 's/^[0-9].*, *//p' > "$work/want"
        reel --filter hflip,hflip --frames 3 --codec rawvideo --format framemd5 -o - "$media/$clip" |
            sed -n 's/^0,.*, *//p' > "$work/have"
        verdict "the aperture of $clip" "$(first_difference "$work/have" "$work/want")"
    done
}

# set_byte FILE OFFSET BYTE
set_byte() { printf "\\x$3" | dd of="$1" bs=1 seek="$2" conv=notrunc status=none; }

# Dolby Vision that cannot be viewed without its metadata, by what the container says of it; and HDR10+ that begins
# later.
dolby_vision() {
    local -r file=$work/profile-5.mov
    cp "$media/hdr-dolbyvision-hlg-rotated.mov" "$file"
    chmod +w "$file"
    local -r at=$(grep -a -b -o dvvC "$file" | head -n 1 | cut -d : -f 1)
    set_byte "$file" $((at + 6)) 0a
    set_byte "$file" $((at + 8)) 00
    refused profile-5.mov 'Dolby Vision of a profile whose colours cannot be shown'
}

later_metadata() {
    ffmpeg -nostdin -v quiet -y -f lavfi -i testsrc2=size=1920x800:rate=24:duration=0.25 -pix_fmt yuv420p10le -c:v libx265 \
        -x265-params log-level=none -colorspace bt2020nc -color_primaries bt2020 -color_trc smpte2084 "$work/first.h265" < /dev/null
    cat "$work/first.h265" "$media/annexb-hevc-hdr10plus-1920x800.h265" > "$work/later.h265"
    reel -q --filter hflip --codec ffv1 -y -o "$work/later.mkv" "$work/later.h265" || true
    verdict "HDR10+ that begins later" "$(grep -q 'dynamic metadata .* from none to HDR10+' "$said" || said_last)"
}

codecs
tables
starts
neighbours
profiles
captions
if [ -d "$media" ]; then
    fields
    aperture
    dolby_vision
    later_metadata
fi

# ---- streams that begin after the output

ffmpeg -nostdin -v error -y -f lavfi -i testsrc2=s=160x120:r=25:d=4 -c:v mpeg2video -b:v 2M -f mpegts "$work/alone.ts"
ffmpeg -nostdin -v error -y -f lavfi -i testsrc2=s=160x120:r=25:d=2 -f lavfi -i sine=d=2 -c:v mpeg2video -b:v 2M -c:a mp2 \
    -output_ts_offset 4 -f mpegts "$work/both.ts"
# late OPTIONS...: what is said of the second sound, which only the later map of programs names.
late() {
    cat "$work/alone.ts" "$work/both.ts" | timeout "$limit" "$warpreel" --quiet --input-option probesize=100k \
        --input-option analyzeduration=500000 "$@" -y -o "$work/late.mkv" - 2>&1 | grep -o 'stream 1 (audio, mp2) begins after the output'
}
for codec in "-c mpeg4" "--codec copy"; do
    # shellcheck disable=SC2086 # option and value
    verdict "a late stream is told of, $codec" "$([ -n "$(late $codec)" ] || echo "nothing is said")"
    # shellcheck disable=SC2086
    verdict "but not if nobody wants it, $codec" "$(late $codec --no-audio)"
done
finish
