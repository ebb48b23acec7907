#!/bin/bash
# SPDX-License-Identifier: MIT
# Shortened and damaged files of many containers: frames are never lost with exit code 0, and whole files are not
# taken for damaged: tests/damaged.sh BUILD.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/lib.sh"

# make FILE OPTIONS...: four seconds, 100 frames, with sound.
make() {
    local -r file=$1
    shift
    ffmpeg -nostdin -v error -y -f lavfi -i testsrc2=size=160x120:rate=25:duration=4 -f lavfi -i sine=duration=4 \
        -threads 1 "$@" "$work/$file" < /dev/null
}

# result FILE: exit code and frames.
result() {
    local got=0
    local -r report=$1.json
    rm -f "$report"
    reel --quiet --filter hflip --codec rawvideo --format null --report "$report" -o "$1.out" "$1" || got=$?
    echo "$got $(jq .frames_out "$report" 2> /dev/null)"
}

# copied FILE: exit code where the packets are copied.
copied() {
    local got=0
    reel --quiet --codec copy --format null -o "$1.out" "$1" || got=$?
    echo "$got"
}

# expect_damage NAME FILE FRAMES: exit code 4, or 1, or at least all frames after all.
expect_damage() {
    local code have
    read -r code have <<< "$(result "$2")"
    if [ "$code" = 1 ] || [ "$code" = 4 ] || { [ "$code" = 0 ] && [ "$have" -ge "$3" ]; }; then
        pass "$1"
    else
        fail "$1" "exit code $code with $have of $3 frames"
    fi
}

# cut_at_packet FILE SUFFIX: the file up to the end of a packet in its middle.
cut_at_packet() {
    local size position
    IFS=, read -r size position < <(ffprobe -v quiet -select_streams v -show_entries packet=size,pos -of csv=p=0 \
        "$1" < /dev/null | sed -n 50p)
    case "$size$position" in *[!0-9]* | '') return 1 ;; esac
    head -c $((size + position)) "$1" > "$1.cut.$2"
}

# piped FILE SUFFIX: the whole file and the shortened one from a pipe, where its first or last bytes tell that.
piped() {
    local -r whole=$work/$1
    local got part
    case $2 in rm | gif | apng | ivf) return ;; esac
    for part in "$whole" "$whole.cut.$2"; do
        got=0
        timeout "$limit" "$warpreel" --quiet --device "$device" --filter hflip --codec rawvideo --format null -o "$whole.out" - \
            < <(cat "$part") 2> "$said" || got=$?
        [ $got = "$([ "$part" = "$whole" ] && echo 0 || echo 4)" ] || fail "$part in a pipe" "exit code $got"
    done
    pass "$1 from a pipe"
}

# without_a_packet FILE SUFFIX: zeros in place of a packet, which some demuxers pass over in silence.
without_a_packet() {
    local size position
    IFS=, read -r size position < <(ffprobe -v quiet -select_streams v -show_entries packet=size,pos -of csv=p=0 \
        "$1" < /dev/null | sed -n 50p)
    case "$size$position" in *[!0-9]* | '') return 1 ;; esac
    { head -c "$position" "$1" && head -c "$size" /dev/zero && tail -c +$((position + size + 1)) "$1"; } > "$1.zeros.$2"
}

# try "FILE MARKS OPTIONS": MARKS tells whether the container says where it ends.
try() {
    local file marks options size at i
    read -r file marks options <<< "$1"
    # shellcheck disable=SC2086 # options are words
    make "$file" $options || { skip "$file" "this FFmpeg does not make it"; return; }
    local -r whole=$work/$file suffix=${file##*.}
    verdict "$file is whole" "$([ "$(result "$whole")" = "0 100" ] || result "$whole")"
    if [ "$marks" = marked ] && cut_at_packet "$whole" "$suffix"; then
        local -r cut=$(result "$whole.cut.$suffix")
        verdict "$file cut at a packet's end" "$([ "${cut% *}" = 4 ] || echo "exit code and frames $cut")"
        verdict "$file copied, whole and cut" "$(codes="$(copied "$whole") $(copied "$whole.cut.$suffix")"
            [ "$codes" = '0 4' ] || echo "exit codes $codes")"
        piped "$file" "$suffix"
    fi
    without_a_packet "$whole" "$suffix" && expect_damage "$file with zeros for a packet" "$whole.zeros.$suffix" 100
    size=$(stat -c %s "$whole")
    for i in 1 3 5 7; do
        at=$((size / 30 + size * i / 12))
        { head -c "$at" "$whole" && printf '%064d' 0 && tail -c +$((at + 65)) "$whole"; } > "$whole.$i.$suffix"
        expect_damage "$file overwritten at $i/12" "$whole.$i.$suffix" 100
        { head -c "$at" "$whole" && tail -c +$((at + 1501)) "$whole"; } > "$whole.$i.$suffix"
        expect_damage "$file without bytes at $i/12" "$whole.$i.$suffix" 100
        { head -c "$at" "$whole" && tail -c +$((at + 101)) "$whole"; } > "$whole.$i.$suffix"
        expect_damage "$file without a few bytes at $i/12" "$whole.$i.$suffix" 100
        # A picture that is there twice, whole, is no loss.
        { head -c "$((at + 5000))" "$whole" && tail -c +$((at + 1)) "$whole"; } > "$whole.$i.$suffix"
        expect_damage "$file with bytes twice at $i/12" "$whole.$i.$suffix" 100
    done
}

# Some containers are tried twice, since the demuxer depends on the codec or the layout.
each try << 'END'
plain.mp4 marked -c:v libx264 -preset ultrafast -g 25 -c:a aac -movflags +faststart
fragments.mp4 marked -c:v libx264 -preset ultrafast -g 25 -c:a aac -movflags frag_keyframe+empty_moov
indexed.mp4 marked -c:v libx264 -preset ultrafast -g 25 -c:a aac -movflags +dash+frag_keyframe
plain.mkv marked -c:v libx264 -preset ultrafast -g 25 -c:a aac
plain.webm marked -c:v libvpx -deadline realtime -cpu-used 8 -g 25 -c:a libvorbis
plain.avi marked -c:v mpeg4 -g 25 -c:a libmp3lame
pictures.avi marked -c:v mjpeg -c:a pcm_s16le
plain.flv marked -c:v flv -g 25 -c:a libmp3lame -ar 44100
h264.flv marked -c:v libx264 -preset ultrafast -g 25 -c:a aac
plain.wmv marked -c:v wmv2 -g 25 -c:a wmav2
plain.rm marked -c:v rv10 -s 176x144 -c:a ac3
plain.ogv marked -c:v libtheora -g 25 -c:a libvorbis
plain.mxf marked -c:v mpeg2video -c:a pcm_s16le -ar 48000
plain.ts unmarked -c:v mpeg2video -g 12 -c:a mp2
plain.gif marked -c:v gif -an
plain.apng marked -c:v apng -an -f apng
plain.nut unmarked -c:v mpeg4 -g 25 -c:a libmp3lame
plain.ivf marked -c:v libvpx -deadline realtime -cpu-used 8 -an
END

# Demuxers that fail at the end of whole files, too.
row_of_packets() {
    local -r whole=$work/row.$1
    make "row.$1" "${@:2}" || { skip "row.$1" "this FFmpeg does not make it"; return; }
    head -c -20 "$whole" > "$work/cut.$1"
    verdict "a $1 file is whole" "$([ "$(result "$whole")" = "0 100" ] || result "$whole")"
    local -r cut=$(result "$work/cut.$1")
    verdict "a $1 file without its last bytes" "$([ "${cut% *}" = 4 ] || echo "exit code and frames $cut")"
    cp "$work/cut.$1" "$whole.cut.$1"
    piped "row.$1" "$1"
}
row_of_packets gxf -s 720x576 -c:v mpeg2video -g 1 -c:a pcm_s16le -ar 48000 -ac 1
row_of_packets roq -s 256x128 -vf setpts=N/30/TB -r 30 -c:v roqvideo -c:a roq_dpcm -ar 22050

# Units of AV1 by itself.
make row.obu -an -c:v libsvtav1 -preset 10 2> "$said"
head -c -20 "$work/row.obu" > "$work/cut.obu"
verdict "an obu file, whole and without its last bytes" "$(codes="$(copied "$work/row.obu") $(copied "$work/cut.obu")"
    [ "$codes" = '0 4' ] || echo "exit codes $codes")"
cp "$work/cut.obu" "$work/row.obu.cut.obu"
piped row.obu obu

# Packets that no decoder and no parser checks.
make row.nut -c:v ffv1 -level 1 -c:a pcm_s16le
head -c -9000 "$work/row.nut" > "$work/row.nut.cut.nut"
piped row.nut nut
make probed.nut -t 0.4 -c:v rawvideo -pix_fmt yuv420p -an
verdict "a nut file that is read to its end while it is probed" "$([ "$(result "$work/probed.nut")" = "0 10" ] || result "$work/probed.nut")"

# A part of the packets is gone in silence; its header tells how many there were.
make row.avi -c:v rawvideo -pix_fmt yuv420p -c:a pcm_s16le
chunk() { grep -abo 00dc "$work/row.avi" | sed -n "$1s/:.*//p"; }
{ head -c "$(chunk 40)" "$work/row.avi" && head -c $(($(chunk 50) - $(chunk 40))) /dev/zero &&
    tail -c +$(($(chunk 50) + 1)) "$work/row.avi"; } > "$work/row.avi.cut.avi"
piped row.avi avi
verdict "an avi file copied, whole and with zeros for a part" \
    "$(codes="$(copied "$work/row.avi") $(copied "$work/row.avi.cut.avi")"; [ "$codes" = '0 4' ] || echo "exit codes $codes")"

# Writers into a pipe leave numbers beyond all in the header: they promise nothing, and frames can be counted.
written_into_a_pipe() {
    local got
    make plain.avi -c:v mjpeg -an
    make plain.ivf -c:v libvpx -deadline realtime -cpu-used 8 -an
    make plain.swf -c:v flv -an
    for suffix in avi ivf swf; do
        ffmpeg -nostdin -v error -i "$work/plain.$suffix" -c copy -copyinkf -f "$suffix" - | cat > "$work/written.$suffix"
        got=$(result "$work/written.$suffix")
        verdict "$suffix that was written into a pipe is whole" "$([ "$got" = '0 100' ] || echo "$got")"
        reel --overwrite --filter reverse --codec rawvideo -o "$work/reversed.avi" "$work/written.$suffix"
        verdict "$suffix that was written into a pipe, reversed" "$([ "$(frames "$work/reversed.avi")" = 100 ] || said_last)"
    done
}
written_into_a_pipe

# Half of the ticks of such a file have an empty packet, also the last one.
make ticks.mp4 -c:v libx264 -preset ultrafast -an
ffmpeg -nostdin -v error -i "$work/ticks.mp4" -c copy "$work/ticks.avi"
cut_at_packet "$work/ticks.avi" avi
piped ticks.avi avi

# In a pipe nothing but the packet itself tells how long the last one is.
make whole.mxf -s 1280x720 -t 0.4 -pix_fmt yuv422p -c:v dnxhd -b:v 60M -c:a pcm_s16le -ar 48000
head -c -100000 "$work/whole.mxf" > "$work/whole.mxf.cut.mxf"
piped whole.mxf mxf

# lost_fragment: zeros over the head of a fragment in the middle.
fragmented='-c:v libx264 -preset ultrafast -g 25 -c:a aac -movflags frag_keyframe+empty_moov'
lost_fragment() {
    local -r whole=$work/fragments.mp4
    local at
    # shellcheck disable=SC2086 # options are words
    make fragments.mp4 $fragmented
    at=$(grep -abo moof "$whole" | sed -n '3s/:.*//p')
    { head -c $((at - 4)) "$whole" && head -c 3000 /dev/zero && tail -c +$((at + 2997)) "$whole"; } > "$work/lost.mp4"
    verdict "a fragment of an MP4 is zeros" "$(got=$(result "$work/lost.mp4"); [ "${got% *}" = 4 ] || echo "$got")"
    { cat "$whole" && head -c 3000 /dev/zero; } > "$work/filled.mp4"
    verdict "zeros behind the last fragment are no loss" "$(got=$(result "$work/filled.mp4"); [ "$got" = '0 100' ] || echo "$got")"
}
lost_fragment

# The header of an animation says how many pictures there are; that of a Flash file, how many bytes.
missing_picture() {
    local size position
    make plain.apng -c:v apng -an -f apng
    IFS=, read -r size position < <(ffprobe -v quiet -show_entries packet=size,pos -of csv=p=0 "$work/plain.apng" | sed -n 50p)
    { head -c "$position" "$work/plain.apng" && tail -c +$((position + size + 1)) "$work/plain.apng"; } > "$work/fewer.apng"
    verdict "an APNG without one of its pictures" "$(got=$(result "$work/fewer.apng"); [ "${got% *}" = 4 ] || echo "$got")"
    make plain.swf -c:v flv -an
    cut_at_packet "$work/plain.swf" swf
    verdict "a Flash file is whole" "$(got=$(result "$work/plain.swf"); [ "$got" = '0 100' ] || echo "$got")"
    verdict "a Flash file is cut" "$(got=$(result "$work/plain.swf.cut.swf"); [ "${got% *}" = 4 ] || echo "$got")"
}
missing_picture

# Frames of one size that follow each other: only a part of the last one tells that there were more.
part_of_a_frame() {
    local -r whole=$work/raw.$1
    make "raw.$1" "${@:2}" || { skip "raw.$1" "this FFmpeg does not make it"; return; }
    head -c "$(($(stat -c %s "$whole") * 193 / 200))" "$whole" > "$whole.cut.$1"
    verdict "raw.$1 is whole" "$([ "$(result "$whole")" = "0 100" ] || result "$whole")"
    local -r cut=$(result "$whole.cut.$1")
    verdict "raw.$1 cut within a frame" "$([ "${cut% *}" = 4 ] || echo "exit code and frames $cut")"
    piped "raw.$1" "$1"
}
part_of_a_frame y4m -an -pix_fmt yuv420p
part_of_a_frame dv -s 720x576 -pix_fmt yuv420p -ar 48000 -ac 2

# Sound of a further file that was cut is told of under that file's name.
make music.mkv -vn -c:a flac
head -c 60000 "$work/music.mkv" > "$work/music.cut.mkv"
make plain.mp4 -c:v libx264 -preset ultrafast -g 25 -c:a aac -movflags +faststart
further() {
    reel --overwrite --quiet "$@" --map 0:v --map 1:a --input "$work/music.cut.mkv" -o "$work/further.mkv" "$work/plain.mp4"
    verdict "a further file is damaged: $*" "$([ $? = 4 ] && grep -q 'music.cut.mkv: the input is damaged' "$said" || cat "$said")"
}
further --codec copy
further --filter hflip --codec rawvideo

# ---- from a pipe

pipes() {
    make index-last.mp4 -c:v libx264 -preset ultrafast -c:a aac -t 1
    cat "$work/index-last.mp4" | timeout "$limit" "$warpreel" --filter hflip --codec ffv1 -o "$work/short.mkv" - 2> "$said"
    verdict "a short MP4 whose index comes last is whole" "$([ "$(frames "$work/short.mkv")" = 25 ] || said_last)"
    make index-last.mp4 -c:v libx264 -qp 0 -preset ultrafast -c:a pcm_s16le -f mov
    timeout "$limit" "$warpreel" --filter hflip --codec ffv1 -o "$work/piped.mkv" - \
        < <(cat "$work/index-last.mp4") 2> "$said"
    verdict "an MP4 whose index comes too late says so" "$(grep -q 'the index of this MP4 is at its end' "$said" || said_last)"
    local got=0
    head -c 60000 "$work/plain.mp4" | timeout "$limit" "$warpreel" --filter hflip --codec ffv1 -o "$work/piped.mkv" - \
        2> "$said" || got=$?
    verdict "an MP4 that ends too early in a pipe" "$([ $got = 4 ] || echo "exit code $got: $(said_last)")"
    cat "$work/fragments.mp4" | timeout "$limit" "$warpreel" --filter hflip --codec ffv1 -y -o "$work/piped.mkv" - 2> "$said"
    verdict "a fragmented MP4 in a pipe" "$([ "$(frames "$work/piped.mkv")" = 100 ] || said_last)"
}

# A stream that begins in a later fragment is there.
late() {
    ffmpeg -nostdin -v error -y -f lavfi -i testsrc2=size=160x120:rate=25:duration=20 -itsoffset 12 -f lavfi \
        -i sine=duration=8 -c:v libx264 -preset ultrafast -g 25 -c:a aac -movflags frag_keyframe+empty_moov "$work/late.mp4"
    cat "$work/late.mp4" | timeout "$limit" "$warpreel" --filter hflip -o "$work/late.out.mp4" - 2> "$said"
    local -r packets=$(ffprobe -v quiet -select_streams a -count_packets -show_entries stream=nb_read_packets \
        -of csv=p=0 "$work/late.out.mp4")
    verdict "sound that begins in a later fragment" "$([ "${packets:-0}" -gt 300 ] || echo "${packets:-0} packets: $(said_last)")"
}

# A packet that claims a gigabyte: as the others of the file, it is damage and no lack of memory.
claims() {
    make plain.ivf -an -c:v libvpx -deadline realtime -cpu-used 8
    local -r file=$work/claim.ivf size=$(stat -c %s "$work/plain.ivf")
    local -r at=$(ffprobe -v quiet -show_entries packet=pos -of csv=p=0 "$work/plain.ivf" | sed -n 61p | tr -d ,)
    # A packet begins with its size, in four bytes.
    { head -c $((at)) "$work/plain.ivf" && printf '\xff\xff\xff\x3f' && tail -c +$((at + 5)) "$work/plain.ivf"; } > "$file"
    [ "$size" = "$(stat -c %s "$file")" ] || fail "a packet that claims a gigabyte" "it was not made"
    local -r result=$(result "$file")
    verdict "a packet that claims a gigabyte" "$([ "${result% *}" = 4 ] && [ "${result#* }" -ge 60 ] || echo "exit code and frames $result: $(said_last)")"
}

# Twice the same file gives the same number of frames, wherever it is damaged.
repeats() {
    local at first second
    make twice.mkv -c:v libx264 -preset ultrafast -g 25 -c:a aac
    local -r size=$(stat -c %s "$work/twice.mkv")
    for at in 2 4 6 8 10; do
        { head -c $((size * at / 12)) "$work/twice.mkv" && tail -c +$((size * at / 12 + 2000)) "$work/twice.mkv"; } > "$work/torn.mkv"
        first=$(result "$work/torn.mkv")
        second=$(result "$work/torn.mkv")
        verdict "a file torn at $at/12, twice" "$([ "$first" = "$second" ] || echo "$first and $second")"
    done
}

# Files that stand one behind the other lack nothing. A hole at the same place is damage.
joined() {
    make part.ts -c:v libx264 -preset ultrafast -c:a mp2
    local -r part=$work/part.ts
    local -r middle=$(($(stat -c %s "$part") / 376 * 188))
    cat "$part" "$part" > "$work/joined.ts"
    verdict "two files, one behind the other" "$(got=$(result "$work/joined.ts"); [ "$got" = '0 200' ] || echo "$got")"
    verdict "two files, copied" "$(got=$(copied "$work/joined.ts"); [ "$got" = 0 ] || echo "$got")"
    # Of these the joints are read before anything else is known of the file.
    for seconds in 1 2 3; do
        ffmpeg -nostdin -v error -y -i "$part" -t $seconds -c:v libx264 -preset ultrafast -c:a aac "$work/piece.ts"
        cat "$work/piece.ts" "$work/piece.ts" "$work/piece.ts" > "$work/joined.ts"
        verdict "three files of $seconds s" "$(got=$(result "$work/joined.ts"); [ "${got% *}" = 0 ] || echo "$got")"
    done
    { head -c $middle "$part" && tail -c +$((middle + 18801)) "$part"; } > "$work/hole.ts"
    verdict "a file with a hole" "$(got=$(result "$work/hole.ts"); [ "${got% *}" = 4 ] || echo "$got")"
    { head -c $middle "$part" && cat "$part"; } > "$work/short.ts"
    verdict "a cut file before a whole one" "$(got=$(result "$work/short.ts"); [ "${got% *}" = 4 ] || echo "$got")"
}

# A run that has the frames it wants ends reading, in the middle of a packet as it may be. That is no damage.
ended() {
    local bad=0
    ffmpeg -nostdin -v error -y -f lavfi -i testsrc2=size=1280x720:rate=25:duration=3 -c:v rawvideo "$work/long.nut"
    for _ in $(seq 60); do
        reel --quiet --threads 1 --frames 2 --filter null --format null -o - "$work/long.nut" || bad=$((bad + 1))
    done
    verdict "a run of two frames, 60 times" "$([ $bad = 0 ] || echo "$bad failed")"
}

# places FILE THREADS: in how many it is damaged, when so many threads decode it.
places() {
    reel --quiet --filter hflip --codec rawvideo --format null --input-option threads="$2" --report "$1.json" -o "$1.out" "$1"
    jq .damaged "$1.json"
}

# Bytes that are changed within packets, of which decoders make what they can. The number of such pictures depends
# neither on the run nor on threads.
patched() {
    local size i counts
    make "$1" "${@:2}" -an
    size=$(stat -c %s "$work/$1")
    for i in 2 3 5 7 8; do
        printf '\125\252\063' | dd of="$work/$1" bs=1 seek=$((size * i / 10)) conv=notrunc status=none
    done
    counts=$(for i in 1 4 4 4 2; do places "$work/$1" $i; done | uniq | xargs)
    verdict "damaged places of $1, five times" "$([[ $counts =~ ^[0-9]+$ && $counts -ge 3 ]] || echo "$counts")"
}

patched patched-h264.mkv -c:v libx264 -g 12 -bf 3
patched patched-mpeg4.avi -c:v mpeg4 -g 12 -bf 2
ended
pipes
joined
late
claims
repeats
finish
