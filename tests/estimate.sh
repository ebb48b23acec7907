#!/bin/bash
# SPDX-License-Identifier: MIT
# A run holds to the byte what --estimate says, with many inputs no more, layers have names in the plan's picture, and
# --memory-limit takes the largest batch that stays within the limit: tests/estimate.sh BUILD.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/lib.sh"

clip=$work/clip.mkv
ffmpeg -nostdin -v error -f lavfi -i testsrc2=size=320x180:rate=25 -frames:v 20 -c:v ffv1 \
    -pix_fmt yuv422p10le "$clip"

# number KEY: the first one of that name in the JSON on stdin.
number() { sed -n "s/.*\"$1\": \([0-9]*\).*/\1/p" | head -n 1; }

to=(--format framemd5 -o /dev/null)
estimated() { reel --estimate "$clip" "${to[@]}" --report - "$@"; }
ran() { reel -q "$clip" "${to[@]}" -y --report - "$@"; }

# exact "CHAIN OPTIONS..."
exact() {
    local -r chain=${1%% *}
    local options reason=''
    read -ra options <<< "${1#"$chain"}"
    local -r before=$(estimated --filter "$chain" "${options[@]}")
    local -r after=$(ran --filter "$chain" "${options[@]}")
    [ -n "$after" ] || reason="it failed: $(said_last)"
    local key of
    for key in held pinned; do
        of=$(number "${key}_by_all_bytes" <<< "$before")
        [ "$of" = "$(number "${key}_bytes" <<< "$after")" ] ||
            reason=${reason:-"$key: $of bytes estimated, $(number "${key}_bytes" <<< "$after") held"}
    done
    [ "$(number batch <<< "$before")" = "$(number batch <<< "$after")" ] ||
        reason=${reason:-"other batches"}
    verdict "exact: $1" "$reason"
}

# limited BYTES: what is held keeps to it, and one frame more would not.
limited() {
    local reason=''
    local -r report=$(ran --filter unsharp,scale=iw/2:-2 --memory-limit "$1")
    local -r batch=$(number batch <<< "$report") held=$(number held_bytes <<< "$report")
    [ -n "$held" ] || reason="it failed: $(said_last)"
    [ "${held:-0}" -le "$1" ] || reason=${reason:-$held bytes are held}
    if [ "${batch:-16}" -lt 16 ]; then
        local -r more=$(estimated --filter unsharp,scale=iw/2:-2 --batch $((batch + 1)) |
            number held_by_all_bytes)
        [ "$more" -gt "$1" ] || reason=${reason:-batches have $batch frames, $((batch + 1)) take $more}
    fi
    verdict "limited to $1 bytes: batches of $batch" "$reason"
}

for chain in negate vflip hflip,crop=101:67 unsharp=13:13:1,scale=iw*2:-2,unsharp=13:13:1,scale=iw/2:-2 \
    "negate=enable='lt(n,7)',unsharp" "eq=brightness=n/9:eval=frame"; do
    for options in "" "--batch 1" "--batch 5 --instances 3" "--instances 1 --threads 1"; do
        echo "$chain $options"
    done
done > "$work/cases"
each exact < "$work/cases"
printf '%s\n' 3000000 5000000 10000000 100000000 | each limited

# Of many inputs, those at work at the same time; inputs that share a program count once.
mkdir "$work/many"
for size in 128x100 64x90 100x60; do
    ffmpeg -nostdin -v error -f lavfi -i testsrc2=size=$size:rate=25 -frames:v 50 -c:v ffv1 "$work/many/$size.mkv"
done
cp "$work/many/128x100.mkv" "$work/many/z.mkv"
of_many() { reel --estimate --filter gblur=9,unsharp --report - "$@"; }
one=$(of_many "$work/many/z.mkv" | number held_by_all_bytes)
same "two that share a program" "$(of_many "$work/many/128x100.mkv" "$work/many/z.mkv" --jobs 2 | number held_by_all_bytes)" "$one"
same "files and frames of many" "$(of_many "$work/many" --jobs 3 | jq -c '[.files, .at_once, .frames, .chain]')" \
    '[4,3,200,"gblur=sigma=9,unsharp"]'
for at_once in 1 2 3 4; do
    most=$(of_many "$work/many" --jobs $at_once | number held_by_all_bytes)
    reel -q --filter gblur=9,unsharp "$work/many" -o "$work/many-out" -y --jobs $at_once --report "$work/many.json"
    peak=$(number peak_held_bytes < "$work/many.json")
    reason=''
    [ "${peak:-0}" -ge "$one" ] && [ "$peak" -le "$most" ] || reason="$peak bytes were held, $most estimated"
    [ $at_once != 1 ] || [ "$most" = "$one" ] || reason=${reason:-"$most bytes instead of $one"}
    verdict "files at the same time: $at_once" "$reason"
done
echo "no video" > "$work/many/broken.mkv"
status=0
of_many "$work/many" > "$work/rest.json" || status=$?
same "one of many that cannot be read" "$status $(jq .files "$work/rest.json") $(grep -c '^warpreel: cannot read .*broken.mkv' "$said") \
$(grep -c '1 of 5 files failed' "$said")" "1 4 1 1"
outcome "files that arrive" 2 "takes no --watch" -- --estimate "$work/many" --watch

# Smaller batches are said, also where the job's last program has room for all: the first gets half of the limit.
reason=''
both=$(estimated --filter gblur=9,noise,hflip | number held_by_all_bytes)
reel "$clip" "${to[@]}" -y --filter gblur=9,noise,hflip --memory-limit "$both" || reason=$(said_last)
[ "$(grep -c 'the memory limit has no room for more: batches have [0-9]* frames* instead of 16$' "$said")" = 1 ] ||
    reason=${reason:-$(said_last)}
verdict "smaller batches are said" "$reason"

# What a network's weights take, in the table and as JSON.
sharper=dnn_processing=model=$root/samples/sharper.onnx
weights=$(estimated --filter "$sharper" | number weights_bytes)
reel --estimate "$clip" "${to[@]}" --filter "$sharper" > "$work/table"
reason=''
grep -q "^Weights and tables of the filters take .* ($weights bytes)" "$work/table" || reason=$(tail -n 1 "$work/table")
[ "${weights:-0}" -gt 0 ] || reason="none are counted"
verdict "the weights of a network" "$reason"

# What FFmpeg's filters hold: all frames, as many as they are asked to, or what nobody knows beforehand.
picture=$((320 * 180 * 4)) # yuv422p10
while read -r chain expected; do
    held=$(estimated --filter "$chain" | sed -n 's/.*"filter_frames_bytes": \([a-z0-9]*\).*/\1/p')
    verdict "frames held by $chain" "$([ "$held" = "$expected" ] || echo "$held bytes, not $expected")"
done << END
reverse $((20 * picture))
hflip,loop=3:5:2 $((5 * picture))
loop=-1:30000 $((20 * picture))
scale=160:90,format=yuv422p,thumbnail=4 $((picture / 2))
fps=50,reverse null
[0:v]split[a][b];[a]loop=1:2:0[c];[b]reverse[d];[c][d]hstack $((20 * picture))
hflip 0
END
cp "$clip" "$work/other.${clip##*.}"
for jobs_now in 1 2; do
    held=$(reel --estimate "$clip" "$work/other.${clip##*.}" --output "$work/many/" --filter reverse --jobs $jobs_now \
        --report - | sed -n 's/.*"filter_frames_bytes": \([a-z0-9]*\).*/\1/p')
    verdict "frames held by $jobs_now of two at a time" "$([ "$held" = $((jobs_now * 20 * picture)) ] || echo "$held bytes")"
done
reel --estimate "$clip" "${to[@]}" --filter reverse > "$work/table"
verdict "where nothing is computed in batches there is no table" "$([ "$(wc -l < "$work/table")" = 3 ] &&
    grep -q "nothing is computed in batches" "$work/table" || head -n 3 "$work/table")"
for what in "--estimate" "-q -y"; do
    # shellcheck disable=SC2086 # several options
    reel $what "$clip" "${to[@]}" --filter loop=3:5:2 --memory-limit 500k
    code=$?
    verdict "loop beyond the limit, $what" "$([ $code = 1 ] &&
        grep -q "loop: holds up to 5 frames, and more than 2 of them are more than 1 MB" "$said" ||
        echo "exit $code: $(said_last)")"
done

# What libx264 asks for and does not use takes no memory, however many threads it has.
peak() {
    reel -q "$work/large.nut" "${to[@]}" -y --codec libx264 --threads "$1" --report - | number peak_bytes
}
if [ -n "${ASAN_OPTIONS:-}${TSAN_OPTIONS:-}" ]; then
    skip "the memory of an encoder with many threads" "a sanitizer clears memory by itself"
else
    ffmpeg -nostdin -v error -f lavfi -i testsrc2=size=1280x720 -frames:v 2 -c:v mpeg4 "$work/large.nut"
    few=$(peak 2)
    many=$(peak 32)
    verdict "the memory of an encoder with many threads" "$([ "$many" -lt $((4 * few)) ] || echo "$many instead of $few bytes")"
fi

# The plan's picture names the filters of buffers, and layers.
reel -q "$clip" "${to[@]}" -y --filter "unsharp,$sharper" --memory-plot "$work/plan.svg"
reason=''
grep -q '<title>dnn_processing [^:]*: ' "$work/plan.svg" || reason="no layer is named"
[ "$(grep -c '>dnn_processing</text>$' "$work/plan.svg")" = 1 ] || reason=${reason:-"the legend names layers"}
verdict "layers in the plan's picture" "$reason"

# Too little for one frame: a sentence with what that takes.
ran --filter negate --memory-limit 1000 > "$work/none"
reason=''
grep -q 'a batch of 1 takes [0-9]* bytes on .* limit is 1000: not even one' "$said" ||
    reason="it said: $(said_last)"
[ "$(number batches < "$work/none")" = 0 ] || reason=${reason:-it ran}
verdict "a limit below one frame" "$reason"
finish
