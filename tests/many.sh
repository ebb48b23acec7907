#!/bin/bash
# SPDX-License-Identifier: MIT
# Many inputs in one run: what is made, from what, what is left out, and what stops what: tests/many.sh BUILD.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/lib.sh"

in=$work/in
mkdir -p "$in/deep/er"
# clip FILE SIZE FRAMES
clip() {
    ffmpeg -nostdin -v error -f lavfi -i "testsrc2=size=$2:rate=25" -frames:v "$3" -c:v libx264 -preset ultrafast "$1"
}
clip "$in/a.mp4" 96x64 5
clip "$in/b.mkv" 64x48 33
clip "$in/a name with 'quotes'.mp4" 96x64 17
clip "$in/deep/c.mp4" 96x64 16
clip "$in/deep/er/d.mkv" 48x96 3
echo "no video" > "$in/notes.txt"
printf '1\n00:00:00,000 --> 00:00:01,000\nHello\n' > "$in/a.srt"
head -c 3000 "$in/a.mp4" > "$in/broken.mp4"

# listing FOLDER: the files in it, without what is hidden.
listing() { (cd "$1" && find . -type f -not -path '*/.*' | sort | tr '\n' ' '); }

chain=unsharp,fade=in:0:10
outcome "a folder, with a file that fails" 1 "failed .*broken.mp4" "skipped .*notes.txt: it is no video" \
    "skipped .*a.srt" "--recursive would go into" "7 files: 3 done, 0 damaged, 1 failed, 3 skipped, 0 not done" \
    "^warpreel: 1 of 7 files failed" -- -f $chain "$in" -o "$work/flat"
same "only what could be made is there" "$(listing "$work/flat")" "./a name with 'quotes'.mp4 ./a.mp4 ./b.mkv "
mkdir "$work/bad"
mv "$in/broken.mp4" "$work/bad"
outcome "a folder where every file fails" 1 "1 failed" -- -f $chain "$work/bad" -o "$work/never"
verdict "leaves no folder of outputs" "$([ ! -e "$work/never" ] || ls -A "$work/never" | head -n 1 | sed s/^$/empty/)"

# alone FILE OUT: what a run for this input alone makes.
alone() { reel -f $chain "$in/$1" -o "$work/alone/$1" -y; }
mkdir -p "$work/alone/deep/er"
for file in a.mp4 b.mkv "a name with 'quotes'.mp4" deep/c.mp4 deep/er/d.mkv; do alone "$file"; done

# Each job's pictures are those of a lone run, however many run at once.
for with in "--jobs 1" "--jobs 2 --batch 5" "--jobs 5 --batch 1" "--jobs 8 --instances 2"; do
    rm -rf "$work/tree"
    # shellcheck disable=SC2086 # options
    outcome "a tree, $with" 0 "7 files: 5 done, 0 damaged, 0 failed, 2 skipped" -- -f $chain "$in" --recursive \
        -o "$work/tree" $with
    reason=''
    for file in a.mp4 b.mkv "a name with 'quotes'.mp4" deep/c.mp4 deep/er/d.mkv; do
        hashes "$work/tree/$file" > "$work/have"
        hashes "$work/alone/$file" > "$work/want"
        difference=$(first_difference "$work/have" "$work/want")
        [ -z "$difference" ] || reason="of $file, $difference from a run alone"
    done
    verdict "the same pictures, $with" "$reason"
done

# A device shares out batches to jobs, and what follows is the same for all of them.
[ "$device" = cpu ] || finish

# Jobs that wait for room in a batch are served in turn: both have frames in nearly every batch. With nobody's turn
# each fills batches of its own, and has frames in half of them. A machine with other work may let one begin late.
mkdir "$work/turns"
for file in one two; do
    ffmpeg -nostdin -v error -f lavfi -i testsrc2=size=160x120 -frames:v 200 -c:v libx264 -preset ultrafast "$work/turns/$file.mkv"
done
for _ in 1 2 3; do
    reel "$work/turns" -f nlmeans --codec rawvideo -o "$work/turns.out" -y --jobs 2 --instances 1 --batch 5 --report "$work/turns.json" || break
    shares=$(jq -c '[.engine.batches as $all | .jobs[].report.batches * 100 / $all | round]' "$work/turns.json")
    jq -en "$shares | min > 75" > "$work/turns.said" && break
done
verdict "jobs take slots in turn" "$(jq -en "${shares:-[0]} | min > 75" > "$work/turns.said" || echo "in ${shares:-no} % of the batches")"

# How far it is, for who reads a log: more than ten seconds, which other cases fill.
ln "$in/b.mkv" "$work/slow.mkv"
slowly() { "$warpreel" -f realtime=speed=0.1 "$work/slow.mkv" "$in/b.mkv" --codec ffv1 --jobs 2 --device "$device" "$@" < /dev/null; }
slowly -o "$work/slow/" 2> "$work/slow.log" & slow=$!
slowly -o "$work/slow-quiet/" --quiet 2> "$work/slow-quiet.log" & slow_quiet=$!

outcome "patterns for files and names" 0 -- -f $chain "$in" --recursive --include '*.mp4' --exclude 'deep/*' \
    --name '{stem}-sharp.mkv' -o "$work/named"
same "are kept to" "$(listing "$work/named")" "./a name with 'quotes'-sharp.mkv ./a-sharp.mkv "
outcome "other files are copied if asked for" 0 "notes.txt: it is no video, and was copied" -- -f $chain "$in" \
    --others copy -o "$work/copied"
same "as they are" "$(cmp "$in/notes.txt" "$work/copied/notes.txt" && cmp "$in/a.srt" "$work/copied/a.srt" && echo yes)" yes

outcome "progress as ffmpeg writes it" 0 "5 done" -- -f hflip "$in" --recursive -o "$work/told" --progress-to "$work/told.txt"
same "tells of all files together" "$(grep '^frame=\|^progress=' "$work/told.txt" | tail -n 2 | xargs)" "frame=74 progress=end"

# What was made from the same input with the same options is left out; anything else is made anew.
outcome "an output that stands is not replaced" 1 "exists already" -- -f $chain "$in" -o "$work/copied"
outcome "resumes with nothing to do" 0 "0 done, 0 damaged, 0 failed" "a.mp4 is done already" -- -f $chain "$in" \
    -o "$work/copied" --resume
touch "$in/b.mkv"
outcome "resumes with an input that has changed" 0 ": 1 done" "b.mkv: 33 frames" -- -f $chain "$in" -o "$work/copied" --resume
truncate -s 100 "$work/copied/a.mp4"
outcome "resumes with an output that has changed" 0 ": 1 done" "a.mp4: 5 frames" -- -f $chain "$in" -o "$work/copied" --resume
truncate -s -5 "$work/copied/.warpreel.jsonl" # as a full disk leaves it
outcome "resumes with a last note that is not whole" 0 ": 1 done" -- -f $chain "$in" -o "$work/copied" --resume
outcome "and has noted all of them" 0 ": 0 done" -- -f $chain "$in" -o "$work/copied" --resume
outcome "resumes with other filters" 0 ": 3 done" -- -f hflip "$in" -o "$work/copied" --resume
head -c "$(($(wc -c < "$in/b.mkv") / 2))" "$in/b.mkv" > "$work/half.mkv"
outcome "a damaged input" 4 "damaged .*half.mkv" "1 of 2 files was damaged" -- "$work/half.mkv" "$in/a.mp4" -o "$work/half/"
outcome "stays damaged when resumed" 4 "1 damaged, 0 failed, 1 skipped" -- "$work/half.mkv" "$in/a.mp4" -o "$work/half/" --resume

# The same rule for a single output, and for parts.
mkdir "$work/single"
# single NAME CODE WORDS OPTIONS...: the clip into one file, with --resume.
single() { outcome "$1" "$2" "$3" -- "$in/b.mkv" -f hflip --chunk 8 -o "$work/single/b.mkv" --resume "${@:4}"; }
single "a single output" 0 "b.mkv: 33 frames"
single "is done already" 0 "b.mkv is done already"
single "of which an estimate tells" 0 "b.mkv is done already" --estimate
single "also before anything is printed" 0 "b.mkv is done already" --estimate --report "$work/single.json"
same "namely nothing" "$(ls "$work/single.json" 2> /dev/null)" ""
single "with other options it is made anew" 0 "b.mkv: 4 frames" --frames 4
single "a part" 0 "b.mkv.part1of2: 17 frames" --part 1/2
single "another part" 0 "b.mkv.part2of2: 16 frames" --part 2/2
single "is done already, too" 0 "b.mkv.part2of2 is done already" --part 2/2
outcome "parts that are joined" 0 "b.mkv: 33 frames" -- --join "$work"/single/b.mkv.part* -o "$work/single/b.mkv" --resume
single "make what one run makes" 0 "b.mkv is done already"
outcome "and what a run of many makes" 0 "1 skipped" -- "$in/b.mkv" -f hflip --chunk 8 -o "$work/single/" --resume
touch "$in/b.mkv"
single "an input that has changed" 0 "b.mkv: 33 frames"
outcome "a damaged single input" 4 "damaged in 1 place" -- "$work/half.mkv" -o "$work/single/half.mkv" --resume
outcome "is done, and stays damaged" 4 "half.mkv is done already, of an input that is damaged" -- "$work/half.mkv" \
    -o "$work/single/half.mkv" --resume
reel "$in/a.mp4" -o "$work/single/%03d.png" --resume
rm "$work/single/001.png"
outcome "pictures are made anew" 0 "5 frames" -- "$in/a.mp4" -o "$work/single/%03d.png" --resume
for n in 1 2; do
    timeout "$limit" "$warpreel" --device "$device" -f hflip - -o "$work/single/piped.mkv" --resume < "$in/b.mkv" 2> "$said"
    verdict "standard input is read anew, run $n" "$(grep -q 'piped.mkv: 33 frames' "$said" || cat "$said")"
done
outcome "standard output is never done" 2 "--resume needs an output that is a file" -- "$in/a.mp4" -o - --format nut --resume

cat > "$work/list" << END
$in/a.mp4

{"input": "$in/b.mkv", "output": "other/z.mp4", "filter": "vflip", "frames": [4], "encoder-option": ["g=1", "bf=0"]}
END
outcome "a list with options of its own" 0 "2 files: 2 done" -- -f hflip --list "$work/list" -o "$work/list.out" \
    --report "$work/list.json"
same "makes what it says" "$(listing "$work/list.out") $(frames "$work/list.out/other/z.mp4")" "./a.mp4 ./other/z.mp4  4"
same "and reports each job" "$(jq -r '[.exit_code, .states.done, .jobs[].report.frames_out] | join(" ")' "$work/list.json")" \
    "0 2 5 4"
broken() { printf '%s\n%s\n' "$in/a.mp4" "$2" > "$work/list"; outcome "$1" 2 "line 2: $3" -- --list "$work/list" -o "$work/no"; }
broken "a list with broken JSON" '{"input": ' 'this is no JSON'
broken "a list with an unknown option" '{"input": "a", "filtre": "x"}' '"filtre" is no option'
broken "a list with an option of the whole run" '{"input": "a", "device": "cpu"}' '"device" is no option'
broken "a list without an input" '{"filter": "x"}' 'it has no "input"'
broken "a list with a JSON array" '["a.mp4"]' 'it is a JSON array'
broken "a list with a number out of range" '{"input": "a", "frames": -4}' '--frames takes'

cp "$in/a.mp4" "$work/"'["a"]'
printf '["a"]\n\n[a].mp4\n' > "$work/list"
cd "$work" || exit
outcome "a file whose name is a JSON array, and one that is not there" 1 "2 files: 1 done" \
    "cannot read .a..mp4: No such file or directory .list, line 3.$" -- --list list -o arrays/ --format matroska
cd "$OLDPWD" || exit
outcome "an output inside the input" 2 "lies inside the input folder" -- "$in" --recursive -o "$in/new/out"
outcome "two inputs with one output" 2 "would both become" -- "$in" -o "$work/no" --name same.mkv
outcome "an output that is a file" 2 "a.srt\" is a file: with many inputs the output is a folder" -- "$in" -o "$in/a.srt"
outcome "an output that is an input" 2 "would replace the input" -- "$in" -o "$in" -y
outcome "an unknown part of a name" 2 "{nme} is not known" -- "$in" -o "$work/no" --name '{nme}.mkv'
outcome "a name from the root" 2 "leads out of the folder of outputs" -- "$in" -o "$work/no" --name "/{stem}.mkv"
outcome "a name that goes up" 2 "leads out of the folder of outputs" -- "$in" -o "$work/no" --name "a/../../{stem}.mkv"
outcome "standard output" 2 "cannot go to standard output" -- "$in" -o - --format nut
outcome "a trace of many" 2 "--trace is for a single input" -- "$in" -o "$work/no" --trace t.json
outcome "no folder for several" 2 "several inputs need a folder" -- "$in/a.mp4" "$in/b.mkv" -o "$work/no"
outcome "an option for many with one" 2 "--recursive needs a folder or several inputs" -- "$in/a.mp4" -o "$work/no.mp4" --recursive
outcome "nothing that is included" 1 "no file in \".*/in\" is one that --include asks for" -- "$in" --recursive --include 'x*' -o "$work/no"
outcome "all that is excluded" 1 "--exclude leaves no file in \".*/in\"" -- "$in" --exclude '*' -o "$work/no"
mkdir "$work/empty"
outcome "an empty folder" 1 "there are no files in" -- "$work/empty" -o "$work/no"
outcome "a folder that is not there" 1 'cannot read the folder ".*/none/": No such file' -- "$work/none/" -o "$work/no/"
outcome "a file that is not there" 1 "failed .*cannot read .*/none: No such file" -- "$work/none" -o "$work/no/"
for option in '--include a.mp4' '--exclude x' '--name {stem}.mkv' '--others copy'; do
    # shellcheck disable=SC2086 # words
    outcome "${option%% *} with one" 2 "${option%% *} needs a folder or several inputs" -- "$in/a.mp4" -o "$work/no.mp4" $option
done
outcome "--include with files that are named" 2 "--include needs a folder" -- "$in/a.mp4" "$in/b.mkv" -o "$work/no/" --include '*.mkv'
outcome "one input into a folder that is named so" 0 "1 file: 1 done" -- -f hflip "$in/a.mp4" -o "$work/one/"
outcome "and into one that is there" 0 "1 file: 1 done" -- -f vflip "$in/b.mkv" -o "$work/one"
same "makes a file of its name" "$(listing "$work/one")" "./a.mp4 ./b.mkv "
cp "$work/one/.warpreel.jsonl" "$work/journal"
for what in report junit progress-to; do
    outcome "$what instead of the journal" 2 "would replace what the run notes for --resume" -- "$in/a.mp4" -o "$work/one" -y \
        --$what "$work/one/.warpreel.jsonl"
done
echo "{\"input\": \"$in/a.mp4\", \"output\": \".warpreel.jsonl\"}" > "$work/list"
outcome "an output instead of the journal" 2 "cannot become" -- --list "$work/list" -o "$work/one" -y --format matroska
same "which stays" "$(cmp "$work/journal" "$work/one/.warpreel.jsonl" && echo yes)" yes
# Outputs of URLs: nobody listens at these, so each fails after it has got its name.
outcome "URLs have outputs of their own" 1 "5 failed" -- http://127.0.0.1:9/v1.2/a.mp4?key=1 rtsp://me:word@127.0.0.1:9/live/1 \
    rtsp://127.0.0.1:9/live/2/?tcp tcp://127.0.0.1:9 tcp://127.0.0.1:10?timeout=1 --name '{stem}-s.{ext}.mkv' -o "$work/urls/" \
    --report "$work/urls.json"
same "called after host, port and path" "$(jq -r '.jobs[].output | sub(".*/"; "")' "$work/urls.json" | xargs)" \
    "127.0.0.1-9-v1.2-a-s.mp4.mkv 127.0.0.1-9-live-1-s..mkv 127.0.0.1-9-live-2-s..mkv 127.0.0.1-9-s..mkv 127.0.0.1-10-s..mkv"
outcome "URLs that differ in what they ask" 2 "would both become \".*/127.0.0.1-9-a.mkv\"" -- tcp://127.0.0.1:9/a?x=1 \
    tcp://127.0.0.1:9/a?x=2 --name '{stem}.mkv' -o "$work/urls/"
mkdir "$work/kept"
cp "$in/a.mp4" "$in/b.mkv" "$work/kept"
echo "$work/kept/a.mp4" > "$work/kept.list"
for what in report junit progress-to; do
    outcome "$what instead of an input" 2 "would replace an input" -- "$work/kept" -o "$work/no" --$what "$work/kept/b.mkv"
    outcome "$what instead of an output" 2 "would replace an output" -- "$work/kept" -o "$work/no" --$what "$work/no/b.mkv"
    outcome "$what instead of the list" 2 "would replace an input" -- --list "$work/kept.list" -o "$work/no" --$what "$work/kept.list"
    outcome "$what instead of a lone input" 2 "would replace the input" -- "$work/kept/a.mp4" -o "$work/no.mp4" --$what "$work/kept/a.mp4"
done
same "all that would be replaced is there" "$(cmp "$in/a.mp4" "$work/kept/a.mp4" && cmp "$in/b.mkv" "$work/kept/b.mkv" &&
    cat "$work/kept.list")" "$work/kept/a.mp4"
outcome "a run that cannot begin" 1 "there are no files in" -- "$work/empty" -o "$work/no" \
    --report "$work/no.json" --junit "$work/no.xml"
same "is reported" "$(jq -r '[.exit_code, .files, .reason[:15]] | join(" ")' "$work/no.json") $(grep -c '<error message="there are no' "$work/no.xml")" \
    "1 0 there are no fi 1"
same "nothing was made of these" "$(ls "$work/no" "$in/new" 2> /dev/null)" ""

# What a line of a list asks for is checked as if it stood on the command line.
line() { printf '%s\n' "{\"input\": \"$in/a.mp4\", $2}" > "$work/list"; outcome "$1" 2 "line 1: $3" -- -f hflip --list "$work/list" "${@:4}"; }
line "a line that splits where the size changes" '"on-change": "split"' '--on-change=split is for a single input' -o "$work/no"
line "a line with a tolerance of nothing" '"tolerance": 2' '--tolerance needs --expect' -o "$work/no"
line "a line with an unknown option that is off" '"filtre": false' '"filtre" is no option' -o "$work/no"
line "a line with an empty list of unknown options" '"filtre": []' '"filtre" is no option' -o "$work/no"
line "a line with an unknown filter" '"filter": "nosuch"' "no filter named 'nosuch'" -o "$work/no"
line "a line with a quality that there is not" '"quality": 99' 'quality "99" is not possible' -o "$work/no"
line "a line with a start that is no time" '"start": "x"' 'start time "x" is not a time' -o "$work/no"
line "a line with a container that there is not" '"output": "a.xyz"' 'cannot tell the container' -o "$work/no"
printf '\xef\xbb\xbf%s\r\n{"input": "%s"}\r\n\r\n' "$in/a.mp4" "$in/b.mkv" > "$work/list"
outcome "a list as Windows writes it" 0 "2 files: 2 done" -- -f hflip --list "$work/list" -o "$work/windows/"

# What is wrong for every input is said once, before the work.
# once NAME WORDS OPTIONS...
once() {
    outcome "$1" 2 "$2" -- "$in" -o "$work/no" "${@:3}"
    [ "$(grep -vc 'more than once' "$said")" = 1 ] || fail "$1, once" "$(cat "$said")"
}
once "an unknown filter" "no filter named" -f nosuch
same "and reported" "$(reel -f nosuch "$in" -o "$work/no" --report "$work/once.json"; jq -r '[.exit_code, .reason[:9]] | join(" ")' "$work/once.json")" \
    "2 no filter"
once "an unknown parameter" "no parameter 'x'" -f hflip=x=1
once "a value that is no expression" "not an expression" -f scale=0.5:foo
once "a table that is not there" "cannot be read" -f "lut3d=$work/none.cube"
once "an unknown parameter of a filter of FFmpeg's" "[Oo]ption 'foo'" -f hflip,drawtext=foo=1
once "a rate that is none" "rate \"0\" is not" -f hflip --rate 0
once "an unknown device" "no device 'foo'" -f hflip --device foo
outcome "a device that this machine has not" 1 "^warpreel: (device 'cuda:63'|no CUDA device)" -- "$in" -o "$work/no" -f hflip --device cuda:63
same "which is said once" "$(grep -vc "more than once" "$said")" 1
once "a device beside the one that is chosen" "device 'auto' chooses one" -f hflip --device auto,cpu
once "an unknown encoder" "unknown codec" -f hflip --codec nosuch
once "an unknown container" "unknown format" -f hflip --format nosuch
once "a name without a container" "cannot tell the container" -f hflip --name '{stem}.xyz'
once "a quality that there is not" "quality \"99\" is not possible" -f hflip --quality 99
once "a start that is no time" "start time \"x\" is not a time" -f hflip --start x
once "an end before the start" "not later than the start" -f hflip --start 0:05 --to 3
once "no time at all" "nothing lies between" -f hflip --duration 0
once "key frames at no time" "key frames at \"x\"" -f hflip --key-frames x
once "a filter where the video is copied" "where the video is copied" -f hflip --codec copy
outcome "a start that counts from the end" 0 "6 files: 3 done" -- "$in" -o "$work/from-end/" -f hflip --start -0.5
once "an unknown option of the encoder" "has no option" -f hflip --encoder-option foo=1
once "an unknown filter of sound" "cannot be filtered by \"nosuch\"" -f hflip --audio-filter nosuch
once "an unknown option of one" "cannot be filtered by \"volume=foo=1\"" -f hflip --stream-audio-filter 1/volume=foo=1
once "one within the chain" "foo" -f "hflip;[0:a]volume=foo=1[a]"
once "sound without end" "without end" -f hflip --audio-filter apad
once "an unknown option of the sound's encoder" "aac has no option \"foo\"" -f hflip --audio aac:foo=1
once "a map of what is no stream" "map \"0:q\" is not of the form" -f hflip --map 0:q
once "a map of an input that there is not" "names input 5" -f hflip --map 5:v
once "a map of a label that there is not" "makes nothing of this label" -f hflip --map '[x]'
once "an unknown option of the input" "no decoder has an option \"nosuch\"" -f hflip --input-option nosuch=1
once "a value that no input takes" "threads does not take \"x\"" -f hflip --input-option threads=x
once "the same as a setting" "no decoder has an option \"foo\"" -f hflip --input-setting 0/foo=1
once "a number of repetitions that is none" "not how often an input is repeated" -f hflip --input-setting 0/repeat=x
once "an unknown format of the input" "unknown input format" -f hflip --input-format nosuch
once "a rate of the input that is none" "frame rate \"x\"" -f hflip --framerate x
once "tags of an input that there is not" "tags of input 3" -f hflip --metadata-from 3
once "a further input that is not there" "cannot read .*none.mkv" -f hflip --input "$work/none.mkv"
once "an unknown option of the container" "has no option \"foo\"" -f hflip --muxer-option foo=1
once "a value that the container does not take" "does not take \"foo\"" -f hflip --muxer-option avoid_negative_ts=foo
once "an unknown filter of packets" "packets cannot be filtered by \"nosuch\"" -f hflip --packet-filter v/nosuch
once "a disposition of what is no stream" "disposition \"q/default\" does not begin" -f hflip --disposition q/default
once "a tag of what is no stream" "tag \"q/language=de\" does not begin" -f hflip --stream-metadata q/language=de
once "a memory limit below the smallest picture" "no picture is small enough: .* the memory limit is 100" -f hflip --memory-limit 100
outcome "what only some inputs know is no such thing" 1 "has an option \"enable_drefs\"" "2 done, 0 damaged, 1 failed" -- -f hflip "$in" \
    -o "$work/some-know/" --input-option enable_drefs=1
outcome "what only some containers know is no such thing" 1 "no option \"movflags\"" "1 done, 0 damaged, 2 failed" -- -f hflip \
    "$in/b.mkv" "$in/a.mp4" "$in/deep/er/d.mkv" -o "$work/some-hold/" --muxer-option movflags=+faststart
outcome "what only some pictures allow is no such thing" 1 "1 done, 0 damaged, 2 failed" -- -f crop=96:64,fade=in:0:10 \
    "$in/b.mkv" "$in/a.mp4" "$in/deep/er/d.mkv" -o "$work/some/"

# Two names can be one file.
mkdir -p "$work/real" "$work/other"
cp "$in/b.mkv" "$work/other/a.mp4"
ln -s real "$work/linked"
# twice NAME OUTPUT OUTPUT: a list of two inputs with these outputs.
twice() {
    printf '{"input": "%s", "output": "%s"}\n' "$in/a.mp4" "$2" "$in/b.mkv" "$3" > "$work/list"
    outcome "$1" 2 "would both become" -- -f hflip --list "$work/list" -o "$work/real" -y --resume
}
twice "an output with a dot" x.mp4 ./x.mp4
twice "an output by another way" x.mp4 new/../x.mp4
twice "an output by its whole path" x.mp4 "$work/real/../real/x.mp4"
twice "an output through a link" "$work/linked/new/x.mp4" new/x.mp4
outcome "what is expected of two inputs" 2 "would both become" -- -f hflip "$in/a.mp4" "$work/other/a.mp4" \
    --expect "$work/expected" --expect-update
outcome "what is expected of two, in a folder to be made" 0 "2 done" -- -f hflip "$in/a.mp4" "$in/b.mkv" \
    --expect "$work/expected" --expect-update
same "is two files" "$(listing "$work/expected")" "./a.mp4.framehash ./b.mkv.framehash "
for what in "2 done" "0 done, 0 damaged, 0 failed, 2 skipped"; do
    outcome "compared, kept and resumed: $what" 0 "$what" -- -f hflip "$in/a.mp4" "$in/b.mkv" --expect "$work/expected" \
        -o "$work/as-expected/" --resume
done
rm -r "$work/expected"
mkdir "$work/kinds-of-one"
cp "$in/a.mp4" "$work/kinds-of-one/a.mp4"
cp "$in/b.mkv" "$work/kinds-of-one/a.mkv"
outcome "what is expected instead of an input" 2 "would replace the input" -- -f hflip "$work/kinds-of-one" \
    --expect "$work/kinds-of-one" --expect-update
outcome "a first pass over two inputs" 2 "would share \".*/fflog-0.log\"" -- -f hflip "$in/a.mp4" "$in/b.mkv" \
    -o "$work/no/" --pass 1 --pass-log "$work/fflog" --codec libx264 --encoder-option b=100k
same "nothing was made of that" "$(listing "$work/real")$(ls "$work"/fflog* "$work/expected" 2> /dev/null)" ""
{ for file in a.mp4 b.mkv; do echo "{\"input\": \"$in/$file\", \"pass-log\": \"$work/fflog-$file\"}"; done; } > "$work/list"
outcome "a log for each input" 0 "2 done" -- -f hflip --list "$work/list" -o "$work/passes" --pass 1 --codec libx264 \
    --encoder-option b=100k
# ---- end of refusals

# What a chain and further inputs read counts as the input does.
# lut FACTOR: writes a table.
lut() { awk -v f="$1" 'BEGIN { print "LUT_3D_SIZE 2"; for (i = 0; i < 8; i++) print (i % 2) * f, int(i / 2) % 2, int(i / 4) }' > "$work/lut.cube"; }
lut 1
cp "$in/a.mp4" "$work/beside.mp4"
# resumed NAME STATES: the same run again.
resumed() {
    outcome "$1" 0 "2 files: $2" -- -f "[0:v]lut3d=$work/lut.cube[a];[1:v]scale=16:16[b];[a][b]overlay" \
        --input "$work/beside.mp4" "$in/a.mp4" "$in/b.mkv" -o "$work/with-files/" --resume
}
resumed "with a table and a further input" "2 done"
resumed "resumes with nothing to do for them" "0 done, 0 damaged, 0 failed, 2 skipped"
lut 0.5
resumed "resumes with another table" "2 done"
touch -d tomorrow "$work/beside.mp4"
resumed "resumes with another further input" "2 done"

# What lies in a folder is never passed over in silence.
odd=$work/odd
mkdir -p "$odd/closed"
cp "$in/a.mp4" "$odd"
cp "$work/half.mkv" "$odd/half.mkv"
mkfifo "$odd/cam.pipe"
ln -s nowhere.mp4 "$odd/gone.mp4"
outcome "a pipe and a link to nothing" 1 "skipped .*cam.pipe: it is a named pipe" "failed .*gone.mp4" "closed: it is a folder" \
    "5 files: 1 done, 1 damaged, 1 failed, 2 skipped" -- -f hflip "$odd" -o "$work/odd-out"
outcome "unless they are excluded" 4 "2 files: 1 done, 1 damaged" -- -f hflip "$odd" -o "$work/odd-out" -y \
    --exclude '*.pipe' --exclude gone.mp4 --exclude closed
mkdir -p "$work/hidden/.deep" "$work/hidden/.warpreel-abcdef"
cp "$in/a.mp4" "$work/hidden"
cp "$in/b.mkv" "$work/hidden/.b.mkv"
touch "$work/hidden/.warpreel.jsonl"
outcome "hidden files and folders, but for a run's own" 0 "skipped .*/\.b\.mkv: it is hidden" "skipped .*/\.deep: it is hidden" \
    "3 files: 1 done, 0 damaged, 0 failed, 2 skipped" -- -f hflip "$work/hidden" --recursive -o "$work/hidden-out"
outcome "unless they are excluded, too" 0 "1 file: 1 done" -- -f hflip "$work/hidden" -o "$work/hidden-out" -y --exclude '.*'
outcome "or not included" 0 "2 files: 1 done" "\.deep" -- -f hflip "$work/hidden" -o "$work/hidden-out" -y --include '*.mp4'
chmod 0 "$odd/closed"
user=$([ "$(id -u)" != 0 ] || echo setpriv --reuid 65534 --regid 65534 --clear-groups)
chmod 755 "$work"
# shellcheck disable=SC2086 # words
if $user "$warpreel" --version > /dev/null 2>&1 && ! $user ls "$odd/closed" > /dev/null 2>&1; then
    mkdir -m 777 "$work/odd-too"
    # quietly NAME CODE WORDS OPTIONS...: as somebody who may not read all, with --quiet.
    quietly() {
        local status=0
        $user "$warpreel" -f hflip "$odd" -o "$work/odd-too" --device "$device" -q -y "${@:4}" 2> "$said" < /dev/null || status=$?
        same "$1" "$status $(sed 's/^warpreel: //; s/:.*//; s/.*odd\///' "$said" | sort | xargs)" "$2 $3"
    }
    quietly "what failed or was damaged is named with --quiet, too" 1 "2 of 3 files failed closed gone.mp4 half.mkv" \
        --recursive --exclude '*.pipe' --exclude a.mp4
    quietly "what is excluded need not be readable" 0 "" --recursive --exclude '*.pipe' --exclude gone.mp4 \
        --exclude half.mkv --exclude closed
else
    skip "a folder that cannot be read" "there is no other user to run the program"
fi
chmod 755 "$odd/closed"

# Outputs that the next run would find as inputs are refused in the first.
mkdir "$work/same"
cp "$in/a.mp4" "$work/same"
for name in '{stem}-s.{ext}' '{stem}.mkv'; do
    outcome "outputs as $name beside their inputs" 2 "where the next run would find it as an input" -- -f hflip "$work/same" \
        -o "$work/same" --name "$name"
done
for n in 1 2; do
    outcome "but not those that are excluded, run $n" 0 "1 file: " -- -f hflip "$work/same" -o "$work/same/" --resume \
        --name '{stem}-s.{ext}' --exclude '*-s.mp4'
done

# What the process holds does not grow with the number of files, and the report tells of its batches.
clip "$work/wide.mp4" 640x360 2
for ((i = 0; i < 60; i++)); do echo "{\"input\": \"$work/wide.mp4\", \"output\": \"$i.mp4\"}"; done > "$work/sixty"
outcome "sixty files" 0 "60 done" -- -f hflip --codec libx264 --jobs 1 --list "$work/sixty" -o "$work/sixty-out/" \
    --report "$work/sixty.json"
growth=$(jq '[.jobs[].report.memory.peak_bytes] | (.[59] - .[19]) / 1048576 | floor' "$work/sixty.json")
same "memory does not grow" "$([ "$growth" -lt 20 ] || echo "it grew by $growth MiB")" ""
same "slots and frames of batches" "$(jq -c '.engine.frames, .engine.slots % 16' "$work/sixty.json" | xargs)" "120 0"

# As many at the same time as keep the processors busy: it depends on the threads of the encoder.
for ((i = 0; i < 60; i++)); do echo "{\"input\": \"$in/deep/er/d.mkv\", \"output\": \"$i.mkv\"}"; done > "$work/small"
processors=$(getconf _NPROCESSORS_ONLN)
room=$(awk '/^MemAvailable/ { print int($2 / 524288) }' /proc/meminfo)
# at_once NAME PROCESSORS OPTIONS...: how many processors one of them is taken to keep busy.
at_once() {
    local -r jobs=$((processors < 2 ? 1 : processors / $2 + 2))
    if [ $((processors + 2)) -gt 60 ] || [ $((processors + 4)) -gt "$room" ]; then
        skip "files at once, $1" "$processors processors and memory for $room files"
        return
    fi
    outcome "files at once, $1" 0 "up to $jobs file(s|) at the same time" -- -f hflip --list "$work/small" -o "$work/at-once/" \
        -y -v "${@:3}"
}
at_once "with threads of the encoder" 4 --codec libx264
at_once "with slices" 2 --codec ffv1
at_once "with neither" 1 --codec zmbv
at_once "with one thread" 1 --codec libx264 -j 1
at_once "with two of the encoder" 2 --codec libx264 --encoder-option threads=2

# Encoders that follow others in one process write the bits of a lone run. (x264 decides by memory that it never wrote. With
# several threads it decides by chance as well: ffmpeg alone gives two results for one of these clips.)
mkdir "$work/noisy" "$work/noisy-alone"
for n in 1 2 3 4 5 6 7 8; do
    ffmpeg -nostdin -v error -f lavfi -i "testsrc2=size=160x120:rate=25,noise=alls=$n:allf=t" -frames:v 60 -c:v ffv1 \
        "$work/noisy/$n.mkv"
    reel -f unsharp "$work/noisy/$n.mkv" --codec libx264 --encoder-option threads=1 -o "$work/noisy-alone/$n.mkv"
done
# packets FOLDER: a hash of each file's.
packets() { for file in "$1"/*.mkv; do ffmpeg -nostdin -v error -i "$file" -map 0:v -c copy -f md5 -; done | xargs; }
outcome "clips for libx264" 0 "8 done" -- -f unsharp "$work/noisy" -o "$work/noisy-out" --codec libx264 \
    --encoder-option threads=1 --jobs 2
same "have the packets of runs alone" "$(packets "$work/noisy-out")" "$(packets "$work/noisy-alone")"

# Two hundred files, of which some are damaged and some no video: each comes out as it does alone, and memory stays.
mkdir "$work/kinds" "$work/kinds-alone" "$work/crowd"
cp "$in/a.mp4" "$work/kinds/1.mp4"
cp "$in/b.mkv" "$work/kinds/2.mkv"
cp "$work/half.mkv" "$work/kinds/3.mkv"
cp "$in/deep/er/d.mkv" "$work/kinds/4.mkv"
head -c 3000 "$in/a.mp4" > "$work/kinds/5.mp4"
ffmpeg -nostdin -v error -f lavfi -i testsrc2=size=96x64:rate=30 -f lavfi -i sine -t 1 -c:v mpeg4 "$work/kinds/6.mp4"
ffmpeg -nostdin -v error -f lavfi -i testsrc2=size=50x38:rate=30 -t 1 -pix_fmt yuv422p10le -c:v ffv1 "$work/kinds/7.mkv"
head -c "$(($(wc -c < "$work/kinds/7.mkv") / 3))" "$work/kinds/7.mkv" > "$work/kinds/8.mkv"
want=''
for file in "$work"/kinds/*; do
    kind=$(basename "${file%.*}")
    status=0
    reel -f $chain "$file" --format framemd5 -o "$work/kinds-alone/$kind.md5" || status=$?
    want+="$kind$([ $status = 0 ] && echo done || { [ $status = 4 ] && echo damaged || echo failed; }) "
    for ((n = 1; n <= 25; n++)); do ln "$file" "$work/crowd/$kind-$n.${file##*.}"; done
done
outcome "two hundred files" 1 "200 files: 125 done, 50 damaged, 25 failed, 0 skipped" -- -f $chain "$work/crowd" \
    --format framemd5 --name '{stem}.md5' -o "$work/crowd-out" --jobs 3 --report "$work/crowd.json"
same "each in the state in which it is alone" \
    "$(jq -r '[.jobs[] | (.input | sub(".*/"; "") | sub("-.*"; "")) + .state] | unique | join(" ")' "$work/crowd.json") " "$want"
reason=''
for file in "$work"/crowd-out/*.md5; do
    kind=$(basename "${file%-*}")
    cmp -s "$file" "$work/kinds-alone/$kind.md5" || reason="${file##*/} differs"
done
verdict "with the frames of a run alone" "$reason"
growth=$(jq '[.jobs[].report | select(.).memory.peak_bytes] | sort | (.[-1] - .[49]) / 1048576 | floor' "$work/crowd.json")
if [ -n "${ASAN_OPTIONS:-}${TSAN_OPTIONS:-}" ]; then
    skip "and memory that does not grow" "a sanitizer keeps what was freed"
else
    same "and memory that does not grow" "$([ "$growth" -lt 20 ] || echo "it grew by $growth MiB")" ""
fi

# A file whose filters find no room in the memory limit waits for another's, if that can help.
clip "$work/a.mkv" 320x240 150
clip "$work/b.mkv" 160x320 150
slowly=realtime=speed=4,gblur=9,unsharp
limit_bytes=$(reel --estimate -f $slowly --batch 16 "$work/a.mkv" --report - |
    jq '[.devices[].run.held_by_all_bytes] | add')
limited() {
    outcome "$@" -- -f $slowly "$work/a.mkv" "$work/b.mkv" -o "$work/limited/" --jobs 2 --batch 16 -y \
        --memory-limit "$limited_to"
}
limited_to=$limit_bytes
limited "a file waits for memory" 0 "2 done" "it waits until another file has ended"
outcome "batches that the limit makes smaller" 0 "2 done" -- -f gblur=9,unsharp "$work/a.mkv" "$work/b.mkv" -o "$work/limited/" \
    --jobs 1 -y --memory-limit $((limit_bytes / 2)) --report "$work/limited.json"
same "are said once, and reported for each file" "$(grep -c 'batches have .* instead of 16' "$said") \
$(jq '[.jobs[].report.notes[] | select(test("batches have .* instead of 16"))] | length' "$work/limited.json")" "1 2"
limited_to=$((limit_bytes / 20)) # room for small pictures
limited "but not for what will never be there" 1 "2 failed" "not even one frame at a time fits$"

# await COMMAND...: until it succeeds, for at most a minute.
await() {
    for _ in $(seq 600); do
        "$@" 2> /dev/null && return
        sleep 0.1
    done
}

# One signal: finished files stay, those under way go, the rest is not begun.
for name in 1 2 3; do ln "$in/b.mkv" "$work/$name.mkv"; done
"$warpreel" -f realtime=speed=0.1 "$work"/[123].mkv -o "$work/signal/" --device "$device" --jobs 2 --junit "$work/signal.xml" > /dev/null 2> "$said" &
both_have_begun() { [ "$(find "$work/signal" -name '.warpreel-*' -type d | wc -l)" -ge 2 ]; }
await both_have_begun
kill -USR1 $!
await grep -q '^0 of 3 files' "$said"
kill -INT $!
status=0
wait $! || status=$?
same "a signal ends the run" "$status $(grep -c '^warpreel: interrupted  ' "$said") $(ls -A "$work/signal" 2> /dev/null)" "130 2 "
same "JUnit calls what was not begun skipped" \
    "$(grep -c '<skipped message="not begun"' "$work/signal.xml") $(grep -c '<error message="interrupted' "$work/signal.xml") $(grep -c 'message=""' "$work/signal.xml")" "1 2 0"
same "another asks how far it is" "$(grep -c '^0 of 3 files' "$said")" 1

# With --keep-partial those under way keep the frames so far, but are not noted as done.
kept=(-f realtime=speed=0.4 --codec ffv1 --batch 1 -o "$work/keep/" "$work"/[123].mkv --jobs 2)
"$warpreel" "${kept[@]}" --device "$device" --keep-partial --progress json > /dev/null 2> "$said" &
both_have_frames() { grep -q '"frames":[1-9].*/1.mkv"' "$said" && grep -q '"frames":[1-9].*/2.mkv"' "$said"; }
await both_have_frames
kill -INT $!
status=0
wait $! || status=$?
had=$(frames "$work/keep/1.mkv")
same "frames so far are kept" "$status $([ "${had:-0}" -gt 0 ] && [ "$had" -lt 33 ] && echo yes) $(listing "$work/keep")" \
    "130 yes ./1.mkv ./2.mkv "
same "and said for each" "$(grep -c 'interrupted, .*/keep/[12].mkv holds the [0-9]* frames so far' "$said")" 2
outcome "and made whole by the next run" 0 "3 done" -- "${kept[@]/speed=0.4/speed=9}" --resume

# A disk that is full in the middle: what is whole stays, and nothing else does.
mkdir "$work/disk" "$work/for-disk"
for name in $(seq 9); do ln "$in/b.mkv" "$work/for-disk/$name.mkv"; done
if mount -t tmpfs -o size=256k warpreel-test "$work/disk" 2> /dev/null; then
    trap '[ "$BASHPID" != $$ ] || { umount "$work/disk" 2> /dev/null; rm -rf "$work"; }' EXIT
    outcome "a full disk in the middle of many" 1 "failed .*/9.mkv: .*No space left on device" -- "$work/for-disk" -f unsharp --codec ffv1 \
        -o "$work/disk/out" --jobs 3 --report "$work/disk.json"
    done=$(jq .states.done "$work/disk.json")
    same "some are done, and the others failed" "$(jq -c "[.states.failed, $done > 0, $done < 9]" "$work/disk.json")" "[$((9 - done)),true,true]"
    same "nothing is half written" "$(find "$work/disk/out" -mindepth 1 ! -name .warpreel.jsonl | wc -l) $(
        for file in "$work"/disk/out/*.mkv; do frames "$file"; done | sort -u)" "$done 33"
    umount "$work/disk"
else
    skip "a full disk in the middle of many" "a disk of its own cannot be mounted here"
fi

# What was made before takes no time now, so that it does not shorten what is left.
made=(-f realtime=speed=0.4 --codec ffv1 --batch 1 -o "$work/eta/" --name '{stem}.mkv' --jobs 1 --resume "$in/a.mp4" "$in/deep/er/d.mkv")
reel "${made[@]}"
"$warpreel" "${made[@]}" "$work"/[12].mkv --device "$device" > /dev/null 2> "$said" &
has_begun() { [ -n "$(find "$work/eta" -name '.warpreel-*' -type d)" ]; }
await has_begun
sleep 1.5 # of about three
kill -USR1 $!
await grep -q '^2 of 4 files' "$said"
wait $!
# eta PATTERN: the seconds of the ETA in the line.
eta() { grep "^$1" "$said" | head -n 1 | sed -n 's/.*ETA //p' | awk -F : '{ for (n = 1; n <= NF; n++) s = s * 60 + $n; print s }'; }
have="the total's ETA is $(eta '2 of 4') s, that of the first of two is $(eta '.*1.mkv') s"
[ "$(eta '2 of 4')" -gt "$(eta '.*1.mkv')" ] && have=
verdict "the ETA of all is that of what is left" "$have"

# On a terminal no more is drawn than it has rows.
if command -v script > /dev/null; then
    for name in $(seq 20); do ln -f "$in/deep/er/d.mkv" "$work/tty-$name.mkv"; done
    script -qec "stty rows 8 cols 80; TERM=xterm '$warpreel' -f realtime=speed=0.1 '$work'/tty-*.mkv -o '$work/tty/' \
        --device $device --jobs 20" /dev/null > "$work/tty.log"
    # The terminal's cursor goes up by the lines of a block before it draws the next.
    same "no more lines on a terminal than it has rows" \
        "$(grep -ao $'\e\[[0-9]*A' "$work/tty.log" | tr -dc '0-9\n' | sort -n | tail -n 1) $(grep -aq 'and 15 more' "$work/tty.log" && echo yes)" \
        "6 yes"
else
    skip "no more lines on a terminal than it has rows" "script is not installed"
fi

# Files that arrive.
mkdir "$work/arrivals"
cp "$in/a.mp4" "$work/arrivals/"
"$warpreel" -f hflip "$work/arrivals" -o "$work/watched" --watch --device "$device" 2> "$said" &
await test -e "$work/watched/a.mp4"
{ head -c 1000 "$in/b.mkv"; sleep 1.5; tail -c +1001 "$in/b.mkv"; } > "$work/arrivals/b.mkv"
await test -e "$work/watched/b.mkv"
kill -INT $!
status=0
wait $! || status=$?
same "files are taken when they are whole" "$status $(frames "$work/watched/a.mp4") $(frames "$work/watched/b.mkv")" "0 5 33"


# A folder that is away for a moment does not end the run, and a second signal takes no report away.
mkdir "$work/moves"
cp "$in/a.mp4" "$work/moves"
cp "$in/a.mp4" "$work/moves/.under-way.mp4" # of no interest while files arrive
"$warpreel" -f hflip "$work/moves/" -o "$work/moved" --watch --device "$device" --report "$work/moved.json" 2> "$said" &
await test -e "$work/moved/a.mp4"
mv "$work/moves" "$work/moves.away"
sleep 3 # for at least one look
mkfifo "$work/moves.away/pipe"
ln -s nowhere.mkv "$work/moves.away/c.mkv"
cp "$in/b.mkv" "$work/moves.away/"
mv "$work/moves.away" "$work/moves"
await test -e "$work/moved/b.mkv"
await grep -q "cannot read .*c.mkv" "$said"
kill -INT $!
kill -INT $!
status=0
wait $! || status=$?
same "a folder that is away for a moment" "$status $(grep -c 'moves: it could not be read for a while' "$said")" "1 1"
same "is looked through again" "$(jq -r '[.jobs[] | (.input | sub(".*/"; "")) + " " + .state] | sort | join(", ")' "$work/moved.json")" \
    "a.mp4 done, b.mkv done, c.mkv failed, moves skipped, pipe skipped"
mkfifo "$work/idle.json"
"$warpreel" -f hflip "$work/empty" -o "$work/idle" --watch --device "$device" --report "$work/idle.json" \
    --junit "$work/idle.xml" 2> "$said" &
await test -d "$work/idle"
sleep 1
kill -INT $!
await test -e "$work/idle.xml"
kill -INT $! # while the report waits for a reader
sleep 0.5
timeout 10 cat "$work/idle.json" > "$work/idle.report"
status=0
wait $! || status=$?
same "reports after two signals" "$status $(jq -r .exit_code "$work/idle.report") $(grep -c 'errors="0"' "$work/idle.xml") $(grep -c '0 files' "$said")" "0 0 1 1"

wait $slow $slow_quiet
same "JSON lines with the file's name where there is no terminal" \
    "$(grep '^{' "$work/slow.log" | jq -r '.type + " " + (.job | sub(".*/"; ""))' | sort | uniq -c | xargs)" \
    "1 progress b.mkv 1 progress slow.mkv"
same "between sentences" "$(grep -c '^warpreel: ' "$work/slow.log") $(grep -vc '^{\|^warpreel: ' "$work/slow.log")" "3 0"
same "none with --quiet" "$(cat "$work/slow-quiet.log")" ""
finish
