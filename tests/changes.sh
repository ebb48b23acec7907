#!/bin/bash
# SPDX-License-Identifier: MIT
# What changes in mid-stream: size, layout, range and matrix become those of the first frame, other labels are told,
# a new file is begun where that is asked for: tests/changes.sh BUILD.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/lib.sh"

demuxer=$(fine_time_base demux)

# part FILE OPTIONS...: one second, 25 frames.
part() {
    local -r file=$1
    shift
    ffmpeg -nostdin -v error -y "$@" "$work/$file" < /dev/null
}

# video SIZE: the options for a test picture of one second.
video() { echo "-f lavfi -i testsrc2=size=$1:rate=25:duration=1"; }

# joined FILE PARTS...: parts of transport streams, one after the other.
joined() {
    local -r file=$work/$1
    shift
    (cd "$work" && cat "$@") > "$file"
}

# likeness FILE WANT: the mean PSNR of the frames, in whole dB; 999 if all are equal.
likeness() {
    ffmpeg -nostdin -v info -i "$1" -i "$2" \
        -lavfi '[0]setpts=N/25/TB[a];[1]setpts=N/25/TB[b];[a][b]psnr' -f null - 2>&1 < /dev/null |
        sed -n 's/.*average:\([0-9a-z]*\).*/\1/p' | sed 's/inf/999/'
}

# described FILE WANT: width, height, pixel format and frames.
described() {
    local -r have=$(ffprobe -v quiet -select_streams v -count_frames \
        -show_entries stream=width,height,pix_fmt,nb_read_frames -of csv=p=0 "$1" < /dev/null)
    [ "$have" = "$2" ] || echo "$have instead of $2: $(said_last)"
}

sizes() {
    local codec
    local -r out=$work/sizes.mkv
    for codec in mpeg2video libx264; do
        # shellcheck disable=SC2046 # options are words
        part a.ts $(video 320x180) -c:v $codec -qscale 2 -f mpegts
        # shellcheck disable=SC2046
        part b.ts $(video 480x360) -c:v $codec -qscale 2 -output_ts_offset 1 -f mpegts
        joined sizes.ts a.ts b.ts a.ts
        reel --filter negate --codec ffv1 -y -o "$out" "$work/sizes.ts" || true
        verdict "a change of size is told" \
            "$(grep -q 'changes from 320x180 yuv420p to 480x360 yuv420p at 0.96' "$said" || said_last)"
        # Decoders lose a frame where they begin anew.
        ffmpeg -nostdin -v quiet -y -i "$work/sizes.ts" -vf negate -c:v ffv1 -enc_time_base "$demuxer" \
            -fps_mode passthrough "$work/want.mkv" < /dev/null
        verdict "$codec of three sizes" "$(described "$out" "320,180,yuv420p,$(frames "$work/want.mkv")")"
        local db
        db=$(likeness "$out" "$work/want.mkv")
        verdict "$codec is scaled as ffmpeg does" "$([ "${db:-0}" -gt 45 ] || echo "$db dB")"
    done
    local got=0
    reel --filter negate --on-change fail --codec ffv1 -y -o "$out" "$work/sizes.ts" || got=$?
    verdict "a change may fail" "$([ $got = 1 ] || echo "exit code $got: $(said_last)")"
}

# Filters work at each frame's own size, as in ffmpeg, and what they give is scaled to the output's. FFmpeg's scaler is
# another one, so less is asked where the chain scales or converts.
own_sizes() {
    local -r out=$work/own.mkv
    local least chain db options
    joined own.ts a.ts b.ts a.ts
    while read -r least chain options; do
        # shellcheck disable=SC2086 # options are words
        ffmpeg -nostdin -v quiet -y -i "$work/own.ts" -vf "$chain" $options -c:v ffv1 -fps_mode passthrough "$work/want.mkv" < /dev/null
        # shellcheck disable=SC2086
        reel --vf "$chain" --codec ffv1 ${options:+--pix-fmt ${options#* }} -y -o "$out" "$work/own.ts" || true
        verdict "$chain at each size" "$(described "$out" "$(ffprobe -v quiet -select_streams v -count_frames \
            -show_entries stream=width,height,pix_fmt,nb_read_frames -of csv=p=0 "$work/want.mkv")")"
        db=$(likeness "$out" "$work/want.mkv")
        verdict "$chain as ffmpeg does" "$([ "${db:-0}" -ge "$least" ] || echo "$db dB")"
    done << 'END'
45 crop=iw/2:ih/2
45 crop=200:100:10:8
45 pad=iw+20:ih+20:10:10
38 scale=iw/2:-2
45 transpose,crop=iw:ih/2
32 crop=iw/2:ih/2 -pix_fmt yuv444p
END
    joined shrinking.ts b.ts a.ts b.ts
    reel --vf crop=400:300 --codec ffv1 -y -o "$out" "$work/shrinking.ts" || true
    verdict "a size that a filter refuses" "$(described "$out" "400,300,yuv420p,$(frames "$work/shrinking.ts")")"
}

# Files as calls and adaptive recordings leave them: several sizes behind one header.
calls() {
    local suffix options size
    while read -r suffix options; do
        for size in 320x180 640x360 480x270; do
            # shellcheck disable=SC2046,SC2086 # options are words
            part "call-$size.$suffix" $(video $size) -threads 1 $options
        done
        printf "file '$work/call-%s.$suffix'\n" 320x180 640x360 480x270 > "$work/calls.txt"
        ffmpeg -nostdin -v error -y -f concat -safe 0 -i "$work/calls.txt" -c copy "$work/call.$suffix" < /dev/null
        ffmpeg -nostdin -v quiet -y -i "$work/call.$suffix" -vf crop=iw/2:ih -c:v ffv1 "$work/want.mkv" < /dev/null
        reel --vf crop=iw/2:ih --codec ffv1 -y -o "$work/called.mkv" "$work/call.$suffix" || true
        verdict "a call in $suffix" "$(described "$work/called.mkv" "160,180,yuv420p,$(frames "$work/want.mkv")")"
        verdict "a call in $suffix as by ffmpeg" \
            "$(db=$(likeness "$work/called.mkv" "$work/want.mkv"); [ "${db:-0}" -gt 38 ] || echo "$db dB")"
    done << 'END'
webm -c:v libvpx -deadline realtime -cpu-used 8 -b:v 2M
mkv -c:v libvpx-vp9 -deadline realtime -cpu-used 8 -b:v 2M
ts -c:v libx264 -preset veryfast -qp 10
mp4 -c:v libx264 -preset veryfast -qp 10
h264 -c:v libx264 -preset veryfast -qp 10
END
}

# A range or a matrix is another way to write the same colours: the second part has to look like the first.
colours() {
    local -r out=$work/colours.mkv
    local name options pix_fmt db
    while read -r name pix_fmt options; do
        # shellcheck disable=SC2046,SC2086 # options are words
        part a.ts $(video 320x180) -vf format=gbrp,gblur=6,scale=out_color_matrix=bt601:out_range=limited,format=$pix_fmt -colorspace smpte170m \
            -color_range tv -c:v libx264 -qp 0 -f mpegts
        # shellcheck disable=SC2046,SC2086
        part b.ts $(video 320x180) $options -c:v libx264 -qp 0 -output_ts_offset 1 -f mpegts
        joined colours.ts a.ts b.ts
        reel --filter negate,negate --codec ffv1 -y -o "$out" "$work/colours.ts" || true
        verdict "$name: all frames" "$(described "$out" "320,180,$pix_fmt,50")"
        ffmpeg -nostdin -v quiet -y -i "$out" -frames:v 25 -c:v ffv1 "$work/first.mkv" < /dev/null
        ffmpeg -nostdin -v quiet -y -i "$out" -vf trim=start_frame=25,setpts=PTS-STARTPTS -c:v ffv1 "$work/second.mkv" < /dev/null
        db=$(likeness "$work/first.mkv" "$work/second.mkv")
        verdict "$name: the same colours" "$([ "${db:-0}" -gt 42 ] || echo "$db dB: $(said_last)")"
    done << 'END'
range yuv444p -vf format=gbrp,gblur=6,scale=out_color_matrix=bt601:out_range=full,format=yuv444p -colorspace smpte170m -color_range pc
matrix yuv444p -vf format=gbrp,gblur=6,scale=out_color_matrix=bt709:out_range=limited,format=yuv444p -colorspace bt709 -color_range tv
depth yuv420p -vf format=gbrp,gblur=6,scale=out_color_matrix=bt601:out_range=limited,format=yuv420p10 -colorspace smpte170m -color_range tv
chroma yuv422p -vf format=gbrp,gblur=6,scale=out_color_matrix=bt601:out_range=limited,format=yuv444p -colorspace smpte170m -color_range tv
END
}

pictures() {
    local n
    for n in 0 1 3; do part "p$n.png" -f lavfi -i color=red@0.5:size=64x48,format=rgba -frames:v 1; done
    part p2.png -f lavfi -i testsrc=size=64x48,format=rgb24 -frames:v 1
    reel --filter hflip --codec ffv1 -o "$work/pictures.mkv" "$work/p%d.png" || true
    verdict "pictures with and without alpha" "$(described "$work/pictures.mkv" "64,48,bgra,4")"
    local -r alpha=$(ffmpeg -v quiet -i "$work/pictures.mkv" -vf select=eq'(n\,2)',alphaextract -f rawvideo - < /dev/null |
        od -An -tu1 -v -w1 | sort -u | tr -d ' \n')
    verdict "new alpha is opaque" "$([ "$alpha" = 255 ] || echo "$alpha")"
}

labels() {
    # shellcheck disable=SC2046 # options are words
    part a.ts $(video 720x576) -vf setsar=16/15,setparams=color_primaries=bt470bg -c:v mpeg2video -color_primaries bt470bg -f mpegts
    # shellcheck disable=SC2046
    part b.ts $(video 720x576) -vf setsar=64/45,setparams=color_primaries=bt709 -c:v mpeg2video -color_primaries bt709 -output_ts_offset 1 -f mpegts
    joined labels.ts a.ts b.ts a.ts b.ts
    reel --filter hflip --codec ffv1 -o "$work/labels.mkv" "$work/labels.ts" || true
    verdict "the shape of pixels is told once" "$([ "$(grep -c 'shape of pixels.* from 16:15 to 64:45 at ' "$said")" = 1 ] || said_last)"
    verdict "primaries are told once" "$([ "$(grep -c 'primaries.* from bt470bg to bt709' "$said")" = 1 ] || said_last)"
    reel --filter hflip --codec ffv1 -y -o "$work/labels.mkv" "$work/a.ts" || true
    verdict "nothing is told of what stays" "$(grep 'changes from' "$said" || true)"
    # shellcheck disable=SC2046
    part a.ts $(video 320x180) -c:v libx264 -f mpegts
    # shellcheck disable=SC2046
    part b.ts $(video 320x180) -vf setparams=color_trc=smpte2084:color_primaries=bt2020 -color_trc smpte2084 -color_primaries bt2020 -c:v libx264 -output_ts_offset 1 -f mpegts
    joined labels.ts a.ts b.ts
    reel --quiet --filter hflip -y -o "$work/labels.mkv" "$work/labels.ts" || true
    verdict "a label that comes later is told, with --quiet, too" "$({ grep -q 'primaries.* from unknown to bt2020' "$said" &&
        grep -q 'transfer curve.* from unknown to smpte2084' "$said"; } || said_last)"
}

# orders FILE: which there are in its frames.
orders() {
    ffprobe -v quiet -select_streams v -show_entries frame=interlaced_frame,top_field_first -of csv=p=0 "$1" |
        awk -F, 'NF > 1 { print !$1 ? "progressive" : $2 ? "top" : "bottom" }' | sort -u | paste -sd ' '
}

# says_fields NAME ENCODER SUFFIX: a change of the fields in fields.ts is said if it is not in the output.
says_fields() {
    local -r made=$work/fields-$2.$3
    reel --quiet --filter negate --codec "$2" -y -o "$made" "$work/fields.ts" || true
    local -r have=$(orders "$made") want=$(orders "$work/fields.ts")
    if [ "$have" = "$want" ]; then
        verdict "$2 in $3 keeps $1" "$(grep 'order of fields' "$said")"
    else
        verdict "$2 in $3 does not keep $1" "$(grep -q 'order of fields changes from .* does not keep' "$said" ||
            echo "$have, not $want, and nothing is said")"
    fi
}

# Fields whose order changes, or pictures without fields among them: the frames before must not be marked anew.
fields() {
    local next pair
    # shellcheck disable=SC2046 # options are words
    part a.ts $(video 320x192) -vf setfield=tff -flags +ildct+ilme -c:v mpeg2video -f mpegts
    for next in "-vf setfield=bff -flags +ildct+ilme" ""; do
        # shellcheck disable=SC2046,SC2086
        part b.ts $(video 320x192) $next -c:v mpeg2video -output_ts_offset 1 -f mpegts
        joined fields.ts a.ts b.ts
        reel --filter hflip --codec libx264 -y -o "$work/fields.mkv" "$work/fields.ts" || true
        verdict "the first order of fields stays before ${next:-progressive pictures}" "$(ffprobe -v quiet -select_streams v \
            -show_entries frame=top_field_first -of csv=p=0 "$work/fields.mkv" | tr -d , | sort -u | grep -vx 1)"
        for pair in "ffv1 mkv" "mpeg2video ts" "libx264 mkv" "prores_ks mov" "mpeg4 mp4"; do
            # shellcheck disable=SC2086
            says_fields "${next:-progressive pictures}" $pair
        done
    done
}

splits() {
    # shellcheck disable=SC2046 # options are words
    part a.ts $(video 320x180) -f lavfi -i sine=duration=1 -c:v mpeg2video -c:a mp2 -f mpegts
    # shellcheck disable=SC2046
    part b.ts $(video 480x360) -f lavfi -i sine=duration=1 -c:v mpeg2video -c:a mp2 -output_ts_offset 1 -f mpegts
    joined split.ts a.ts b.ts a.ts
    reel --filter hflip --on-change split --codec ffv1 --report "$work/split.json" -o "$work/split.mkv" "$work/split.ts" || true
    # The decoder loses the last frame of each part but the last.
    verdict "the first part" "$(described "$work/split.mkv" 320,180,yuv420p,24)"
    verdict "the second part" "$(described "$work/split-2.mkv" 480,360,yuv420p,24)"
    verdict "the third part" "$(described "$work/split-3.mkv" 320,180,yuv420p,25)"
    verdict "each has its report" "$([ "$(jq -r .output.width "$work/split-2.json")" = 480 ] || echo none)"
    local -r all=$(ffprobe -v quiet -select_streams a -count_packets -show_entries stream=nb_read_packets -of csv=p=0 "$work/split.ts" | head -n 1)
    local sum=0 file
    for file in split split-2 split-3; do
        sum=$((sum + $(ffprobe -v quiet -select_streams a -count_packets -show_entries stream=nb_read_packets -of csv=p=0 "$work/$file.mkv")))
    done
    verdict "no sound is lost or repeated" "$([ $((all - sum)) -ge -3 ] && [ $((all - sum)) -le 3 ] || echo "$sum of $all packets")"
    local got=0
    reel --filter hflip --on-change split --codec ffv1 --format nut -o - "$work/split.ts" > /dev/null || got=$?
    verdict "standard output cannot be split" "$([ $got = 2 ] || echo "exit code $got: $(said_last)")"
}

sizes
own_sizes
calls
colours
pictures
labels
fields
splits
finish
