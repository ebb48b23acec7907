#!/bin/bash
# SPDX-License-Identifier: MIT
# Bit for bit against FFmpeg's own filters where they take the clip's format: tests/ffmpeg.sh BUILD.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/lib.sh"

# Noise over a moving test card, so that every value and every neighbourhood turns up, as raw frames. The smallest,
# which some filters refuse, come last.
clips="gray 37x29
gray 161x121
yuv420p 37x29
yuv420p 161x121
yuv422p 37x29
yuv422p 161x121
yuv444p 37x29
gbrp 37x29
gbrp 64x48
yuv440p 37x29
yuv411p 37x29
yuva420p 37x29
gray10 37x29
yuv420p10 37x29
yuv422p10 64x48
yuv444p12 37x29
gbrp10 37x29
gbrp10 64x48
gray16 37x29
yuv420p16 37x29
gbrp16 64x48
gray 1x1
yuv420p 1x1
yuv420p 2x3
yuv444p 1x1"

chains() {
    cat << 'END'
negate
negate=y
negate=components=u+v
negate=negate_alpha=1
hflip
hflip,negate,hflip
hflip=enable='between(n,1,2)'
vflip
crop=iw-1:ih-1,vflip,negate
transpose
transpose=clock
transpose=2
transpose=clock_flip
transpose=5
transpose=cclock:passthrough=portrait
vflip,transpose=clock,hflip
pad=iw+10:ih+8:4:2
pad=iw+11:ih+9:3:1
pad=iw+11:ih+9:-1:-1:0x123456@0.5
pad=iw+3.7:ih+2.2:1.9:oh-ih-0.5:olive
pad=ih*3:ow/2:x=y+2:y=3
pad=iw*4:0:ow:oh
pad=aspect=16/9:x=(ow-iw)/2:y=(oh-ih)/2
pad=aspect=4\\:3
rotate=0.3
rotate=PI/2:ow=ih:oh=iw
rotate=3*PI/2:ow=ih:oh=iw
rotate=PI:bilinear=0
rotate=-100.3:bilinear=0:c=0x123456@0.5
rotate=PI/6+n:ow=rotw(PI/6):oh=roth(PI/6):c=0x123456
rotate=t*9:ow=hypot(iw\,ih):oh=ow
rotate=0.7:ow=iw/2:oh=ih/2
rotate=5:enable='gt(n,0)'
fade
fade=in:0:3
fade=out:0:3
fade=out:1:2
fade=st=0.04:d=0.1
fade=t=out:d=0.1
fade=out:s=1:d=0.1
fade=in:0:3:alpha=1
fade=in:0:3:color=red
fade=in:0:9:enable='gt(n,0)'
negate=enable='lt(mod(t,0.08),0.04)',hflip=enable=0,eq=contrast=1.3:enable='gte(n,1)'
crop=20:10
crop=iw/2:ih/2
crop=iw*2/3:ih-5:3:1
crop=33:21:7:5
crop=33:21:7:5:exact=1
crop=w=iw-7:h=oh*0+9:x=in_w-out_w:y=0
crop=iw-2*3:ih-2*3:exact=1
crop=25:25:keep_aspect=1
crop=max(iw-3\,1):max(ih-3\,1)
crop='min(iw,ih)':'min(iw,ih)'
unsharp
unsharp=3:3:0.5
unsharp=7:7:-2
unsharp=5:5:1.0:5:5:0.7
unsharp=13:5:2.5:3:9:-1.5
unsharp=23:23:5:23:23:5
unsharp=la=0:ca=1.3:cx=7:cy=3
unsharp=lx=3:ly=23:la=-0.37
eq
eq=contrast=1.5
eq=contrast=-1.2:brightness=0.1
eq=brightness=0.3
eq=brightness=-1
eq=contrast=1000:brightness=1
eq=contrast=0
eq=saturation=0
eq=saturation=3
eq=saturation=1.17
eq=contrast=1.1:brightness=-0.06:saturation=1.3
eq=gamma=2.2
eq=gamma=0.1
eq=gamma=10:gamma_weight=0.3
eq=gamma_r=1.4:gamma_g=0.8:gamma_b=1.1
eq=contrast=0.7:brightness=0.2:saturation=0.4:gamma=1.6:gamma_r=0.9:gamma_b=3:gamma_weight=0.5
eq=1.3:-0.1:0.8:1.2
eq=contrast=1+n/7:brightness=0.1-t:saturation=0.5+n:eval=frame
eq=contrast=1-n:gamma=1+n/3:gamma_r=0.7+n:gamma_g='r/20':gamma_weight=1-n/5:eval=frame
eq=saturation=sqrt(2):eval=frame
hue=h=90
hue=H=-2.1:s=1.7
hue=s=0:b=-1.3
hue=-30:10:b=7.77
hue=s=-3:b=10
hue=h=37*n+5:s=1+n/3:b=sin(n*PI)*2
hue=b=sin(PI*(n+1))
hue=H=2*PI*t:s=sin(2*PI*t)+1
hue=h=pts*3+r:s=1+tb*20:b=t*r/7
hue=s=11:b=-12+n
hue=h=random(0)*300:s=random(1)*3:b=random(2)*4-2
crop=iw-8:ih-8:n*3+1:8-n*5
crop=iw/2:ih/2:x=y+2*n:y=t*100
crop=iw*0.7:ih*0.6:(iw-ow)*random(0):x/2,negate
crop=20:20:n*4-2:abs(sin(n))*9:exact=1
crop=20:20:n*400:100-n*200,crop=16:12:2-n:x
hflip,crop=iw-10:ih-10:n:0,vflip
median
median=2
median=3
median=5:percentile=0.3
median=127
median=6:planes=13:radiusV=2
median=1:radiusV=40
median=percentile=0
boxblur=2:2,crop=iw-32:ih-16
boxblur=1:1:1:1:1:1,crop=iw-8:ih-8
boxblur=3:2:1:3,crop=iw-24:ih-12
boxblur=lr=0:cr=2:cp=2,crop=iw-32:ih-16
boxblur=lr=12:lp=1:cr=3:cp=1:ar=12,crop=iw-24:ih-24
boxblur=lr=min(w\,h)/4:lp=1:cr=min(cw\,ch)/4:cp=1,crop=iw/2-2:ih/2-2
boxblur=13:2:9:1,crop=iw-56:ih-56
bilateral
bilateral=2:0.1
bilateral=sigmaS=12:sigmaR=0.3:planes=15
bilateral=400:1:7
bilateral=3:0.002:15
sobel=15,crop=iw-4:ih-4:4:4
sobel=5:0.37:-5.3,crop=iw-4:ih-4:4:4
sobel=scale=1.7,crop=iw-4:ih-4:4:4
cas=0
cas=1:15
cas=0.37:5
median=percentile=1
median=2:percentile=0.77
deband=range=2000000000
deband=range=-100000:direction=-1
deband
deband=blur=0
deband=0.1:0.2:0.05:0.5
deband=0.1:0.2:0.05:0.5:blur=0
deband=range=5:direction=1:1thr=0.3
deband=range=-7:direction=-2.5:1thr=0.2:2thr=0.3
deband=range=200:1thr=0.5:2thr=0.5:blur=0
deband=r=61:d=-1:1thr=0.2
deband=1thr=0.1:2thr=0.1:3thr=0.1:4thr=0.1:coupling=1
deband=0.2:0.2:0.2:0.2:90:c=1:b=0
crop=iw-1:ih-1,unsharp,eq=contrast=1.2,hflip,negate
END
}

clip() { echo "$work/$1-$2.nut"; }

make_clip() {
    local -r format=${1%% *} size=${1#* }
    local -r noisy="testsrc2=size=336x200:rate=25,format=yuv444p,noise=all_seed=7:alls=70:allf=t"
    ffmpeg -nostdin -v error -f lavfi -i "$noisy,crop=${size/x/:}:exact=1" -frames:v 2 \
        -vf "format=$format" -c:v rawvideo -bitexact "$(clip "$format" "$size")"
}

# What FFmpeg mirrors at the border and we repeat is cut off: boxblur, and sobel's left and top.
# Where FFmpeg 5.1 itself goes wrong and is no reference: unsharp gives black pictures when they are less
# than about twice as high as its matrix, and next to no effect beyond 8 bits; crop moves chroma of two
# bytes by half a sample; pad's black is too bright and tinted beyond 8 bits; fade takes the black of YUV with alpha
# for 0.
ffmpeg_fails() {
    case "$1 $2" in
        *x[13]\ unsharp* | *x29\ *ly=23*) return 0 ;;
        *1[0-6]\ *unsharp*) return 0 ;;
        yuv4[12][0-9]p1[0-6]\ *exact=1) return 0 ;;
        yuv4*1[0-6]\ *\ pad* | gray16\ *\ pad* | gray10\ *:0x123456* | gray10\ *:olive) return 0 ;;
        yuv4*1[02]\ 64x48\ rotate=0.7*) return 1 ;;
        yuv4*1[0-6]\ *\ rotate*) return 0 ;;
        yuva420p\ *alpha=1) return 1 ;;
        yuva420p\ *\ fade*) return 0 ;;
        *) return 1 ;;
    esac
}

# What FFmpeg makes of it without converting the format behind our back; fails if it would have to.
reference() {
    ffmpeg -nostdin -v quiet -noauto_conversion_filters -i "$1" -vf "$2" -f framemd5 - |
        sed -n 's/^0,.*, *\([0-9]*, .*\)/\1/p'
    return "${PIPESTATUS[0]}"
}

ours() {
    reel --filter "$2" --format framemd5 -o - "$1" | sed -n 's/^0,.*, *\([0-9]*, .*\)/\1/p'
    return "${PIPESTATUS[0]}"
}

compare() {
    local format size chain reason=''
    read -r format size chain <<< "$1"
    local -r file=$(clip "$format" "$size") out=$work/$BASHPID
    reference "$file" "$chain" > "$out.want" || return # it has no such thing in this format
    echo "$format ${chain%%=*}" >> "$work/compared"
    if ! ours "$file" "$chain" > "$out"; then
        reason=$(said_last)
    elif [ ! -s "$out.want" ] || ! cmp -s "$out" "$out.want"; then
        reason="differs from ffmpeg -vf"
    fi
    # One line for each case that fails, and a count of the others, of which there are hundreds.
    if [ -n "$reason" ]; then
        fail "$chain on $format $size" "$reason"
    else
        echo ok >> "$work/results"
    fi
}

# by_how_much TYPE A B: by how much samples of two files differ at most, and how many do.
by_how_much() {
    paste <(od -An -v -w2 -t"$1" "$2") <(od -An -v -w2 -t"$1" "$3") | awk '
        { for (n = 1; n <= NF / 2; n++) { d = $n - $(n + NF / 2); d = d < 0 ? -d : d; if (d > most) most = d; many += d > 0 } }
        END { print most + 0, many + 0 }'
}

# Tables are looked up by other arithmetic: within one of FFmpeg's in the same RGB, and not as a whole its bits.
look_up() {
    local -r table=$root/samples/grade.cube
    local format type interp most many
    for format in gbrp:u1 gbrp10:u2 gbrp16:u2; do
        type=${format#*:} format=${format%:*}
        for interp in nearest trilinear tetrahedral pyramid prism; do
            ffmpeg -nostdin -v error -y -i "$(clip "$format" 64x48)" -vf "lut3d=$table:interp=$interp" -f rawvideo "$work/want" || return
            reel --filter "lut3d=$table:interp=$interp" --format rawvideo -o "$work/got" --overwrite "$(clip "$format" 64x48)"
            read -r most many <<< "$(by_how_much "$type" "$work/want" "$work/got")"
            verdict "lut3d interp=$interp in $format, $many samples differ" \
                "$([ "$(stat -c %s "$work/got")" = "$(stat -c %s "$work/want")" ] && [ "$most" -le 1 ] ||
                    echo "by up to $most: $(said_last)")"
        done
    done
}

# Of the cases of each filter in each format the first, and then every fourth; WARPREEL_TEST_STRIDE=1 tries all.
every() {
    local chain format size
    while read -r chain; do
        while read -r format size; do
            ffmpeg_fails "$format $size" "$chain" || echo "$format $size $chain"
        done <<< "$clips"
    done < <(chains) | awk -v stride="${WARPREEL_TEST_STRIDE:-4}" '{
        split($3, names, /[=,]/)
        if (seen[$1, names[1]]++ % stride == 0) print
    }'
}

# The comparison must not have become empty: each filter in at least these formats.
expect() {
    local -r filter=$1
    local format
    shift
    for format; do
        if grep -qx "$format $filter" "$work/compared"; then
            pass "$filter compared in $format"
        else
            fail "$filter compared in $format" "FFmpeg refused every case"
        fi
    done
}

each make_clip <<< "$clips"
look_up
every | each compare
expect negate gray yuv420p yuv422p yuv444p gbrp yuva420p yuv420p10 yuv444p12
expect hflip gray yuv420p yuv422p yuv444p gbrp gray10 yuv420p16
expect vflip gray yuv420p yuv422p yuv444p gbrp gray10 yuv420p16
expect transpose gray yuv420p yuv444p gbrp yuva420p gray10 gbrp10 gray16 yuv420p16
expect pad gray yuv420p yuv422p yuv444p gbrp yuva420p gray10 gbrp10
expect rotate gray yuv420p yuv444p gbrp yuva420p
expect hue yuv420p yuv422p yuv444p yuv440p yuv411p yuva420p yuv420p10 yuv422p10
expect fade yuv420p yuv422p yuv444p gbrp yuva420p yuv420p10 yuv444p12 yuv420p16
expect crop gray yuv420p yuv422p yuv444p gbrp gray16 gbrp10
expect deband gray yuv420p yuv422p yuv444p gbrp yuva420p gray10 yuv444p12 gbrp10 gray16 yuv420p16
expect unsharp yuv420p yuv422p yuv444p yuv440p
expect boxblur gray yuv420p yuv422p yuv444p gbrp yuva420p gray10 yuv422p10 yuv444p12 yuv420p16
expect bilateral gray yuv420p yuv422p yuv444p gbrp yuva420p gray10 yuv422p10 gbrp10 yuv444p12 gray16 yuv420p16
expect sobel gray yuv420p yuv422p yuv444p gbrp yuva420p gray10 yuv420p10 yuv444p12 gray16
expect cas gray yuv420p yuv422p yuv444p gbrp yuva420p gray10 yuv420p10 yuv444p12 gray16
expect median gray yuv420p yuv422p yuv444p gbrp yuva420p gray10 yuv420p10 gbrp10 yuv444p12 yuv420p16
expect eq gray yuv420p yuv422p yuv444p
finish
