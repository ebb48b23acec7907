#!/bin/bash
# SPDX-License-Identifier: MIT
# Golden hashes of every frame, times included: tests/golden.sh BUILD; UPDATE=1 writes them anew.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/lib.sh"

golden=$tests/golden
clips=$(samples)

# The chains: name, clip (lossless ones: how another FFmpeg encodes must not matter here), filters, and
# filters that differ so little that only a hash can tell: they must not match.
cases() {
    cat << 'END'
negate-gray|gray.mkv|negate|negate,negate
negate-rgb|rgb.mkv|negate=components=g|negate=components=r
negate-alpha|alpha.mkv|negate=negate_alpha=1|negate
eq-420|odd-161x121.mkv|eq=contrast=1.2:brightness=0.05:saturation=1.4:gamma=0.9|eq=contrast=1.2:brightness=0.05:saturation=1.4:gamma=0.91
eq-frames|deep-10bit.mkv|eq=brightness=0.1*sin(n):gamma=1+n/9:eval=frame|eq=brightness=0.1*sin(n):gamma=1+n/10:eval=frame
eq-10bit|deep-10bit.mkv|eq=contrast=0.8:gamma_r=1.2:gamma_b=0.8:gamma_weight=0.7|eq=contrast=0.8:gamma_r=1.2:gamma_b=0.8:gamma_weight=0.71
boxblur-420|odd-161x121.mkv|boxblur=lr=20:lp=1:cr=3:cp=2|boxblur=lr=20:lp=1:cr=3:cp=3
boxblur-10bit|deep-10bit.mkv|boxblur|boxblur=2:3
sobel-420|odd-161x121.mkv|sobel=scale=0.5|sobel=scale=0.5:delta=1
cas-10bit|deep-10bit.mkv|cas=0.5|cas=0.51
gblur-420|odd-161x121.mkv|gblur=0.8:sigmaV=6|gblur=0.8:sigmaV=6.05
gblur-10bit|deep-10bit.mkv|gblur=1.5|gblur=1.51
median-420|odd-161x121.mkv|median=2|median=2:percentile=0.49
median-10bit|deep-10bit.mkv|median=6|median=6:radiusV=5
unsharp-420|odd-161x121.mkv|unsharp=7:5:1.2:3:3:0.6|unsharp=7:5:1.2:3:3:0.65
unsharp-10bit|deep-10bit.mkv|unsharp=5:5:-0.8|unsharp=5:5:-0.82
windows-cropped|odd-161x121.mkv|crop=110:90:13:7,unsharp,boxblur=3:1|crop=110:90:13:7,unsharp,boxblur=2:1
windows-flipped|odd-161x121.mkv|vflip,cas=0.5,hflip,gblur=0.6,sobel|vflip,cas=0.5,hflip,gblur=0.62,sobel
deband-odd|odd-161x121.mkv|deband=1thr=0.1:2thr=0.1:range=30|deband=1thr=0.1:2thr=0.1:range=31
bilateral-odd|odd-161x121.mkv|bilateral=3:0.1:7|bilateral=3:0.101:7
bilateral-10bit|deep-10bit.mkv|bilateral=2.5:0.08:7:window|bilateral=2.5:0.081:7:window
nlmeans-odd|odd-161x121.mkv|nlmeans=s=4:p=5:r=9|nlmeans=s=4:p=5:r=11
nlmeans-10bit|deep-10bit.mkv|nlmeans=s=6:p=7:r=7|nlmeans=s=6.1:p=7:r=7
hflip-odd|odd-161x121.mkv|hflip|hflip,hflip
vflip-odd|odd-161x121.mkv|vflip|hflip
transpose-odd|odd-161x121.mkv|transpose=clock|transpose=cclock
transpose-alpha|alpha.mkv|transpose|transpose=clock_flip
transpose-10bit|deep-10bit.mkv|transpose=cclock|transpose=clock
pad-odd|odd-161x121.mkv|pad=iw+20:ih+10:7:5:teal|pad=iw+20:ih+10:7:5:0x048080
pad-full|full-range-444.mkv|pad=iw+2:ih+2:1:1|pad=iw+2:ih+2:1:1:0x010101
pad-10bit|deep-10bit.mkv|pad=iw+40:ih+10:18:4|pad=iw+40:ih+10:16:4
fade-10bit|deep-10bit.mkv|fade=out:st=0.1:d=0.7|fade=out:st=0.1:d=0.71
hue-odd|odd-161x121.mkv|hue=h=20*n:s=1.5:b=sin(t)|hue=h=20*n:s=1.5:b=sin(t)+0.05
hue-10bit|deep-10bit.mkv|hue=H=1|hue=H=1.01
rotate-odd|odd-161x121.mkv|rotate=PI/6+n/20:ow=rotw(PI/4):oh=ow:c=teal|rotate=PI/6+n/20.1:ow=rotw(PI/4):oh=ow:c=teal
rotate-10bit|deep-10bit.mkv|rotate=-0.2:bilinear=0|rotate=-0.2
vignette-odd|odd-161x121.mkv|vignette=PI/4:x0=w/3+n:eval=frame|vignette=PI/4:x0=w/3+n:eval=frame:dither=0
vignette-10bit|deep-10bit.mkv|vignette=PI/4:aspect=2|vignette=PI/4:aspect=2.05
crop-odd|odd-161x121.mkv|crop=iw/2:ih/2:13:7|crop=iw/2:ih/2:14:7
crop-negate|odd-161x121.mkv|crop=110:90:13:7,negate|crop=110:90:11:7,negate
crop-moving|odd-161x121.mkv|crop=iw/2:ih/2:n*3:x+20*sin(t)|crop=iw/2:ih/2:n*3:x+19*sin(t)
scale-down|odd-161x121.mkv|scale=64:-2|scale=64:-2:flags=bilinear
scale-up|gray.mkv|scale=150:-1:flags=lanczos|scale=150:-1:flags=bicubic
scale-10bit|deep-10bit.mkv|scale=iw*1.5:ih/2:flags=bilinear|scale=iw*1.5:ih/2:flags=area
colorbalance-420|odd-161x121.mkv|colorbalance=rs=0.3:gm=-0.2:bh=0.4|colorbalance=rs=0.3:gm=-0.2:bh=0.42
colorbalance-rgb|rgb.mkv|colorbalance=rm=0.3:pl=1|colorbalance=rm=0.3
mixer-10bit|deep-10bit.mkv|colorchannelmixer=.393:.769:.189:0:.349:.686:.168:0:.272:.534:.131|colorchannelmixer=.393:.769:.189:0:.349:.686:.168:0:.272:.534:.13
mixer-alpha|alpha.mkv|colorchannelmixer=rr=0.5:rb=0.5:ar=0.3:pc=lum:pa=0.5|colorchannelmixer=rr=0.5:rb=0.5:ar=0.3:pc=avg:pa=0.5
format-rgb|odd-161x121.mkv|format=gbrp|format=gbrp10,format=gbrp
format-420|rgb.mkv|format=yuv420p|format=yuv420p:bt709
format-8bit|deep-10bit.mkv|format=yuv420p|format=gbrp16,format=yuv420p
scale-full|full-range-444.mkv|scale=64:64:force_original_aspect_ratio=decrease|scale=64:64
network-odd|odd-161x121.mkv|dnn_processing=model=sharper.onnx|dnn_processing=model=sharper.onnx:strength=0.95
network-10bit|deep-10bit.mkv|dnn_processing=model=sharper.onnx:colorspace=rgb:strength=0.7|dnn_processing=model=sharper.onnx:strength=0.7
chain-all|odd-161x121.mkv|crop=140:100,unsharp,eq=saturation=0,scale=80:-2:flags=area,hflip,negate|crop=140:100,unsharp,eq=saturation=0,scale=80:-2:flags=area,negate,hflip,hflip
chain-order|alpha.mkv|scale=80:-1,crop=40:30,negate|crop=40:30,scale=80:-1,negate
END
}

# run_chain CLIP CHAIN: the frames' hashes and times, without the names of the library's versions.
run_chain() {
    reel --filter "$2" --format framehash -o - "$clips/$1" | grep -v '^#\(software\|version\)'
    return "${PIPESTATUS[0]}"
}

# The clip a golden file was made from: with other samples there is nothing to compare.
clip_hash() { hashes "$clips/$1" | md5sum | cut -d ' ' -f 1; }

write_golden() {
    { echo "# clip $(clip_hash "$2"), chain $3" && run_chain "$2" "$3"; } > "$work/$1.new" &&
        mv "$work/$1.new" "$golden/$1.framehash"
    verdict "wrote $1" "$([ -s "$golden/$1.framehash" ] || said_last)"
}

compare_golden() {
    local -r name=$1 clip=$2 chain=$3 other=$4 want=$golden/$1.framehash run=$work/$1.run
    local reason=''
    if [ ! -e "$want" ]; then
        fail "$name" "no golden hashes; UPDATE=1 writes them"
        return
    elif ! grep -q "^# clip $(clip_hash "$clip"), chain" "$want"; then
        skip "$name" "another FFmpeg made another $clip"
        return
    fi
    run_chain "$clip" "$chain" > "$run" || reason=$(said_last)
    sed 1d "$want" > "$run.want"
    [ -n "$reason" ] || reason=$(first_difference "$run" "$run.want")
    verdict "$name" "$reason"

    # The test itself: a chain that is almost the same gives other hashes.
    reason=''
    run_chain "$clip" "$other" > "$run" || reason=$(said_last)
    ! cmp -s "$run" "$run.want" || reason="$other gives the same hashes"
    verdict "$name tells $other apart" "$reason"
}

one_case() {
    local name clip chain other
    IFS='|' read -r name clip chain other <<< "$1"
    if [ -n "${UPDATE:-}" ]; then
        write_golden "$name" "$clip" "$chain"
    else
        compare_golden "$name" "$clip" "$chain" "$other"
    fi
}

mkdir -p "$golden"
cd "$root/samples" || exit # where chains find the network
cases | each one_case
finish
