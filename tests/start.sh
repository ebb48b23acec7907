#!/bin/bash
# SPDX-License-Identifier: MIT
# --start gives the frames that a whole run has from that time on, at the same times: tests/start.sh BUILD [MEDIA].
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/lib.sh"

media=${2:-${WARPREEL_MEDIA:-$root/../shared/media}}

# table FILE OPTIONS...: the time in seconds and the hash of every frame, one to a line.
table() {
    local -r file=$1
    shift
    reel --filter negate,negate --format framemd5 -o - "$@" -- "$file" > "$scratch.all" || return 1
    awk -F ', *' '/^#tb 0:/ { split($1, tb, "[: /]+"); tick = tb[3] / tb[4] }
        $1 == "0" { printf "%.6f %s\n", $3 * tick, $6 }' "$scratch.all"
}

# difference WHOLE PART TIME: what is missing, too much or at another time. Starts are rounded to the
# ticks of the video and of the output.
difference() {
    awk -v start="$3" '
        function off(a, b) { return a - b > 0.0021 || b - a > 0.0021 }
        FNR == NR { if ($1 >= start - 1e-5) { time[++want] = $1 - start; hash[want] = $2 } next }
        { have++; got = $1; sum = $2
          if (have > want) next
          if (sum != hash[have]) { print "frame " have - 1 " at " got " s is another one"; done = 1; exit }
          if (off(got, time[have])) { print "frame " have - 1 " at " got " s, not " time[have] " s"
              done = 1; exit } }
        END { if (!want) print "nothing to compare"
              else if (!done && have != want) print have + 0 " frames instead of " want }' "$1" "$2"
}

# check "NAME TIME...": several starts into one clip.
check() {
    local -r name=${1%%|*} times=${1#*|} scratch=$work/$BASHPID
    local start reason
    table "$folder/$name" > "$scratch.whole" || { fail "$name" "$(said_last)" && return; }
    for start in $times; do
        reason=''
        table "$folder/$name" --start "$start" > "$scratch.part" || reason="--start $start: $(said_last)"
        reason=${reason:-$(difference "$scratch.whole" "$scratch.part" "$start")}
        verdict "$name from $start s" "$reason"
    done
    rm -f "$scratch"*
}

# encode NAME OPTIONS...: a clip whose key frames are far apart.
encode() {
    local -r name=$1
    shift
    ffmpeg -nostdin -v error -f lavfi -i testsrc2=size=160x90:rate=24:duration=9 -f lavfi \
        -i sine=duration=9 -c:v libx264 -preset veryfast -threads 1 -c:a aac "$@" "$work/$name"
}

# Chapters end with the part, and those outside it are gone.
check_chapters() {
    local -r meta=$work/chapters.txt in=$work/chapters.mkv out=$work/part.mkv
    local reason codec have
    {
        echo ";FFMETADATA1"
        for second in 0 3 6; do
            printf '[CHAPTER]\nTIMEBASE=1/1000\nSTART=%d000\nEND=%d000\n' $second $((second + 3))
        done
    } > "$meta"
    ffmpeg -nostdin -v error -i "$work/long.mkv" -i "$meta" -map 0:v -map_chapters 1 -c copy "$in"
    for codec in ffv1 mpeg2video; do # whose ticks are milliseconds, and frames
        reason=''
        reel --filter negate --codec $codec --start 3 --frames 48 -y -o "$out" "$in" || reason=$(said_last)
        have=$(ffprobe -v quiet -show_entries chapter=start_time,end_time -of csv=p=0 "$out" | tr '\n' ' ')
        [[ "$have" =~ ^0.000000,(1.999|2.000)000\ $ ]] || reason=${reason:-chapters $have}
        verdict "chapters of a part, $codec" "$reason"
    done
}

# At a variable rate the end is known only with the last frame.
check_last_chapter() {
    local -r meta=$work/last.txt in=$work/last.mkv clips=$(samples)
    local have end reason out
    printf ';FFMETADATA1\n' > "$meta"
    printf '[CHAPTER]\nTIMEBASE=1/1000\nSTART=%d\nEND=%d\n' 0 300 300 9000 9000 99000 >> "$meta"
    ffmpeg -nostdin -v error -i "$clips/vfr-av.mkv" -i "$meta" -map 0:v -map_chapters 1 -c copy "$in"
    for out in last.out.mkv last.out.mp4; do
        reason=''
        reel --filter negate --codec mpeg4 --frames 10 -o "$work/$out" "$in" || reason=$(said_last)
        have=$(ffprobe -v quiet -show_entries chapter=start_time,end_time -of csv=p=0 "$work/$out" | tr '\n' ' ')
        end=$(reel --filter negate --codec ffv1 --frames 10 --format framemd5 -o - "$in" |
            awk -F ', *' '/^#tb 0/ { split($1, tb, "[: /]+") } /^0,/ { end = $3 + $4 } END { printf "%.6f", end * tb[3] / tb[4] }')
        [[ $have =~ ^[0-9.]+,[0-9.]+\ [0-9.]+,$end\ $ ]] || reason=${reason:-chapters $have, the end $end}
        verdict "the last chapter of a part in $out" "$reason"
    done
}

# Subtitles on screen at the start are there from the start on, for the rest of their time.
check_subtitles() {
    local -r titles=$work/titles.srt in=$work/titles.mkv out=$work/titled.mkv
    local start have want reason
    cat > "$titles" << 'END'
1
00:00:01,000 --> 00:00:25,000
a long one

2
00:00:15,000 --> 00:00:16,000
gone by then

3
00:00:19,500 --> 00:00:22,000
on screen

4
00:00:23,000 --> 00:00:24,000
later

5
00:00:40,000 --> 00:00:52,000
so far back that it takes a seek
END
    ffmpeg -nostdin -v error -f lavfi -i testsrc2=size=160x90:rate=24:duration=60 -i "$titles" -c:v libx264 \
        -preset veryfast -threads 1 -g 48 -c:s srt "$in"
    while read -r start want; do
        reason=''
        reel --filter negate --codec ffv1 -y --start "$start" -o "$out" "$in" || reason=$(said_last)
        have=$(ffprobe -v quiet -select_streams s -show_entries packet=pts_time,duration_time -of csv=p=0 "$out" |
            head -n 3 | sed 's/0*,/,/; s/\.,/,/; s/\.\?0*$//' | tr '\n' ' ')
        [ "$have" = "${want:+$want }" ] || reason=${reason:-$have instead of $want}
        verdict "subtitles from $start s" "$reason"
    done << 'END'
20 0,5 0,2 3,1
51 0,1
53
END
}

encode long.ts -g 240 -bf 3
encode open.ts -x264-params open-gop=1:keyint=48:bframes=3:scenecut=0
encode open.mp4 -x264-params open-gop=1:keyint=48:bframes=3:scenecut=0
encode long.mkv -g 240 -bf 3
check_chapters
check_subtitles
check_last_chapter
folder=$work
each check << 'END'
long.ts|0.5 4 8.5
open.ts|0.3 2.1 4.01 7.95
open.mp4|0.3 2.1 4.01 7.95
long.mkv|0.5 5.02
END
folder=$(samples)
each check << 'END'
counter-120.mp4|0.04 2.5 4.7
vfr-av.mkv|0.5 1
interlaced.mp4|0.3
END
folder=$media
if [ -d "$folder" ]; then
    each check << 'END'
opengop-hevc-720p-camera.mp4|3 4.5
opengop-h264-iibb-editlist-1fps.mp4|1 3
interlaced-h264-tff-camera-pgs.mts|0.4
vfr-count-video.mp4|2
codec-gif-animated-60x105.gif|1
name-te[s]t_ video ' _ .flv|1.2
codec-mpeg4-asp.mp4|3.3
codec-vp9-10bit-camera.webm|0.5
END
fi
finish
