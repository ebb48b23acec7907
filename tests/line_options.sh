#!/bin/bash
# SPDX-License-Identifier: MIT
# Options of ffmpeg's lines that steer encoders and packets do here what they do there: tests/line_options.sh BUILD.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/lines_lib.sh
. "$tests/lines_lib.sh"
(make_inputs) || exit

# ---- key frames

# keys FILE: when its key frames are shown.
keys() {
    ffprobe -v error -select_streams v:0 -of csv=p=0 -show_entries packet=pts_time,flags "$1" |
        sed -n 's/^\([0-9.]*\),K.*/\1/p'
}

compare_keys() {
    local -r mine=$(made "$1" "$3") want=$(made "$2" "$3")
    keys "$mine" > "$1.keys"
    keys "$want" > "$2.keys"
    [ "$(wc -l < "$2.keys")" -gt 2 ] || echo "ffmpeg itself forces none"
    other_times "$1.keys" "$2.keys"
    compare "$@"
}

keyed() { both compare_keys "$1"; }

each keyed << 'END'
-i ../in.mp4 -c:v libx264 -force_key_frames 1.02,0.5,3 -an out.mkv
-i ../in.mp4 -c:v libx264 -force_key_frames 0:00:01,00:00:02.5 -c:a copy out.mp4
-i ../in.mp4 -c:v libx264 -force_key_frames "expr:gte(t,n_forced*0.7)" -an out.mp4
-i ../in.mp4 -c:v libx264 -force_key_frames "expr:if(isnan(prev_forced_n),1,eq(n,prev_forced_n+7))" -an out.mkv
-i ../in.mp4 -c:v libx264 -g 250 -sc_threshold 0 -force_key_frames source -an out.mkv
-i ../in.mp4 -vf hflip,setpts=PTS -c:v mpeg4 -g 250 -force_key_frames:v source -an out.mkv
-ss 1 -i ../in.mp4 -c:v mpeg4 -g 300 -force_key_frames 0.3,1.5 -an out.mkv
END
outcome "no time is no place for a key frame" 2 'no time such as 90' -- "$work/in.mp4" --key-frames 1,soon -o "$work/no.mkv"
outcome "an expression has to be one" 2 'no expression of n' -- "$work/in.mp4" --key-frames 'expr:gte(x' -o "$work/no.mkv"
outcome "pieces know of no key frame before them" 2 'encoded in pieces' -- "$work/in.mp4" --key-frames expr:1 --chunk 25 \
    -o "$work/no.mkv"
(cd "$work" && "$warpreel" -q in.mp4 --key-frames 0.2,1.4 --chunk 25 --no-audio -o pieces.mkv)
same "pieces have key frames in their middle" "$(keys "$work/pieces.mkv" | tr '\n' ' ')" \
    "0.000000 0.200000 1.000000 1.400000 2.000000 3.000000 "

# ---- pixel formats that the encoder does not take

pixels() { ffprobe -v error -select_streams v:0 -show_entries stream=pix_fmt -of csv=p=0 "$(made "$1" "$2")"; }

compare_pixels() {
    same_words "$(pixels "$1" "$3")" "$(pixels "$2" "$3")"
    compare "$@"
}
same_words() { [ "$1" = "$2" ] || echo "$1 and not $2"; }

converted() { both compare_pixels "$1"; }

each converted << 'END'
-i ../in.mp4 -c:v mpeg4 -pix_fmt nv12 -an out.mp4
-i ../in.mp4 -c:v mpeg4 -pix_fmt yuv420p10le -an out.mkv
-i ../in.mp4 -c:v prores_ks -pix_fmt yuv420p -an out.mov
-i ../in.mp4 -c:v mjpeg -pix_fmt yuv420p -an out.avi
-i ../in.mp4 -t 1 -pix_fmt rgb24 out.gif
-i ../in.mp4 -t 1 -pix_fmt rgb8 out.gif
-i ../in.mp4 -frames:v 1 -pix_fmt yuv420p out.png
-i ../in.mp4 -frames:v 1 -pix_fmt yuv420p out.jpg
-i ../in.mp4 -frames:v 1 -pix_fmt rgb24 out.jpg
-i ../in.mp4 -frames:v 1 -pix_fmt rgb48 out.png
-i ../in.mp4 -pix_fmt rgb24 -an out.mp4
-i ../in.mp4 -vf format=rgb24 -an out.mkv
-i ../in.mp4 -pix_fmt rgb24 -c:v libx264rgb -an out.mkv
END
(cd "$work" && ffmpeg -nostdin -v error -i film.mkv -frames:v 5 -c:v ffv1 -pix_fmt yuv422p10 deep.mkv &&
    ffmpeg -nostdin -v error -i film.mkv -frames:v 5 -c:v png -pix_fmt rgba alpha.mov)
each converted << 'END'
-i ../deep.mkv -c:v mpeg4 out.mp4
-i ../deep.mkv -vf hflip out.flv
-i ../alpha.mov out.mp4
-i ../alpha.mov -vf format=rgba,fade=out:0:5:alpha=1 out.mp4
END
outcome "what frames lose is said, with -q too" 0 'mpeg4 does not take yuv422p10: it gets yuv420p; mpeg4 holds 8 bits of the 10' -- \
    -v error -i "$work/deep.mkv" -c:v mpeg4 "$work/lost.mp4"
outcome "and our own lines refuse it" 1 'encoder mpeg4 cannot hold 10-bit' -- "$work/deep.mkv" -c mpeg4 -o "$work/no.mp4"
outcome "another format is said" 0 'mpeg4 does not take yuv422p10: it gets yuv420p' -- -i "$work/in.mp4" -c:v mpeg4 -pix_fmt yuv422p10 \
    -an "$work/said.mkv"
outcome "RGB into H.264 is said" 0 'libx264 does not take rgb24: it gets yuv444p' -- -i "$work/in.mp4" -pix_fmt rgb24 -an "$work/rgb.mp4"
outcome "+ chooses the encoder that takes RGB" 0 ', rgb24, libx264rgb ' -- -i "$work/in.mp4" -pix_fmt +rgb24 -an "$work/rgb.mkv"
outcome "+ allows no other" 2 'encoder mpeg4 does not take' -- -i "$work/in.mp4" -c:v mpeg4 -pix_fmt +yuv422p10 -an "$work/no.mkv"
outcome "and so do our own options without ?" 2 'encoder mpeg4 does not take' -- "$work/in.mp4" -c mpeg4 --pix-fmt yuv422p10 \
    -o "$work/no.mkv"

# ---- two passes

# bytes FILE
bytes() { stat -c %s "$1"; }

# passes NAME WORDS...: both programs make files of about the same size in two passes.
passes() {
    local -r name=$1
    local reason='' program pass output
    shift
    for program in ffmpeg "$warpreel"; do
        mkdir -p "$work/$name/${program##*/}"
        for pass in 1 2; do
            output=(-f null /dev/null)
            [ $pass = 1 ] || output=(out.mkv)
            (cd "$work/$name/${program##*/}" && "$program" -v error -nostdin -y -i ../../in.mp4 -an "$@" -pass $pass \
                "${output[@]}") 2> "$said" || reason="pass $pass of $program: $(said_last)"
        done
    done
    local -r mine=$(bytes "$work/$name/warpreel/out.mkv") want=$(bytes "$work/$name/ffmpeg/out.mkv")
    if [ $((mine * 100)) -lt $((want * 93)) ] || [ $((mine * 100)) -gt $((want * 107)) ]; then
        reason=${reason:-$mine bytes, ffmpeg makes $want}
    fi
    verdict "two passes of $name" "$reason"
}
passes libx264 -c:v libx264 -b:v 150k
passes mpeg4 -c:v mpeg4 -b:v 150k
passes libvpx -c:v libvpx -b:v 150k -cpu-used 4
same "the file of statistics has ffmpeg's name" "$(cd "$work/libx264/warpreel" && echo ffmpeg2pass*)" \
    "$(cd "$work/libx264/ffmpeg" && echo ffmpeg2pass*)"
same "one line for each frame" "$(grep -c '^in:' "$work/libx264/warpreel/ffmpeg2pass-0.log")" 100
(cd "$work" && "$warpreel" -v error -i in.mp4 -an -c:v mpeg4 -b:v 150k -pass 1 -passlogfile mine -f null /dev/null)
verdict "the file of statistics is named" "$([ -s "$work/mine-0.log" ] || ls "$work")"
outcome "the second pass needs the first" 1 'none-0.log, which the first pass writes' -- "$work/in.mp4" --pass 2 \
    --pass-log "$work/none" -c libx264 --encoder-option b=150k -o "$work/no.mkv"
outcome "an encoder without statistics is named" 0 'ffv1|keeps no statistics' -- "$work/in.mp4" --pass 1 \
    --pass-log "$work/empty" -c png --no-audio --frames 2 -y -o "$work/png.mkv"
outcome "pieces have one pass" 2 'encoded in pieces' -- "$work/in.mp4" --pass 1 --chunk 25 -o "$work/no.mkv"

# ---- subtitles in another form

each line << 'END'
-i ../in.mkv -map 0:v -map 0:s -c:s ass out.mkv
-i ../in.mkv -map 0 -c:v copy -c:a copy -c:s mov_text out.mp4
-i ../in.mp4 -i ../in.srt -t 3 -c:v mpeg4 -c:a copy -c:s webvtt out.mkv
-i ../in.mp4 -i ../in.srt -map 0:v -map 1 -c:v copy -scodec ssa out.mkv
-i ../in.mkv -map 0:s -c:s ass out.ass
-i ../in.mkv -map 0:v -map 0:s -map 0:s -c copy -c:s:1 ass -disposition:s:0 default out.mkv
END
outcome "a form that the container does not hold" 2 'matroska cannot hold mov_text subtitles' -- "$work/in.mkv" \
    --subtitles mov_text -o "$work/no.mkv"
outcome "subtitles are no sound" 2 'codec aac is not a subtitle encoder' -- "$work/in.mkv" --subtitles aac -o "$work/no.mkv"

# ---- streams in the order of the maps, more than once, and several sounds of a graph

# Of each sound, in the order of the file.
sounds() {
    local n
    for ((n = 0; n < $(ffprobe -v error -select_streams a -show_entries stream=index -of csv=p=0 "$1" | wc -l); n++)); do
        ffprobe -v error -select_streams a:$n -show_entries stream=index,codec_name,channels -of csv=p=0 "$1"
        ffmpeg -nostdin -v error -i "$1" -map 0:a:$n -f md5 -
    done
}

compare_sounds() {
    sounds "$(made "$1" "$3")" > "$1.sounds"
    sounds "$(made "$2" "$3")" > "$2.sounds"
    [ -s "$2.sounds" ] || echo "ffmpeg itself writes none"
    diff "$1.sounds" "$2.sounds" | sed -n 2p
}

compare_sounded() {
    compare_sounds "$@"
    compare "$@"
}

sounded() { both compare_sounded "$1"; }

# Tags of what a graph takes are kept, while ffmpeg drops them.
compare_heard() {
    compare_sounds "$@"
    for file in "$(made "$1" "$3")" "$(made "$2" "$3")"; do
        ffprobe -v error -show_entries stream=codec_type -of csv=p=0 "$file" | xargs
    done | uniq -u | sed 's/^/the order is /'
}

heard() { both compare_heard "$1"; }

each sounded << 'END'
-i ../in.mkv -map 0:a:1 -map 0:v -map 0:a:0 -c copy out.mkv
-i ../in.mkv -map 0:a:1 -map 0:a:0 -map 0:v -vf hflip -c:v ffv1 -c:a copy out.mkv
-i ../in.mkv -map 0:v -map 0:a:0 -map 0:a:0 -c:a:0 copy -c:a:1 ac3 -b:a:1 96k out.mkv
-i ../in.mkv -map 0:v -map 0:a -c:v copy -c:a pcm_s16le -ac:a:1 2 out.mkv
-i ../in.mkv -map 0:v -map 0:a -c:v copy -c:a:0 copy -c:a:1 ac3 -b:a 96k out.mkv
-i ../in.mkv -map 0:v -map 0:a -c:v copy -c:a pcm_s16le -filter:a:1 volume=0.3 out.mkv
-i ../in.mkv -map 0:v -map 0:a:0 -map 0:a:0 -c:v copy -c:a flac -c:a:0 copy -filter:a:1 atempo=2 out.mkv
-i ../in.mp4 -map 0:v -map 0:a -t 1.3 -c:v ffv1 -c:a pcm_s16le out.mkv
-i ../in.mp4 -map 0:v -map 0:a:0 -t 1.3 -af apad -c:v copy -c:a pcm_s16le out.mkv
-i ../in.mkv -map 0 -map 0:a -map -0:a:1 -map -0:s -c copy out.mkv
-i ../in.mp4 -i ../in.mkv -map 1:a:1 -map 0:v -map 0:a -c copy -metadata:s:a:0 language=fra out.mp4
END
# The same length, to a millisecond: what filters such as atempo give depends on how sound comes in pieces.
compare_lengths() {
    local file lengths=()
    for file in "$(made "$1" "$3")" "$(made "$2" "$3")"; do
        lengths+=("$(ffmpeg -nostdin -v error -i "$file" -map 0:a -ac 1 -ar 44100 -f s16le - | wc -c)")
    done
    [ $((lengths[0] - lengths[1])) -lt 90 ] && [ $((lengths[1] - lengths[0])) -lt 90 ] ||
        echo "${lengths[0]} bytes, ffmpeg makes ${lengths[1]}"
}

lasting() { both compare_lengths "$1"; }

each lasting << 'END'
-ss 0.32 -t 1.3 -i ../in.mp4 -map 0:v -map 0:a -c:v ffv1 -c:a pcm_s16le out.mkv
-i ../in.mp4 -map 0:v -map 0:a:0 -t 1.3 -af atempo=2 -c:v ffv1 -c:a pcm_s16le out.mkv
-i ../in.mp4 -map 0:v -map 0:a:0 -t 1.3 -af atempo=0.5 -c:v ffv1 -c:a pcm_s16le out.mkv
-i ../in.mp4 -t 1.5 -filter_complex "[0:v]setpts=0.5*PTS[v];[0:a:0]atempo=2[a]" -map "[v]" -map "[a]" -c:v ffv1 -c:a pcm_s16le out.mkv
END
each heard << 'END'
-i ../in.mkv -filter_complex "[0:v]hflip[v];[0:a:0]volume=0.5[a];[0:a:1]volume=0.2[b]" -map "[b]" -map "[v]" -map "[a]" -c:v ffv1 -c:a flac out.mkv
-i ../in.mkv -filter_complex "[0:a:0]asplit[a][x];[x]volume=0.5[b]" -map 0:v -map "[a]" -map "[b]" -c:v copy -c:a flac out.mkv
-i ../in.mkv -filter_complex "[0:a:0]volume=0.5[a]" -map 0:v -map 0:a -map "[a]" -c:v copy -c:a flac out.mkv
-i ../in.mkv -filter_complex "[0:a:0][0:a:1]amix[m]" -map 0:v -map "[m]" -map 0:a -c:v copy -c:a:0 pcm_s16le -c:a:1 copy -c:a:2 flac out.mkv
-i ../in.mkv -filter_complex "[0:a:0]channelsplit=channel_layout=mono[l]" -map "[l]" -map 0:a:1 -c:a flac out.mka
-i ../in.mkv -i ../in.mkv -filter_complex "[0:v][0:a:0][0:a:1][1:v][1:a:0][1:a:1]concat=n=2:v=1:a=2[v][a][b]" -map "[v]" -map "[b]" -map "[a]" -c:v ffv1 -c:a pcm_s16le out.mkv
-i ../in.mkv -filter_complex hflip -map 0:a:1 -map 0:a:0 -c:a copy -c:v ffv1 out.mkv
END
outcome "one video twice in an output" 2 'name the video twice' -- "$work/in.mp4" --map 0:v --map 0:v -o "$work/no.mkv"
outcome "no number of a sound" 2 'a/aac" is not the number of a stream' -- "$work/in.mp4" --stream-audio a/aac -o "$work/no.mkv"

# ---- what stands for more than it says

echo "hflip,drawbox=c=red" > "$work/chain.txt"
echo "[0:v]hflip[v]" > "$work/graph.txt"
each line << 'END'
-i ../in.mp4 -filter_script:v ../chain.txt -c:a copy out.mkv
-i ../in.mp4 -filter_complex_script ../graph.txt -map "[v]" -map 0:a -async 1 -c:a copy out.mp4
-i ../in.mp4 -target pal-dvd out.mpg
-i ../in.mp4 -target ntsc-vcd out.mpg
-i ../in.mp4 -map 0 -attach ../chain.txt -metadata:s:t mimetype=text/plain -c copy out.mkv
-i ../in.mkv -map 0:v -map 0:a -c copy -disposition:1 0 -disposition:2 default out.mkv
END
outcome "no kind of disc" 2 'as in pal-dvd' -- -i "$work/in.mp4" -target laserdisc "$work/no.mpg"
outcome "no script" 2 'cannot read .*none.txt' -- -i "$work/in.mp4" -filter_script "$work/none.txt" "$work/no.mkv"
outcome "what holds no attached files" 2 'mp4 holds no attached files' -- "$work/in.mp4" --attach "$work/chain.txt" -o "$work/no.mp4"
outcome "no file to attach" 2 'none.txt cannot be attached' -- "$work/in.mp4" --attach "$work/none.txt" -o "$work/no.mkv"

# ---- tags and chapters of another input

printf '%s\n' ';FFMETADATA1' 'title=From a text' artist=Somebody '[CHAPTER]' TIMEBASE=1/1000 START=0 END=1500 title=One \
    '[CHAPTER]' TIMEBASE=1/1000 START=1500 END=4000 title=Two > "$work/tags.txt"

tags() {
    ffprobe -v error -of compact -show_chapters -show_entries \
        format_tags=title,artist,ARTIST:chapter=start_time,end_time:chapter_tags=title "$1" | sed 's/ARTIST/artist/'
}

compare_tags() {
    tags "$(made "$1" "$3")" > "$1.tags"
    tags "$(made "$2" "$3")" > "$2.tags"
    [ -s "$2.tags" ] || echo "ffmpeg itself writes none"
    diff "$1.tags" "$2.tags" | sed -n 2p
    compare "$@"
}

tagged() { both compare_tags "$1"; }

each tagged << 'END'
-i ../in.mp4 -i ../tags.txt -map_metadata 1 -c copy out.mkv
-i ../in.mp4 -i ../tags.txt -map_metadata 1 -vf hflip -c:a copy out.mp4
-i ../in.mp4 -i ../tags.txt -c copy out.mkv
-i ../in.mp4 -i ../tags.txt -map_metadata 1:g -map_chapters -1 -c copy out.mp4
-i ../in.mp4 -i ../tags.txt -map 0 -map_chapters 1 -map_metadata 0 -c copy out.mkv
-i ../tags.txt -i ../in.mp4 -map_metadata 0 -c copy out.mkv
-i ../in.mp4 -i ../music.mp3 -map 0:v -map 1:a -map_metadata 0 -c copy out.mp4
END
outcome "an input that there is not has no tags" 2 'tags of input 1 are not possible' -- "$work/in.mp4" --metadata-from 1 \
    -o "$work/no.mkv"

# ---- what filters find

# found LINE: each number that ffmpeg's filters find is said here, too. Filters are told apart by the words before.
found() {
    local -r mine=$work/$BASHPID.mine want=$work/$BASHPID.want
    local words
    eval "words=($1)"
    (cd "$work" && ffmpeg -nostdin -hide_banner -nostats "${words[@]}" -f null -) 2>&1 < /dev/null |
        sed '1,/^Output/d; /^ *[a-z_]* *: /d; /Stream/d; /bitrate/d; /^video:/d; /^audio:/d' |
        sed -n 's/^\[[^]]*\] *//; s/"//g; s/\t/ /g; s/^ *\([a-zA-Z0-9_. ]*[:=].*[0-9]\)/\1/p' > "$want"
    (cd "$work" && "$warpreel" -y "${words[@]}" -f null -) 2>&1 < /dev/null |
        sed 's/^warpreel: [a-z0-9]*: *//; s/^ *//; s/"//g' > "$mine"
    verdict "$1" "$([ -s "$want" ] || echo "ffmpeg itself says nothing")$(grep -vxFf "$mine" "$want" | head -n 1)"
}

each found << 'END'
-i in.mp4 -af volumedetect
-i in.mp4 -af silencedetect=n=0dB:d=0.1 -c:v copy
-i in.mp4 -vn -af ebur128
-i in.mp4 -af astats
-i in.mp4 -vn -af loudnorm=print_format=json
-i in.mp4 -filter_complex ebur128=peak=true
-i in.mp4 -vf blackdetect=d=0.1:pix_th=1
-i in.mp4 -an -vf freezedetect=d=0.1:n=1
-i in.mp4 -vf cropdetect
END
# measured PROGRAM: what scripts for a second pass read.
measured() {
    (cd "$work" && "$1" -hide_banner -i in.mp4 -vn -af loudnorm=I=-16:print_format=json -f null - 2>&1) < /dev/null |
        sed -n '/^{/,/^}/p' | jq -c .
}
same "scripts find loudnorm's JSON" "$(measured "$warpreel")" "$(measured ffmpeg)"
(cd "$work" && "$warpreel" -v error -i in.mp4 -af volumedetect -f null -) > "$said" 2>&1
verdict "what filters find is not said with -v error" "$(cat "$said")"

# ---- tags that all players show

# atoms FILE: the names of its tags as iTunes writes them, or QuickTime. Free tags stand elsewhere.
atoms() { grep -aoE "mdtakeys|mdir|$(printf '\251')(nam|ART|alb|day|cmt)" "$1" | sort | xargs -0 echo | tr -d '\n'; }

compare_atoms() {
    [ "$(atoms "$1/$3")" = "$(atoms "$2/$3")" ] || echo "has other atoms: $(atoms "$1/$3")"
    for file in "$1/$3" "$2/$3"; do ffprobe -v error -show_entries format_tags=title,artist,album,date -of csv=p=0 "$file"; done | uniq -u
}

atomic() { both compare_atoms "$1"; }

(cd "$work" && ffmpeg -nostdin -v error -i silent.mp4 -c copy -metadata title=Old -metadata ARTIST=Me -metadata ALBUM=Our \
    -metadata DATE=2020 -metadata COMMENT=Words tagged.mkv && ffmpeg -nostdin -v error -i old.avi -c copy -metadata title=Old tagged.avi)
each atomic << 'END'
-i ../tagged.mkv -c copy out.mp4
-i ../tagged.mkv -c copy out.mov
-i ../tagged.mkv -c:v mpeg4 -metadata title=New out.mp4
-i ../tagged.avi -c:v mpeg4 out.mp4
-i ../music.mp3 -metadata title=Song -c:a aac out.m4a
END
outcome "free tags take the others with them, which is said" 0 'for the sake of mood all are free' -- "$work/tagged.mkv" \
    --codec copy --metadata mood=good -o "$work/free.mp4"
same "free tags are kept" "$(ffprobe -v error -show_entries format_tags=title,mood -of csv=p=0 "$work/free.mp4")" "Old,good"

# ---- videos that are repeated

compare_laps() {
    hashes "$(made "$1" "$3")" -map 0:v > "$1.hashes"
    hashes "$(made "$2" "$3")" -map 0:v > "$2.hashes"
    [ -s "$2.hashes" ] || echo "ffmpeg itself makes none"
    first_difference "$1.hashes" "$2.hashes"
    apart "$(made "$1" "$3")" "$(made "$2" "$3")"
}

looped() { both compare_laps "$1"; }

ffmpeg -nostdin -v error -f lavfi -i testsrc2=s=64x48:r=10:d=0.5 "$work/anim.gif"
each looped << 'END'
-stream_loop 2 -i ../silent.mp4 -c:v ffv1 -fps_mode passthrough out.mkv
-stream_loop 1 -i ../in.mp4 -vf hflip,setpts=PTS -c:v ffv1 -fps_mode passthrough out.mkv
-stream_loop -1 -i ../film.mkv -t 5 -c:v ffv1 -fps_mode passthrough out.mkv
-stream_loop 3 -i ../anim.gif -pix_fmt bgra -c:v ffv1 out.mkv
END
(cd "$work" && "$warpreel" -v error -stream_loop 1 -i in.ts -an -c:v ffv1 -y laps.mkv) > "$said" 2>&1
same "a broadcast is repeated from its first packet on" "$? $(frames "$work/laps.mkv")" "0 200"
(cd "$work" && "$warpreel" -v error -stream_loop 1 -i in.ts -an -c copy -y copied.mkv) > "$said" 2>&1
verdict "a copied broadcast that is repeated is as long as a filtered one" "$(apart "$work/copied.mkv" "$work/laps.mkv")"
ffmpeg -nostdin -v error -i "$work/a.png" -pix_fmt yuvj420p "$work/still.jpg"
outcome "a picture that cannot be read again" 1 'cannot be read again from its beginning' -- -stream_loop 2 -i "$work/still.jpg" \
    -c:v ffv1 "$work/no.mkv"
(cd "$work" && "$warpreel" -v error -stream_loop -1 -i silent.mp4 -i music.mp3 -c:v ffv1 -shortest -y laps.mkv) > "$said" 2>&1
verdict "-shortest ends a video that is repeated with its sound" "$(frames "$work/laps.mkv" | grep -vx '15[01]')"
ffmpeg -nostdin -v error -f lavfi -i sine=duration=9 "$work/tone.wav"
for options in "-c:a aac" "-af volume=0.5 -c:a aac"; do
    # shellcheck disable=SC2086 # several options
    (cd "$work" && "$warpreel" -v error -i silent.mp4 -i tone.wav -c:v mpeg4 $options -shortest -y ends.mp4) > "$said" 2>&1
    verdict "-shortest ends encoded sound with the video, $options" \
        "$(ffprobe -v error -show_entries stream=duration -of csv=p=0 "$work/ends.mp4" |
            awk '{lasts[NR] = $1} END {if (NR != 2 || (lasts[1] - lasts[2]) ^ 2 > 1e-6) print "video " lasts[1] ", sound " lasts[2]}')"
done

# ---- sound that is encoded anew begins and ends where the part does

part_of_sound() { both compare_sound "$1"; }
packets_of_sound() {
    ffprobe -v error -select_streams a -show_entries packet=pts_time,duration_time -of csv=p=0 "$(made "$1" "$2")" |
        sort -n | sed -n '1p;$p'
}
compare_sound() { same_words "$(packets_of_sound "$1" "$3" | tr '\n' ' ')" "$(packets_of_sound "$2" "$3" | tr '\n' ' ')"; }

each part_of_sound << 'END'
-i ../in.mp4 -ss 1 -to 3 -vf hflip -c:a aac out.mp4
-i ../in.mp4 -ss 1 -to 3 -vf hflip -c:a libmp3lame out.mp4
-i ../in.mp4 -ss 1 -t 1 -vf hflip -af volume=0.5 -c:a aac out.mp4
-ss 1 -t 2 -i ../in.mp4 -vf hflip -c:a aac out.mp4
-i ../in.mp4 -ss 1 -t 2 -c:v copy -c:a aac out.mp4
END
(cd "$work" && for program in ffmpeg "$warpreel"; do
    "$program" -nostdin -v error -y -i in.mp4 -ss 1 -to 3 -vf hflip -c:a pcm_s16le "${program##*/}.part.mkv"
done)
samples() { ffmpeg -nostdin -v error -i "$1" -map 0:a -f s16le - | od -An -v -td2 -w2; }
verdict "the samples of a part are ffmpeg's" "$(paste <(samples "$work/ffmpeg.part.mkv") <(samples "$work/warpreel.part.mkv") |
    awk '($1 - $2) ^ 2 > 4 { bad++ } END { if (NR != 88200 || bad) print bad + 0 " of " NR " samples differ" }')"

# ---- several outputs of one graph

# shared GRAPH | WORDS...: every output of the line has ffmpeg's frames, or sound.
shared() {
    local graph=${1%% | *} words program file
    local reason=''
    read -ra words <<< "${1#* | }"
    for program in ffmpeg "$warpreel"; do
        mkdir -p "$work/${program##*/}.shared"
        (cd "$work/${program##*/}.shared" && rm -f ./* &&
            "$program" -nostdin -v error -y -i ../in.mp4 -i ../two.wav -filter_complex "$graph" "${words[@]}") > "$said" 2>&1 ||
            reason="${program##*/}: $(said_last)"
    done
    for file in "$work/ffmpeg.shared"/*; do
        [ -n "$reason" ] ||
            reason=$(cmp <(hashes "$file") <(hashes "$work/warpreel.shared/${file##*/}") 2>&1)
    done
    verdict "$1" "$reason"
}
ffmpeg -nostdin -v error -f lavfi -i "sine=d=2[a];sine=f=880:d=2[b];[a][b]amerge" "$work/two.wav"

while read -r line; do shared "$line"; done << 'END'
[0:v]split=2[a][b];[a]hflip[v1];[b]vflip[v2] | -map [v1] -c:v ffv1 one.mkv -map [v2] -c:v ffv1 two.mkv
[0:v]hflip,split=3[a][b][c];[a]vflip[x];[b][c]hstack[y] | -map [y] -c:v ffv1 one.mkv -map [x] -c:v ffv1 two.mkv
split[a][b];[a]fps=5[x] | -map [x] -c:v ffv1 one.mkv -map [b] -c:v ffv1 two.mkv
[0:v]hflip[a];[1:a]volume=2[b] | -map [b] sound.wav -map [a] -c:v ffv1 film.mkv -map 1:a -c copy whole.wav
[1:a]asplit[a][b];[b]volume=0.5[c] | -map [a] one.wav -map [c] two.wav
[1:a]channelsplit=channel_layout=stereo[l][r] | -map [l] left.wav -map [r] right.wav
[0:v]vflip | -c:v ffv1 -an one.mkv -map 0:v -c copy two.mkv
END
outcome "a label that a shared graph does not make" 2 'map "\[c\]": the chain makes nothing of this label' -- \
    -i "$work/in.mp4" -filter_complex '[0:v]split[a][b]' -map '[a]' "$work/no3.mkv" -map '[c]' "$work/none.mkv"
verdict "and no output is written before" "$(ls "$work/no3.mkv" 2> /dev/null)"
outcome "a chain of our own line whose other outputs nobody wants" 0 'no2.mkv: 100 frames' -- \
    "$work/in.mp4" -f 'split[a][b];[a]hflip[c]' --map '[c]' --shared-chain -c ffv1 -o "$work/no2.mkv"

# ---- channels by number

channels() { both compare_samples "$1"; }
compare_samples() { cmp <(hashes "$(made "$1" "$3")") <(hashes "$(made "$2" "$3")") 2>&1; }

each channels << 'END'
-i ../two.wav -map_channel 0.0.1 out.wav
-i ../two.wav -map_channel 0.0.1 -map_channel 0.0.0 out.wav
-i ../two.wav -map_channel -1 -map_channel 0.0.1? out.wav
-i ../two.wav -af volume=0.5 -map_channel 0.0.0 -c:a flac out.mka
END
outcome "a channel is found by three numbers" 2 '-map_channel 0:a is not possible' -- -i "$work/two.wav" -map_channel 0:a "$work/no.wav"

# ---- forms of sound

compare_forms() {
    for file in "$(made "$1" "$3")" "$(made "$2" "$3")"; do
        ffprobe -v error -show_entries stream=codec_name,sample_fmt,sample_rate,channels -of csv=p=0 "$file"
    done | uniq -u
    compare_sounds "$@"
}

formed() { both compare_forms "$1"; }

compare_bytes() { cmp "$1/stdout" "$2/stdout" 2>&1; }

exact() { both compare_bytes "$1"; }

ffmpeg -nostdin -v error -i "$work/music.mp3" -t 1 -f s16le "$work/raw.pcm"
each formed << 'END'
-f s16le -ar 22050 -ac 2 -i ../raw.pcm out.wav
-f s16le -ar 44100 -ac 1 -i ../raw.pcm -c:a flac out.flac
-i ../music.mp3 -i ../short.wav -f s16le -ar 44100 -ac 2 -i ../raw.pcm -map 2:a -c copy out.wav
-i ../short.wav -sample_fmt s32 out.flac
-i ../short.wav -af loudnorm out.wav
-i ../short.wav -af loudnorm -ar 44100 -c:a flac out.mka
-i ../in.mp4 -vn -frames:a 30 out.wav
-i ../in.mp4 -vn -c:a copy -aframes 30 out.m4a
-i ../music.mp3 -vn -t 1 -c:a flac -sample_fmt:a s16 out.mka
-f lavfi -i anoisesrc=d=1:seed=5 out.wav
-f lavfi -i anoisesrc=d=1:seed=5 -c copy out.mka
END
each exact << 'END'
-i ../in.mp4 -map 0:a -f md5 -
-i ../in.mkv -map 0:a -f hash -
-i ../in.mp4 -map 0:a -f framemd5 -
-i ../in.mp4 -map 0:a -c copy -f md5 -
-i ../short.wav -f md5 -
END
outcome "the higher rate of loudnorm is said" 0 'goes from 44100 to 192000 Hz by its filters; aresample=44100 behind them' -- \
    -i "$work/short.wav" -af loudnorm "$work/loud.wav"
outcome "a form of samples that the encoder does not take" 2 'does not take "s16" for its option sample_fmt' -- \
    -i "$work/short.wav" -sample_fmt s16 -c:a aac "$work/no.m4a"

# ---- rotation

# rotation FILE: how its video is turned.
rotation() { ffprobe -v error -select_streams v -show_entries stream_side_data=rotation -of csv=p=0 "$1" | grep .; }

compare_rotation() {
    local -r mine=$(rotation "$1/$3") want=$(rotation "$2/$3")
    [ "${mine:-0}" = "${want:-0}" ] || echo "turned by ${mine:-0} and not by ${want:-0}"
    compare "$@"
}

rotated() { both compare_rotation "$1"; }

(cd "$work" && ffmpeg -nostdin -v error -i silent.mp4 -c copy -metadata:s:v rotate=90 turned.mp4)
each rotated << 'END'
-i ../silent.mp4 -c copy -metadata:s:v:0 rotate=90 out.mp4
-i ../turned.mp4 -c copy -metadata:s:v:0 rotate=0 out.mp4
-i ../turned.mp4 -c copy -metadata:s:v rotate= out.mov
-i ../turned.mp4 -c copy -metadata:s:v rotate=180 -metadata:s:v language=fra out.mov
-i ../turned.mp4 -c copy out.mp4
-i ../turned.mp4 -s 60x80 -c:v mpeg4 out.mp4
END

# ---- times of the input, and time codes

# Times begin with the part here, while ffmpeg keeps them: as many frames are there, up to one.
compare_lengths() {
    local -r mine=$(frames "$1/$3") want=$(frames "$2/$3")
    [ $((mine - want)) -le 1 ] && [ $((want - mine)) -le 1 ] || echo "$mine frames instead of $want"
    for file in "$1/$3" "$2/$3"; do ffprobe -v error -select_streams v -show_entries stream_tags=timecode -of csv=p=0 "$file"; done | uniq -u
}

long() { both compare_lengths "$1"; }

each long << 'END'
-ss 1 -copyts -i ../in.mp4 -to 2.5 -c:v ffv1 -an out.mkv
-copyts -ss 1 -i ../in.mp4 -t 3 -c:v ffv1 -vf hflip,setpts=PTS -an out.mkv
-copyts -i ../in.mp4 -ss 1 -to 2 -c:v ffv1 -an out.mkv
-i ../silent.mp4 -timecode 01:00:00:00 -c copy out.mov
-i ../silent.mp4 -timecode 10:00:00:12 -c:v mpeg4 out.mov
END

# With -copyts filters see the times of the input.
compare_pictures() {
    local file
    for file in "$1/$3" "$2/$3"; do
        ffmpeg -nostdin -v error -i "$file" -map 0:v -f framemd5 - | sed '/^#/d; s/.*, *//' > "$file.hashes"
        [ -s "$file.hashes" ] || echo "$file has no pictures"
    done
    first_difference "$1/$3.hashes" "$2/$3.hashes"
}

pictured() { both compare_pictures "$1"; }

each pictured << 'END'
-ss 1 -copyts -i ../in.mp4 -vf "drawbox=t=fill:enable='between(t,1.2,1.6)'" -ss 1 -c:v ffv1 -an out.mkv
-copyts -ss 1 -i ../in.mp4 -vf "subtitles=../in.srt,setpts=PTS-STARTPTS" -c:v ffv1 -an out.mkv
-copyts -ss 1 -i ../in.mp4 -vf fade=in:st=1.2:d=0.5 -to 1.8 -c:v ffv1 -an out.mkv
-copyts -ss 1 -i ../in.mp4 -vf "drawbox=t=fill:enable='gte(t,1.5)'" -ss 1.2 -to 1.8 -c:v ffv1 -an out.mkv
END
outcome "with -copyts an end before the start" 2 '1 is not later than -ss 2' -- -ss 2 -copyts -i "$work/in.mp4" -to 1 "$work/no.mkv"

# ---- before the beginning

# Sound need not be encoded in as many packets.
compare_begun() {
    streams "$(made "$1" "$3")" > "$1.streams"
    streams "$(made "$2" "$3")" > "$2.streams"
    first_difference "$1.streams" "$2.streams"
    times "$(made "$1" "$3")" > "$1.times"
    times "$(made "$2" "$3")" > "$2.times"
    other_times "$1.times" "$2.times"
    apart "$(made "$1" "$3")" "$(made "$2" "$3")"
}

begun() { both compare_begun "$1"; }

each begun << 'END'
-ss -1 -i ../in.mp4 -c:v ffv1 -c:a copy out.mkv
-ss -1 -i ../in.mp4 -c copy out.mkv
-ss -0.5 -i ../in.mp4 -vf hflip -t 2 -c:v ffv1 -an out.mkv
-i ../in.mp4 -ss -1 -i ../music.mp3 -map 0:v -map 1:a -c copy out.mkv
-i ../in.mp4 -ss -1 -c:v ffv1 -c:a copy out.mkv
-itsoffset 1 -i ../in.mp4 -i ../music.mp3 -map 0:v -map 1:a -c:v ffv1 -c:a copy out.mkv
-sseof -1 -i ../in.mp4 -c:v ffv1 -an out.mkv
END

# ---- covers

(cd "$work" && ffmpeg -nostdin -v error -i music.mp3 -t 2 -c copy -metadata title=Song -metadata artist=Band song.mp3 &&
    ffmpeg -nostdin -v error -i song.mp3 -i a.png -map 0 -map 1 -c copy -id3v2_version 3 cover.mp3 &&
    ffmpeg -nostdin -v error -i a.png -pix_fmt yuvj420p a.jpg &&
    ffmpeg -nostdin -v error -i song.mp3 -i a.jpg -map 0 -map 1 -c:a aac -c:v copy -disposition:v attached_pic cover.m4a)

# Copied pictures are the same file, and covers the same packets.
compare_covers() {
    case $3 in
        *.png | *.jpg) cmp "$1/$3" "$2/$3" 2>&1 ;;
        *)
            compare_tags "$@"
            for file in "$1/$3" "$2/$3"; do
                ffprobe -v error -show_entries stream_disposition=attached_pic -of csv=p=0 "$file" | xargs
                ffmpeg -nostdin -v error -i "$file" -map 0:v -c copy -f md5 -
            done | sort | uniq -u
            ;;
    esac
}

covered() { both compare_covers "$1"; }

each covered << 'END'
-i ../cover.mp3 -an -c:v copy out.png
-i ../cover.m4a -map 0:v -c copy out.jpg
-i ../cover.m4a -map 0:1 -c copy -update 1 out.jpg
-i ../cover.mp3 out.png
-i ../song.mp3 -i ../a.jpg -map 0:a -map 1:v -c:a aac -c:v copy -disposition:v:0 attached_pic out.m4a
-i ../song.mp3 -i ../a.png -map 0 -map 1 -c copy -disposition:1 attached_pic out.mp4
-i ../song.mp3 -i ../a.png -map 0:a -map 1:v -c copy -id3v2_version 3 out.mp3
-i ../song.mp3 -i ../silent.mp4 -map 0:a -map 1:v -c copy out.mkv
END
(cd "$work" && "$warpreel" -v error -loop 1 -i a.png -i song.mp3 -c:v mpeg4 -c:a copy -shortest -y shown.mkv) > "$said" 2>&1
same "a picture has no tags that could take the place of a song's" \
    "$(ffprobe -v error -show_entries format_tags=title -of csv=p=0 "$work/shown.mkv")" Song
(cd "$work" && "$warpreel" -i song.mp3 -i a.png -map 0 -map 1 -c copy -y said.mp3) > "$said" 2>&1
verdict "a cover has no times to be lost" "$(grep times "$said")"
outcome "a song makes no video of its cover" 1 'has no video stream' -- -i "$work/cover.mp3" -vf hflip "$work/no.mkv"

# ---- tags alone

# What FFmpeg's readers say of the old file's structure is left out.
plain_text() { grep -v '^major_brand\|^minor_version\|^compatible_brands' "$1"; }

compare_texts() { diff <(plain_text "$1/$3") <(plain_text "$2/$3") | sed -n 2p; }

told() { both compare_texts "$1"; }

(cd "$work" && ffmpeg -nostdin -v error -i in.mp4 -i tags.txt -map_metadata 1 -c copy chapters.mkv)
each told << 'END'
-i ../in.mp4 -f ffmetadata out.txt
-i ../chapters.mkv -f ffmetadata out.txt
-i ../in.mp4 -i ../chapters.mkv -map_metadata 1 -metadata artist=New -f ffmetadata out.txt
-i ../music.mp3 -f ffmetadata out.txt
END

# ---- options that change nothing here, and tags that go

each line << 'END'
-itsscale 2 -i ../in.mp4 -c copy out.mp4
-itsscale 0.5 -i ../in.mp4 -map 0:v -c copy out.mkv
-itsscale 2 -i ../in.mp4 -vf hflip,setpts=PTS -c:v ffv1 -an out.mkv
-benchmark_all -xerror -max_error_rate 0.5 -dts_delta_threshold 10 -i ../in.mp4 -c copy -copyinkf -copypriorss 1 -copytb 1 out.mkv
-canvas_size 640x480 -fix_sub_duration -guess_layout_max 2 -i ../in.mp4 -c:v mpeg4 -c:a aac -bits_per_raw_sample 8 -time_base 1/25 out.mkv
-i ../in.mp4 -c:v mpeg4 -force_fps -r 25 -muxing_queue_data_threshold 1M -dcodec copy -psnr -qphist -an out.mp4
-i ../in.mp4 -i ../short.wav -map 0:v -map 1:a -c:v copy -c:a aac -shortest -fflags +bitexact+shortest out.mkv
-i ../in.mkv -map 0:v -map 0:a -c copy -map_metadata:s -1 out.mkv
-i ../in.mkv -map 0:v -map 0:a:0 -c copy -map_metadata:s:v -1 -metadata:s:a language=fre out.mkv
-i ../in.mkv -map 0:v -map 0:a:0 -c copy -metadata artist=New -map_metadata:g -1 out.mkv
END
(cd "$work" && "$warpreel" -v error -i in.mp4 -c copy -timestamp 2020-02-03T04:05:06 made.mp4)
same "when the file is said to be made" "$(ffprobe -v error -show_entries format_tags=creation_time -of csv=p=0 "$work/made.mp4")" \
    2020-02-03T04:05:06.000000Z

# ---- one of several videos, and the tags of codecs

(cd "$work" && ffmpeg -nostdin -v error -f lavfi -i testsrc2=s=96x64:r=25:d=2 -i in.mp4 -map 0:v -map 1:v -map 1:a -c copy \
    -c:v:0 ffv1 -pix_fmt:v:0 yuv420p several.mkv)

compare_videos() {
    compare_pictures "$@"
    compare_sounds "$@"
}

several() { both compare_videos "$1"; }

each several << 'END'
-i ../several.mkv -filter_complex "[0:v]hflip[v]" -map "[v]" -map 0:a -c:v ffv1 -c:a copy out.mkv
-i ../several.mkv -filter_complex "[0:v:1]hflip[v]" -map "[v]" -map 0:a -c:v ffv1 -c:a copy out.mkv
-i ../several.mkv -filter_complex "[0:v:1]crop=96:64[s];[0:v:0][s]vstack[v];[0:a:0]volume=2[a]" -map "[v]" -map "[a]" -c:v ffv1 -c:a flac out.mkv
-i ../in.mp4 -t 1 -i ../several.mkv -filter_complex "[0:v:0][1:v:1]hstack[v]" -map "[v]" -map 1:a:0 -c:v ffv1 -c:a copy out.mkv
END
outcome "a second video of standard input" 2 'read twice, and standard input can be read once' -- -i - \
    -filter_complex "[0:v][0:v:1]hstack" "$work/no.mkv"
outcome "subtitles in a graph" 2 'filters take no subtitles here; the filter subtitles=FILE' -- -i "$work/in.mkv" \
    -filter_complex "[0:v][0:s]overlay" "$work/no.mkv"
outcome "a video that there is not" 2 'has no video "v:7"' -- -i "$work/several.mkv" -filter_complex "[0:v:7]hflip" "$work/no.mkv"

compare_codec_tags() {
    for file in "$1/$3" "$2/$3"; do ffprobe -v error -show_entries stream=codec_tag -of csv=p=0 "$file" | xargs; done | uniq -u
}

codec_tagged() { both compare_codec_tags "$1"; }

each codec_tagged << 'END'
-i ../in.mp4 -c copy -tag:a mp4a -tag:v avc1 out.mp4
-i ../in.mp4 -c:v copy -c:a pcm_s16le -atag sowt out.mov
-i ../in.mp4 -c:v copy -c:a pcm_s16be -tag:1 twos out.mov
-i ../in.mp4 -c:v copy -c:a libmp3lame -tag:a mp4a out.mp4
END
outcome "a factor that is none" 2 '-itsscale fast is not a factor for times' -- -itsscale fast -i "$work/in.mp4" "$work/no.mkv"
outcome "a tag that the container has not" 2 'mp4 has no tag "abcd" for aac' -- -i "$work/in.mp4" -c copy -tag:a abcd "$work/no.mp4"
outcome "what is no tag" 2 'tag "sound" is not possible' -- -i "$work/in.mp4" -c copy -tag:a sound "$work/no.mp4"

# ---- several files of one output

# teed FILES | WORDS...: the muxer tee makes ffmpeg's files.
teed() {
    local files=${1%% | *} words program file
    local reason=''
    read -ra words <<< "${1#* | }"
    for program in ffmpeg "$warpreel"; do
        mkdir -p "$work/${program##*/}.teed"
        (cd "$work/${program##*/}.teed" && rm -f ./* &&
            "$program" -nostdin -v error -y -i ../in.mp4 "${words[@]}" -f tee "$files") > "$said" 2>&1 ||
            reason="${program##*/}: $(said_last)"
    done
    [ "$(ls "$work/ffmpeg.teed")" = "$(ls "$work/warpreel.teed")" ] || reason=${reason:-makes other files}
    for file in "$work/ffmpeg.teed"/*; do
        [ -n "$reason" ] ||
            reason=$(cmp <(packets "$file") <(packets "$work/warpreel.teed/${file##*/}") 2>&1)
    done
    verdict "tee: $1" "$reason"
}

while read -r line; do teed "$line"; done << 'END'
out.mp4|out.mov | -map 0 -c copy
[f=nut:onfail=ignore]it\'s.bin|out.mkv | -map 0:v -map 0:a -c:v ffv1 -c:a pcm_s16le
[f=mp4:movflags=+faststart]out.bin|out.mov | -map 0 -c copy
[select=v]out.mkv|[f=nut:select=a]out.bin|out.mov | -map 0:v -map 0:a -c:v ffv1 -c:a pcm_s16le
[select=\'v,a\':f=mov]out.bin|[select=\'a\':movflags=\'+faststart\']out.m4a | -map 0 -c copy
END
outcome "options of tee without a name" 2 'tee: an option of a file has no name' -- -i "$work/in.mp4" -c copy \
    -f tee "[::::::::::::::::::::::::::::::::::::::::::::::::::]$work/no.mkv"
outcome "a single stream of tee" 2 'tee: select=a:0 is not possible' -- -i "$work/in.mp4" -c copy -f tee "[select=\\'a:0\\']$work/no.m4a"

# ---- filters for packets

each copied << 'END'
-i ../in.mp4 -c copy -bsf:v h264_metadata=level=4.1:sample_aspect_ratio=4/3 out.mkv
-i ../in.mp4 -c copy -bsf:v h264_mp4toannexb,filter_units=remove_types=6 out.ts
-i ../in.mp4 -an -c copy -bsf:v "noise=drop='not(key)'" out.mkv
-i ../in.mp4 -c copy -bsf:v noise=amount=5000 -bsf:a noise=amount=500 out.nut
-i ../in.mp4 -c copy -fs 40000 out.mkv
-i ../in.mp4 -frames:a 30 -frames:v 20 -c copy out.mkv
-i ../in.mp4 -c copy -fs 30k out.nut
END
each line << 'END'
-i ../in.mp4 -an -c:v mpeg4 -bsf:v "noise=drop='eq(mod(n,5),4)'" out.mkv
-i ../in.mp4 -an -c:v mpeg2video -q:v 3 -fs 60000 out.mkv
-i ../in.mp4 -an -c:v mpeg4 -q:v 3 -fs 50Ki out.mkv
END
outcome "packets that a filter does not take" 2 'packets of ffv1 cannot be filtered by "h264_metadata"' -- "$work/film.mkv" \
    -c ffv1 --packet-filter v/h264_metadata -o "$work/no.mkv"
outcome "a filter for packets that there is not" 2 'cannot be filtered by "nosuch"' -- "$work/film.mkv" \
    -c ffv1 --packet-filter v/nosuch -o "$work/no.mkv"
finish
