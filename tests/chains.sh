#!/bin/bash
# SPDX-License-Identifier: MIT
# Chains of the kinds that people write give what ffmpeg gives: tests/chains.sh BUILD.
# As many frames, at the same times, of the same size and shape; and their pixels are the same, or near (40 dB in every
# plane) where a result is rounded elsewhere than in FFmpeg's filter. Pictures shrink to half at most: FFmpeg's scaler
# takes chroma that does not say where it lies for centred, and not for what H.264 and its like mean by that.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/lib.sh"

command -v ffmpeg ffprobe > /dev/null || { echo "skipped: there is no ffmpeg to compare with" && exit 77; }
ticks=$(fine_time_base filter)

# make_clip NAME FORMAT OPTIONS...: a moving card with soft edges, as a lens gives.
make_clip() {
    ffmpeg -nostdin -v error -f lavfi -i testsrc2=size=320x180:rate=25,gblur=4 -frames:v 24 -pix_fmt "$2" -c:v ffv1 \
        "${@:3}" "$work/$1.mkv"
}
make_clip card yuv420p
make_clip deep yuv420p10 -color_primaries bt2020 -color_trc smpte2084 -colorspace bt2020nc -color_range tv
make_clip alpha yuva420p
make_clip fields yuv420p -vf setfield=tff -field_order tt
make_clip anamorphic yuv420p -vf setsar=16/15
make_clip uneven yuv420p -vf "select='not(eq(mod(n,5),3))'" -fps_mode passthrough
make_clip bars yuv420p -vf "pad=iw:ih+40:0:20"
ffmpeg -nostdin -v error -f lavfi -i color=red@0.6:size=48x32,format=rgba -frames:v 1 "$work/logo.png"
printf '1\n00:00:00,200 --> 00:00:00,800\nHello\n' > "$work/words.srt"

# What must be the same: one line for the picture's shape, then the times.
outline() {
    ffprobe -v error -select_streams v:0 -of csv=p=0 \
        -show_entries packet=pts_time:stream=width,height,sample_aspect_ratio "$1" | sed 's/,\(N\/A\|0:1\)$/,1:1/' |
        sort -n
}

# The least PSNR of all planes, of OURS to WANTED in its format.
least_psnr() {
    local format
    format=$(ffprobe -v error -select_streams v:0 -show_entries stream=pix_fmt -of csv=p=0 "$1")
    ffmpeg -nostdin -hide_banner -v info -i "$1" -i "$2" -f null - -lavfi "[0:v]settb=1/25,setpts=N[a];
        [1:v]settb=1/25,setpts=N,scale=flags=bicubic+accurate_rnd+full_chroma_int,format=$format[b];[a][b]psnr" 2>&1 |
        sed -n 's/.*PSNR \(.*\) average.*/\1/p' | tr ' ' '\n' | sed 's/.*://' | sort -g | head -n 1
}

hashes_of() {
    ffmpeg -nostdin -v error -i "$1" -fps_mode passthrough -f framemd5 - | sed '/^#/d; s/.*, *//'
}

# compare "CLIP HOW CHAIN"; HOW is same or near.
compare() {
    local clip how chain psnr reason='' option=-vf
    read -r clip how chain <<< "$1"
    local -r mine=$work/$BASHPID
    [[ $chain != "[0:v]"* ]] || option=-filter_complex
    if ! (cd "$work" && ffmpeg -nostdin -v error -y -i "$clip.mkv" $option "$chain" -fps_mode passthrough \
        -enc_time_base "$ticks" -c:v rawvideo -f nut "$mine.ref.nut") 2> /dev/null; then
        skip "$chain" "this ffmpeg does not take it"
        return
    fi
    if ! (cd "$work" && reel --filter "$chain" --codec rawvideo --format nut -y -o "$mine.nut" "$clip.mkv"); then
        fail "$chain" "$(said_last)"
        return
    fi
    outline "$mine.ref.nut" > "$mine.want"
    outline "$mine.nut" > "$mine.have"
    reason=$(first_difference "$mine.have" "$mine.want")
    if [ -z "$reason" ] && [ "$how" = same ]; then
        [ "$(hashes_of "$mine.nut")" = "$(hashes_of "$mine.ref.nut")" ] || reason="pixels differ"
    elif [ -z "$reason" ]; then
        psnr=$(least_psnr "$mine.nut" "$mine.ref.nut")
        awk -v psnr="$psnr" 'BEGIN { exit !(psnr == "inf" || psnr >= 40) }' || reason="$psnr dB"
    fi
    verdict "$chain" "$reason"
    rm -f "$mine".*
}

each compare << 'END'
card near scale=160:-2
card near scale=-1:120:flags=lanczos
card near scale=w=iw/2:h=ih/2:flags=area
card near scale=256:256:force_original_aspect_ratio=decrease,pad=256:256:-1:-1:color=black
card near scale='min(200,iw)':-2,setsar=1
card near scale=200:200:force_original_aspect_ratio=increase,crop=200:200
card near scale=in_range=limited:out_range=full
card near scale=in_range=pc
card near scale=160:90:in_color_matrix=bt601:out_color_matrix=bt709
card near scale=out_color_matrix=bt709
anamorphic near scale=iw*sar:ih,setsar=1
anamorphic near scale=200:ih
card same crop=in_w/2:in_h/2
card same crop=180:180:(iw-180)/2:0
card same pad=ceil(iw/32)*32:ceil(ih/32)*32
card same hflip,vflip
card same transpose=1
card same transpose=2,transpose=2
card near rotate=PI/6:fillcolor=black
card same fps=10
card same fps=50,hflip
uneven same fps=25
uneven same setpts=N/(25*TB)
card same setpts=0.5*PTS
card same setpts=2*PTS,fps=25
card same trim=start=0.2:end=0.6,setpts=PTS-STARTPTS
card same select='between(n\,4\,11)',setpts=PTS-STARTPTS
card same select='not(mod(n,3))',scale=320:180,tile=4x2
card same reverse
card same loop=loop=2:size=24:start=0
card same tpad=stop_mode=clone:stop_duration=0.4
card same thumbnail=12
card same framestep=3
card near minterpolate=fps=50:mi_mode=blend
card same eq=brightness=0.05:contrast=1.2:saturation=1.3
card near hue=s=0
card near colorbalance=rs=0.1:bs=-0.1
card near curves=preset=vintage
card near colorchannelmixer=.393:.769:.189:0:.349:.686:.168:0:.272:.534:.131
card same unsharp=5:5:1.0:5:5:0.0
card near gblur=sigma=1.5
card near boxblur=4:1
card same hqdn3d=4:3:6:4.5
card same noise=alls=12:allf=t:all_seed=3
card near vignette
card same fade=in:0:8,fade=out:16:8
card same negate,format=gray
card same drawbox=x=20:y=20:w=80:h=40:color=yellow@0.5:t=fill
card same drawgrid=w=40:h=40:c=white@0.4
card near drawtext=text='frame %{n}':x=10:y=10:fontsize=20:fontcolor=white:box=1:boxcolor=black@0.5
card near subtitles=words.srt
fields same yadif
fields same bwdif=mode=1
fields same separatefields,hflip
fields near idet,yadif=0:-1:1,scale=160:90
bars same cropdetect,crop=320:180:0:20
deep near zscale=t=linear:npl=100,format=gbrpf32le,zscale=p=bt709,tonemap=hable:desat=0,zscale=t=bt709:m=bt709:r=tv,format=yuv420p
alpha near crop=160:90,fade=out:10:10:alpha=1
card near fps=8,scale=160:-1:flags=lanczos,split[a][b];[a]palettegen=stats_mode=diff[p];[b][p]paletteuse=dither=bayer:bayer_scale=3
card near palettegen=max_colors=32
card near split[o][b];[b]scale=320:320,boxblur=8:2[bg];[o]scale=200:-2[fg];[bg][fg]overlay=(W-w)/2:(H-h)/2
card same split[l][r];[l]crop=iw/2:ih:0:0[a];[r]crop=iw/2:ih:iw/2:0,hflip[b];[a][b]hstack
card near movie=logo.png[l];[in][l]overlay=W-w-8:8
card near [0:v]split=2[a][b];[b]hflip[c];[a][c]blend=all_mode=average
END
# A chain that this FFmpeg cannot run is skipped; of eight one may be.
compared=$(($(count ok) + $(count FAIL)))
skipped=$(count skip)
verdict "$compared chains compared, $skipped skipped" "$([ $((skipped * 8)) -le $((compared + skipped)) ] || echo "too few")"
finish
