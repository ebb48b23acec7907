#!/bin/bash
# SPDX-License-Identifier: MIT
# What --trace writes: tests/trace.sh BUILD.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/lib.sh"

frames=40
clip=$work/clip.mkv
chain=hflip,unsharp=3:3:1,scale=40:-2
passes=6 # at least, for the three planes of each filter that needs one of its own

sound() { jq -r -f "$tests/trace.jq" "$1" 2>&1 | head -n 1; }

# counted FILE NAME: how many spans have this name.
counted() { jq 2>&1 --arg name "$2" '[.traceEvents[] | select(.ph == "X" and .name == $name)] | length' "$1"; }

# An overlap that is there must be found.
cat > "$work/overlap.json" << END
{"traceEvents":[{"ph":"M","tid":1,"name":"thread_name","args":{"name":"one"}},
{"ph":"X","tid":1,"ts":1,"dur":5,"name":"a"},{"ph":"X","tid":1,"ts":4,"dur":5,"name":"b"}]}
END
verdict "overlapping spans are found" "$([ -n "$(sound "$work/overlap.json")" ] || echo "they are not")"

# On the CPU: bands of every frame, and the passes inside them.
check_cpu() {
    jq -r --argjson n $frames '
        [.traceEvents[] | select(.ph == "X")] as $spans
        | ($spans | map(select(.name == "band"))) as $bands
        | ($spans | map(select(.cat == "unsharp"))) as $passes
        | if ($bands | map(.args.frame) | unique) != [range($n)] then "not every frame has its bands"
          elif ($passes | length) < $n then "only \($passes | length) passes of unsharp"
          elif ($passes | all(. as $p | $bands | any(.tid == $p.tid and .ts <= $p.ts + 0.0005
              and .ts + .dur >= $p.ts + $p.dur - 0.0005))) then empty
          else "a pass lies outside the bands" end' "$1"
}

# On the device: upload, passes, download of every batch in this order, on as many queues as instances.
check_cuda() {
    jq -r --argjson instances "$2" --argjson batches "$3" --argjson passes $passes '
        [.traceEvents[] | select(.ph == "X" and .args.batch != null and .cat != "stage")] as $spans
        | ($spans | group_by(.args.batch) | map(sort_by(.ts))) as $by_batch
        | if ($by_batch | length) != $batches then "\($by_batch | length) batches instead of \($batches)"
          elif ($spans | map(.tid) | unique | length) != $instances then "not \($instances) queues"
          elif ($by_batch | all(.[0].name == "upload" and .[-1].name == "download" and
              length >= $passes + 2 and (map(.tid) | unique | length) == 1)) then empty
          else "a batch is not upload, passes, download" end' "$1"
}

# whole INSTANCES BATCH: a run to the end.
whole() {
    local -r instances=$1 batch=$2 trace=$work/whole-$1-$2.json
    local reason='' batches=$(((frames + batch - 1) / batch))
    reel --filter $chain --batch "$batch" --instances "$instances" --trace "$trace" --codec ffv1 \
        -y -o "$work/out.mkv" "$clip" || reason="it failed: $(said_last)"
    reason=${reason:-$(sound "$trace")}
    for name in decode encode; do
        [ "$(counted "$trace" $name)" = $frames ] ||
            reason=${reason:-$(counted "$trace" $name) spans of $name for $frames frames}
    done
    for name in submit finish; do
        [ "$(counted "$trace" $name)" = $batches ] ||
            reason=${reason:-$(counted "$trace" $name) spans of $name for $batches batches}
    done
    if [ "$device" = cpu ]; then
        reason=${reason:-$(check_cpu "$trace")}
    else
        reason=${reason:-$(check_cuda "$trace" "$((instances < batches ? instances : batches))" $batches)}
    fi
    verdict "$instances instances, batches of $batch" "$reason"
}

# Endless input, so that the interruption comes in the middle.
interrupted() {
    local -r trace=$work/interrupted.json
    local reason='' got=0 i
    : > "$said"
    "$warpreel" --device "$device" --filter $chain --progress json --trace "$trace" --format null \
        -o - - 2> "$said" < <(ffmpeg -nostdin -v quiet -f lavfi -i testsrc2=size=64x48 -c:v ffv1 -f matroska -) &
    for ((i = 0; i < 600; i++)); do
        ! grep -qs '"frames": *[1-9]' "$said" && kill -0 $! 2> "$work/gone" || break
        sleep 0.1
    done
    kill -s INT $! 2> "$work/gone"
    wait $! || got=$?
    [ $got = 130 ] || reason="exit code $got: $(said_last)"
    reason=${reason:-$(sound "$trace")}
    [ "$(counted "$trace" encode)" -ge 1 ] || reason=${reason:-nothing was encoded}
    verdict "an interrupted run" "$reason"
}

# A file that may not grow makes the run fail; the trace is small enough.
failed() {
    local -r trace=$work/failed.json
    local reason='' got=0
    (
        trap '' XFSZ
        ulimit -f 100
        reel --filter negate --codec rawvideo --trace "$trace" -o "$work/failed.mkv" "$clip"
    ) || got=$?
    [ $got = 1 ] || reason="exit code $got: $(said_last)"
    reason=${reason:-$(sound "$trace")}
    [ "$(counted "$trace" decode)" -ge 1 ] || reason=${reason:-nothing was decoded}
    verdict "a failing run" "$reason"
}

# What fails before the first frame leaves a trace of opening.
unopened() {
    local -r trace=$work/unopened.json
    local reason='' got=0
    reel --filter negate --trace "$trace" -o "$work/no-such-folder/out.mkv" "$clip" || got=$?
    [ $got = 1 ] || reason="exit code $got: $(said_last)"
    reason=${reason:-$(sound "$trace")}
    [ "$(counted "$trace" "open input")" = 1 ] || reason=${reason:-it does not show what was opened}
    verdict "a run that does not begin" "$reason"
}

# A signal before there is anything to show spares an older trace. The pipe never says anything.
spared() {
    local -r trace=$work/older.json fifo=$work/fifo
    local reason='' got=0
    echo older > "$trace"
    mkfifo "$fifo"
    : > "$said"
    "$warpreel" --device "$device" --trace "$trace" --format null -o - "$fifo" 2> "$said" &
    exec 7> "$fifo" # waits until it is opened for reading
    kill -s INT $!
    wait $! || got=$?
    exec 7>&-
    [ $got = 130 ] || reason="exit code $got: $(said_last)"
    [ "$(cat "$trace")" = older ] || reason=${reason:-the older trace is gone}
    verdict "a run that is interrupted while opening" "$reason"
}

# refused NAME TRACE PATTERN
refused() {
    local got=0 reason=''
    reel --filter negate --trace "$2" --format null -o - "$clip" || got=$?
    [ $got = 1 ] || reason="exit code $got: $(said_last)"
    grep -q -e "$3" "$said" || reason=${reason:-it said: $(said_last)}
    verdict "$1" "$reason"
}

ffmpeg -nostdin -v error -f lavfi -i testsrc2=size=64x48:rate=25 -frames:v $frames -c:v ffv1 \
    -pix_fmt yuv420p "$clip"
whole 1 16
whole 2 16
whole 3 7
interrupted
failed
unopened
spared
refused "a folder" "$work" "trace.*directory"
refused "a full device" /dev/full "trace.*space"
mkdir "$work/off" && cd "$work/off" && reel --filter $chain --format null -o - "$clip"
verdict "without --trace there is no trace" "$(ls)"
finish
