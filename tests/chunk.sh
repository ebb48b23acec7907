#!/bin/bash
# SPDX-License-Identifier: MIT
# Videos in closed pieces: one run, pieces side by side, and parts that are joined give the same file, byte for byte.
#     tests/chunk.sh BUILD
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/lib.sh"
clips=$(samples)
media=${WARPREEL_MEDIA:-$root/../shared/media}

# Numbers and times of frames, dithering, and an expression that remembers the frame before.
chain="hflip=enable='gte(n,9)',vignette,rotate=n*0.01,fade=in:0:20,eq=brightness=random(0)*0.1:eval=frame"

# clip FILE FILTERS OPTIONS...
clip() {
    ffmpeg -nostdin -v error -f lavfi -i "testsrc2=size=96x64:rate=25:duration=2$2" -f lavfi -i sine=duration=2 \
        -pix_fmt yuv420p "${@:3}" "$1" < /dev/null
}
clip "$work/open.mkv" "" -c:v libx264 -preset medium -g 12 -bf 3 -x264-params open-gop=1 -c:a aac
clip "$work/late.mp4" "" -c:v libx264 -bf 2 -g 10 -output_ts_offset 3.21 -c:a aac
clip "$work/uneven.mkv" ",select='mod(n\,7)*mod(n\,4)',setpts=PTS+random(0)*2" -fps_mode passthrough -c:v libx264 -bf 3 -g 9
clip "$work/fields.ts" ",tinterlace=interleave_top,setfield=tff" -c:v mpeg2video -bf 2 -g 8 -flags +ildct+ilme
clip "$work/short.mp4" "" -c:v libx264 -preset fast -g 4 -bf 2 -x264-params open-gop=1:scenecut=0 -c:a aac
clip "$work/short-hevc.mkv" "" -c:v libx265 -preset ultrafast -x265-params log-level=none:keyint=5:min-keyint=5 -bf 2
clip "$work/short.mpg" "" -c:v mpeg2video -g 4 -bf 2
clip "$work/pictures.avi" "" -c:v mjpeg
clip "$work/plain.mkv" "" -c:v ffv1 -g 1 -c:a flac
ffmpeg -nostdin -v error -i "$work/plain.mkv" -pix_fmt yuv422p10le -c:v ffv1 "$work/deep.mkv" < /dev/null

# make_parts OUTPUT N OPTIONS...: what fails is said.
make_parts() {
    local number
    for ((number = 1; number <= $2; number++)); do
        reel "${@:3}" --quiet --part "$number/$2" --output "$1" || { said_last; return; }
    done
}

# compare "NAME|CLIP|SUFFIX|FRAMES|PARTS|OPTIONS"
compare() {
    local name clip suffix frames parts options status=0 reason=''
    IFS='|' read -r name clip suffix frames parts options <<< "$1"
    [ -e "$clip" ] || { skip "$name" "there are no real clips"; return; }
    local -r place=$work/$name
    mkdir "$place"
    # shellcheck disable=SC2206 # words
    local -r job=("$clip" --filter "$chain" --chunk "$frames" $options)
    reel "${job[@]}" --quiet --output "$place/whole.$suffix" || reason="one run: $(said_last)"
    [ -n "$reason" ] || reel "${job[@]}" --quiet --jobs 3 -j 1 -b 5 --output "$place/side.$suffix" ||
        reason="side by side: $(said_last)"
    [ -n "$reason" ] || cmp -s "$place/whole.$suffix" "$place/side.$suffix" || reason="side by side differs"
    [ -n "$reason" ] || reason=$(make_parts "$place/out.$suffix" "$parts" "${job[@]}")
    [ -n "$reason" ] || reel --join "$place/out.$suffix".part* --output "$place/joined.$suffix" ||
        { status=$?; reason="join: $status $(said_last)"; }
    [ -n "$reason" ] || cmp -s "$place/whole.$suffix" "$place/joined.$suffix" || reason="joined differs"
    [ -n "$reason" ] || [ "$name" = "from a start" ] || [ "$(frames "$place/joined.$suffix")" = "$(frames "$clip")" ] ||
        reason="$(frames "$place/joined.$suffix") frames instead of $(frames "$clip")"
    verdict "$name" "$reason"
    rm -rf "$place"
}

each compare << END
ffv1|$work/open.mkv|mkv|10|3|--codec ffv1
libx264|$work/open.mkv|mp4|12|2|
libx264 with audio in mkv|$clips/vfr-av.mkv|mkv|7|4|--codec libx264
libx265|$work/late.mp4|mp4|16|2|--codec libx265 --preset ultrafast
libx265 with B-frames|$clips/counter-120.mp4|mkv|25|3|--codec libx265
libvpx-vp9|$work/late.mp4|webm|25|2|--codec libvpx-vp9 --encoder-option cpu-used=6
libsvtav1|$work/open.mkv|mkv|20|2|--codec libsvtav1 --preset 12
prores|$work/deep.mkv|mov|13|4|--codec prores_ks
one part|$work/late.mp4|mp4|10|1|
one frame in a piece|$work/open.mkv|mkv|1|3|--preset ultrafast
more parts than pieces|$work/open.mkv|mkv|40|4|--preset ultrafast
one piece|$work/open.mkv|mkv|1000|2|--preset ultrafast
uneven times|$work/uneven.mkv|mkv|8|3|--codec libx264
uneven times in mp4|$work/uneven.mkv|mp4|5|2|--codec libx264
fields|$work/fields.ts|mkv|6|2|--codec libx264
short GOPs|$work/short.mp4|mp4|5|5|--codec libx264 --preset fast
short GOPs of HEVC|$work/short-hevc.mkv|mkv|4|6|--codec ffv1
short GOPs of MPEG-2|$work/short.mpg|mkv|4|6|--codec ffv1
fields of H.264|$media/interlaced-h264-tff-camera-pgs.mts|mkv|13|4|--codec ffv1
every picture alone|$work/pictures.avi|mkv|3|7|--codec ffv1
every frame a key frame|$work/plain.mkv|mkv|3|7|--codec ffv1
from a start|$work/late.mp4|mkv|9|3|--start 0.5 --codec ffv1
another size of batch|$work/plain.mkv|mkv|10|2|--codec ffv1 --batch 3
END

# ---- damage: packets that are missing, and one that is no picture

# overwrite FILE OFFSET COUNT: with zeros.
overwrite() { dd if=/dev/zero of="$1" bs=1 seek="$2" count="$3" conv=notrunc status=none; }
size=$(wc -c < "$work/pictures.avi")
{ head -c $((size / 2)) "$work/pictures.avi"; tail -c $((size / 2 - 3000)) "$work/pictures.avi"; } > "$work/cut.avi"
parts=("$work/cut.avi" -f unsharp --chunk 5 --codec ffv1)
reel "${parts[@]}" -o "$work/cut.mkv" --report "$work/cut.json"
codes=$?
for number in 1 2 3; do
    reel "${parts[@]}" --part $number/3 -o "$work/cut-joined.mkv"
    codes+=" $?"
done
reel --join "$work"/cut-joined.mkv.part* -o "$work/cut-joined.mkv" --report "$work/joined.json"
same "parts of a damaged file are damaged, too" "$codes $?" "4 4 4 4 4"
same "go together" "$(cmp "$work/cut.mkv" "$work/cut-joined.mkv" && echo yes)" yes
same "which the join says" "$(grep -c 'the parts have met damage, and may differ there from one run' "$said")" 1
same "and damage is counted once" "$(jq .damaged "$work/joined.json")" "$(jq .damaged "$work/cut.json")"
cp "$work/pictures.avi" "$work/zeros.avi"
at=$(ffprobe -v error -select_streams v -show_entries packet=pos -of csv=p=0 "$work/zeros.avi" | sed -n 8p)
overwrite "$work/zeros.avi" $((at + 8)) 800
parts[0]=$work/zeros.avi
codes=''
for number in 1 2 3; do
    reel "${parts[@]}" --part $number/3 -o "$work/zeros.mkv"
    codes+="$? "
    grep -h 'not where its packets say' "$said" >> "$work/zeros.said"
done
same "a picture that is lost" "$codes$(grep -c 'make it in one run, without --part' "$work/zeros.said")" "0 1 0 1"
rm -f "$work"/zeros.mkv* "$work"/cut*.mkv*

# With several frame threads libx265 makes other packets now and then. It writes its settings into the stream.
reason=''
reel "$work/open.mkv" --frames 3 --chunk 25 --codec libx265 -o "$work/one-thread.hevc" || reason=$(said_last)
grep -aq 'frame-threads=1 ' "$work/one-thread.hevc" ||
    reason=${reason:-$(grep -ao 'frame-threads=[0-9]*' "$work/one-thread.hevc" || echo no settings)}
verdict "libx265 has one frame thread in pieces" "$reason"

# ---- filters of FFmpeg's go with pieces, but not with several parts

reason=''
for jobs in 1 4; do
    reel "$work/open.mkv" -f "noise=alls=20:allf=t,hflip,fps=50" --chunk 10 --jobs $jobs -o "$work/noise$jobs.mkv" ||
        reason=$(said_last)
done
cmp -s "$work/noise1.mkv" "$work/noise4.mkv" || reason=${reason:-differs}
[ "$(frames "$work/noise1.mkv")" = 100 ] || reason=${reason:-$(frames "$work/noise1.mkv") frames}
verdict "noise in pieces side by side" "$reason"

# One part is the whole, also where frames are made, dropped or repeated.
for filters in noise=alls=20:allf=t,hflip fps=50 tpad=stop_duration=1 trim=end_frame=17; do
    reason=''
    all=("$work/open.mkv" -f "$filters" --chunk 10 --codec ffv1)
    reel "${all[@]}" -o "$work/all.mkv" -y && reel "${all[@]}" --part 1/1 -o "$work/only.mkv" &&
        reel --join "$work/only.mkv.part1of1" -o "$work/only.mkv" || reason=$(said_last)
    cmp -s "$work/all.mkv" "$work/only.mkv" || reason=${reason:-differs}
    verdict "one part of $filters" "$reason"
    rm -f "$work"/only.mkv*
done

# Times rise, every piece begins with a key frame, and the pictures are those of a run without pieces.
for_all=("$work/open.mkv" -f vignette --codec ffv1)
reason=''
reel "${for_all[@]}" --chunk 20 -o "$work/in-pieces.mkv" && reel "${for_all[@]}" -o "$work/in-one.mkv" || reason=$(said_last)
cmp -s <(hashes "$work/in-pieces.mkv" -map 0) <(hashes "$work/in-one.mkv" -map 0) || reason=${reason:-frames differ}
verdict "pieces change no frame" "$reason"
reel "$work/open.mkv" --chunk 20 -o "$work/keys.mp4" || fail "pieces of x264" "$(said_last)"
keys=$(ffprobe -v error -select_streams v -show_entries packet=flags -of csv=p=0 "$work/keys.mp4" | grep -n K | cut -d: -f 1 | tr '\n' ' ')
[ "$keys" = "1 21 41 " ] && keys=
verdict "a key frame where a piece begins, and nowhere else in a quiet clip" "${keys:+packets $keys}"

# ---- what cannot be

# refuse NAME CODE WORDS OPTIONS...: exit code and sentence, and no output.
refuse() {
    local -r name=$1 code=$2 words=$3
    local status=0 reason=''
    rm -f "$work"/no.*
    reel "${@:4}" || status=$?
    [ $status = "$code" ] || reason="exit $status instead of $code: $(said_last)"
    grep -q -- "$words" "$said" || reason="${reason:-says $(said_last)}"
    [ "$(grep -c warpreel: "$said")" = 1 ] || reason="${reason:-says more than one sentence}"
    [ -z "$(find "$work" -maxdepth 1 -name '*no.*')" ] || reason="${reason:-$(find "$work" -maxdepth 1 -name '*no.*') stays}"
    verdict "$name" "$reason"
}
in=$work/open.mkv
no=$work/no.mkv
make_parts "$work/p.mkv" 3 "$in" -f hflip --codec ffv1 --chunk 10
make_parts "$work/q.mkv" 3 "$in" -f vflip --codec ffv1 --chunk 10
make_parts "$work/r.mkv" 2 "$in" -f hflip --codec ffv1 --chunk 10
refuse "part 4 of 3" 2 "no part 4 of 3" "$in" --chunk 10 --part 4/3 -o "$no"
refuse "no part" 2 "not of the form K/N" "$in" --chunk 10 --part 4 -o "$no"
refuse "parts without pieces" 2 "add --chunk" "$in" --part 1/3 -o "$no"
refuse "pieces of nothing" 2 "at least 1" "$in" --chunk 0 -o "$no"
refuse "parts of a filter that needs all frames" 2 "may need all frames" "$in" -f noise=alls=9 --chunk 9 --part 1/3 -o "$no"
refuse "parts of so many frames" 2 "a number of frames" "$in" --chunk 9 --part 1/3 --frames 9 -o "$no"
refuse "a part that is not whole" 2 "when interrupted" "$in" --chunk 9 --part 1/3 --keep-partial -o "$no"
refuse "an animation in pieces" 1 "one packet of all frames" "$in" --chunk 9 -o "$work/no.webp" --codec libwebp_anim
refuse "a part that is missing" 1 "one of 3 parts, but there are 2" --join "$work"/p.mkv.part[12]of3 -o "$no"
refuse "a part that came twice" 1 "both part 1" --join "$work"/p.mkv.part[12]of3 "$work/p.mkv.part1of3" -o "$no"
refuse "a part with other filters" 1 "differs in its filters" --join "$work"/p.mkv.part[12]of3 "$work/q.mkv.part3of3" -o "$no"
refuse "a part of other parts" 1 "one of 2 parts" --join "$work"/p.mkv.part[12]of3 "$work/r.mkv.part2of2" -o "$no"
refuse "another container" 1 "differs in its encoder" --join "$work"/p.mkv.part?of3 -o "$work/no.nut"
refuse "a report instead of a part" 2 "would replace an input" --join "$work"/p.mkv.part?of3 -o "$no" --report "$work/p.mkv.part1of3"
refuse "no parts" 2 "needs the files" --join -o "$no"
refuse "settings while joining" 2 "leave out --filter" --join "$work"/p.mkv.part?of3 -f hflip -o "$no"
refuse "a list while joining" 2 "takes no --list" --join "$work"/p.mkv.part?of3 --list "$work/p.list" -o "$no"
refuse "a part of a comparison" 2 "--part and --expect exclude each other" "$in" --chunk 10 --part 1/3 --expect "$in" -o "$no"
refuse "no part at all" 1 "not a whole part" --join "$in" -o "$no"
refuse "another source" 1 "input" --join "$work"/p.mkv.part?of3 --source "$work/late.mp4" -o "$no"
refuse "a source that is gone" 1 "cannot read" --join "$work"/p.mkv.part?of3 --source "$work/gone.mkv" -o "$no"
refuse "a source without parts" 2 "needs --join" "$in" --source "$in" -o "$no"
mkdir "$work/bad"
cp "$work"/p.mkv.part?of3 "$work/bad"
printf x | dd of="$work/bad/p.mkv.part2of3" bs=1 seek=9000 conv=notrunc status=none
refuse "a part that was changed" 1 "not a whole part" --join "$work"/bad/p.mkv.part?of3 -o "$no"
head -c 9000 "$work/p.mkv.part2of3" > "$work/bad/p.mkv.part2of3"
refuse "a part that was cut" 1 "not a whole part" --join "$work"/bad/p.mkv.part?of3 -o "$no"
refuse "a part that is there" 1 "exists already" "$in" -f hflip --codec ffv1 --chunk 10 --part 1/3 -o "$work/p.mkv"

# What the chain reads belongs to what a part says of itself.
# lut FILE FACTOR: writes a table.
lut() { awk -v g="$2" 'BEGIN { print "LUT_3D_SIZE 2"; for (i = 0; i < 8; i++) print (i % 2) * g, int(i / 2) % 2, int(i / 4) }' > "$1"; }
# changed NAME FILE OPTIONS...: the file is another one for the second part, and again when the parts are joined.
changed() {
    local -r name=$1 file=$2
    local reason=''
    rm -f "$work"/c.mkv*
    reel "$in" --codec ffv1 --chunk 10 --part 1/2 -o "$work/c.mkv" "${@:3}" || reason=$(said_last)
    cp "$file" "$work/c.before"
    cp "$work/c.other" "$file"
    reel "$in" --codec ffv1 --chunk 10 --part 2/2 -o "$work/c.mkv" "${@:3}" || reason=$(said_last)
    verdict "$name, two parts" "$reason"
    refuse "$name" 1 "part1of2 does not belong here: it differs in its files" --join "$work"/c.mkv.part?of2 -o "$no"
    cp "$work/c.before" "$file"
    refuse "$name, changed back" 1 "part2of2 does not belong here: it differs in its files" \
        --join "$work"/c.mkv.part?of2 -o "$no"
}
lut "$work/a 'b:c.cube" 1
lut "$work/c.other" 0.5
changed "another table" "$work/a 'b:c.cube" -f "vflip,lut3d=file=$work/a \\\\\\'b\\\\:c.cube:interp=nearest"

# The input may have moved, and the order of parts does not matter.
mv "$in" "$work/moved.mkv"
reason=''
reel --join "$work"/p.mkv.part{3,1,2}of3 --source "$work/moved.mkv" -o "$work/moved-out.mkv" || reason=$(said_last)
reel "$work/moved.mkv" -f hflip --codec ffv1 --chunk 10 -o "$work/moved-whole.mkv" || reason=$(said_last)
cmp -s "$work/moved-out.mkv" "$work/moved-whole.mkv" || reason=${reason:-differs}
verdict "an input that has moved" "$reason"
finish
