#!/bin/bash
# SPDX-License-Identifier: MIT
# Runs over many files: tests/many.sh BUILD.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/lib.sh"

cd "$work" || exit
chain="eq=brightness=(random(1)-0.5)*0.3:eval=frame,unsharp,fade=in:0:9"

# clip NAME SIZE FRAMES RATE
clip() {
    mkdir -p "$(dirname "$1")"
    ffmpeg -nostdin -v error -y -f lavfi -i "testsrc2=size=$2:rate=$4" -frames:v "$3" -c:v ffv1 "$1"
}

# hashes FILE: of its frames and their times.
hashes() { ffmpeg -nostdin -v error -i "$1" -map 0:v -f framehash - | grep -v '^#'; }

# as_alone FILE...: empty if each output has the frames of a lone run over the input of that name.
as_alone() {
    local name
    for name; do
        reel -f "$chain" --codec ffv1 -y -o alone.mkv "in/$name" || { said_last && return; }
        [ -e "out/$name" ] || { echo "there is no $name" && return; }
        [ "$(hashes "out/$name")" = "$(hashes alone.mkv)" ] || { echo "$name differs" && return; }
    done
}

# fates FILE: how many files the report counts of each kind, without those that do not occur.
fates() { jq -c '.counts | with_entries(select(.value > 0))' "$1"; }

# expect NAME CODE GOT [REASON]
expect() {
    local reason=${4:-}
    [ "$2" = "$3" ] || reason="exit code $3 instead of $2: $(said_last)"
    verdict "$1" "$reason"
}

clip in/a.mkv 64x48 23 25
clip in/b.mkv 64x48 40 25
clip in/deep/er/c.mkv 64x48 5 30
clip in/deep/d.mkv 50x38 31 25
clip in/e.mkv 64x48 17 25
echo "no video" > in/deep/notes.txt
printf '1\n00:00:00,000 --> 00:00:01,000\nhello\n' > in/a.srt
videos=(a.mkv b.mkv deep/er/c.mkv deep/d.mkv e.mkv)

for jobs in 1 2 8; do
    rm -rf out
    got=0
    reel -f "$chain" --codec ffv1 --recursive --jobs $jobs --report report.json -o out in || got=$?
    reason=$(as_alone "${videos[@]}")
    [ "$(fates report.json)" = '{"done":5,"left out":2}' ] || reason=${reason:-$(fates report.json)}
    expect "a tree, $jobs jobs" 0 $got "$reason"
done

# Those of the run before are kept, one is made anew since its input has changed.
before=$(stat -c %Y.%i out/a.mkv)
clip in/e.mkv 64x48 9 25
got=0
reel -f "$chain" --codec ffv1 --recursive --resume --report report.json -o out in || got=$?
reason=$(as_alone e.mkv)
[ "$(fates report.json)" = '{"done":1,"done before":4,"left out":2}' ] || reason=${reason:-$(fates report.json)}
[ "$before" = "$(stat -c %Y.%i out/a.mkv)" ] || reason=${reason:-a.mkv was made again}
expect "a run is taken up again" 0 $got "$reason"

got=0
reel -f "$chain,hflip" --codec ffv1 --recursive --resume --report report.json -o out in || got=$?
[ "$(fates report.json)" = '{"done":5,"left out":2}' ] && reason='' || reason=$(fates report.json)
expect "other filters make everything anew" 0 $got "$reason"

# What somebody else put there is not replaced.
rm -rf out
mkdir out
echo mine > out/b.mkv
got=0
reel -f hflip --codec ffv1 --resume --report report.json -o out in || got=$?
reason=$(fates report.json)
[ "$reason" = '{"done":2,"failed":1,"left out":2}' ] && [ "$(cat out/b.mkv)" = mine ] && reason=''
expect "a file of somebody else stays" 1 $got "$reason"

# A damaged one and one that is no video at all, among good ones.
rm -rf out broken
mkdir broken
cp in/a.mkv in/b.mkv broken
head -c 9000 in/b.mkv > broken/cut.mkv
got=0
reel -f "$chain" --codec ffv1 --report report.json -o out broken || got=$?
[ "$(fates report.json)" = '{"done":2,"damaged":1}' ] && reason=$(as_alone a.mkv b.mkv) || reason=$(fates report.json)
expect "a damaged file among others" 4 $got "$reason"
: > broken/empty.mkv
rm -rf out
got=0
reel -f "$chain" --codec ffv1 --report report.json -o out broken || got=$?
[ "$(fates report.json)" = '{"done":2,"damaged":1,"failed":1}' ] && reason=$(as_alone a.mkv b.mkv) || reason=$(fates report.json)
expect "a file that fails stops no other" 1 $got "$reason"

# Patterns, names.
rm -rf out
got=0
reel -f hflip --codec ffv1 --recursive --include '*.mkv' --exclude 'deep/*' --exclude b.mkv --name '{stem}-flipped.nut' \
    -o out in || got=$?
list=$(cd out && echo *)
expect "patterns and names" 0 $got "$([ "$list" = "a-flipped.nut e-flipped.nut" ] || echo "$list")"

# A list, with options of its own.
cat > list << END
in/a.mkv
{"input": "in/b.mkv", "output": "other/b.nut", "filter": "negate", "codec": "rawvideo"}
END
rm -rf out
got=0
reel -f "$chain" --codec ffv1 --list list -o out/ || got=$?
reason=$(as_alone a.mkv)
reel -f negate --codec rawvideo -y -o alone.nut in/b.mkv
[ "$(hashes out/other/b.nut)" = "$(hashes alone.nut)" ] || reason=${reason:-b.nut differs}
expect "a list" 0 $got "$reason"

# What a process holds does not grow with the number of files.
clip in/wide.mkv 640x360 2 25
for ((i = 0; i < 60; i++)); do echo "{\"input\": \"in/wide.mkv\", \"output\": \"$i.mp4\"}"; done > many-list
rm -rf out
got=0
reel -f hflip --codec libx264 --jobs 1 --list many-list --report report.json -o out || got=$?
growth=$(jq '[.files[].report.memory.peak_bytes] | (.[59] - .[19]) / 1048576 | floor' report.json)
expect "sixty files" 0 $got "$([ "$growth" -lt 20 ] || echo "it grew by $growth MiB")"
rm in/wide.mkv

# refused NAME CODE WORDS OPTIONS...: one sentence, and nothing was made.
refused() {
    local -r name=$1 code=$2 words=$3
    local got=0 reason=''
    shift 3
    rm -rf out
    reel "$@" || got=$?
    grep -q "$words" "$said" || reason=$(said_last)
    [ "$(wc -l < "$said")" = 1 ] || reason=${reason:-more than one sentence}
    [ ! -e out ] || reason=${reason:-there is an output}
    expect "$name" "$code" $got "$reason"
}

printf 'in/a.mkv\n{"input": 3}\n' > bad-list
printf '{"input": "in/a.mkv", "batch": "3"}\n' > bad-option
refused "one output for two inputs" 2 "would both become" in/a.mkv in/b.mkv --name same.mkv -o out/
refused "an output inside the input" 2 "inside the input folder" --recursive in -o in/out/
refused "a file as output folder" 2 "several inputs need a folder as" in/a.mkv in/b.mkv -o in/e.mkv
refused "an input as output" 2 "would replace itself" in --include a.mkv -o in
refused "a broken line" 2 "line 2 of bad-list" --list bad-list -o out/
refused "an option for all files in a line" 2 "line 1 of bad-option" --list bad-option -o out/
refused "a list that is not there" 1 "cannot read the list" --list no-list -o out/
refused "an unknown field of a name" 2 "{stem} and {ext}" in --name '{base}.mkv' -o out/
refused "a folder without files" 2 "no file to work on" in --include '*.mp4' -o out/
refused "a trace of many" 2 "one file at a time" in --trace trace.json -o out/
refused "patterns for one file" 2 "for a run over many files" in/a.mkv --include '*' -o out.mkv

# Interrupted: finished files stay, begun ones go, and the next run does the rest.
rm -rf out long
mkdir long
cp in/a.mkv long
ffmpeg -nostdin -v error -f lavfi -i testsrc2=size=320x240:rate=25 -t 600 -c:v ffv1 long/b.mkv &
maker=$!
sleep 2
kill $maker
wait $maker 2> gone
got=0
"$warpreel" --device "$device" -f nlmeans --codec ffv1 --jobs 1 -o out/ long 2> "$said" < /dev/null &
for ((i = 0; i < 300; i++)); do
    [ ! -e out/a.mkv ] && kill -0 $! 2> gone || break
    sleep 0.1
done
kill -s INT $! 2> gone
wait $! || got=$?
list=$(cd out && echo *)
expect "an interrupted run" 130 $got "$([ "$list" = a.mkv ] || echo "it left $list")"

finish
