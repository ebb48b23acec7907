#!/bin/bash
# SPDX-License-Identifier: MIT
# What encoders and containers together keep of a source, say that they lose, or refuse: tests/pairs.sh BUILD [EVERY].
# One pair of so many is tried. With EVERY (1: all pairs) the table of tests/results/pairs.md is written instead of
# the verdicts, and those that fail go to stderr.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/lib.sh"
table=${2:-}
every=${2:-52} # a multiple of the 2 of the table, so that its pairs are among the table's

ff() { ffmpeg -nostdin -v error -y "$@" < /dev/null; }
probe() { ffprobe -v error -show_format -show_streams -show_frames -show_chapters -of json "$@" 2> /dev/null < /dev/null; }

# Three sources: fields of full range that are shown turned; HDR10 with late sound, a text and chapters; transparency.
make_sources() {
    cd "$work" || exit
    printf '1\n00:00:00,040 --> 00:00:00,160\nHello\n' > text.srt
    printf ';FFMETADATA1\ntitle=Pairs\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=100\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=100\nEND=280\n' > tags
    ff -f lavfi -i "testsrc2=s=176x144:r=25:d=0.2,setfield=tff,scale=out_range=pc:out_color_matrix=smpte170m,format=yuv420p" \
        -f lavfi -i sine=440:d=0.3:r=48000 -c:v libx264 -bf 0 -flags +ildct+ilme -x264-params tff=1 -color_range pc \
        -colorspace smpte170m -color_primaries bt470bg -color_trc bt709 -c:a pcm_s16le -metadata:s:a language=spa \
        -timecode 01:00:00:00 flat.mov
    ff -display_rotation 90 -i flat.mov -c copy full.mov 2> /dev/null ||
        ff -i flat.mov -map 0:v -map 0:a -c copy -metadata:s:v rotate=90 full.mov
    ff -f lavfi -i "testsrc2=s=176x144:r=25:d=0.28,select='not(between(n,3,4))',setsar=4/3" -fps_mode passthrough \
        -c:v libx265 -pix_fmt yuv420p10le -color_range tv -colorspace bt2020nc -color_primaries bt2020 \
        -color_trc smpte2084 -x265-params "log-level=none:bframes=0:hdr10=1:repeat-headers=1:chromaloc=2:max-cll=1000,400:master-display=G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,1)" picture.mkv
    ff -f lavfi -i sine=440:d=0.3:r=48000 -c:a ac3 -b:a 192k sound.mkv
    ff -i picture.mkv -itsoffset 0.12 -i sound.mkv -i text.srt -i tags -map 0:v -map 1:a -map 2:s -map_metadata 3 \
        -map_chapters 3 -c copy -metadata:s:a language=spa -metadata:s:s language=ita -disposition:s forced hdr.mkv
    ff -f lavfi -i "testsrc2=s=176x144:r=25:d=0.2,format=yuva444p10le" -c:v ffv1 alpha.mkv
    local source
    for source in full.mov hdr.mkv alpha.mkv; do probe "$source" > "$source.json"; done
}
(make_sources) || exit

# try SOURCE ENCODER CONTAINER OUTPUT: makes the output; a pixel format that the encoder asks for is given to it.
try() {
    local status asked=''
    made() {
        reel -y --no-autorotate -f negate "$work/$1" --codec "$2" --format "$3" "${@:5}" --report "$4.report" -o "$4"
    }
    made "$@"
    status=$?
    if [ $status != 0 ]; then
        asked=$(sed -n 's/.*--pix-fmt to one of \([a-z0-9]*\).*/\1/p' "$said")
        [ -n "$asked" ] || return $status
        made "$@" --pix-fmt "$asked"
        status=$?
    fi
    echo "$asked" > "$4.asked"
    return $status
}

# Whether the report says that FFmpeg cannot read the output: what ffprobe finds in it is chance.
is_said_unread() { grep -q 'finds no pictures\|cannot read' "$1.report"; }

# unread OUTPUT: in which ffprobe finds no pictures. Of codecs that FFmpeg cannot decode nothing can be known.
unread() {
    local -r codec=$(jq -r .output.codec "$1.report")
    if ! grep -qx "$codec" "$work/decoded"; then
        echo "unread: no decoder"
    elif is_said_unread "$1"; then
        echo "said pictures"
    else
        echo "silent pictures"
    fi
}

# compare SOURCE OUTPUT
compare() {
    probe "$2" > "$2.json"
    if [ $? -gt 128 ]; then
        echo "unread: ffprobe crashes"
        return
    fi
    if is_said_unread "$2" || ! jq -e '[.frames[]? | select(.media_type == "video")] | length > 0' "$2.json" > /dev/null; then
        unread "$2"
        return
    fi
    jq -rn --slurpfile want "$work/$1.json" --slurpfile have "$2.json" --slurpfile report "$2.report" \
        --arg asked "$(cat "$2.asked")" -f "$tests/pairs.jq" 2>&1
}

# The words behind KIND on stdin's lines, "a, b".
of_kind() { sed -n "s/^$1 //p" | sort -u | paste -sd , | sed 's/,/, /g'; }

# known CONTAINER ENCODER SILENT: true if the table that is kept says the same; a new table takes nothing from it.
known() {
    [ -z "$table" ] && grep "^| $1 | $2 |" "$tests/results/pairs.md" | grep -q "| $3 |"
}

# pair "ENCODER ALPHA|- CONTAINER SUFFIX"
pair() {
    read -r encoder alpha container suffix <<< "$1"
    local -r name="$encoder in $container" base=$work/$BASHPID
    local source status sources='full.mov hdr.mkv' found='' reason=''
    [ "$alpha" != alpha ] || sources+=' alpha.mkv'
    for source in $sources; do
        local output=$base.${source%.*}.$suffix
        try "$source" "$encoder" "$container" "$output"
        status=$?
        if [ $status = 0 ]; then
            found+=$(compare "$source" "$output")$'\n'
        else
            grep -q '"reason": *"[^"]' "$output.report" && [ $status -le 2 ] || reason="exit $status: $(said_last)"
            [ "$source" = full.mov ] && break # nothing of the kind
            found+="refused ${source%.*}"$'\n'
        fi
    done
    local -r silent=$(of_kind silent <<< "$found")
    [ -z "$reason" ] || found+="refused wrongly: $(cut -d : -f 1 <<< "$reason")"$'\n'
    [ -z "$silent" ] || reason="lost in silence: $silent"
    if grep -q '^jq' <<< "$found"; then reason=$found; fi
    if [ -n "$silent" ] && known "$container" "$encoder" "$silent"; then
        skip "$name" "the table has it: $reason"
    else
        verdict "$name" "$reason"
    fi
    if [ -z "$found" ]; then
        echo "$container|$encoder" >> "$work/refused"
    else
        echo "| $container | $encoder | $(of_kind kept <<< "$found") | $(of_kind said <<< "$found") | $silent |" \
            "$({ of_kind refused && of_kind unread:; } <<< "$found" | paste -sd ' ') |" >> "$work/rows"
    fi
    rm -f "$base".*
}

ffmpeg -v quiet -codecs | awk '$1 ~ /^D.V/ { print $2 }' > "$work/decoded"
"$build/tests/pair-list" > "$work/pairs"
sed -n "1~${every}p" "$work/pairs" > "$work/part"
touch "$work/rows" "$work/refused"
if [ -z "$table" ]; then
    each pair < "$work/part"
    finish
fi

each pair < "$work/part" > "$work/log"
grep '^FAIL' "$work/log" >&2
cat << END
# What encoders and containers keep

What becomes of a source's properties: kept, changed or lost and said so in the report, lost in silence, or refused.
Three sources of five frames are tried: \`full\`, interlaced pictures of full range with bt470bg colours, sound of a
language, a time code and a rotation; \`hdr\`, HDR10 in 10 bits of variable rate, with pixels that are not square, late
sound, a text and chapters; \`alpha\`, where the encoder takes it. Where an encoder refuses a pixel format, the first that
its message names is asked for. Made by \`tests/pairs.sh BUILD $every\` with FFmpeg $(ffmpeg -version | sed -n '1s/ffmpeg version \([^ ]*\).*/\1/p').

FFmpeg has $(wc -l < "$work/pairs") pairs of a container and an encoder whose codec it holds. Of them $(wc -l < "$work/part") were tried, one of
every $every: $(grep -vc wrongly "$work/rows") make a file, $(wc -l < "$work/refused") are refused with a sentence, $(grep -c '^FAIL' "$work/log") fail: $(grep -c wrongly "$work/rows") of
them because the run crashes (exit 134 or 139), the others because something is lost in silence.

Trials cost little: with libx264 into MP4, a run of 5 seconds takes 10.6 s of processor time at 1080p and 1.6 s at 360p,
on two cores that others shared. A run of one frame takes 0.53 s and 0.16 s, one of ffmpeg's 0.29 s and 0.15 s. So all that
is done more than in ffmpeg before the first frame, trials among it, is 2.3 % and 0.6 % of the whole.

| container | encoder | kept | said | in silence | refused |
|---|---|---|---|---|---|
$(sort "$work/rows" | sed 's/  */ /g')

## Refused

$(sort "$work/refused" | awk -F'|' '{ r[$1] = r[$1] (r[$1] ? ", " : "") $2 } END { for (c in r) print "* " c ": " r[c] }' | sort)
END
[ "$(grep -c '^FAIL' "$work/log")" = 0 ]
