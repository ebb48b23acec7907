#!/bin/bash
# SPDX-License-Identifier: MIT
# Every real clip goes through negate,negate, which changes no pixel: tests/media.sh BUILD [MEDIA]. Frames, times
# and everything else in the file must stay the same. Memory does not grow from clip to clip.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/lib.sh"

time_base=$(fine_time_base demux)

media=${2:-${WARPREEL_MEDIA:-$root/../shared/media}}
if [ ! -e "$media/INDEX.tsv" ]; then
    echo "skip: no clips in $media"
    exit 0
fi
media=$(cd "$media" && pwd)

# What the index does not say: file, exit code, frames if they are others (- if as indexed), and words:
#   alpha      transparency must survive (the index counts with a decoder that drops it)
#   retimed    two frames share a time or run backwards in the source, and an encoder cannot have that
#   rgb        libx264 has no such pixel format, and would lose its transparency: the run to mp4 is refused
#   yuv        libx264 has no such pixel format: the pictures are converted, and that is said
#   gray       libx264 writes no matrix for it
#   resized    the picture changes its size, and is not scaled with ffmpeg's rounding
#   empty      a track without packets, which mp4 cannot have
exceptions() {
    cat << 'END'
audioonly-aac.mp4|1|-|
broken-corrupted-h264.mp4|4|-|
broken-empty-0-bytes.webm|1|-|
broken-empty-second-video-track.mp4|0|-|empty
broken-invalid-nalu.mp4|4|-|
broken-no-moov.mp4|1|-|
broken-truncated.mkv|4|-|
broken-vp9-12336x12336.webm|1|-|
camera-portrait-hevc-vfr-aac.mp4|0|-|retimed
codec-png-rgba.mov|0|-|rgb
codec-vp9-10bit-camera.webm|0|-|retimed
coverart-audio-only-chapters.m4a|1|-|
derived-gray-av1.mp4|0|-|gray
derived-truncated-faststart-camera.mp4|4|-|
multi-2video-2audio-2sub.mp4|0|390|
oneframe-av1-gbrp-wrong-container-size.mp4|0|-|yuv
pixfmt-vp9-alpha.webm|0|-|alpha
reschange-h264-annexb.h264|0|-|resized
reschange-vp8-vfr.webm|0|-|alpha resized
END
}

# frame_table FILE STREAM OUT OPTIONS...: time and hash of every frame, and the time base on the first line.
frame_table() {
    local -r file=$1 stream=$2 out=$3
    shift 3
    ffmpeg -nostdin -v quiet -noautorotate "$@" -copyts -i "file:$file" -map "0:$stream" \
        -fps_mode passthrough -enc_time_base "$time_base" ${canonical:+-pix_fmt "$canonical"} -f framemd5 - |
        sed -n 's/^#tb 0: *//p; s/^0, *[^,]*, *\([^,]*\),.*, */\1 /p' > "$out"
}

# packet_table FILE STREAM OUT: the same for a file whose pictures have changed, without hashes.
packet_table() {
    ffprobe -v quiet -select_streams "$2" -show_entries stream=time_base -of csv=p=0 "file:$1" |
        head -n 1 > "$3"
    ffprobe -v quiet -select_streams "$2" -show_entries packet=pts -of csv=p=0 "file:$1" |
        tr -d , | sort -n >> "$3"
}

# compare_times SOURCE OUT: times less the first one, exact where the output's ticks can express them.
compare_times() {
    awk '
        FNR == 1 { file++; split($1, tb, "/"); tick[file] = tb[1] / tb[2]; next }
        { if (FNR == 2) first[file] = $1
          time = ($1 - first[file]) * tick[file] }
        file == 1 { want[FNR] = time; next }
        { exact = tick[1] / tick[2]
          slack = exact == int(exact) ? 1e-9 : tick[2] * 1.000001
          if (time - want[FNR] > slack || want[FNR] - time > slack) {
              printf "frame %d at %.6f s instead of %.6f s (tick %g s)", FNR - 2, time, want[FNR], tick[2]
              exit
          } }' "$1" "$2"
}

first_frame() {
    ffprobe -v quiet -select_streams "$2" -read_intervals %+#1 -show_frames -of json "file:$1" |
        jq -c '.frames[0] // {}'
}

# facts FILE STREAM DROPPED: see facts.jq.
facts() {
    ffprobe -v quiet -show_streams -show_format -show_chapters -of json "file:$1" |
        jq -r --argjson video "$2" --argjson dropped "$3" --argjson frame "$(first_frame "$1" "$2")" \
            -f "$tests/facts.jq" | sort -u
}

# packets FILE STREAM: time and contents of a copied stream.
packets() {
    ffprobe -v quiet -select_streams "$2" -show_data_hash crc32 -show_entries packet=pts_time,data_hash \
        -of json "file:$1" | jq -r '.packets[]? | "\(.pts_time // "N/A"),\(.data_hash)"'
}

# first_time TABLE: of the frames, in seconds.
first_time() { awk 'NR == 1 { split($1, tb, "/") } NR == 2 { print $1 * tb[1] / tb[2]; exit }' "$1"; }

# moved TABLE: by how many seconds the pictures have been moved.
moved() {
    awk -v out="$(first_time "$1.out")" -v in_="$(first_time "$1.in")" 'BEGIN { print out - in_ }'
}

# compare_pairs NAME SHIFT: lines "before,after" of times in seconds must all be SHIFT apart.
compare_pairs() {
    awk -F , -v name="$1" -v shift="$2" '
        $1 != "N/A" && $2 != "N/A" {
            error = $2 - $1 - shift
            if (error > 0.0021 || error < -0.0021) {
                printf "%s: no. %d moved by %.4f s against the pictures\n", name, NR - 1, error
                exit
            } }'
}

chapters() {
    ffprobe -v quiet -show_chapters -show_entries chapter=start_time,end_time -of csv=p=0 "file:$1" |
        cut -d , -f 1,2 | tr , '\n'
}

compare_chapters() {
    paste -d , <(chapters "$1") <(chapters "$2") | compare_pairs chapters "$(moved "$3")"
}

codec_of() {
    ffprobe -v quiet -select_streams "$2" -show_entries stream=codec_name -of csv=p=0 "file:$1" |
        head -n 1 | tr -d ,
}

# pairs OUT REPORT: index in the source, action and index in OUT of the streams that were not dropped; the
# n-th of a kind is the n-th of that kind.
pairs() {
    ffprobe -v quiet -show_streams -of json "file:$1" | jq -r --slurpfile report "$2" '
        [.streams[] | {index, kind: (if .disposition.attached_pic == 1 then "cover"
                                     else .codec_type // "attachment" end)}] as $out
        | [$report[0].streams[] | select(.action != "dropped")] | group_by(.type)[] | to_entries[]
        | .key as $n | .value | .type as $kind
        | "\(.index) \(.action) \([$out[] | select(.kind == $kind)][$n].index)"'
}

# compare_copied SOURCE OUT REPORT TABLE: contents of the copied streams, and that they have kept their
# distance from the pictures.
compare_copied() {
    local -r source=$1 out=$2 report=$3 table=$4 shift=$(moved "$4")
    local from action to
    while read -r from action to; do
        packets "$source" "$from" > "$table.from"
        if [ "$action" != copied ] || [ ! -s "$table.from" ]; then
            continue
        fi
        packets "$out" "$to" > "$table.to"
        if [ "$(codec_of "$source" "$from")" = hdmv_pgs_subtitle ]; then
            continue # Matroska has in one packet what comes in several
        elif ! cmp -s <(cut -d , -f 2 "$table.from") <(cut -d , -f 2 "$table.to"); then
            echo "stream $from: other contents" \
                "($(wc -l < "$table.to") packets for $(wc -l < "$table.from"))"
        else
            paste -d , <(cut -d , -f 1 "$table.from") <(cut -d , -f 1 "$table.to") |
                compare_pairs "stream $from" "$shift"
        fi
    done < <(pairs "$out" "$report")
}

# A container may be unable to hold a stream, but that is for the test to know, and for the user to be told.
check_dropped() {
    local -r report=$1 container=$2 words=$3
    local index type codec
    jq -r '.streams[] | select(.action == "dropped") | "\(.index) \(.type) \(.codec)"' "$report" |
        while read -r index type codec; do
            case $container:$type:$codec:$words in
                mkv:data:* | mkv:subtitle:mov_text:* | mp4:data:* | mp4:video:*:*empty*) ;;
                *) echo "$type stream $index ($codec) left out" ;;
            esac
            grep -q "\b$index\b" "$said" || echo "nothing said of stream $index"
        done
}

# What the containers of FFmpeg 5.1 have no place for; libx264 does not write what is the default. Matroska
# has another code for the same language.
forgivable() {
    case $1 in
        mkv) grep -v -e ' Display Matrix ' -e ' tag language=und$' -e 'field_order progressive' \
            -e '^[a-z]* [0-9]* tag creation_time=' -e '^file tag .*-fra=' ;;
        mp4) grep -v -e ' tag language=und$' -e 'field_order' -e ' tag creation_time=' \
            -e '^file tag \(com\.\|location=\|name=\|.*-\(eng\|fra\|und\)=\)' -e 'chroma_location' -e 'color_range tv' \
            -e "^${2:-nothing}" ;;
    esac
}

# What may turn up although the container did not say so: what the pictures themselves say, and what the
# pixel format means.
explained() {
    jq -r --arg rgb "$canonical" '
        ("color_range", "color_space", "color_primaries", "color_transfer") as $key
        | select(.[$key]) | "video \($key) \(.[$key])"'
    echo "video color_range tv"
    [ -z "$canonical" ] || printf 'video color_range pc\nvideo color_space gbr\n'
}

# converted REPORT: what changes where a stream is said to be converted, as patterns.
converted() {
    jq -r '.streams[] | select(.action == "converted") | "\(.index) \(.type) \(.codec)"' "$1" |
        while read -r index type codec; do
            sed -n "s/.*stream $index ($type, $codec) is converted to \([a-z0-9_]*\).*/^$type [0-9]* codec \1$/p" "$said" |
                grep . && echo "^$type [0-9]* codec $codec$"
        done
}

# What is said to be lost.
told() {
    ! grep -q 'does not keep .*HDR mastering display' "$said" || echo '^video Mastering display metadata '
}

check_facts() {
    local -r container=$1 source=$2 from=$3 out=$4 to=$5 report=$6 scratch=$7 unwritten=${8:-}
    local dropped
    dropped=$(jq -c '[.streams[] | select(.action == "dropped").index]' "$report")
    first_frame "$source" "$from" > "$scratch.frame"
    facts "$source" "$from" "$dropped" | forgivable "$container" "$unwritten" > "$scratch.facts"
    facts "$out" "$to" '[]' > "$scratch.facts.out"
    [ -s "$scratch.facts" ] || echo "no facts of the source"
    { converted "$report" && told; } > "$scratch.converted"
    comm -23 "$scratch.facts" "$scratch.facts.out" | grep -v -f "$scratch.converted" | sed 's/^/lost: /' | head -n 6
    comm -13 "$scratch.facts" "$scratch.facts.out" |
        grep -e '^video \(color_\|sample\|Master\|Content\)' -e '^chapter' -e ' codec ' |
        grep -v -f "$scratch.converted" |
        grep -v -x -F -f <(explained < "$scratch.frame") | grep -v '^data' | sed 's/^/added: /' | head -n 6
    [ "$container" != mkv ] || ! facts "$source" "$from" '[]' | grep -q 'Display Matrix' ||
        grep -q 'Display Matrix' "$scratch.facts.out" || grep -qi rotat "$said" ||
        echo "lost the rotation without a word"
}

# joined: the lines of stdin as one reason.
joined() { sed '/^$/d' | paste -s -d ';' | sed 's/;/; /g' | cut -c 1-700; }

# A run that is to fail: one sentence, and nothing left behind.
check_refused() {
    local -r want=$1 got=$2 folder=$3
    [ "$got" = "$want" ] || echo "exit code $got instead of $want ($(said_last))"
    [ -z "$(ls -A "$folder")" ] || echo "left behind: $(ls -A "$folder")"
    [ "$(wc -l < "$said")" = 1 ] || echo "said $(wc -l < "$said") lines"
}

# filtered OUT REPORT: the filtered stream's number in the source and in OUT.
filtered() { pairs "$1" "$2" | sed -n 's/ filtered / /p'; }

check_lossless() {
    local -r source=$1 status=$2 frames=$3 words=$4 scratch=$5 out=$6
    local from to canonical='' decoder=() counted
    read -r from to < <(filtered "$out" "$scratch.json")
    case $(ffprobe -v quiet -select_streams "$to" -show_entries stream=pix_fmt -of csv=p=0 "$out") in
        bgr* | gbr* | rgb*) canonical=gbrap ;;
        yuva*) [[ $words != *alpha* ]] || decoder=(-c:v libvpx-vp9) ;;
        *) [[ $words != *alpha* ]] || echo "lost its transparency" ;;
    esac
    frame_table "$source" "$from" "$scratch.in" "${decoder[@]}"
    frame_table "$out" "$to" "$scratch.out"
    counted=$(($(wc -l < "$scratch.out") - 1))
    [ "$counted" = "$frames" ] || echo "$counted frames instead of $frames"
    [ "$(jq .frames_out "$scratch.json")" = "$counted" ] || echo "the report counts wrongly"
    [ "$(jq '.damaged > 0' "$scratch.json")" = "$([ "$status" = 4 ] && echo true || echo false)" ] ||
        echo "the report says $(jq .damaged "$scratch.json") damaged"
    [[ $words == *resized* ]] || cmp -s <(sed '1d; s/.* //' "$scratch.in") <(sed '1d; s/.* //' "$scratch.out") ||
        echo "frames differ, from $(cmp <(sed '1d; s/.* //' "$scratch.in") \
            <(sed '1d; s/.* //' "$scratch.out") 2>&1 | sed 's/.* line //') on"
    [[ $words == *retimed* ]] || compare_times "$scratch.in" "$scratch.out"
    check_dropped "$scratch.json" mkv "$words"
    check_facts mkv "$source" "$from" "$out" "$to" "$scratch.json" "$scratch"
    compare_copied "$source" "$out" "$scratch.json" "$scratch"
    compare_chapters "$source" "$out" "$scratch"
}

# What else libx264 and mp4 do not write, as the words say.
unwritten() {
    case $1 in
        *gray*) echo 'video color_space ' ;;
    esac
}

check_mp4() {
    local -r source=$1 frames=$2 words=$3 scratch=$4 out=$5
    local from to canonical='' counted
    read -r from to < <(filtered "$out" "$scratch.json")
    [ -s "$scratch.in" ] || frame_table "$source" "$from" "$scratch.in"
    packet_table "$out" "$to" "$scratch.out"
    counted=$(($(wc -l < "$scratch.out") - 1))
    [ "$counted" = "$frames" ] || echo "$counted frames instead of $frames"
    [[ $words == *retimed* ]] || compare_times "$scratch.in" "$scratch.out"
    check_dropped "$scratch.json" mp4 "$words"
    check_facts mp4 "$source" "$from" "$out" "$to" "$scratch.json" "$scratch" \
        "$(unwritten "$words")"
    compare_copied "$source" "$out" "$scratch.json" "$scratch"
    compare_chapters "$source" "$out" "$scratch"
}

run_lossless() {
    local -r source=$1 status=$2 frames=$3 words=$4 scratch=$5
    local got=0
    reel --no-autorotate --filter negate,negate --codec ffv1 --report "$scratch.json" -o "$scratch/out.mkv" \
        -- "$source" || got=$?
    if [ "$status" = 1 ]; then
        check_refused 1 "$got" "$scratch"
    elif [ "$got" != "$status" ]; then
        echo "exit code $got instead of $status ($(said_last))"
    else
        check_lossless "$source" "$status" "$frames" "$words" "$scratch" "$scratch/out.mkv"
    fi
}

run_mp4() {
    local -r source=$1 frames=$2 words=$3 scratch=$4
    local got=0
    rm -f "$scratch"/*
    reel --no-autorotate --filter negate,negate --codec libx264 --preset veryfast --report "$scratch.json" \
        -o "$scratch/out.mp4" -- "$source" || got=$?
    if [[ $words == *rgb* ]]; then
        check_refused 1 "$got" "$scratch"
    elif [ "$got" != 0 ]; then
        echo "exit code $got ($(said_last))"
    elif [[ $words == *yuv* ]]; then
        grep -q "libx264 does not take gbrp: the pictures are converted to yuv444p" "$said" || said_last
    else
        check_mp4 "$source" "$frames" "$words" "$scratch" "$scratch/out.mp4"
    fi
}

one_file() {
    local name frames status counted words
    IFS=$'\t' read -r name frames <<< "$1"
    IFS='|' read -r _ status counted words < <({ exceptions && echo "$name|0|-|"; } |
        awk -F '|' -v name="$name" '$1 == name { print; exit }')
    [ "$counted" = - ] || frames=$counted
    local -r scratch=$work/$BASHPID
    mkdir "$scratch"
    verdict "$name to ffv1 in mkv" \
        "$(run_lossless "$media/$name" "$status" "$frames" "$words" "$scratch" | joined)"
    case $status:$name in
        0:*.mp4 | 0:*.mov)
            verdict "$name to libx264 in mp4" \
                "$(run_mp4 "$media/$name" "$frames" "$words" "$scratch" | joined)"
            ;;
    esac
    rm -rf "$scratch"*
}

# crowd ROUNDS: KiB that a run takes at most in which the small clips are made so often.
crowd() {
    local round clip
    for ((round = 1; round <= $1; round++)); do
        for clip in "$media"/*; do
            [ "$(stat -Lc %s "$clip")" -lt 250000 ] && [[ $clip != *.tsv && $clip != *.md && $clip != */LICENSES ]] &&
                jq -nc '{input: $ARGS.positional[0], output: $ARGS.positional[1]}' --args "$clip" "$round/${clip##*/}.md5"
        done
    done > "$work/crowd"
    command time -f %M -o "$work/peak" "$warpreel" -f unsharp,scale=160:-2 --device cpu -q --format framemd5 --codec rawvideo \
        --pix-fmt yuv420p --list "$work/crowd" -o "$work/crowd-out" -y --jobs 2 < /dev/null 2> "$said"
    tail -n 1 "$work/peak"
}

# Threads of one file must find room again what those of the last one left.
if [ -n "${ONLY:-}${ASAN_OPTIONS:-}${TSAN_OPTIONS:-}" ]; then
    skip "memory of many clips" "it is measured with all clips and without a sanitizer"
else
    one=$(crowd 1) eight=$(crowd 8)
    verdict "eight rounds of clips in one run take as much memory as one" \
        "$([ "$eight" -lt $((one * 13 / 10)) ] || echo "they took $eight KiB instead of $one")"
fi

# Longest first, so that the processors end together.
tail -n +2 "$media/INDEX.tsv" | cut -f 1,8,11 | awk -F '\t' -v OFS='\t' '
    { split($2, size, "x"); print size[1] * size[2] * $3, $1, $3 }' | sort -rn | cut -f 2,3 |
    { if [ -n "${ONLY:-}" ]; then grep -e "$ONLY"; else cat; fi; } | each one_file
finish
