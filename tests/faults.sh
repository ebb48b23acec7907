#!/bin/bash
# SPDX-License-Identifier: MIT
# CUDA that fails, runs out of memory, or runs in another order: tests/faults.sh BUILD.
#
# Runs on the stand-in for a GPU alone, which lets the n-th call of a function fail, for every function
# of the CUDA runtime that the program uses and every n, until the run no longer notices.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/lib.sh"

limit=${WARPREEL_TEST_TIMEOUT:-60}
frames=40 # two batches and a half
clip=$work/clip.nut # from a pipe it does not say how many frames it has: auto takes what is faster in the long run
reference=$work/reference
chain=hflip,scale=40:-2,fade=in:0:9 # with numbers of each frame
auto=(--device auto --threads 1)
export STANDIN_LEAKS=1

# The stand-in does as it is told; a real GPU would still be there.
if "$warpreel" -q --device cuda --format null -o - -f negate "$(samples)/gray.mkv" 2> "$said" &&
    STANDIN_DEVICES=0 "$warpreel" -q --device cuda --format null -o - -f negate "$(samples)/gray.mkv" 2> "$said"; then
    echo "skipped: faults need the stand-in for a GPU"
    exit 77
fi

# The functions that the program calls, by their names; kernels are launched by another one.
functions() {
    nm -D --undefined-only "$warpreel" | sed -n 's/@.*//; s/^ *U _*\(cuda[A-Z]\w*\)$/\1/p' |
        grep -v 'cuda\(GetError\|GetLastError\|PeekAtLastError\|Register\|Unregister\|InitModule\|GetKernel\|P\w*CallConf\)'
}

# attempt FOLDER OPTIONS...: a run into an empty folder; sets got, and what it said is in $said.
attempt() {
    local -r folder=$1
    shift
    rm -rf "$folder"
    mkdir "$folder"
    got=0
    timeout -k 5 "$limit" "$warpreel" --filter $chain --progress none --format framemd5 \
        -o "$folder/out" "$@" - 2> "$said.all" < <(cat "$clip") || got=$?
    grep -v '^cuda-standin:' "$said.all" > "$said"
}

# Why a run that succeeded is not good.
why_not_whole() {
    [ "$got" = 0 ] || { echo "exit code $got: $(tail -n 1 "$said.all")"; return; }
    cmp -s "$1/out" "$reference" || { echo "other frames came out"; return; }
    [ "$(ls -A "$1")" = out ] || echo "it left $(ls -A "$1" | tr '\n' ' ')"
}

# Why a run that failed did not fail as it should: one sentence with the call and the error.
why_not_clean() {
    local -r folder=$1 function=$2
    local call=$function
    case $function in
        cudaGetDeviceCount) call="no CUDA device" ;;
        cudaLaunchKernel) call=CUDA ;;
    esac
    [ "$got" = 1 ] || { echo "exit code $got: $(tail -n 1 "$said.all")"; return; }
    [ "$(wc -l < "$said")" = 1 ] || { echo "it said $(wc -l < "$said") lines"; return; }
    grep -q "$call.*unknown error" "$said" || { echo "it said: $(said_last)"; return; }
    [ -z "$(ls -A "$folder")" ] || { echo "it left $(ls -A "$folder" | tr '\n' ' ')"; return; }
    ! grep -q '^cuda-standin:' "$said.all" || grep -m 1 '^cuda-standin:' "$said.all"
}

# What is not given back because giving back failed is lost; the run does not suffer.
is_giving_back() { [[ $1 =~ ^cuda.*(Free|Destroy) ]]; }

forgive_what_could_not_be_freed() {
    [ "$got" != 99 ] || [ "$(grep -c '^cuda-standin: leak:' "$said.all")" != 1 ] || got=0
}

# sweep NAME FUNCTION OPTIONS...: every n, until three in a row make no difference.
sweep() {
    local -r name=$1 function=$2 folder=$work/$1-$2
    shift 2
    local n unnoticed=0 failed=0 reason=''
    for ((n = 1; unnoticed < 3 && n < 500; n++)); do
        export STANDIN_FAIL=$function:$n:cudaErrorUnknown
        attempt "$folder" -q --device cuda "$@"
        ! is_giving_back "$function" || forgive_what_could_not_be_freed
        if [ $got = 0 ]; then
            reason=$(why_not_whole "$folder")
            unnoticed=$((unnoticed + 1))
        else
            reason=$(why_not_clean "$folder" "$function")
            unnoticed=0 failed=$((failed + 1))
        fi
        [ -z "$reason" ] || { reason="call $n: $reason"; break; }
    done
    verdict "$name: $function fails a run in $failed of $((n - 1)) places" "$reason"
}

replayed() { sweep replayed "$1" --instances 2; }
traced() { sweep traced "$1" --instances 2 --trace /dev/null; }
chosen() { sweep chosen "$1"; } # instances nobody asked for need not open

# falls_back FUNCTION: wherever opening fails, auto runs on the CPU and says so once, with -v. Whether a call
# belongs to opening shows where the output cannot be made, which comes after it.
falls_back() {
    local -r function=$1 folder=$work/auto-$1
    local n unnoticed=0 failed=0 reason=''
    for ((n = 1; unnoticed < 3 && n < 500; n++)); do
        export STANDIN_FAIL=$function:$n:cudaErrorUnknown
        attempt "$folder" -q --device cuda --instances 1 -o "$folder/none/out"
        if ! grep -q CUDA "$said"; then
            unnoticed=$((unnoticed + 1))
            continue
        fi
        unnoticed=0 failed=$((failed + 1))
        attempt "$folder" -v "${auto[@]}" --instances 1
        reason=$(why_not_whole "$folder")
        [ "$(grep -c "instead" "$said")" = 1 ] || reason=${reason:-it said: $(head -n 1 "$said")}
        [ -z "$reason" ] || { reason="call $n: $reason"; break; }
    done
    verdict "auto: $function may fail in $failed places" "$reason"
}

# runs_short FUNCTION: where memory is short while opening, batches become smaller and a sentence says so.
runs_short() {
    local -r function=$1 folder=$work/short-$1
    local n unnoticed=0 halved=0 reason=''
    for ((n = 1; unnoticed < 3 && n < 500; n++)); do
        export STANDIN_FAIL=$function:$n:cudaErrorMemoryAllocation
        attempt "$folder" --device cuda --instances 1
        unnoticed=$((unnoticed + 1))
        if grep -q "is short: batches have 8 frames instead of 16" "$said"; then
            unnoticed=0 halved=$((halved + 1))
        fi
        reason=$(why_not_whole "$folder")
        [ -z "$reason" ] || { reason="call $n: $reason"; break; }
    done
    [ $halved -gt 0 ] || reason=${reason:-no batch was made smaller}
    verdict "short of memory: $function in $halved places" "$reason"
}

# refused NAME PATTERN OPTIONS...
refused() {
    local -r name=$1 pattern=$2
    local reason=''
    shift 2
    attempt "$work/refused" -q "$@"
    [ "$got" = 1 ] || reason="exit code $got: $(tail -n 1 "$said.all")"
    [ "$(wc -l < "$said")" = 1 ] || reason=${reason:-it said $(wc -l < "$said") lines}
    grep -q "$pattern" "$said" || reason=${reason:-it said: $(said_last)}
    [ -z "$(ls -A "$work/refused")" ] || reason=${reason:-it left $(ls -A "$work/refused")}
    verdict "$name" "$reason"
}

# instead NAME PATTERN OPTIONS...: what is done instead, which -v says.
instead() {
    local -r name=$1 pattern=$2
    local reason=''
    shift 2
    attempt "$work/instead" -v "$@"
    reason=$(why_not_whole "$work/instead")
    [ "$(grep -c "$pattern" "$said")" = 1 ] || reason=${reason:-it said: $(head -n 1 "$said")}
    verdict "$name" "$reason"
}

ffmpeg -nostdin -v error -f lavfi -i testsrc2=size=64x48:rate=25 -frames:v $frames -c:v ffv1 \
    -pix_fmt yuv420p "$clip"
"$warpreel" -q --device cpu --filter $chain --format framemd5 -o "$reference" "$clip"

all=$(functions)
opening=$(grep 'Malloc\|StreamCreate\|Capture\|Instantiate\|Upload' <<< "$all")
memory=$(grep 'Malloc' <<< "$all")
for way in replayed traced falls_back; do each $way <<< "$all"; done
each chosen <<< "$opening"
each runs_short <<< "$memory"
unset STANDIN_FAIL

STANDIN_DEVICES=0 refused "no device" "no CUDA device" --device cuda
STANDIN_DEVICES=0 instead "no device, auto" "no CUDA device.*instead" "${auto[@]}"
# A limit that the CPU can keep to, and batches on a device cannot, is no matter without one.
limited=(--batch 16 --memory-limit 1000000)
STANDIN_DEVICES=0 instead "no device, auto, with a limit" "no CUDA device.*instead" "${auto[@]}" "${limited[@]}"
refused "a limit, auto" "16 takes [0-9]* bytes on cuda for 2 instances, .*limit is 1000000" "${auto[@]}" "${limited[@]}"
lacking=cudaGetDeviceCount:1+:cudaErrorInsufficientDriver
STANDIN_FAIL=$lacking refused "too old a driver" "no CUDA device (.*insufficient" --device cuda
refused "no such device" "no CUDA device 7" --device cuda:7
STANDIN_MEMORY=100000 instead "little memory" "is short: batches have . frame" --device cuda
STANDIN_MEMORY=100000 refused "little memory for a batch that was asked for" \
    "16 takes [0-9]* bytes on cuda, and 100000 are free: the largest batch that fits is [1-9]" \
    --device cuda --batch 16
STANDIN_MEMORY=3000 refused "too little memory" "and 3000 are free: not even one frame" --device cuda
STANDIN_MEMORY=3000 instead "too little memory, auto" "not even one frame.*instead" "${auto[@]}"

STANDIN_FAIL=cudaGraphLaunch:2:cudaErrorUnknown refused "in mid-run" \
    "batch 2: CUDA: cudaGraphLaunch.*unknown error (cudaErrorUnknown)" --device cuda
for failing in 2 1+; do
    STANDIN_FAIL=cudaGraphLaunch:$failing:cudaErrorUnknown instead "in mid-run, auto, launch $failing" \
        "a device failed and was left out, and [0-9]* batch.* done again elsewhere: cuda: batch" "${auto[@]}"
done
# Matroska says how many frames there are.
ffmpeg -nostdin -v error -i "$clip" -c copy "$work/few.mkv"
STANDIN_FAIL=cudaGetDeviceCount:1+:cudaErrorUnknown,cudaMalloc:1+:cudaErrorUnknown \
    "$warpreel" -v "${auto[@]}" --filter $chain --format framemd5 --progress none -o "$work/few" "$work/few.mkv" 2> "$said"
verdict "a few frames, auto" "$(cmp -s <(sed '/^#/d; s,.*\s,,' "$work/few") <(sed '/^#/d; s,.*\s,,' "$reference") || echo "other frames came out"
    grep -q "running on the cpu: $frames frames are expected to take .* started first" "$said" || said_last)"
old=cudaLaunchKernel:1+:cudaErrorNoKernelImageForDevice
STANDIN_FAIL=$old refused "too old a device" "has compute capability .* built for" --device cuda
STANDIN_FAIL=$old instead "too old a device, auto" "has compute capability .*instead" "${auto[@]}"

# A worker that died has no verdict.
expected=$((3 * $(wc -w <<< "$all") + $(wc -w <<< "$opening") + $(wc -w <<< "$memory") + 16))
[ "$(wc -l < "$work/results")" = $expected ] ||
    fail "every case has a verdict" "$(wc -l < "$work/results") of $expected"
finish
