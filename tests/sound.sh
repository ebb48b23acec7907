#!/bin/bash
# SPDX-License-Identifier: MIT
# Sound and subtitles that a container cannot hold are converted, in step with the pictures; what is lost is said, also
# with -q, and --strict refuses it: tests/sound.sh BUILD.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/lib.sh"

ff() { ffmpeg -nostdin -v error -y "$@"; }
# Sound begins half a second after the pictures; short tones begin every half second of it.
tones="aevalsrc='0.5*sin(2*PI*1000*t)*lt(mod(t+0.25,0.5),0.05)':d=2.5:s=48000,aformat=channel_layouts=stereo"
printf '1\n00:00:00,200 --> 00:00:00,900\nfirst\n\n2\n00:00:01,200 --> 00:00:01,900\n<i>second</i>\nline\n' > "$work/in.srt"
ff -f lavfi -i testsrc2=size=96x64:rate=25:duration=3 -itsoffset 0.5 -f lavfi -i "$tones" -i "$work/in.srt" \
    -map 0 -map 1 -map 2 -c:v ffv1 -g 25 -c:a pcm_s16le -c:s srt -metadata:s:a language=fra "$work/pcm.mkv"
ff -i "$work/pcm.mkv" -map 0 -c copy -c:a flac -c:s ass "$work/flac.mkv"
ff -i "$work/pcm.mkv" -map 0 -c copy -c:a libvorbis -c:s webvtt "$work/vorbis.mkv"
ff -i "$work/pcm.mkv" -map 0 -c:v mpeg4 -c:a aac -c:s mov_text "$work/aac.mp4"
ff -i "$work/pcm.mkv" -map 0:v -map 0:a -c:v mpeg4 -c:a copy "$work/pcm.mov"
ff -f lavfi -i testsrc2=size=96x64:rate=25:duration=1 -f lavfi -i anoisesrc=d=1:r=96000 \
    -filter_complex "[1]aformat=channel_layouts=5.1(side)" -c:v ffv1 -c:a flac "$work/side.mkv"

# When tones begin, counted from the first picture, in milliseconds.
onsets() {
    local -r first=$(ffprobe -v error -select_streams V:0 -show_entries packet=pts_time -of csv=p=0 "$1" |
        tr -d , | sort -g | head -n 1)
    ffmpeg -nostdin -hide_banner -copyts -i "$1" -map 0:a:0 -af silencedetect=noise=-30dB:d=0.1 -f null - 2>&1 |
        sed -n 's/.*silence_end: \([0-9.]*\).*/\1/p' | sed '$d' | awk -v first="$first" '{ print 1000 * ($1 - first) }'
}

codecs() {
    ffprobe -v error -select_streams "$2" -show_entries stream=codec_name -of csv=p=0 "$1" | tr -d , | sort -u | xargs
}

# The text of subtitles with their times.
text() {
    ffmpeg -nostdin -v error -i "$1" -map 0:s:0 -f srt - | sed 's/<[^>]*>//g; s/{[^}]*}//g; s/ *$//' | grep .
}

# converted "SOURCE SUFFIX SOUND TEXT": what becomes of both, "-" where it is not looked at.
converted() {
    local reason=''
    local -r out=$work/$BASHPID.${1##*/}
    read -r source suffix sound text <<< "$1"
    local -r made=$work/$BASHPID.$suffix
    if ! reel -f hflip "$work/$source" -o "$made"; then
        reason=$(said_last)
    elif [ "$(codecs "$made" a)" != "$sound" ]; then
        reason="sound is $(codecs "$made" a)"
    elif [ "$text" != - ] && [ "$(codecs "$made" s)" != "$text" ]; then
        reason="text is $(codecs "$made" s)"
    elif [ "$text" != - ] && ! diff <(text "$work/pcm.mkv") <(text "$made") > /dev/null; then
        reason="another text: $(text "$made" | xargs)"
    else
        reason=$(paste <(onsets "$work/$source") <(onsets "$made") |
            awk '$1 - $2 > 3 || $2 - $1 > 3 || NF < 2 { print "a tone at " $1 " ms is now at " $2 }
                END { if (!NR) print "no tones" }' | head -n 1)
    fi
    verdict "$1" "$reason"
}

# MP4 holds sound that is not compressed since FFmpeg 6.1.
in_mp4=aac
! ff -i "$work/pcm.mkv" -map 0:a -c copy "$work/pcm.mp4" 2> /dev/null || in_mp4=pcm_s16le
each converted << END
pcm.mkv mp4 $in_mp4 mov_text
flac.mkv mov aac mov_text
aac.mp4 mkv aac ass
pcm.mkv flv aac -
aac.mp4 ogv vorbis -
pcm.mkv asf pcm_s16le -
END

# Lossless sound is cut to the sample.
reel -f hflip --audio flac --start 1 --frames 30 "$work/pcm.mov" -o "$work/cut.mkv"
ff -f lavfi -i "$tones,atrim=0.5:1.7" -f s16le "$work/want.raw"
ff -i "$work/cut.mkv" -map 0:a -f s16le "$work/have.raw"
verdict "--start and --frames cut to the sample" \
    "$(cmp "$work/want.raw" "$work/have.raw" 2>&1 || said_last)"
reel -f hflip --start 1 --frames 30 "$work/pcm.mkv" -o "$work/copied.mkv"
verdict "a copy begins with a whole packet" "$(ffprobe -v error -select_streams a -show_entries packet=pts_time \
    -of csv=p=0 "$work/copied.mkv" | sort -g | head -n 1 | awk '$1 < 0 || $1 > 0.05 { print "it begins at " $1 }')"

# Matroska does not say which channels these are: a copy has those that six usually are.
ff -f lavfi -i "anoisesrc=d=0.2,pan=6c|c0=c0|c1=c0|c2=c0|c3=c0|c4=c0|c5=c0" -c:a pcm_s16le "$work/six.mkv"
for suffix in wav mov caf; do
    ff -i "$work/six.mkv" -c copy "$work/six.want.$suffix"
    reel "$work/six.mkv" --audio copy -o "$work/six.$suffix"
    channels() { ffprobe -v error -show_entries stream=channel_layout -of csv=p=0 "$1"; }
    same "unnamed channels in $suffix" "$(channels "$work/six.$suffix")" "$(channels "$work/six.want.$suffix")"
done

# A graph that makes one sound of several gives ffmpeg's samples. ffmpeg is given the sound alone: beside pictures that
# are encoded, it may end too early.
ff -f lavfi -i sine=550:d=1.5:r=48000 -c:a pcm_s16le "$work/short.wav"
ff -f lavfi -i sine=660:d=4:r=48000,aformat=channel_layouts=stereo -c:a pcm_s16le "$work/music.wav"

# heard FILE...: a hash of the samples.
heard() { ffmpeg -nostdin -v error -i "$1" -map 0:a -f hash -hash md5 -; }

# mixed GRAPH
mixed() {
    local reason=''
    local -r made=$work/$BASHPID.mkv want=$work/$BASHPID.wav
    local -r words=(-i "$work/pcm.mkv" -i "$work/short.wav" -i "$work/music.wav" -filter_complex "$1")
    ff "${words[@]}" -map "[a]" -c:a pcm_s16le "$want"
    if ! "$warpreel" "${words[@]}" -map 0:v -map "[a]" -c:a pcm_s16le "$made" < /dev/null 2> "$made.said"; then
        reason=$(tail -n 1 "$made.said")
    elif [ "$(codecs "$made" a)" != pcm_s16le ] || [ "$(heard "$made")" != "$(heard "$want")" ]; then
        reason="other samples"
    fi
    verdict "$1" "$reason"
}
# A sidechain that ends is filled up: without that newer versions of ffmpeg end at another sample from run to run.
each mixed << END
[0:a]volume=0.5[a]
[0:a]volume=0.5,atempo=2[a]
[1:a][2:a]amerge=inputs=2[a]
[0:a][2:a]amerge=inputs=2,pan=stereo|c0=c0+c2|c1=c1+c3[a]
[2:a]volume=0.3[x];[0:a][x]amix=inputs=2:duration=first[a]
[2:a][1:a]amix=inputs=2[a]
[2:a]asplit[x][y];[x]volume=0.2[z];[y][z][1:a]amix=3:dropout_transition=0[a]
[1:a][2:a]concat=n=2:v=0:a=1[a]
[1:a][2:a]acrossfade=d=1[a]
[1:a]adelay=700,apad[x];[2:a][x]sidechaincompress[a]
END

# Inputs of which a part is read give the samples of that part, in ffmpeg's layout of channels.
ff -i "$work/short.wav" -c:a aac "$work/short.m4a"
# parts WORDS: of a line for sound alone.
parts() {
    local -r name=$BASHPID.part
    local words
    eval "words=($1)"
    (cd "$work" && ff "${words[@]}" "$name.want.wav" && "$warpreel" "${words[@]}" "$name.wav") > "$said" 2>&1
    verdict "$1" "$(cmp <(heard "$work/$name.want.wav") <(heard "$work/$name.wav") 2>&1)"
}
each parts << 'END'
-ss 0.3 -i short.m4a -i music.wav -filter_complex "[0:a][1:a]amix=inputs=2:duration=first[a]" -map "[a]"
-i short.m4a -i music.wav -filter_complex "[0:a][1:a]amix=inputs=2:duration=first[a]" -map "[a]"
-t 0.7 -i music.wav -ss 0.31 -i short.wav -filter_complex "[0:a][1:a]amerge[a]" -map "[a]"
-ss 1 -to 1.7 -i music.wav -af aecho
-i music.wav -stream_loop -1 -i short.wav -filter_complex "[1:a]volume=0.3[m];[0:a][m]amix=inputs=2:duration=first[a]" -map "[a]"
-stream_loop -1 -i short.wav -i music.wav -filter_complex "[0:a][1:a]amerge[a]" -map "[a]"
END

# Filters of both pictures and sound give what ffmpeg gives of both. The two clips differ in the length of each.
ff -f lavfi -i testsrc2=size=96x64:rate=25:duration=1.2 -f lavfi -i sine=440:duration=1.5 -c:v mpeg4 \
    -c:a pcm_s16le "$work/one.mov"
ff -f lavfi -i testsrc2=size=96x64:rate=25:duration=1,hflip -f lavfi -i sine=880:duration=0.7 -c:v mpeg4 \
    -c:a pcm_s16le "$work/two, [2];.mov"
ff -i "$work/one.mov" -c:v mpeg2video -c:a aac -output_ts_offset 3 "$work/late.ts"

# both "GRAPH", or "late GRAPH" for a first file whose times begin at 3 s. It makes [v] and [a].
both() {
    local reason=''
    local -r made=$work/$BASHPID.both.mkv want=$work/$BASHPID.want.mkv
    local -r graph=${1#late } first=$([[ $1 == late* ]] && echo late.ts || echo one.mov)
    local -r words=(-i "$work/$first" -i "$work/two, [2];.mov" -filter_complex "$graph" -map "[v]" -map "[a]"
        -c:v ffv1 -c:a pcm_s16le)
    ff "${words[@]}" "$want"
    frames() { ff -i "$1" -map 0:v -fps_mode passthrough -f framemd5 - | grep -v '^#' | cut -d, -f 3-; }
    if ! "$warpreel" "${words[@]}" "$made" < /dev/null 2> "$made.said"; then
        reason=$(tail -n 1 "$made.said")
    elif [ "$(heard "$made")" != "$(heard "$want")" ]; then
        reason="other samples"
    elif [ "$(frames "$made")" != "$(frames "$want")" ]; then
        reason="other pictures"
    fi
    verdict "$1" "$reason"
}
each both << END
[0:v][0:a][1:v][1:a]concat=n=2:v=1:a=1[v][a]
concat=v=1:a=1[v][a]
[1:v:0][1:a:0][0:v:0][0:a:0]concat=n=2:v=1:a=1[v][c];[c]volume=0.5[a]
[0:v]setsar=1[x];[x][0:a][1:v][1:a]concat=n=2:v=1:a=1[y][a];[y]vflip[v]
[0:v]trim=0:0.4,setpts=PTS-STARTPTS[p];[0:a]atrim=0:0.4,asetpts=PTS-STARTPTS[q];[0:v]trim=0.8:1,setpts=PTS-STARTPTS[r];[0:a]atrim=0.8:1,asetpts=PTS-STARTPTS[s];[p][q][r][s]concat=n=2:v=1:a=1[v][a]
late [0:v][0:a][1:v][1:a]concat=n=2:v=1:a=1[v][a]
[0:a]showvolume=w=96:h=20,format=gray[v];[1:a]volume=0.5[a]
END

# With --shortest, sound that is read ahead does not keep other sound from being written.
reel -q --codec ffv1 --audio pcm_s16le --map 0:v --map 0:a --map 1:a --shortest "$work/pcm.mkv" --input "$work/music.wav" -o "$work/ahead.mkv"
verdict "--shortest writes two sounds up to the end" "$(ff -i "$work/pcm.mkv" -map 0:a -f s16le "$work/want.raw"
    ff -i "$work/ahead.mkv" -map 0:a:0 -f s16le "$work/have.raw"
    cmp "$work/want.raw" "$work/have.raw" 2>&1 || said_last)"

# asked CHOICE CODEC RATE CHANNELS
asked() {
    local -r out=$work/asked.mkv
    rm -f "$out"
    reel -f hflip --audio "$1" "$work/aac.mp4" -o "$out"
    local -r have=$(ffprobe -v error -select_streams a -show_entries stream=codec_name,sample_rate,channels \
        -of csv=p=0 "$out")
    verdict "--audio $1" "$([ "$have" = "$2" ] || echo "$have; $(said_last)")"
}
asked copy aac,48000,2
asked none ""
asked opus opus,48000,2
asked aac:b=64k:ar=22050:ac=1 aac,22050,1
asked flac flac,48000,2

# The rate is the filters' own. loudnorm gives that at which it looks for peaks.
for case in 44100:aresample=44100 32000:aformat=sample_rates=32000 192000:loudnorm 96000:loudnorm,aresample=96000; do
    reel --overwrite --audio-filter "${case#*:}" "$work/aac.mp4" -o "$work/rate.wav"
    same "the rate behind ${case#*:}" \
        "$(ffprobe -v error -show_entries stream=sample_rate -of csv=p=0 "$work/rate.wav")" "${case%%:*}"
done

# refused SENTENCE CODE OPTIONS...
refused() {
    reel -y -f hflip "${@:3}"
    local -r code=$?
    verdict "$1" "$([ $code = "$2" ] && grep -qF -- "$1" "$said" || echo "exit $code: $(said_last)")"
}
refused 'unknown codec "opuss"' 2 --audio opuss "$work/aac.mp4" -o "$work/no.mkv"
refused 'encoder aac has no option "nothing"' 2 --audio aac:nothing=1 "$work/aac.mp4" -o "$work/no.mkv"
refused 'encoder aac does not take "much" for its option b' 2 --audio aac:b=much "$work/aac.mp4" -o "$work/no.mkv"
refused 'webm cannot hold aac sound' 2 --audio aac "$work/aac.mp4" -o "$work/no.webm"
refused 'codec libx264 is not an audio encoder' 2 --audio libx264 "$work/aac.mp4" -o "$work/no.mkv"

# What graphs cannot make of sound.
# unmade SENTENCE WORDS...
unmade() {
    "$warpreel" -i "$work/pcm.mkv" -i "$work/short.wav" "${@:2}" -y "$work/unmade.mkv" < /dev/null 2> "$said"
    local -r code=$?
    verdict "$1" "$([ $code = 2 ] && [ ! -e "$work/unmade.mkv" ] && grep -qF -- "$1" "$said" || echo "exit $code: $(said_last)")"
}
unmade 'sound that is copied cannot be filtered by "volume"' -filter_complex "[0:a]volume=2[a]" -map 0:v -map "[a]" -c:a copy
unmade 'is repeated without end: the output needs one' -stream_loop -1 -i "$work/short.wav" -filter_complex "[1:a][2:a]amix=duration=longest[a]" -map 0:v -map "[a]"
unmade 'is repeated without end: the output needs one' -stream_loop -1 -i "$work/pcm.mkv" -filter_complex "[0:v][2:v]overlay[v]" -map "[v]"
unmade 'map "[b]": the chain makes nothing of this label' -filter_complex "[0:a]volume=2[a]" -map 0:v -map "[a]" -map "[b]"
unmade '[a]: no map names this sound, which the chain makes' -filter_complex "[0:a]volume=2[a]" -map 0:v
unmade 'is not possible where the video is copied' -filter_complex "[0:v]hflip[v];[0:a]volume=2[a]" -map "[v]" -map "[a]" -c:v copy
unmade 'volume: there is no sound [0:a:3]' -filter_complex "[0:a:3]volume=2[a]" -map 0:v -map "[a]"
unmade 'amix: an input has no label, and no sound is left for it' -filter_complex "amix=3[a]" -map 0:v -map "[a]"
unmade 'concat: an input has no label, and no pictures are left for it' -filter_complex "[0:v][0:a]concat=n=3:v=1:a=1"
unmade 'the chain filters sound, and so does "volume=3"' -filter_complex "[0:a]volume=2" -af volume=3

ff -i "$work/one.mov" -an -c copy "$work/silent.mkv"
refused 'silent.mkv has no sound, which the chain takes' 2 -f "[0:a]showwaves[v]" "$work/silent.mkv" -o "$work/no.mkv"
verdict "a pipe cannot be read twice" "$("$warpreel" -f "[0:a]showwaves[v]" - -o "$work/no.mkv" < "$work/one.mov" 2> "$said"
    [ $? = 2 ] && grep -q 'read twice; a pipe cannot be' "$said" || said_last)"

# Our own lines take the same graphs; what is mixed is in the report.
reel -q --filter "hflip;[0:a][1:a]amix[a]" "$work/pcm.mkv" --input "$work/short.wav" -o "$work/own.mkv" --report "$work/own.json"
verdict "--filter mixes sounds" "$([ $? = 0 ] && [ "$(codecs "$work/own.mkv" a)" = vorbis ] || said_last)"
verdict "the report says what is mixed" "$(jq -r '[.streams[] | select(.type == "audio").action] |
    if . == ["converted", "mixed"] then empty else tostring end' "$work/own.json")"

# Losses.
refused "stream 2 (subtitle, mov_text) is left out: avi cannot hold it" 0 -q "$work/aac.mp4" -o "$work/lost.avi" \
    --report "$work/lost.json"
verdict "the report lists losses" "$(jq -r 'if (.losses | length == 3 and any(startswith("stream 2 (subtitle, mov_text)"))
    and any(test("^stream 1 is 0.47[89] s early")) and any(. == "stream 1: avi does not keep its language fra")) then empty else .losses | tostring end' "$work/lost.json")"
refused "no.avi was not written, since it would lose something" 1 --strict "$work/aac.mp4" -o "$work/no.avi"
refused "no.webm was not written, since it would lose something: stream 1 (audio, aac) is left out" 1 --strict \
    --audio copy "$work/aac.mp4" -o "$work/no.webm"
verdict "--strict leaves nothing" "$(ls -A "$work" | grep '^\.\?no\.')"
reel --strict -f hflip "$work/aac.mp4" -o "$work/kept.mov" -q
verdict "--strict takes what loses nothing" "$([ $? = 0 ] && [ ! -s "$said" ] || said_last)"

# An encoder fills up the last frame, and with newer FFmpeg says where the sound ends in it.
same_length() {
    local -r program=(ffmpeg "$warpreel")
    local n
    for n in 0 1; do
        "${program[n]}" -nostdin -v error -y -i "$work/odd.wav" -c:a ac3 "$work/odd$n.mka" < /dev/null
        ffmpeg -nostdin -v error -i "$work/odd$n.mka" -f s16le - | wc -c
    done | uniq | sed -n '2s/^/other than ffmpeg: /p'
}
ff -f lavfi -i anoisesrc=d=1.01 "$work/odd.wav"
verdict "sound ends where ffmpeg ends it" "$(same_length)"

# More channels than one encoder takes make another one be chosen, and a rate that none takes is said.
reel -q -f hflip "$work/side.mkv" -o "$work/side.mpg"
verdict "5.1 channels stay" "$([ "$(ffprobe -v error -select_streams a -show_entries stream=codec_name,channels -of csv=p=0 \
    "$work/side.mpg" | head -n 1 | cut -d , -f 1,2)" = ac3,6 ] || said_last)"
verdict "a lower rate is said" "$(grep -q "goes from 96000 to 48000 Hz" "$said" || said_last)"
reel -q -f hflip --audio opus "$work/side.mkv" -o "$work/side.webm"
verdict "5.1(side) becomes Opus" "$([ "$(ffprobe -v error -select_streams a -show_entries stream=codec_name,channels \
    -of csv=p=0 "$work/side.webm")" = opus,6 ] || said_last)"
finish
