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

# refused SENTENCE OPTIONS...
refused() {
    reel --codec ffv1 -y -o "$work/refused.mkv" "${@:2}" "$work/in.mkv"
    local -r code=$?
    verdict "$1" "$([ $code = 2 ] && grep -qF -- "$1" "$said" || echo "exit $code: $(said_last)")"
}
refused "no filter named 'drawtxt', did you mean 'drawtext'?" --filter drawtxt=text=a
refused "--native: fps, tile would run in FFmpeg's filters" --native --filter hflip,fps=5,tile=2x2

# The number of frames is the output's; a filter that is not ours is no reason to fail before.
reel --filter fps=50,hflip --frames 7 --codec ffv1 -y -o "$work/seven.mkv" "$work/in.mkv"
verdict "--frames counts what comes out" "$([ "$(frames "$work/seven.mkv" | wc -l)" = 8 ] || said_last)"

# Depth and chroma that a filter does not take come back as they were.
ffmpeg -nostdin -v error -f lavfi -i testsrc2=size=96x64:rate=25 -frames:v 5 -c:v ffv1 -pix_fmt yuv422p10 "$work/deep.mkv"
reel --filter rgbashift=rh=2,hflip --codec ffv1 -y -o "$work/back.mkv" "$work/deep.mkv"
verdict "the layout comes back" "$(frames "$work/back.mkv" | grep -q yuv422p10le || frames "$work/back.mkv" | tail -n 1)"

# What a conversion loses is said and reported. It is made where the filter that needs it stands, and undone behind it.
reel --filter fps=5,drawgrid --codec ffv1 --report "$work/loss.json" -y -o "$work/loss.mkv" "$work/deep.mkv"
loss="drawgrid: FFmpeg's filters take yuv422p, not yuv422p10, which loses depth"
verdict "a loss of depth is said" "$(grep -qF "$loss" "$said" || said_last)"
verdict "a loss of depth is reported" \
    "$(jq -e --arg loss "$loss" 'any(.. | strings; . == $loss)' "$work/loss.json" > /dev/null || echo "not in the report")"
verdict "depth comes back behind a filter that does not take it" \
    "$(frames "$work/loss.mkv" | grep -q yuv422p10le || frames "$work/loss.mkv" | tail -n 1)"
reel --filter tonemap,hflip --codec ffv1 -y -o "$work/floats.mkv" "$work/deep.mkv"
verdict "a filter that takes floats alone" "$(frames "$work/floats.mkv" | grep -q yuv422p10le || said_last)"

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

# What holds all frames says so, and is refused beyond a limit: before the run where the number of frames is known.
reel --filter hflip,reverse -v --codec ffv1 -y -o "$work/held.mkv" "$work/in.mkv"
verdict "reverse says what it holds" "$(grep -q "reverse: holds all 70 frames until the last has come, 1 MB" "$said" || said_last)"
for chain in reverse fps=50,reverse; do
    reel --memory-limit 200k --filter $chain --codec ffv1 -y -o "$work/held.mkv" "$work/in.mkv"
    code=$?
    verdict "$chain beyond the limit of memory" "$([ $code = 1 ] && grep -q "reverse: holds all frames .* more than 22 of them are more than 0 MB" "$said" ||
        echo "exit $code: $(said_last)")"
done

# Some filters say what they found only when they are closed.
reel --filter idet --codec ffv1 -y -o "$work/idet.mkv" "$work/fields.mkv"
verdict "idet says what it found" "$(grep -q "idet: Multi frame detection: TFF: *[1-9]" "$said" || said_last)"

# A palette is a picture of its own, in RGB.
reel --filter palettegen -y -o "$work/palette.png" "$work/in.mkv"
verdict "a palette can be a PNG" "$(frames "$work/palette.png" | grep -q "^16,16,.*rgba" || said_last)"
finish
