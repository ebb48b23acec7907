#!/bin/bash
# SPDX-License-Identifier: MIT
# Several devices in one run, and one that fails in the middle: tests/devices.sh BUILD.
#
# Runs on the stand-in for a GPU alone, which has as many devices as it is told, and lets calls fail.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/lib.sh"
cd "$work" || exit
export STANDIN_DEVICES=2 STANDIN_LEAKS=1

clip=$(samples)/gray.mkv
if ! "$warpreel" -q --device cuda:1 --format null -o - -f negate "$clip" 2> "$said"; then
    echo "skipped: several devices need the stand-in for a GPU"
    exit 77
fi
limit=${WARPREEL_TEST_TIMEOUT:-60}
make() { ffmpeg -nostdin -v error -y "$@"; }
make -f lavfi -i testsrc2=s=64x48:r=25 -frames:v 90 -c:v ffv1 a.mkv
make -f lavfi -i testsrc2=s=48x64:r=30 -frames:v 37 -c:v ffv1 b.mkv
make -f lavfi -i testsrc2=s=64x48:r=24 -frames:v 23 -c:v ffv1 c.mkv
chain="unsharp,rotate=n*0.05,fade=in:0:20"

# run FOLDER OPTIONS...: filters all clips into the folder, as hashes; sets got.
run() {
    local -r folder=$1
    shift
    rm -rf "$folder"
    got=0
    timeout -k 5 "$limit" "$warpreel" -f "$chain" --format framemd5 --name '{stem}.md5' a.mkv b.mkv c.mkv -o "$folder/" \
        --report "$folder.json" "$@" 2> "$said.all" < /dev/null || got=$?
    grep -v '^cuda-standin:' "$said.all" > "$said"
}

# whole FOLDER: nothing, or why not all is as it should be.
whole() {
    local name
    [ "$got" = 0 ] || { echo "exit code $got: $(tail -n 1 "$said")"; return; }
    for name in a b c; do
        cmp -s "$1/$name.md5" "want/$name.md5" || { echo "other frames of $name"; return; }
    done
}

run want --device cpu --jobs 1
verdict "the CPU alone" "$([ "$got" = 0 ] || echo "exit code $got")"
for devices in cuda:0,cuda:1 cuda:all cuda:1,cpu cpu,cuda; do
    for with in "--batch 16 --jobs 1" "--batch 5 --jobs 3 --instances 1" "--batch 1 --jobs 2 --instances 3"; do
        # shellcheck disable=SC2086 # options
        run have --device $devices $with
        verdict "$devices, $with" "$(whole have)"
    done
done
# One job ends in the middle, for a full disk; the others have frames in the same batches.
make -i a.mkv -vf hflip -c:v ffv1 d.mkv
for name in a b c; do echo "{\"input\": \"$name.mkv\"}"; done > list
echo '{"input": "d.mkv", "output": "/dev/full", "format": "rawvideo"}' >> list
for with in "--batch 16" "--batch 5 --instances 2"; do
    rm -rf have
    got=0
    # shellcheck disable=SC2086 # options
    timeout -k 5 "$limit" "$warpreel" -f "$chain" --format framemd5 --name '{stem}.md5' --list list -o have/ --report have.json \
        --device cuda:0,cuda:1 --jobs 4 $with -y > "$said" 2>&1 < /dev/null || got=$?
    states=$(jq -r '[.jobs[].state] | join(" ")' have.json)
    [ "$got $states" = "1 done done done failed" ] && grep -q "/dev/full: No space left" "$said" && got=0
    verdict "one of four jobs fails on two devices, $with" "$(whole have)"
done

run have --device cuda:0,cuda:1 --jobs 1
verdict "both are named" "$(grep -q '"device": "cuda:0.*, cuda:1' have.json || echo "$(grep -m 1 '"device"' have.json)")"

# left FAILURE DEVICES: a run in which calls fail; nothing, or why it did not go on without the device.
left() {
    STANDIN_FAIL=$1 run have --device "$2" --batch 8 --jobs "$3"
    local reason
    reason=$(whole have)
    if [ -z "$reason" ] && ! grep -q "a device failed and was left out, and [0-9]* batch.* done again elsewhere: cuda:[01]: batch" "$said"; then
        reason="it was not said"
    fi
    [ -n "$reason" ] || [ "$(jq '[.jobs[].report.redone_batches] | add > 0' have.json)" = true ] || reason="it was not counted"
    echo "$reason"
}
export STANDIN_SEED
for STANDIN_SEED in 1 2; do
    for n in 1 3 6; do
        verdict "launch $n fails, seed $STANDIN_SEED" "$(left cudaGraphLaunch:$n:cudaErrorUnknown cuda:0,cuda:1 2)"
        verdict "launch $n and all later fail, seed $STANDIN_SEED" "$(left cudaGraphLaunch:$n+:cudaErrorUnknown cuda:0,cpu 2)"
    done
done
# Files that are opened later do without it.
STANDIN_FAIL=cudaGraphLaunch:1+:cudaErrorUnknown run have --device cuda:0,cpu --jobs 1 --batch 8
reason=$(whole have)
[ -n "$reason" ] || [ "$(jq -c '[.jobs[].report | .redone_batches > 0, (.device | test("cuda"))]' have.json)" = \
    "[true,true,false,false,false,false]" ] || reason=$(jq -c '[.jobs[].report | .redone_batches, .device]' have.json)
verdict "a device that failed is not tried again for later files" "$reason"
STANDIN_FAIL=cudaGraphLaunch:3+:cudaErrorUnknown run have --device cuda:0,cuda:1 --jobs 1
verdict "where all devices fail, the run fails" "$([ "$got" = 1 ] && grep -q 'GraphLaunch' "$said" || echo "exit code $got: $(said_last)")"
run have --device cuda:0,cuda:5
verdict "a device that there is not" "$([ "$got" = 1 ] && grep -q 'no CUDA device 5' "$said" || echo "exit code $got: $(said_last)")"
# What both would hold together is what a run holds.
"$warpreel" --estimate --device cuda:1,cpu -f "$chain" a.mkv --batch 5 --report - > estimate.json 2> "$said" < /dev/null
"$warpreel" -q --device cuda:1,cpu -f "$chain" a.mkv --batch 5 --format null -o - --report ran.json 2> /dev/null < /dev/null
verdict "an estimate of two devices" "$([ "$(jq '[.devices[].run.held_by_all_bytes] | add' estimate.json)" = \
    "$(jq .memory.held_bytes ran.json)" ] || echo "$(jq -c '[.devices[].run.held_by_all_bytes]' estimate.json), \
$(jq .memory.held_bytes ran.json) held")"
run have --device cuda:0,cuda
verdict "one device twice" "$([ "$got" != 0 ] && grep -q 'is named twice' "$said" || echo "exit code $got: $(said_last)")"
finish
