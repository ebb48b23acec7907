#!/bin/bash
# SPDX-License-Identifier: MIT
# Filters that run in FFmpeg's own library give what ffmpeg gives, frame by frame and time by time, whatever the batch
# size: tests/host.sh BUILD.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/lib.sh"

time_base=$(fine_time_base filter)

ffmpeg -nostdin -v error -f lavfi -i testsrc2=size=96x64:rate=25 -frames:v 70 -c:v ffv1 -pix_fmt yuv420p "$work/in.mkv"
ffmpeg -nostdin -v error -f lavfi -i testsrc2=size=96x64:rate=25 -frames:v 40 -c:v ffv1 -pix_fmt yuv420p \
    -vf setfield=tff -field_order tt "$work/fields.mkv"
ffmpeg -nostdin -v error -f lavfi -i color=red:size=16x16 -frames:v 1 "$work/logo.png"

# One "time hash" for each frame, and what the stream says of itself.
frames() {
    ffprobe -v error -select_streams v:0 -show_data_hash md5 -of csv=p=0 \
        -show_entries packet=pts_time,data_hash:stream=width,height,pix_fmt,sample_aspect_ratio "$1"
}

# compare "CLIP CHAIN": exactly what ffmpeg gives.
compare() {
    local -r clip=$work/${1%% *}.mkv chain=${1#* } mine=$work/$BASHPID
    local reason='' batch
    local option=-vf
    [[ $chain != "[0:v]"* ]] || option=-filter_complex
    (cd "$work" && ffmpeg -nostdin -v error -y -i "$clip" $option "$chain" -fps_mode passthrough -enc_time_base "$time_base" \
        -c:v rawvideo -f nut "$mine.ref.nut")
    frames "$mine.ref.nut" > "$mine.want"
    for batch in 1 16; do
        (cd "$work" && reel --filter "$chain" --batch $batch --codec rawvideo --format nut -y -o "$mine.nut" \
            --report "$mine.json" "$clip") || { reason=$(said_last); break; }
        frames "$mine.nut" > "$mine.have"
        reason=$(first_difference "$mine.have" "$mine.want")
        [ -n "$reason" ] || reason=$(jq -r '.stages[] | select(.in - .dropped + .repeated != .out) |
            "a stage counts \(.in) in, \(.dropped) dropped, \(.repeated) repeated and \(.out) out"' "$mine.json")
        [ -z "$reason" ] || break
    done
    verdict "$1" "$reason"
}

each compare << END
in fps=10
in fps=40
in setpts=0.5*PTS
in setpts=PTS-STARTPTS,hflip
in hflip,fps=5,vflip
in select='not(mod(n\,7))'
in trim=start_frame=5:end_frame=40,setpts=PTS-STARTPTS
in trim=0.4:1.2
in tile=3x2
in reverse
in loop=2:10:3
in setsar=4/3
in setdar=16/9,crop=64:48
in drawbox=10:10:30:20:red@0.5
in lutyuv=u=128:v=128
in split[a][b];[b]vflip[c];[a][c]hstack
in [0:v]vflip[b];[0:v][b]vstack
in [in]split[a][b];[a]crop=48:64:0:0[l];[b]crop=48:64:48:0,hflip[r];[l][r]hstack,vflip[out]
in movie=logo.png[l];[in][l]overlay=W-w-4:4
in hflip,tpad=stop_mode=clone:stop_duration=0.4,negate
in thumbnail=30
in mpdecimate
in shuffleframes=1 0
in noise=alls=20:allf=t+u
in hqdn3d
in zoompan=z=1.2:d=2:s=96x64:fps=25
fields bwdif
fields yadif=1,hflip
fields separatefields,weave
fields fieldmatch,decimate
END

# ---- what a stage dropped and what it repeated, both at once

# counts "IN OUT DROPPED REPEATED CHAIN", of the chain's last stage that changes the number
counts() {
    local -r have=$(cd "$work" && reel --filter "$5" --codec rawvideo --format nut -y -o counts.nut --report counts.json in.mkv &&
        jq -r '[.stages[] | select(.dropped + .repeated > 0) | "\(.in) \(.out) \(.dropped) \(.repeated)"] | last' counts.json)
    verdict "counts of $5" "$([ "$have" = "$1 $2 $3 $4" ] || echo "$have, not $1 $2 $3 $4")"
}
counts 70 45 35 10 'loop=2:10:5,select=mod(n\,2)'
counts 70 28 42 0 'fps=40,fps=10'
counts 70 35 50 15 'select=lt(n\,20),tpad=stop=15:stop_mode=clone'

# ---- frames of filters that have no constant rate all stay, as in ffmpeg's Matroska

ffmpeg -nostdin -v error -f lavfi -i testsrc=size=96x64:rate=30:duration=1 -c:v ffv1 "$work/thirty.mkv"
(cd "$work" && ffmpeg -nostdin -v error -y -i in.mkv -i thirty.mkv -filter_complex '[0:v][1:v]hstack=shortest=1' -c:v ffv1 union.want.mkv)
for suffix in mkv mp4; do
    (cd "$work" && reel --filter '[0:v][1:v]hstack=shortest=1' in.mkv --input thirty.mkv -o union.$suffix)
    verdict "all frames of two rates in $suffix" "$(diff \
        <(ffprobe -v error -show_entries packet=pts_time -of csv=p=0 "$work/union.want.mkv" | awk '{ printf "%.2f\n", $1 }' | sort) \
        <(ffprobe -v error -show_entries packet=pts_time -of csv=p=0 "$work/union.$suffix" | awk '{ printf "%.2f\n", $1 }' | sort) | head -n 3 | xargs)"
done

# ---- raw video stays what the last filter gives, as in ffmpeg; an encoder with a list gets the source's layout again

# layout FORMAT CODEC CHAIN
layout() {
    (cd "$work" && reel --filter "$3" --codec "$2" --frames 1 -y -o layout.nut --format nut in.mkv)
    local -r have=$(ffprobe -v error -select_streams v -show_entries stream=pix_fmt -of csv=p=0 "$work/layout.nut")
    verdict "layout of $2 behind $3" "$([ "$have" = "$1" ] || echo "$have, not $1")"
}
layout gbrp rawvideo rgbashift=rh=5
layout gbrp rawvideo rgbashift=rh=5,hflip
layout yuv420p rawvideo rgbashift=rh=5,format=yuv420p
layout yuv420p ffv1 rgbashift=rh=5

# ---- further inputs, shorter and longer than the first, and of another frame rate

small() { ffmpeg -nostdin -v error -f lavfi -i "$1" -c:v ffv1 -pix_fmt "$2" "${@:4}" "$work/$3"; }
small testsrc=size=96x64:rate=30 yuv420p short.mkv -frames:v 40
small testsrc=size=96x64:rate=25 yuv420p long.mkv -frames:v 110
small testsrc=size=96x64:rate=25 gray mask.mkv -frames:v 90
small testsrc2=size=96x64:rate=25 yuv444p in444.mkv -frames:v 50
small testsrc=size=96x64:rate=25 yuv444p long444.mkv -frames:v 90
small color=red:size=16x16 yuv420p logo.mkv -frames:v 1
ffmpeg -nostdin -v error -f lavfi -i color=red@0.5:size=16x16,format=yuva420p -frames:v 1 "$work/glass.png"

# join "CLIP FILES CHAIN": exactly what ffmpeg gives; FILES with commas between.
join() {
    local -r clip=$work/${1%% *} rest=${1#* } mine=$work/$BASHPID
    local -r chain=${rest#* }
    local reason='' file batch ours=() theirs=()
    while IFS= read -r file; do
        ours+=(--input "$file")
        theirs+=(-i "$file")
    done < <(tr , '\n' <<< "${rest%% *}")
    (cd "$work" && ffmpeg -nostdin -v error -y -i "$clip" "${theirs[@]}" -filter_complex "$chain" \
        -fps_mode passthrough -enc_time_base "$time_base" -c:v rawvideo -f nut "$mine.ref.nut")
    frames "$mine.ref.nut" > "$mine.want"
    for batch in 1 16; do
        (cd "$work" && reel --filter "$chain" "${ours[@]}" --batch $batch --codec rawvideo --format nut -y \
            -o "$mine.nut" "$clip") || { reason=$(said_last); break; }
        frames "$mine.nut" > "$mine.have"
        reason=$(first_difference "$mine.have" "$mine.want")
        [ -z "$reason" ] || break
    done
    verdict "$1" "$reason"
}
each join << END
in.mkv logo.mkv [0:v][1:v]overlay=10:10
in.mkv logo.mkv overlay=10:10
in.mkv glass.png [0:v][1:v]overlay=10:10
in.mkv short.mkv [0:v][1:v]overlay=10:10
in.mkv short.mkv [0:v][1:v]overlay=10:10:eof_action=pass
in.mkv short.mkv [0:v][1:v]overlay=10:10:shortest=1
in.mkv long.mkv [0:v][1:v]hstack
in.mkv long.mkv [0:v][1:v]vstack=shortest=1,hflip
in.mkv short.mkv,long.mkv [0:v][1:v][2:v]hstack=3
in.mkv long.mkv [0:v][1:v][1:v]hstack=3
in.mkv long.mkv [0:v]hflip,negate[m];[m][1:v]blend=all_mode=screen,vflip
in.mkv short.mkv [1:v]hflip[x];[0:v][x]blend=all_expr=A*0.5+B*0.5
in.mkv mask.mkv [0:v][1:v]alphamerge
in.mkv long.mkv [0:v]trim=end_frame=10[x];[x][1:v]hstack
in.mkv long.mkv [1:v][0:v]concat=n=2:v=1
in444.mkv long444.mkv [0:v][1:v]xfade=duration=0.5:offset=1
in444.mkv long444.mkv,long444.mkv [0:v][1:v][2:v]maskedmerge
END
# The range is said, since newer ffmpeg makes all that follows RGB one of full range.
compare "in movie=logo.png,scale=out_range=tv,overlay"

# What is longer than the first input is read no further than it is needed, and nobody waits for it.
reel --filter '[0:v][1:v]overlay' --input long.mkv --frames 3 --codec ffv1 -y -o "$work/three.mkv" "$work/in.mkv" \
    --input "$work/long.mkv"
verdict "a file that is not there" "$(grep -q 'cannot read long.mkv' "$said" || said_last)"
reel --filter '[0:v][1:v]overlay' --input "$work/long.mkv" --frames 3 --codec ffv1 -y -o "$work/three.mkv" "$work/in.mkv"
verdict "--frames ends further inputs" "$([ "$(frames "$work/three.mkv" | wc -l)" = 4 ] || said_last)"
for more in "" --keep-partial; do
    rm -f "$work/stalled" && mkfifo "$work/stalled"
    { head -c 20000 "$work/long.mkv" && exec sleep 30; } > "$work/stalled" &
    start=$SECONDS
    # shellcheck disable=SC2086 # no or one word
    timeout -s INT 2 "$warpreel" --filter '[0:v][1:v]hstack' --input "$work/stalled" $more --codec ffv1 -y \
        -o "$work/part.mkv" "$work/in.mkv" 2> "$said"
    verdict "interrupted while a further input stalls $more" \
        "$([ $((SECONDS - start)) -lt 10 ] && grep -q interrupted "$said" || said_last)"
    kill $! 2> /dev/null
done
reel --filter hflip --input "$work/long.mkv" --codec ffv1 -y -o "$work/unused.mkv" "$work/in.mkv"
verdict "an input for nothing is told" "$(grep -q 'long.mkv is not used: no filter takes \[1:v\]' "$said" || said_last)"
reel --quiet --filter hflip --input "$work/long.mkv" --codec ffv1 -y -o "$work/unused.mkv" "$work/in.mkv"
verdict "and with --quiet" "$(grep -q 'long.mkv is not used' "$said" || said_last)"
rm -f "$work/unused.mkv"
reel --strict --filter hflip --input "$work/long.mkv" --codec ffv1 -o "$work/unused.mkv" "$work/in.mkv"
verdict "--strict refuses it" "$([ ! -e "$work/unused.mkv" ] || echo "it is made")"

# refused SENTENCE OPTIONS...
refused() {
    reel --codec ffv1 -y -o "$work/refused.mkv" "${@:2}" "$work/in.mkv"
    local -r code=$?
    verdict "$1" "$([ $code = 2 ] && grep -qF -- "$1" "$said" || echo "exit $code: $(said_last)")"
}
refused "no filter named 'drawtxt', did you mean 'drawtext'?" --filter drawtxt=text=a
refused "[1:v]: there is no input 1, --input names further ones" --filter '[0:v][1:v]overlay'
refused "--native: hstack would run in FFmpeg's filters" --native --filter '[0:v][1:v]hstack' --input "$work/in.mkv"
refused "--native: fps, tile would run in FFmpeg's filters" --native --filter hflip,fps=5,tile=2x2

# The number of frames is the output's; a filter that is not ours is no reason to fail before.
reel --filter fps=50,hflip --frames 7 --codec ffv1 -y -o "$work/seven.mkv" "$work/in.mkv"
verdict "--frames counts what comes out" "$([ "$(frames "$work/seven.mkv" | wc -l)" = 8 ] || said_last)"

# Depth and chroma that a filter does not take come back as they were.
ffmpeg -nostdin -v error -f lavfi -i testsrc2=size=96x64:rate=25 -frames:v 5 -c:v ffv1 -pix_fmt yuv422p10 "$work/deep.mkv"
reel --filter rgbashift=rh=2,hflip --codec ffv1 -y -o "$work/back.mkv" "$work/deep.mkv"
verdict "the layout comes back" "$(frames "$work/back.mkv" | grep -q yuv422p10le || frames "$work/back.mkv" | tail -n 1)"

# codec_gets "CODEC PIX_FMT CHAIN": what the encoder is fed, as its decoder gives it back.
codec_gets() {
    local codec format chain
    local -r made=$work/$BASHPID.nut
    read -r codec format chain <<< "$1"
    reel --filter "$chain" --codec "$codec" --format nut -y -o "$made" "$work/in.mkv"
    verdict "$codec gives $format of $chain" "$(frames "$made" | grep ",$format\(,\|\$\)" > /dev/null || said_last)"
}
each codec_gets << 'END'
ffv1 yuv420p rgbashift=rh=2
png rgb24 rgbashift=rh=2
png rgb24 rgbashift=rh=2,hflip,drawbox
huffyuv bgr0 stereo3d=sbsl:arcc
huffyuv bgra colorkey=green
huffyuv yuv422p hflip
libx264 yuv420p stereo3d=sbsl:arcc
libx264 yuv420p rgbashift=rh=2
gif bgra rgbashift=rh=2
END

# It draws random numbers, and cannot work on frames of which it may overwrite only some.
(cd "$work" && ffmpeg -nostdin -v error -f lavfi -i testsrc2=size=320x180:rate=25 -frames:v 30 -c:v libx264 -bf 2 shaky.mp4 &&
    ffmpeg -nostdin -v error -i shaky.mp4 -vf vidstabdetect=result=shaky.trf -f null -) 2> /dev/null
if [ -s "$work/shaky.trf" ]; then
    reason=''
    chain="vidstabtransform=input=$work/shaky.trf:zoom=5"
    ffmpeg -nostdin -v error -i "$work/shaky.mp4" -vf "$chain" -f framemd5 - | sed '/^#/d; s/.*, *//' > "$work/want"
    for _ in 1 2 3; do
        reel --filter "$chain" --format framemd5 -o - "$work/shaky.mp4" | sed '/^#/d; s/.*, *//' > "$work/have"
        reason=$reason$(first_difference "$work/have" "$work/want")
    done
    [ "$(wc -l < "$work/want")" = 30 ] || reason="$(wc -l < "$work/want") frames of ffmpeg's"
    verdict "vidstabtransform gives ffmpeg's bits in every run" "$reason"
else
    skip "vidstabtransform" "this ffmpeg has no vidstabdetect"
fi

# Where the output has enough, reading is interrupted, which is no damage.
ffmpeg -nostdin -v error -f lavfi -i testsrc2=size=640x360:rate=25 -frames:v 60 -c:v mpeg2video -q:v 2 "$work/whole.mkv"
reason=''
for _ in 1 2 3 4 5 6; do
    reel --filter setsar=1 --frames 12 --codec rawvideo --format nut -y -o "$work/begin.nut" "$work/whole.mkv" || reason=$(said_last)
done
verdict "an input of which only the beginning is used is not damaged" "$reason"

# What a conversion loses is said and reported. It is made where the filter that needs it stands, and undone behind it.
reel --filter fps=5,drawgrid --codec ffv1 --report "$work/loss.json" -y -o "$work/loss.mkv" "$work/deep.mkv"
loss="drawgrid: FFmpeg's filters take yuv422p, not yuv422p10, which loses depth"
verdict "a loss of depth is said" "$(grep -qF "$loss" "$said" || said_last)"
verdict "a loss of depth is reported" \
    "$(jq -e --arg loss "$loss" 'any(.. | strings; . == $loss)' "$work/loss.json" > /dev/null || echo "not in the report")"
verdict "a loss of depth is counted" "$(jq -e '.losses | length == 1' "$work/loss.json" > /dev/null || jq -c .losses "$work/loss.json")"
# It is said with -q and refused by --strict, but not where the user asks for no more than the filter gives.
while read -r code options; do
    read -ra options <<< "$options"
    reel -q --strict -y "${options[@]}" -o "$work/strict.${options[-1]#--format=}" "$work/deep.mkv"
    strict="$? $(grep -c "^warpreel: drawgrid: .*, which loses depth" "$said")"
    verdict "--strict with a filter of 8 bits, ${options[*]}" "$([ "$strict" = "$code $code" ] || echo "$strict: $(said_last)")"
done << 'END'
1 --filter drawgrid --codec ffv1 --format=mkv
1 --filter drawgrid --codec ffv1 --pix-fmt yuv422p10 --format=mkv
0 --filter drawgrid --codec ffv1 --pix-fmt yuv422p --format=mkv
0 --filter drawgrid,format=yuv420p --codec ffv1 --format=mkv
0 --filter drawgrid --format=gif
END
verdict "depth comes back behind a filter that does not take it" \
    "$(frames "$work/loss.mkv" | grep -q yuv422p10le || frames "$work/loss.mkv" | tail -n 1)"
reel --filter tonemap,hflip --codec ffv1 -y -o "$work/floats.mkv" "$work/deep.mkv"
verdict "a filter that takes floats alone" "$(frames "$work/floats.mkv" | grep -q yuv422p10le || said_last)"

# So do range and matrix, where a filter takes RGB alone: the picture's own, not those that its size suggests.
for color in pc,bt709 tv,bt709 pc,smpte170m tv,bt2020nc; do
    ffmpeg -nostdin -v error -y -f lavfi -i testsrc2=size=96x64:rate=25,hue=s=0.3,eq=contrast=0.6 -frames:v 3 \
        -vf "setparams=range=${color%,*}:colorspace=${color#*,}" -c:v ffv1 -pix_fmt yuv444p -color_range "${color%,*}" -colorspace "${color#*,}" "$work/color.mkv"
    for chain in lutrgb hflip,lutrgb,hflip; do
        reel --filter $chain --codec ffv1 -y -o "$work/color.back.mkv" "$work/color.mkv"
        told=$(ffprobe -v error -show_entries stream=color_range,color_space -of csv=p=0 "$work/color.back.mkv")
        psnr=$(ffmpeg -nostdin -i "$work/color.back.mkv" -i "$work/color.mkv" -lavfi psnr -f null - 2>&1 | sed -n 's/.*PSNR.*min:\(inf\|[0-9]\+\).*/\1/p')
        verdict "$chain gives $color back" "$([ "$told" = "$color" ] && [ "${psnr/inf/99}" -ge 45 ] || echo "$told, ${psnr:-no} dB: $(said_last)")"
    done
done

# Filters whose result would depend on the number of threads.
while read -r chain; do
    ffmpeg -nostdin -v error -filter_threads 1 -i "$work/in.mkv" -vf "$chain" -frames:v 5 -f framemd5 - > "$work/want"
    reel --filter "$chain" --frames 5 --format framemd5 -o - "$work/in.mkv" > "$work/have"
    sed -i '/^#/d; s/.*, *//' "$work/want" "$work/have"
    reason=$(first_difference "$work/have" "$work/want")
    [ "$(wc -l < "$work/want")" = 5 ] || reason="$(wc -l < "$work/want") frames of ffmpeg's"
    verdict "$chain with one thread" "$reason"
done << 'END'
geq=lum='random(1)*255'
zscale=48:32:dither=error_diffusion,format=yuv420p
END

# Filters that make other pictures where they may write into the frames that come. In newer ffmpeg that depends on which
# thread is faster, so reverse holds all frames there.
ffmpeg -nostdin -v error -f lavfi -i testsrc2=size=160x120 -frames:v 25 -vf noise=alls=10 -c:v libx264 -crf 10 "$work/noisy.mp4"
for chain in fftdnoiz pp7; do
    ffmpeg -nostdin -v error -i "$work/noisy.mp4" -filter_complex "[0:v]split[a][b];[a]$chain[c];[b]reverse[d]" \
        -map "[c]" -f framemd5 - -map "[d]" -f null /dev/null | sed '/^#/d; s/.*, *//' > "$work/want"
    for threads in 1 4; do
        reel --filter $chain --threads $threads --format framemd5 -o - "$work/noisy.mp4" | sed '/^#/d; s/.*, *//' > "$work/have"
        verdict "$chain of what a decoder may still hold, $threads threads" "$([ -s "$work/want" ] || echo "ffmpeg makes none")$(first_difference "$work/have" "$work/want")"
    done
done

# What holds all frames says so, and is refused beyond a limit: before the run where the number of frames is known.
reel --filter hflip,reverse -v --codec ffv1 -y -o "$work/held.mkv" "$work/in.mkv"
verdict "reverse says what it holds" "$(grep -q "reverse: holds all 70 frames until the last has come, 1 MB" "$said" || said_last)"
for chain in reverse fps=50,reverse; do
    reel --memory-limit 200k --filter $chain --codec ffv1 -y -o "$work/held.mkv" "$work/in.mkv"
    code=$?
    verdict "$chain beyond the limit of memory" "$([ $code = 1 ] && grep -q "reverse: holds all frames .* more than 22 of them are more than 0 MB" "$said" ||
        echo "exit $code: $(said_last)")"
done

# What is said of the first input is said of further ones, too: what they lose, but not the chroma that the first does
# not have either, and what is held of them.
small testsrc=size=96x64:rate=25 yuv444p10 deep444.mkv -frames:v 20
small color=red@0.5:size=16x16,format=rgba rgba clear.png -frames:v 1 -c:v png
reel --filter '[0:v][1:v]overlay' --input "$work/deep444.mkv" --codec ffv1 -y -o "$work/over.mkv" "$work/in.mkv"
verdict "a loss of a further input is said" \
    "$(grep -q "overlay: FFmpeg's filters take yuva420p, not yuv444p10 of input 1, which loses depth$" "$said" || said_last)"
reel --filter '[0:v][1:v]overlay' --input "$work/clear.png" --codec ffv1 -y -o "$work/over.mkv" "$work/in.mkv"
verdict "a logo loses nothing that the picture has" "$(grep "which loses" "$said")"
for memory in 500k 2M; do
    reel -v --memory-limit $memory --filter '[1:v]reverse[r];[0:v][r]hstack' --input "$work/long.mkv" --codec ffv1 -y \
        -o "$work/held.mkv" "$work/in.mkv"
    code=$?
    case $memory in
    500k) expected="1 reverse: holds all frames .* more than 55 of them" ;;
    *) expected="0 reverse: holds all 110 frames" ;;
    esac
    verdict "reverse of a further input within $memory" \
        "$([ $code = "${expected%% *}" ] && grep -q "${expected#* }" "$said" || echo "exit $code: $(said_last)")"
done

# Some filters say what they found only when they are closed.
reel --filter idet --codec ffv1 -y -o "$work/idet.mkv" "$work/fields.mkv"
verdict "idet says what it found" "$(grep -q "idet: Multi frame detection: TFF: *[1-9]" "$said" || said_last)"

# Which field comes first is the filter's word, also of one that makes one frame of several.
while read -r chain codec container; do
    ffmpeg -nostdin -v error -y -i "$work/in.mkv" -vf "$chain" -frames:v 5 -c:v "$codec" "$work/order.want.$container"
    reel --filter "$chain" --frames 5 --codec "$codec" -y -o "$work/order.$container" "$work/in.mkv"
    want=$(ffprobe -v error -show_entries stream=field_order -of csv=p=0 "$work/order.want.$container")
    have=$(ffprobe -v error -show_entries stream=field_order -of csv=p=0 "$work/order.$container")
    verdict "field order of $chain in $codec" "$([ -n "$want" ] && [ "$have" = "$want" ] || echo "$have instead of $want")"
done << 'END'
interlace ffv1 mkv
interlace=scan=bff prores_ks mov
setfield=tff prores_ks mov
setfield=bff ffv1 mkv
tinterlace=interleave_bottom ffv1 mkv
telecine ffv1 mkv
END

# Lines that a filter logs in pieces are said whole.
ffmpeg -nostdin -hide_banner -nostats -i "$work/in.mkv" -vf showinfo -frames:v 3 -f null - 2>&1 |
    sed -n "s/^\[.*showinfo.*\] \(n:\|color\)/\1/p" | head -n 6 > "$work/want"
reel --filter showinfo --frames 3 --codec ffv1 -y -o "$work/info.mkv" "$work/in.mkv"
sed -n 's/^warpreel: showinfo: //p' "$said" | head -n 6 > "$work/have"
verdict "showinfo's lines are whole" "$([ -s "$work/want" ] || echo "ffmpeg says nothing")$(first_difference "$work/have" "$work/want")"

# The palette of another file, and a format behind filters with links.
ffmpeg -nostdin -v error -i "$work/in.mkv" -vf palettegen "$work/pal.png"
ffmpeg -nostdin -v error -i "$work/in.mkv" -i "$work/pal.png" -filter_complex paletteuse,format=rgba -c:v rawvideo \
    -f framemd5 - | sed '/^#/d; s/.*, *//' > "$work/want"
reel --filter '[0:v][1:v]paletteuse' --input "$work/pal.png" --pix-fmt rgba --codec rawvideo --format framemd5 -o - \
    "$work/in.mkv" | sed '/^#/d; s/.*, *//' > "$work/have"
verdict "the palette of a further input" "$(first_difference "$work/have" "$work/want")"

# A palette is a picture of its own, in RGB.
reel --filter palettegen -y -o "$work/palette.png" "$work/in.mkv"
verdict "a palette can be a PNG" "$(frames "$work/palette.png" | grep -q "^16,16,.*rgba" || said_last)"

# Copied sound ends with the last frame, in every run. In Matroska both are later by what leads up to the sound, 23 ms.
ffmpeg -nostdin -v error -f lavfi -i testsrc2=size=160x120:rate=25:duration=6 -f lavfi -i sine=duration=6 \
    -c:v libx264 -preset ultrafast -c:a aac "$work/six.mp4"
for run in 1 2 3; do
    reel -q --filter fps=10,hflip --frames 17 --codec ffv1 -y -o "$work/six.$run.mkv" "$work/six.mp4"
    ffprobe -v error -select_streams a -show_entries packet=pts_time,size -of csv=p=0 "$work/six.$run.mkv" > "$work/six.$run"
done
verdict "sound ends with the last of --frames" "$(tail -n 1 "$work/six.1" | awk -F , '$1 < 1.69 || $1 >= 1.724 { print "at " $1 }')"
verdict "sound ends there in every run" "$(first_difference "$work/six.1" "$work/six.2" && first_difference "$work/six.1" "$work/six.3")"

# Of every stage it is said where it runs and why.
reel -v --filter fps=10,hflip --frames 5 --codec ffv1 -y -o "$work/where.mkv" --report "$work/where.json" "$work/six.mp4"
verdict "-v names where stages run" "$(grep -q "^warpreel: stage 1, fps=10, runs on cpu (FFmpeg's filters): warpreel has no filter of this name" "$said" &&
    grep -q "^warpreel: stage 2, hflip, runs on $device.*: warpreel has kernels for this" "$said" || said_last)"
verdict "the report names where stages run" "$(jq -r '[.stages[] | select(.kind != "cut") | .filters, (.place | split(" ")[0]), .why == null]
    | if . == ["fps=10", "cpu", false, "hflip", "'"$device"'", true] then empty else tostring end' "$work/where.json")"

reel -v --filter hflip,negate --frames 5 --codec ffv1 -y -o "$work/where.mkv" "$work/six.mp4"
verdict "-v names where a chain of warpreel's own runs" \
    "$(grep -q "^warpreel: stage 1, hflip,negate, runs on $device.*: warpreel has kernels for this" "$said" || said_last)"

# Commands reach filters that would else be warpreel's own.
chain="sendcmd=c='0.5 hue s 0',hue=s=1"
ffmpeg -nostdin -v error -i "$work/six.mp4" -an -vf "$chain" -frames:v 20 -c:v ffv1 "$work/commands.want.mkv"
reel --filter "$chain" --frames 20 --no-audio --codec ffv1 -y -o "$work/commands.mkv" "$work/six.mp4"
verdict "commands of sendcmd" "$(cmp <(hashes "$work/commands.want.mkv" -map 0:v) <(hashes "$work/commands.mkv" -map 0:v) 2>&1)"

# Levels stay where pictures of full and of limited range meet, and where a filter takes only one of them.
ffmpeg -nostdin -v error -f lavfi -i color=0x404040:s=64x48:r=25 -t 0.4 -c:v libx264 -qp 0 "$work/limited.mp4"
ffmpeg -nostdin -v error -f lavfi -i color=0x404040:s=64x48:r=25 -t 0.4 -c:v libx264 -qp 0 -pix_fmt yuvj420p "$work/full.mp4"
ffmpeg -nostdin -v error -f lavfi -i color=0x404040:s=64x48:r=25 -t 0.4 -vf scale=out_range=pc,format=yuv420p10 -c:v libx264 -qp 0 -color_range pc "$work/deep.mp4"
ffmpeg -nostdin -v error -f lavfi -i color=0x404040:s=64x48:r=25 -t 0.4 -c:v libx264 -qp 0 -pix_fmt yuv420p10 -color_range tv "$work/deep_limited.mp4"
ffmpeg -nostdin -v error -f lavfi -i color=0x404040:s=64x48 -frames:v 1 -pix_fmt yuvj420p "$work/full.jpg"

# levels "INPUT... CHAIN": every sample of every frame is 64 in RGB, as in the inputs.
levels() {
    local -r chain=${1##* } out=$work/$BASHPID.mkv
    local file inputs=()
    for file in ${1% *}; do inputs+=(-i "$work/$file"); done
    "$warpreel" -v error -y "${inputs[@]}" -filter_complex "$chain" -c:v ffv1 "$out" 2> "$said"
    verdict "levels of $1" "$(ffmpeg -nostdin -v error -i "$out" -vf scale=out_range=pc,format=gbrp,crop=iw-8:ih-8 -f rawvideo - |
        od -An -v -tu1 -w1 | sort -n | uniq -c | awk '$2 < 63 || $2 > 65 { print "one is " $2 } END { if (!NR) print "there are none" }' | head -n 1)"
}
each levels << END
full.jpg zoompan=d=5:s=64x48
limited.mp4 full.jpg [0:v][1:v]overlay
limited.mp4 full.jpg [0:v][1:v]hstack
full.jpg limited.mp4 [0:v][1:v]hstack
full.mp4 limited.mp4 [0:v][1:v]concat
limited.mp4 full.mp4 [0:v][1:v]concat
full.mp4 limited.mp4 [0:v][1:v]xfade=duration=0.2:offset=0.1
limited.mp4 full.mp4 [0:v][1:v]blend=all_mode=average
full.jpg limited.mp4 [0:v]scale=128:96,setsar=1[a];[1:v]scale=128:96,setsar=1[b];[a][b]concat,format=yuv420p
deep.mp4 deep_limited.mp4 [0:v][1:v]vstack
deep_limited.mp4 deep.mp4 [0:v][1:v]concat
END
finish
