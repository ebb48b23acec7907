# SPDX-License-Identifier: MIT
# What scripts share that run a line of ffmpeg's with both programs: its inputs, and how what it makes is compared.
# shellcheck shell=bash
# shellcheck disable=SC2154 # tests/lib.sh, which comes before, sets what is read here

# Inputs, small enough that a line takes a fraction of a second.
make_inputs() {
    cd "$work" || exit
    ffmpeg -nostdin -v error -f lavfi -i testsrc2=s=160x120:r=25:d=4 -f lavfi -i sine=440:d=4 -c:v libx264 -g 12 \
        -preset veryfast -pix_fmt yuv420p -c:a aac -b:a 64k -metadata title=Old -metadata:s:a:0 language=eng in.mp4
    printf '1\n00:00:00,500 --> 00:00:01,500\nHello\n\n2\n00:00:02,000 --> 00:00:03,000\nBye\n' > in.srt
    ffmpeg -nostdin -v error -i in.mp4 -f lavfi -i sine=880:d=4 -i in.srt -map 0 -map 1 -map 2 -c:v copy -c:a aac \
        -b:a 64k -c:s srt -disposition:a:1 0 in.mkv
    ffmpeg -nostdin -v error -f lavfi -i testsrc2=s=96x64:r=30000/1001:d=2 -c:v ffv1 -pix_fmt yuv420p film.mkv
    ffmpeg -nostdin -v error -f lavfi -i testsrc2=s=96x64:r=125/4:d=3 -c:v ffv1 -pix_fmt yuv420p uneven.mkv
    ffmpeg -nostdin -v error -f lavfi -i testsrc2=s=96x64:r=25:d=1 -c:v mpeg4 -bf 2 -q:v 3 old.avi
    ffmpeg -nostdin -v error -i in.mp4 -c copy -f mpegts in.ts
    ffmpeg -nostdin -v error -f lavfi -i testsrc2=s=96x64:r=25:d=1 -c:v rawvideo -pix_fmt yuv420p in.yuv
    ffmpeg -nostdin -v error -f lavfi -i testsrc2=s=96x64:r=25:d=0.48 -start_number 3 frame%04d.png
    cp frame0003.png a.png
    ffmpeg -nostdin -v error -f lavfi -i sine=660:d=6 -ac 2 -c:a libmp3lame -b:a 64k music.mp3
    ffmpeg -nostdin -v error -f lavfi -i sine=550:d=1.5 -c:a pcm_s16le short.wav
    ffmpeg -nostdin -v error -i in.mp4 -an -c copy silent.mp4
    ffmpeg -nostdin -v error -f lavfi -i testsrc2=s=64x48:r=10:d=1 -loop 0 anim.gif
}
# What the file holds: its streams, in their order, and tags. Those of programs are listed twice.
streams() {
    ffprobe -v error -of csv=p=0 -show_entries \
        "stream=index,codec_type,codec_name,width,height,sample_aspect_ratio:stream_disposition=default" "$1" |
        sed 's/,*$//; s/,1:1,/,,/; s/,N.A,/,,/' | grep . | sort -u
    ffprobe -v error -of default=nk=0:nw=1 -show_entries format_tags=title:stream_tags=language "$1"
}

# times FILE: when each frame of the video is shown.
times() {
    ffprobe -v error -select_streams v:0 -of csv=p=0 -show_entries packet=pts_time "$1" |
        sed -n 's/^\(-*[0-9][0-9.]*\).*/\1/p' | sort -n
}

# Times are kept to the tick here, while ffmpeg rounds them to the frame rate: half a frame apart is the same.
other_times() {
    paste "$1" "$2" | awk 'NF != 2 { print "one has more frames, from " $1 " s on"; exit }
        $1 - $2 > 0.021 || $2 - $1 > 0.021 { print "frame " NR - 1 " at " $1 " s and not " $2; exit }'
}

# How many seconds apart two files end.
apart() {
    local file
    for file; do ffprobe -v error -of csv=p=0 -show_entries format=duration "$file"; done |
        awk 'NR == 1 { a = $1 } NR == 2 { d = a - $1; if (d < -0.15 || d > 0.15) print "ends " d " s apart" }'
}

# made FOLDER OUTPUT: the file that a line has written.
made() {
    case $2 in
        - | pipe:1) echo "$1/stdout" ;;
        *%*) find "$1" -name "${2%%\%*}*" | sort | tail -n 1 ;;
        *) echo "$1/${2#file:}" ;;
    esac
}

compare() {
    local -r mine=$(made "$1" "$3") want=$(made "$2" "$3")
    if [ "$(cd "$1" && ls)" != "$(cd "$2" && ls)" ]; then
        echo "makes other files"
        return
    fi
    streams "$mine" > "$1/streams"
    streams "$want" > "$2/streams"
    times "$mine" > "$1/times"
    times "$want" > "$2/times"
    diff "$1/streams" "$2/streams" | sed -n '1,4p' | tr '\n' ' '
    other_times "$1/times" "$2/times"
    apart "$mine" "$want"
}

# both COMPARE WORDS: the same words with both programs; COMPARE says how what they make differs.
both() {
    local -r mine=$work/$BASHPID.mine want=$work/$BASHPID.want output=${2##* }
    local reason='' words
    eval "words=($2)"
    mkdir "$mine" "$want"
    (cd "$want" && ffmpeg -nostdin -v error "${words[@]}" > stdout) 2> "$want.said" < /dev/null ||
        reason="ffmpeg itself: $(tail -n 1 "$want.said")"
    [ -n "$reason" ] ||
        (cd "$mine" && timeout -k 5 60 "$warpreel" "${words[@]}" > stdout) 2> "$mine.said" < /dev/null ||
        reason=$(tail -n 1 "$mine.said")
    if [ -z "$reason" ] && [ "$output" != /dev/null ]; then
        reason=$("$1" "$mine" "$want" "$output" | head -n 1)
    fi
    verdict "$2" "$reason"
    rm -rf "$mine" "$want"
}

line() { both compare "$1"; }

# packets FILE: those of all streams, with their times.
packets() {
    ffmpeg -nostdin -v error -i "$1" -map 0 -c copy -f framehash - | grep -v '^#' | sort
}

compare_packets() {
    local -r mine=$(made "$1" "$3") want=$(made "$2" "$3")
    packets "$mine" > "$1.packets"
    packets "$want" > "$2.packets"
    streams "$mine" > "$1.streams"
    streams "$want" > "$2.streams"
    [ -s "$2.packets" ] || echo "ffmpeg itself writes nothing"
    first_difference "$1.packets" "$2.packets"
    first_difference "$1.streams" "$2.streams"
}

# What is copied has the same packets.
copied() { both compare_packets "$1"; }
