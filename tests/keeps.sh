#!/bin/bash
# SPDX-License-Identifier: MIT
# What the output cannot hold is converted or said, whatever encoder and container are asked for: tests/keeps.sh BUILD.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/lib.sh"

ff() { ffmpeg -nostdin -v error -y "$@" < /dev/null; }
shows() { ffprobe -v error -select_streams v:0 -show_entries "stream=$2" -of csv=p=0 "$1" | head -n 1 | tr -d '\n'; }

# Two grays in samples of full range.
ff -f lavfi -i "color=0x303030:s=128x96:r=25:d=0.4,drawbox=0:0:64:96:0xD0D0D0:fill,format=gbrp,scale=out_range=pc:out_color_matrix=bt709,format=yuvj420p" \
    -color_range pc -colorspace bt709 -color_primaries bt709 -color_trc bt709 -c:v libx264 -qp 0 "$work/full.mp4"
ff -f lavfi -i testsrc2=s=96x64:r=25:d=2 -f lavfi -i sine=d=2:r=48000 -c:v mpeg4 -c:a ac3 -bf 0 "$work/plain.mp4"
ff -itsoffset 0 -i "$work/plain.mp4" -itsoffset 1 -i "$work/plain.mp4" -map 0:v -map 1:a -c copy "$work/late.mkv"
ff -i "$work/plain.mp4" -c copy -metadata title=Film -metadata:s:a language=spa -timecode 01:00:00:00 "$work/marked.mov"
ff -i "$work/late.mkv" -c:v copy -c:a pcm_s16le "$work/late-pcm.mkv"
ff -f lavfi -i testsrc2=s=96x64:r=25:d=1,setparams=colorspace=bt2020nc:color_primaries=bt2020:color_trc=smpte2084 \
    -c:v ffv1 -colorspace bt2020nc -color_primaries bt2020 -color_trc smpte2084 -pix_fmt yuv420p10le "$work/hdr.mkv"
ff -f lavfi -i "testsrc2=s=96x64:r=60:d=6,select='not(between(t,1,2))*not(mod(n,2)*lt(t,4))',settb=1/1000" \
    -fps_mode passthrough -enc_time_base 1/1000 -c:v ffv1 "$work/variable.mkv"
ff -f lavfi -i testsrc2=s=96x64:r=25:d=1 -f lavfi -i sine=d=1:r=48000 -c:v libvpx -c:a libopus "$work/0.webm"
ff -f lavfi -i testsrc2=s=320x180:r=25:d=0.4 -pix_fmt yuv420p -c:v libx265 -x265-params log-level=none -tag:v hvc1 \
    "$work/phone.mov"

# grays ENCODER SUFFIX OPTIONS...: as any player of FFmpeg's family shows them.
seen() {
    ffmpeg -nostdin -v error -i "$1" -vf scale=in_color_matrix=bt709,format=gray -frames:v 1 -f rawvideo - |
        od -An -v -tu1 -w128 | sed -n 40p | awk '{ print $20, $110 }'
}
grays() {
    read -r codec suffix options <<< "$1"
    local -r made=$work/full.$codec.$suffix
    local reason=''
    # shellcheck disable=SC2086 # several options
    if ! reel -f hflip,hflip "$work/full.mp4" --codec "$codec" $options -o "$made"; then
        reason=$(said_last)
    else
        reason=$(echo "$(seen "$work/full.mp4") $(seen "$made")" |
            awk '$1 - $3 > 3 || $3 - $1 > 3 || $2 - $4 > 3 || $4 - $2 > 3 || NF != 4 { print "grays are " $0 }')
    fi
    verdict "full range: $1" "$reason"
}
each grays << END
prores_ks mov --pix-fmt yuv422p10
mpeg4 avi
ffv1 avi
ffv1 mkv
ffv1 nut
mpeg2video mpg
libvpx webm
libtheora ogv
libx264 mp4
END

# told WORDS OPTIONS...: a loss is said in spite of -q, and nothing else. said does the same for pictures that are
# encoded.
told() {
    reel -q -y "${@:2}"
    verdict "${1:-nothing is said}: ${*: -1}" "$([ $? = 0 ] &&
        { [ -n "$1" ] && grep -q "$1" "$said" || { [ -z "$1" ] && [ ! -s "$said" ]; }; } || said_last)"
}
said() { told "$1" -f negate "${@:2}"; }
said "does not keep .*\(matrix bt2020nc\|transfer smpte2084\)" "$work/hdr.mkv" --codec ffv1 -o "$work/hdr.avi"
said "" "$work/hdr.mkv" --codec ffv1 -o "$work/hdr2.mkv"
said "stream 1 is \(0.99[0-9]\|1.000\) s early against the pictures" "$work/late.mkv" -o "$work/late.avi"
said "" "$work/late-pcm.mkv" -o "$work/late-pcm.avi"
said "" "$work/late.mkv" -o "$work/late.mp4"
said "" "$work/plain.mp4" -o "$work/plain.mkv"
said "" "$work/plain.mp4" -o "$work/plain.avi"
said "stream 1: avi does not keep its language spa" "$work/marked.mov" -o "$work/marked.avi"
said "avi with mpeg4 does not keep .*time code 01:00:00:00" "$work/marked.mov" -o "$work/marked2.avi"
said "" "$work/marked.mov" -o "$work/marked.mkv"
outcome "PCX in MPEG-TS, which nobody could read, is refused" 2 'nothing could read the pictures of pcx in mpegts' -- \
    -q -f negate "$work/plain.mp4" --codec pcx --pix-fmt rgb24 -o "$work/pcx.ts"
outcome "raw frames in MPEG-TS, which nobody could read, are refused" 2 'nothing could read the pictures of rawvideo in mpegts' -- \
    -y -f negate "$work/plain.mp4" --codec rawvideo -o "$work/raw.ts"
outcome "H.263 on a DVD, which readers take for something else, is refused" 2 'nothing could read the pictures of h263 in dvd' -- \
    -q "$work/plain.mp4" -f scale=176:144 --codec h263 --pix-fmt yuv420p --format dvd -o "$work/h263.dvd"
outcome "nobody reads what a server of ASF sends" 0 'FFmpeg cannot read asf_stream with mpeg1video again' -- \
    -q -f negate "$work/plain.mp4" --codec mpeg1video --format asf_stream -o "$work/sent.asf"
outcome "16 bits with alpha in APNG" 0 'may not show the pictures after the first of apng in rgba64be' -- \
    -q -f negate "$work/plain.mp4" --pix-fmt rgba64be -o "$work/deep.apng"
# FFV1 names these formats behind 32 others; a newer one takes the first as it is.
outcome "gray of 14 bits stays gray" 0 'gray1[46]le, ffv1' -- \
    -y -f format=gray14 "$work/plain.mp4" --codec ffv1 -o "$work/gray.mkv"
outcome "gray of 16 bits with alpha keeps its range" 0 'the pictures are converted to gbrap16le' -- \
    -y -f format=ya16 "$work/plain.mp4" --codec ffv1 -o "$work/gray-alpha.mkv"
outcome "raw frames into a pipe are the business of whoever reads them" 0 -- \
    -q -f negate "$work/plain.mp4" --codec rawvideo --pix-fmt rgb24 --format image2pipe -o "$work/raw"
ff -i "$work/plain.mp4" -an -vf setpts=N/TB*1001/24000 -r 24000/1001 -c:v ffv1 "$work/film.mkv"
said "mjpeg with mjpeg does not keep the times of frames" "$work/film.mkv" -o "$work/film.mjpeg"
said "film_cpk with cinepak does not keep the times of frames" "$work/film.mkv" --pix-fmt rgb24 --codec cinepak --format film_cpk -o "$work/film.cpk"
said "" "$work/film.mkv" -o "$work/film.h264"
reel -q -y -f negate "$work/plain.mp4" -o "$work/plain.mjpeg"
verdict "25 frames a second are what readers of bare MJPEG expect" "$(grep 'times of frames' "$said")"
ff -f lavfi -i testsrc2=s=96x64:r=120:d=1 -c:v ffv1 "$work/fast.mkv"
said "mpeg2video does not know 120 frames a second: the output has 60" "$work/fast.mkv" --codec mpeg2video -o "$work/fast.ts"
verdict "silence takes the place of a late start" "$(ffmpeg -nostdin -hide_banner -i "$work/late-pcm.avi" -map 0:a \
    -af silencedetect=d=0.5 -f null - 2>&1 | sed -n 's/.*silence_end: \([0-9.]*\).*/\1/p' | head -n 1 |
    awk '{ n++ } $1 < 0.97 || $1 > 1.03 { print "sound begins at " $1 } END { if (!n) print "no silence" }')"

# Languages that MOV knows in one spelling only.
ff -i "$work/plain.mp4" -c copy -metadata:s language=deu "$work/german.mkv"
told "" "$work/german.mkv" --codec copy -o "$work/german.mov"
said "" "$work/german.mkv" -o "$work/german2.mov"
for made in german german2; do
    verdict "deu stays in $made.mov" "$(ffprobe -v error -show_entries stream_tags=language -of csv=p=0 "$work/$made.mov" |
        tr -d , | grep -vx ger)"
done

# What is copied is tried out, too, and each part of a video.
told "stream 1: avi does not keep its language spa" "$work/marked.mov" --codec copy -o "$work/marked-copy.avi"
told "avi with copied video does not keep time code 01:00:00:00" "$work/marked.mov" --codec copy -o "$work/marked-copy2.avi"
told "" "$work/marked.mov" --codec copy -o "$work/marked-copy.mkv"
told "avi with copied video does not keep .*transfer smpte2084" "$work/hdr.mkv" --codec copy -o "$work/hdr-copy.avi"
told "stream 1 is \(0.99[0-9]\|1.000\) s early against the pictures" "$work/late.mkv" --codec copy -o "$work/late-copy.avi"
told "" "$work/late.mkv" --codec copy -o "$work/late-copy.mp4"
told "" "$work/plain.mp4" --codec copy -o "$work/plain-copy.ts"
ff -i "$work/plain.mp4" -c:v libx264 -bf 0 -c:a copy "$work/lengths.mp4"
told "" "$work/lengths.mp4" --codec copy -o "$work/start-codes.avi"
verdict "copied H.264 gets AVI's start codes" "$([ "$(hashes "$work/start-codes.avi" -map 0:v)" = "$(hashes "$work/lengths.mp4" -map 0:v)" ] ||
    echo "the pictures differ")"
# reads FILE WANT-OF-PICTURES: as many pictures as the source has, and sound from end to end, without an error.
reads() {
    local -r heard=$(ffmpeg -nostdin -v error -i "$1" -map 0:a -f null - 2>&1 | grep -v 'monoton\|repeated' | head -n 1)
    [ "$(frames "$1")" = "$2" ] || echo "$(frames "$1") pictures instead of $2"
    echo "$heard"
}
# Nobody finds the headers of MPEG-4 and H.264 in MPEG's containers, but in packets. Sound in a codec that a reader
# knows need not be readable for that.
ff -i "$work/plain.mp4" -c:v copy -c:a wmav2 "$work/wma.mkv"
ff -i "$work/plain.mp4" -c:v copy -c:a flac "$work/flac-copy.mkv"
while read -r source suffix words; do
    told "$words" "$work/$source" --codec copy -o "$work/read.$suffix"
    verdict "a copy of $source can be read: $suffix" "$(reads "$work/read.$suffix" 50)"
done << END
lengths.mp4 mpg
lengths.mp4 vob
plain.mp4 mpg
plain.mp4 ts
wma.mkv nut
flac-copy.mkv avi
END
outcome "a copy that nobody could read is refused" 2 'nothing could read the pictures \(mpeg4\) in flv' -- \
    -q --codec copy "$work/plain.mp4" -o "$work/read.flv"
ff -i "$work/plain.mp4" -i "$work/plain.mp4" -map 0:v -map 1 -c copy "$work/two.mp4"
told "" "$work/two.mp4" --map 0 --codec copy -o "$work/two-copy.mp4"
ff -i "$work/plain.mp4" -c:v mpeg4 -c:a flac "$work/flac.mkv"
reel -y "$work/flac.mkv" --codec copy -o "$work/flac.ts"
verdict "sound that nobody would find in a copy is converted" \
    "$(grep -q 'stream 1 (audio, flac) is converted' "$said" || said_last)"
reel -y "$work/flac.mkv" --no-video -o "$work/flac-alone.ts"
verdict "so it is without pictures" "$(grep -q 'stream [01] (audio, flac) is converted' "$said" || said_last)"
for k in 1 2; do
    told "mpegts with libx264 does not keep .*time code 01:00:00:00" "$work/marked.mov" --codec libx264 --chunk 10 \
        --part $k/2 -o "$work/marked-parts.ts"
done

# The matrix of BT.601 has two names, and decoders of VP8 know one of them.
ff -f lavfi -i testsrc2=s=96x64:r=25:d=1 -pix_fmt yuv420p -c:v ffv1 -colorspace smpte170m "$work/601.mkv"
ff -f lavfi -i testsrc2=s=96x64:r=25:d=1 -pix_fmt yuv420p -c:v ffv1 -colorspace bt709 "$work/709.mkv"
said "" "$work/601.mkv" --codec libvpx -o "$work/601.webm"
said "does not keep colour matrix bt709" "$work/709.mkv" --codec libvpx -o "$work/709.webm"

# A time code counts frames of the output's rate, and begins again after a day.
coded() {
    reel -q -y -f negate "$2" "${@:4}" -o "$work/coded.mov"
    same "time code $1 becomes $3: ${*:4}" "$(ffprobe -v error -select_streams v \
        -show_entries stream_tags=timecode -of default=nk=1:nw=1 "$work/coded.mov")" "$3"
}
ff -f lavfi -i testsrc2=s=96x64:r=50:d=2 -c:v mpeg4 -timecode 23:59:59:40 "$work/coded-50.mov"
ff -f lavfi -i testsrc2=s=96x64:r=30000/1001:d=2 -c:v mpeg4 -timecode '00:00:59;28' "$work/coded-30.mov"
coded 23:59:59:40 "$work/coded-50.mov" 23:59:59:40
coded 23:59:59:40 "$work/coded-50.mov" 23:59:59:20 --rate 25
coded 23:59:59:40 "$work/coded-50.mov" 00:00:00:40 --start 1
coded 23:59:59:40 "$work/coded-50.mov" 00:00:00:20 --start 1 --rate 25
coded 23:59:59:40 "$work/coded-50.mov" 00:00:00:40 --skip 1
coded 23:59:59:40 "$work/coded-50.mov" 00:00:01:15 --start 1 --skip 0.5
coded "00:00:59;28" "$work/coded-30.mov" "00:01:00;15" --start 0.5
coded "00:00:59;28" "$work/coded-30.mov" "00:00:59;56" --rate 60000/1001
coded "00:00:59;28" "$work/coded-30.mov" 00:01:00:00 --rate 25

# The tag by which QuickTime knows what is in a MOV, which depends on size and rate.
known_as() {
    reel -q -y -f "scale=$2,fps=$3" "$work/plain.mp4" --audio none --frames 1 --codec "$4" --pix-fmt "$5" -o "$work/shaped.mov"
    same "tag of $4 $5 $2" "$(shows "$work/shaped.mov" codec_tag_string | tr -d ,)" "$1"
}
known_as 'dvc ' 720:480 30000/1001 dvvideo yuv411p
known_as dv5p 720:576 25 dvvideo yuv422p
known_as xd5a 1280:720 50 mpeg2video yuv422p
known_as m2v1 96:64 25 mpeg2video yuv420p
known_as 2vuy 96:64 25 rawvideo uyvy422
known_as Y42B 96:64 25 rawvideo yuv422p

# It follows the first frame that filters keep, with the sound before it, unless the user sets it.
from_start=setpts=PTS-STARTPTS
ff -i "$work/coded-50.mov" -i "$work/plain.mp4" -map 0:v -map 1:a -c copy -timecode 23:59:59:40 "$work/coded-sound.mov"
coded 23:59:59:40 "$work/coded-sound.mov" 00:00:00:40 -f trim=start=1,$from_start
coded 23:59:59:40 "$work/coded-50.mov" 23:59:59:43 -f "hflip,select=gte(n\\,3),$from_start,negate"
coded 23:59:59:40 "$work/coded-50.mov" 00:00:01:05 -f trim=start=1,$from_start --rate 25 --start 0.4 --frames 5
coded 23:59:59:40 "$work/coded-50.mov" 23:59:59:80 -f fps=100,reverse,reverse
coded 23:59:59:40 "$work/coded-50.mov" 01:00:00:00 -f trim=start=1,$from_start --metadata timecode=01:00:00:00
reel -y -q -f trim=start=1,$from_start "$work/coded-sound.mov" -o "$work/coded.mxf"
same "time code in MXF behind trim" "$(ffprobe -v error -show_entries format_tags=timecode -of default=nk=1:nw=1 \
    "$work/coded.mxf")" 00:00:00:40

# Repeated frames count among those that are asked for.
reel -q -y -f trim=start=0.4 --frames 12 "$work/plain.mp4" -o "$work/twelve.mxf"
same "frames of MXF behind trim" "$(frames "$work/twelve.mxf")" 12
ff -i "$work/plain.mp4" -an -c copy -output_ts_offset 0.2 "$work/begins-late.mkv"
reel -q -y -f hflip --frames 12 "$work/begins-late.mkv" -o "$work/twelve.h264"
same "frames of a video that begins late" "$(frames "$work/twelve.h264")" 12

# JPEG 2000 in MXF has no rate on average.
ff -i "$work/plain.mp4" -an -c:v jpeg2000 "$work/film.mxf"
told "" "$work/film.mxf" --codec copy -o "$work/film2.mxf"

# MXF and DV end their sound with the pictures, and have no times: filters that leave frames out do not move the others.
ff -f lavfi -i testsrc2=s=96x64:r=25:d=1 -i "$work/plain.mp4" -map 0:v -map 1:a -c:v mpeg4 -c:a pcm_s16le "$work/long-sound.mov"
said "mxf ends with its pictures: the last 1.0[0-9]* s of sound are left out" "$work/long-sound.mov" -o "$work/long-sound.mxf"
said "" "$work/long-sound.mov" -f tpad=stop_mode=clone:stop_duration=1 -o "$work/long-sound.mxf"
reel -q -y -f "select=not(between(n\,10\,40))" "$work/plain.mp4" -o "$work/gap.mxf"
same "pictures that a filter leaves out are repeated in MXF" "$(frames "$work/gap.mxf")" 50

# Times.
reel -y -f negate "$work/variable.mkv" -o "$work/variable.avi"
last() {
    ffprobe -v error -select_streams v:0 -show_entries packet=pts_time -of csv=p=0 "$1" | tr -d , | sort -g | tail -n 1
}
verdict "variable rate keeps its times in AVI" "$(awk -v a="$(last "$work/variable.mkv")" \
    -v b="$(last "$work/variable.avi")" 'BEGIN { if (a - b > 0.07 || b - a > 0.07) print "the last frame was at " a ", is at " b }')"
ff -i "$work/variable.mkv" -map 0:v -vf negate -fps_mode cfr -c:v mpeg4 "$work/constant.avi"
verdict "as many are repeated and dropped as by ffmpeg" "$([ "$(frames "$work/variable.avi")" = "$(frames "$work/constant.avi")" ] ||
    echo "$(frames "$work/variable.avi") frames instead of $(frames "$work/constant.avi")")"
verdict "what was repeated and dropped is said" \
    "$(grep -q 'avi counts frames: [0-9]* were repeated and [0-9]* dropped' "$said" || said_last)"
reel -y -f negate "$work/plain.mp4" -o "$work/plain.h264"
verdict "a bare stream has its rate" "$([ "$(shows "$work/plain.h264" avg_frame_rate)" = 25/1 ] ||
    shows "$work/plain.h264" avg_frame_rate)"

# Frames that are encoded out of order have no times in AVI, and ASF has none but decoding times.
for suffix in avi asf; do
    reel -y -f negate "$work/plain.mp4" --codec libx264 -o "$work/order.$suffix"
    verdict "every frame has its time in $suffix" "$([ "$(ffprobe -v error -select_streams v \
        -show_entries frame=best_effort_timestamp_time -of csv=p=0 "$work/order.$suffix" | tr -d , | awk 'NF { n++; sum += $1 != "N/A" && $1 < 0.01 + 0.04 * n }
            END { print n - sum }')" = 0 ] || said_last)"
done
outcome "MPEG-2 in ASF, where only the first frame has a time, is said to lose the others" 0 'does not keep the times of frames' -- \
    -y -f negate "$work/plain.mp4" --codec mpeg2video -o "$work/untimed.asf"
# libx265 knows no decoding times of so few frames.
for frames in 1 2; do
    reel -y -f negate "$work/phone.mov" --frames $frames --codec libx265 -o "$work/few.mp4"
    verdict "libx265 makes a film of $frames" "$([ "$(frames "$work/few.mp4")" = $frames ] || said_last)"
done

# HDR10 lies in the stream itself, where the container has no place for it.
ff -f lavfi -i testsrc2=s=96x64:r=25:d=0.2 -pix_fmt yuv420p10le -c:v libx265 -x265-params \
    "log-level=none:repeat-headers=1:hdr10=1:max-cll=1000,400:master-display=G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,1)" \
    -color_range tv -colorspace bt2020nc -color_primaries bt2020 -color_trc smpte2084 "$work/hdr10.mkv"
hdr10() {
    ffprobe -v error -select_streams v -read_intervals %+#1 -show_frames -of json "$1" |
        jq -c '[.frames[0].side_data_list[] | select(.side_data_type | test("Mastering|light level"))] | sort'
}
for suffix in ts hevc; do
    reel -y -f negate "$work/hdr10.mkv" --codec libx265 -o "$work/hdr10.$suffix"
    verdict "libx265 writes HDR10 into $suffix" \
        "$([ "$(hdr10 "$work/hdr10.$suffix")" = "$(hdr10 "$work/hdr10.mkv")" ] || said_last)"
done

# Pictures that look wrong without their transfer say so with -q, too. So does a bare stream without its times.
told "image2 with png does not keep .*transfer smpte2084" "$work/hdr10.mkv" -f negate --frames 1 -o "$work/hdr%d.png"
told "" "$work/plain.mp4" -f negate --frames 1 -o "$work/plain%d.png"
ff -i "$work/variable.mkv" -map 0:v -fps_mode passthrough -enc_time_base "$(fine_time_base demux)" -c:v libx264 -bf 0 \
    "$work/variable-264.mkv"
told "frames are not equally far apart from [0-9.]* s on, which h264 does not keep" "$work/variable-264.mkv" --codec copy \
    -o "$work/variable.h264"
ff -i "$work/film.mkv" -c:v libx264 "$work/film-264.mkv"
told "" "$work/film-264.mkv" --codec copy -o "$work/film-copy.h264"

# What begins late.
ff -f lavfi -i testsrc2=s=96x64:r=25:d=1 -itsoffset 0.4 -f lavfi -i sine=d=1:r=48000 -c:v mpeg4 -c:a ac3 "$work/ac3.mkv"
reel -y -f negate "$work/ac3.mkv" -o "$work/ac3.mp4"
verdict "AC-3 that begins late is copied" "$(grep -q converted "$said" && said_last)"
ff -itsoffset 0.6 -i "$work/plain.mp4" -i "$work/plain.mp4" -map 0:v -map 1:a -c copy "$work/pictures-late.mkv"
said "the first picture is 0.6[0-9]* s early: avi cannot hold" "$work/pictures-late.mkv" -o "$work/pictures-late.avi"
said "" "$work/pictures-late.mkv" -o "$work/pictures-late.mp4"

starts() { ffprobe -v error -show_entries stream=start_time -of csv=p=0 "$1" | paste -sd , | sed 's/,,*/ /g'; }
said "" "$work/late.mkv" --muxer-option movflags=frag_keyframe+empty_moov --audio aac -o "$work/fragments.mp4"
verdict "fragments of MP4 hold when sound starts" \
    "$(starts "$work/fragments.mp4" | awk '$1 > 0.01 || $2 < 0.95 || $2 > 1.01 { print "they start at " $0 }')"
said "stream 1 is 0.[56][0-9]* s late against the pictures" "$work/pictures-late.mkv" --muxer-option movflags=cmaf --audio aac \
    -o "$work/cmaf.mp4"

# MXF ends pictures with the sound, and counts frames.
ff -f lavfi -i testsrc2=s=96x64:r=25:d=2 -f lavfi -i sine=d=1:r=48000 -c:v mpeg2video -c:a pcm_s16le "$work/half.mov"
for options in "-f negate --codec mpeg2video" "--codec copy"; do
    # shellcheck disable=SC2086 # several options
    reel -q -y $options "$work/half.mov" -o "$work/half.mxf"
    same "sound that ends first goes on in silence: MXF, $options" \
        "$(echo "$(frames "$work/half.mxf") $(shows "$work/half.mxf" avg_frame_rate)" | tr -d ,)" "50 25/1"
done

# How long the last frame is shown.
ff -f lavfi -i testsrc2=s=96x64:r=25:d=0.4 -final_delay 150 "$work/still.gif"
said "does not keep that the last frame lasts 1.5" "$work/still.gif" --pix-fmt yuv420p --codec mpeg4 -o "$work/still.ts"
reel -y -f negate "$work/still.gif" --pix-fmt yuv420p -o "$work/still.mp4"
verdict "MP4 holds how long the last frame lasts" "$(grep -q ' lasts ' "$said" && said_last)"
verdict "a video does not repeat, which is said" "$(grep -q 'repeats: it plays forever' "$said" || said_last)"

gap() {
    local -r a=$(ffprobe -v error -select_streams a -show_entries packet=pts_time -of csv=p=0 "$1" | head -n 1 | tr -d ,)
    local -r v=$(ffprobe -v error -select_streams v -show_entries packet=pts_time -of csv=p=0 "$1" | head -n 1 | tr -d ,)
    awk -v a="$a" -v v="$v" 'BEGIN { print 1000 * (v - a) }'
}
# Pictures that are encoded out of order come later, where all streams begin at once.
for codec in libx264 libx265; do
    reel -q -y -f negate "$work/plain.mp4" --codec $codec -o "$work/$codec.ismv"
    verdict "how far $codec holds pictures back is made good or said" "$(awk -v gap="$(gap "$work/$codec.ismv")" \
        -v said="$(sed -n 's/.*stream 1 is \(0[0-9.]*\) s early.*/\1/p' "$said")" \
        'BEGIN { d = gap - 1000 * said; if (d < -25 || d > 25) print gap " ms, and said " said " s" }')"
done
for n in 1 2 3; do reel -f hflip "$work/$((n - 1)).webm" --codec libvpx -o "$work/$n.webm"; done
verdict "Opus stays in step over generations" "$(awk -v a="$(gap "$work/0.webm")" -v b="$(gap "$work/3.webm")" \
    'BEGIN { if (a - b > 2 || b - a > 2) print a " ms have become " b }')"

# Tags.
reel -y -f hflip "$work/phone.mov" --codec libx265 -o "$work/phone.mp4"
verdict "hvc1 stays" "$([ "$(shows "$work/phone.mp4" codec_tag_string)" = hvc1 ] || shows "$work/phone.mp4" codec_tag_string)"
reel -y -f hflip "$work/phone.mov" --codec libx265 --tag hev1 -o "$work/phone.mp4"
verdict "--tag sets it" "$([ "$(shows "$work/phone.mp4" codec_tag_string)" = hev1 ] || said_last)"
tagged() { reel -y --codec copy "$work/plain.mp4" --tag "$1" -o "$work/tagged.avi" && shows "$work/tagged.avi" codec_tag_string; }
same "a tag may be a number" "$(tagged 0x44495658)" XVID
reel -y -f hflip "$work/phone.mov" --codec libx265 --tag avc1 -o "$work/phone.mp4"
verdict "a tag of another codec is refused" "$([ $? = 2 ] && grep -q 'mp4 has no tag "avc1" for hevc' "$said" || said_last)"
finish
