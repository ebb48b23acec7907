#!/bin/bash
# SPDX-License-Identifier: MIT
# Lines written for ffmpeg make the same frames, times and streams with the first word replaced: tests/lines.sh BUILD.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/lib.sh"

# Inputs, small enough that a line takes a fraction of a second.
make_inputs() {
    cd "$work" || exit
    ffmpeg -nostdin -v error -f lavfi -i testsrc2=s=160x120:r=25:d=4 -f lavfi -i sine=440:d=4 -c:v libx264 -g 12 \
        -preset veryfast -pix_fmt yuv420p -c:a aac -b:a 64k -metadata title=Old -metadata:s:a:0 language=eng in.mp4
    printf '1\n00:00:00,500 --> 00:00:01,500\nHello\n\n2\n00:00:02,000 --> 00:00:03,000\nBye\n' > in.srt
    ffmpeg -nostdin -v error -i in.mp4 -f lavfi -i sine=880:d=4 -i in.srt -map 0 -map 1 -map 2 -c:v copy -c:a aac \
        -b:a 64k -c:s srt -disposition:a:1 0 in.mkv
    ffmpeg -nostdin -v error -f lavfi -i testsrc2=s=96x64:r=30000/1001:d=2 -c:v ffv1 -pix_fmt yuv420p film.mkv
    ffmpeg -nostdin -v error -f lavfi -i testsrc2=s=96x64:r=25:d=1 -c:v mpeg4 -q:v 3 old.avi
    ffmpeg -nostdin -v error -i in.mp4 -c copy -f mpegts in.ts
    ffmpeg -nostdin -v error -f lavfi -i testsrc2=s=96x64:r=25:d=1 -c:v rawvideo -pix_fmt yuv420p in.yuv
    ffmpeg -nostdin -v error -f lavfi -i testsrc2=s=96x64:r=25:d=0.48 -start_number 3 frame%04d.png
    cp frame0003.png a.png
}
(make_inputs) || exit

# What the file holds: streams, and the time of each frame of the video.
facts() {
    ffprobe -v error -of csv=p=0 -show_entries \
        "stream=codec_type,codec_name,width,height,sample_aspect_ratio:stream_disposition=default" "$1" | sed 's/,$//'
    ffprobe -v error -select_streams v:0 -of csv=p=0 -show_entries packet=pts_time "$1" | sed 's/,*$//' | sort -n
    ffprobe -v error -show_entries format_tags=title:stream_tags=language -of csv=p=0 "$1" | grep . || true
}

# How many seconds apart two files end.
apart() {
    local file
    for file; do ffprobe -v error -of csv=p=0 -show_entries format=duration "$file"; done |
        awk 'NR == 1 { a = $1 } NR == 2 { d = a - $1; print (d < 0 ? -d : d) > 0.15 ? "ends " d " s apart" : "" }'
}

# line WORDS: the same words with both programs.
line() {
    local -r mine=$work/$BASHPID.mine want=$work/$BASHPID.want output=${1##* }
    local reason='' words
    eval "words=($1)"
    mkdir "$mine" "$want"
    (cd "$want" && ffmpeg -nostdin -v error "${words[@]}" > stdout) 2> "$want/said" < /dev/null ||
        reason="ffmpeg itself: $(tail -n 1 "$want/said")"
    [ -n "$reason" ] ||
        (cd "$mine" && timeout -k 5 60 "$warpreel" "${words[@]}" > stdout) 2> "$mine/said" < /dev/null ||
        reason=$(tail -n 1 "$mine/said")
    local file=$output
    [ "$output" != - ] && [ "$output" != pipe:1 ] || file=stdout
    file=${file#file:}
    case $file in *%*) file=$(cd "$want" && ls | grep -v 'said\|stdout' | head -n 1) ;; esac
    if [ -z "$reason" ] && [ "$output" != /dev/null ]; then
        [ "$(cd "$mine" && ls)" = "$(cd "$want" && ls)" ] || reason="makes other files"
        facts "$mine/$file" > "$mine/facts"
        facts "$want/$file" > "$want/facts"
        [ -n "$reason" ] || reason=$(diff "$mine/facts" "$want/facts" | sed -n '1,3p' | tr '\n' ' ')
        [ -n "$reason" ] || reason=$(apart "$mine/$file" "$want/$file")
    fi
    verdict "$1" "$reason"
    [ -n "${KEEP:-}" ] || rm -rf "$mine" "$want"
}

each line << 'END'
-i ../in.mp4 out.mkv
-y -i ../in.mp4 -vf scale=80:-2 out.mp4
-i ../in.mp4 -vf hflip -c:v libx264 -crf 23 -preset veryfast -c:a copy out.mp4
-hide_banner -loglevel error -nostdin -i ../in.mp4 -filter:v vflip -c:a copy -movflags +faststart out.mp4
-ss 1 -i ../in.mp4 -t 2 -c:v libx264 -c:a copy out.mp4
-ss 00:00:01.5 -to 00:00:03 -i ../in.mp4 -an out.mkv
-i ../in.mp4 -ss 1 -to 3 -vf hflip -an out.mkv
-i ../in.mp4 -ss 00:00:02 -t 1 -an out.mkv
-t 1.5 -i ../in.mp4 -vf reverse -an out.mkv
-i ../in.mp4 -vf setpts=0.5*PTS -an -t 1 out.mkv
-i ../in.mp4 -vf setpts=2*PTS -an out.mkv
-i ../in.mp4 -vf fps=10 -an out.mkv
-i ../in.mp4 -r 10 -an out.mp4
-i ../in.mp4 -r 50 -an out.mkv
-i ../in.mp4 -r 30000/1001 -an out.mkv
-r 50 -i ../in.mp4 -an out.mkv
-r 10 -i ../old.avi -t 1 out.mkv
-i ../in.mp4 -vsync cfr -r 12.5 -an out.mkv
-i ../in.mp4 -fps_mode passthrough -an out.mkv
-i ../film.mkv -c:v ffv1 out.mkv
-i ../film.mkv -r 25 -c:v ffv1 out.mkv
-i ../in.mp4 -s 80x60 -aspect 16:9 -an out.mp4
-i ../in.mp4 -s qcif -c:a copy out.mkv
-i ../in.mp4 -frames:v 10 -an out.mkv
-i ../in.mp4 -vframes 1 -q:v 2 -pix_fmt yuvj420p out.jpg
-ss 2 -i ../in.mp4 -frames:v 1 out.png
-i ../in.mp4 -vf fps=2 out%03d.png
-i ../in.mp4 -an -sn -dn -c:v mpeg4 -q:v 5 out.avi
-i ../in.mp4 -c:v libx264 -b:v 200k -maxrate 250k -bufsize 400k -c:a copy out.mp4
-i ../in.mp4 -c:v libx264 -profile:v baseline -level 3.0 -g 25 -bf 0 -an out.mp4
-i ../in.mp4 -c:v libx264 -tune film -x264-params keyint=30:scenecut=0 -c:a copy out.mkv
-i ../in.mp4 -c:v libx265 -crf 28 -preset ultrafast -an out.mp4
-i ../in.mp4 -c:v libvpx-vp9 -b:v 0 -crf 40 -deadline realtime -cpu-used 8 -an out.webm
-i ../in.mp4 -map 0:v:0 -map 0:a -c:a copy -metadata title=New -metadata:s:a:0 language=fra out.mp4
-i ../in.mkv -map 0:v -map 0:a:1 -c:a copy out.mkv
-i ../in.mkv -map 0 -map -0:s -c:a copy out.mkv
-i ../in.mkv -map 0 -c:v libx264 -c:a copy -c:s copy out.mkv
-i ../in.mkv -map 0:v -map 0:a:0 -map 0:s? -map 0:d? -c:a copy -c:s copy -map_metadata -1 out.mkv
-i ../in.mp4 -filter_complex "[0:v]split[a][b];[a]crop=80:120:0:0[l];[b]crop=80:120:80:0,hflip[r];[l][r]hstack[out]" -map "[out]" -map 0:a -c:a copy out.mp4
-i ../in.mp4 -lavfi "scale=80:60,setsar=1" -an out.mkv
-i ../in.mp4 -sws_flags lanczos -vf scale=80:60 -an out.mp4
-f lavfi -i testsrc=d=1:s=96x64:r=10 -c:v libx264 -pix_fmt yuv420p out.mp4
-f lavfi -i color=c=red:s=64x48:d=0.5 -pix_fmt yuv420p out.mkv
-f rawvideo -pix_fmt yuv420p -s 96x64 -r 25 -i ../in.yuv -c:v ffv1 out.mkv
-f rawvideo -pixel_format yuv420p -video_size 96x64 -framerate 50 -i ../in.yuv -c:v ffv1 out.mkv
-loop 1 -i ../a.png -t 1 -c:v libx264 -pix_fmt yuv420p out.mp4
-loop 1 -framerate 10 -t 2 -i ../a.png -vf zoompan=d=1:s=96x64:fps=10 -t 1 -pix_fmt yuv420p out.mkv
-framerate 25 -start_number 3 -i ../frame%04d.png -c:v libx264 -pix_fmt yuv420p out.mp4
-framerate 12 -pattern_type glob -i "../frame*.png" -c:v libx264 -pix_fmt yuv420p -r 24 out.mkv
-i ../in.mp4 -f null /dev/null
-i ../in.mp4 -c:v mpeg2video -q:v 4 -an -f mpegts -
-i file:../in.mp4 -c:v ffv1 -an -f matroska pipe:1
-i ../in.ts -c:v libx264 -c:a copy file:out.mp4
-hwaccel auto -i ../in.mp4 -vf eq=contrast=1.1 -c:a copy -threads 2 out.mp4
-fflags +genpts -i ../in.ts -shortest -c:a copy -max_muxing_queue_size 1024 out.mkv
-i ../in.mp4 -pix_fmt yuv420p10le -c:v ffv1 -level 3 -an out.mkv
-i ../in.mp4 -vf "fps=5,scale=80:-1:flags=lanczos,split[s0][s1];[s0]palettegen[p];[s1][p]paletteuse" -loop 0 out.gif
-skip_frame nokey -i ../in.mp4 -vsync vfr -an out.mkv
-i ../in.mp4 -vf "drawbox=10:10:30:20:red,format=yuv420p" -c:v libx264 -strict -2 -c:a copy out.mp4
-accurate_seek -ss 0.5 -i ../in.mkv -map 0:v -map 0:s -c:s copy out.mkv
END
finish
