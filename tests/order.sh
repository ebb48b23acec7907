#!/bin/bash
# SPDX-License-Identifier: MIT
# CUDA gives the CPU's bits whatever the number of instances, the size of batches and the order in which
# the device does its work: tests/order.sh BUILD. The stand-in for a GPU varies the order, and finds
# memory that is not given back.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/lib.sh"

device=cuda
frames=40
clip=$work/clip.mkv
chains=(
    "hflip,unsharp=3:3:1,scale=40:-2"
    "eq=contrast=1.2:gamma=1.3:saturation=0.7,negate"
    "negate=enable='between(n,9,30)',crop=31:21:5:3,scale=50:-1:flags=lanczos"
)
orders=(forward reverse random)
batches=(16 7 1 41)
instances=(1 2 3 8)
export STANDIN_LEAKS=1

# hashes_of DEVICE CHAIN OPTIONS...
hashes_of() {
    local -r chain=$2
    device=$1
    shift 2
    reel -q --filter "$chain" --format framemd5 "$@" -o - "$clip"
}

# check "SEED NUMBER": one of the chains with all sizes of batches, which take turns with the instances.
check() {
    local -r seed=${1% *} chain=${1#* } out=$work/out-${1/ /-}
    local n reason=''
    export STANDIN_SEED=$seed STANDIN_ORDER=${orders[(seed + chain) % 3]}
    for n in 0 1 2 3; do
        local count=${instances[(n + seed + chain) % 4]}
        hashes_of cuda "${chains[chain]}" --batch "${batches[n]}" --instances "$count" > "$out" ||
            reason="it failed: $(said_last)"
        [ ! -s "$said" ] || reason=${reason:-it said: $(said_last)}
        reason=${reason:-$(first_difference "$out" "$work/reference-$chain")}
        [ -z "$reason" ] || { reason="$count instances, batches of ${batches[n]}: $reason"; break; }
    done
    verdict "seed $seed, order $STANDIN_ORDER: ${chains[chain]}" "$reason"
}

ffmpeg -nostdin -v error -f lavfi -i "testsrc2=size=${WARPREEL_TEST_SIZE:-64x48}:rate=25" -frames:v $frames -c:v ffv1 \
    -pix_fmt yuv420p "$clip"
for chain in "${!chains[@]}"; do
    hashes_of cpu "${chains[chain]}" > "$work/reference-$chain" || fail "${chains[chain]}" "$(said_last)"
done
seeds=${1:+${WARPREEL_TEST_SEEDS:-8}}
for ((seed = 1; seed <= seeds; seed++)); do
    for chain in "${!chains[@]}"; do echo "$seed $chain"; done
done | each check
[ "$(wc -l < "$work/results")" = $((seeds * ${#chains[@]})) ] || fail "every case has a verdict" "they have not"
finish
