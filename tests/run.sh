#!/bin/bash
# SPDX-License-Identifier: MIT
# From a bare Debian 12 to every test: tests/run.sh [STAGE...]; stages dev, cpu, asan, tsan,
# standin, standin_asan, standin_tsan, gpu, media; when asked for, also fuzz and newer.
# A stage that fails does not keep the others from running.
set -u
export LC_ALL=C

cd "$(dirname "$0")/.." || exit
# shellcheck source=samples/install.sh
. samples/install.sh

jobs=$(nproc)
outcomes=()
failures=0

# A GPU that is there is used; without one the tests that need it run on the stand-in.
has_gpu() { [ -e /dev/nvidiactl ]; }

run_ctest() {
    local labels=()
    has_gpu || labels=(-LE cuda)
    ctest --test-dir "$1" -j "$jobs" --output-on-failure "${labels[@]}" "${@:2}"
}

# on_standin FOLDER OPTIONS... -- COMMAND...: builds so that nvcc's own output runs without a GPU, and runs COMMAND
# there; 77 where the tool for it is not present.
standin=$(realpath -m "${WARPREEL_CUDA_STANDIN:-../shared/cuda-standin}")
on_standin() {
    if [ ! -x "$standin/run" ] || [ -z "$(find_nvcc)" ]; then
        echo "skipped: the CUDA tests need nvcc and a GPU or the stand-in ($standin)"
        return 77
    fi
    "$standin/run" . "$1" --cmake-arg=-DCMAKE_BUILD_TYPE=RelWithDebInfo --jobs="$jobs" "${@:2}"
}

# One build for the stages dev and standin, since nvcc takes its time: it finds no GPU unless the stand-in is asked for.
build_dev() {
    local status=0
    mkdir -p build
    on_standin build/dev --cmake-arg=-DWARPREEL_WERROR=ON > build/dev.log || status=$?
    [ $status = 77 ] || return $status
    build_preset dev build/dev
}

stage_dev() { build_dev && run_ctest build/dev; }

# Without CUDA; not run unless asked for, since the sanitizers' stages are without it, too.
stage_cpu() {
    build_preset cpu build/cpu && WARPREEL_TEST_STRIDE=9 run_ctest build/cpu -E skeleton
}

# Under a sanitizer a part of the long lists will do.
stage_asan() {
    build_preset asan build/asan &&
        ASAN_OPTIONS=detect_leaks=1:strict_string_checks=1 UBSAN_OPTIONS=print_stacktrace=1 \
            LSAN_OPTIONS=suppressions=$PWD/tests/leaks.txt:print_suppressions=0 \
            WARPREEL_TEST_STRIDE=27 WARPREEL_TEST_SAMPLE=6 WARPREEL_TEST_TIMEOUT=240 run_ctest build/asan
}

# FFmpeg's libraries are not built with the thread sanitizer, which sees their locks but not their atomic
# operations. So what memcpy() and its like touch is not looked at; our own loads and stores are, in the frames
# that those libraries hand around, too.
tsan_options='ignore_interceptors_accesses=1 halt_on_error=1'

# Only the tests of what threads share. The thread sanitizer wants the address space where it expects it.
stage_tsan() {
    build_preset tsan build/tsan &&
        TSAN_OPTIONS=$tsan_options \
            WARPREEL_TEST_STRIDE=27 WARPREEL_TEST_SAMPLE=6 WARPREEL_TEST_TIMEOUT=240 \
            setarch -R ctest --test-dir build/tsan -j "$jobs" -L threads --no-tests=error --output-on-failure
}

# Kernels with large windows take it minutes: of the registry's extremes every fortieth will do.
stage_standin() {
    WARPREEL_TEST_STRIDE=${WARPREEL_TEST_STRIDE:-40} WARPREEL_TEST_TIMEOUT=${WARPREEL_TEST_TIMEOUT:-240} \
        on_standin build/dev --cmake-arg=-DWARPREEL_WERROR=ON -- ctest -L cuda -j "$jobs" --no-tests=error --output-on-failure
}

# Under a sanitizer the device is slow: a small picture, once, and no kernels but those of the test's chains.
sanitized_order() {
    local -r folder=$PWD/build/standin-$1
    on_standin "$folder" --sanitize="$1" --cmake-arg=-DWARPREEL_SANITIZE="$1" \
        --cmake-arg=-DBUILD_TESTING=OFF '--cmake-arg=-DWARPREEL_FILTERS=crop;eq;negate;unsharp' -- \
        env WARPREEL_TEST_SEEDS=1 WARPREEL_TEST_SIZE=40x28 "${@:2}" "$PWD/tests/order.sh" "$folder"
}

stage_standin_asan() { sanitized_order address; }

stage_standin_tsan() {
    sanitized_order thread TSAN_OPTIONS="suppressions=$standin/tool/tsan-suppressions $tsan_options"
}

stage_gpu() {
    has_gpu || { echo "skipped: there is no GPU"; return 77; }
    tests/gpu.sh
}

stage_media() {
    local -r media=${WARPREEL_MEDIA:-../shared/media}
    if [ ! -e "$media/INDEX.tsv" ]; then
        echo "skipped: no real clips in $media"
        return 77
    fi
    build_dev && tests/media.sh build/dev "$media"
}

# fuzz_one NAME: what it finds goes into build/fuzz/found with the name of the fuzzer; what is new to it stays in a
# corpus of its own, which the next run begins with.
fuzz_one() {
    local -r new=build/fuzz/corpus/$1 log=build/fuzz/$1.log seconds=${WARPREEL_FUZZ_SECONDS:-60}
    local verdict=passed
    mkdir -p "$new" build/fuzz/found
    ASAN_OPTIONS=detect_leaks=1 UBSAN_OPTIONS=print_stacktrace=1 \
        "build/fuzz/tests/fuzz/fuzz-$1" -max_total_time="$seconds" -timeout=60 -rss_limit_mb=2048 -max_len=16384 \
        -artifact_prefix="build/fuzz/found/$1-" "$new" "tests/fuzz/corpus/$1" > "$log" 2>&1 < /dev/null ||
        verdict="FAILED, see $log"
    echo "fuzz $1: $(sed -n 's/^Done \([0-9]* runs in [0-9]* second\).*/\1s, /p' "$log")$verdict"
    [ "$verdict" = passed ]
}

# Random inputs, as long for each fuzzer as WARPREEL_FUZZ_SECONDS says; needs clang.
stage_fuzz() {
    local name failed=0
    install_missing clang || return
    build_preset fuzz build/fuzz --target fuzzers || return
    for name in acv chain cube ncnn onnx reader; do
        fuzz_one "$name" || failed=1
    done
    return $failed
}

stage_newer() { tests/newer.sh; }

run_stage() {
    local -r name=$1 from=$SECONDS
    local status=0 word=passed
    echo
    echo "==== $name"
    "stage_$name" || status=$?
    case $status in
        0) ;;
        77) word=skipped ;;
        *) word=FAILED failures=$((failures + 1)) ;;
    esac
    outcomes+=("$(printf '%-12s %-8s %4d s' "$name" "$word" $((SECONDS - from)))")
    echo "---- ${outcomes[-1]}"
}

# shellcheck disable=SC2086 # a list of words
install_missing $packages jq time python3 || exit
# A cluster in miniature, for one test as root, which says so and is skipped where that cannot be had.
[ "$(id -u)" != 0 ] || install_missing slurm-wlm munge parallel || echo "Slurm could not be installed."
say_without_nvcc
for stage in "${@:-dev asan tsan standin standin_asan standin_tsan gpu media}"; do
    for name in $stage; do
        declare -F "stage_$name" > /dev/null || { echo "no such stage: $name" >&2; exit 2; }
        run_stage "$name"
    done
done

echo
echo "==== all"
printf '%s\n' "${outcomes[@]}"
echo "in all $SECONDS s, $failures of ${#outcomes[@]} stages failed"
[ "$failures" = 0 ]
