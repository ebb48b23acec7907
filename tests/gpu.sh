#!/bin/bash
# SPDX-License-Identifier: MIT
# Measures and tests on a GPU: tests/gpu.sh [FOLDER]. Nothing is installed or downloaded.
# Builds for one where there is none: tests/gpu.sh --build ARCHITECTURE, such as 90.
#
# The machine may be bare: nvcc, CMake and a C compiler are enough to build kernels, executors and their
# tests; where FFmpeg, its libraries, jansson, Check and jq are there too, everything is built and tested.
# What --build has built needs none of them and is not built again.
#
# gpu-bench comes first, which measures and compares with the CPU bit for bit, then every CUDA test, and NVIDIA's
# compute-sanitizer where it is there. results.json, results.md and the logs go into FOLDER, which is
# tests/results/GPU unless given; each is written as soon as there is something to write. With
# WARPREEL_GPU_SECONDS=360 all of it takes six minutes at most, and the results say what was left out.
#
# Without a GPU it runs on the stand-in for one, on small pictures, to show that the script works; what
# that measures means nothing, so it stays in the build folder.
set -u
export LC_ALL=C

cd "$(dirname "$0")/.." || exit
root=$PWD
# shellcheck source=samples/install.sh
. samples/install.sh

standin=${WARPREEL_CUDA_STANDIN:-../shared/cuda-standin}
jobs=$(nproc)
seconds=${WARPREEL_GPU_SECONDS:-0} # for all but building; 0: as long as it takes
failures=0
notes=()

die() { echo "gpu.sh: $*" >&2; exit 2; }

# note WHAT VERDICT: goes before the tables.
note() { notes+=(--note "$1: $2") && echo "$1: $2"; }

# check WHAT VERDICT: goes behind them.
check() { echo "* $1: $2" | tee -a "$folder/results.md"; }

judge() {
    case $2 in
        0) check "$1" passed ;;
        124) check "$1" "stopped for want of time" ;;
        *) check "$1" "FAILED ($2)" && failures=$((failures + 1)) ;;
    esac
}

# within PERCENT COMMAND...: runs the command for so much of the time there is.
within() {
    if [ "$seconds" = 0 ]; then
        "${@:2}"
    else
        timeout -k 5 $((seconds * $1 / 100)) "${@:2}"
    fi
}

has_gpu() { [ -e /dev/nvidiactl ] || [ -e /dev/dxg ]; }

# What the whole program and its tests need.
is_bare() {
    local tool
    for tool in pkg-config ffmpeg ffprobe jq; do
        command -v $tool > /dev/null || return 0
    done
    ! pkg-config --exists libavfilter libavformat libavcodec libavutil jansson check
}

# prebuild ARCHITECTURE: for a bare machine with such a GPU.
prebuild() {
    local generator=()
    ! command -v ninja > /dev/null || generator=(-G Ninja)
    cmake -S . -B build/gpu-prebuilt "${generator[@]}" -DCMAKE_BUILD_TYPE=Release -DWARPREEL_CUDA=ON -DWARPREEL_BARE=ON \
        -DCMAKE_CUDA_ARCHITECTURES="$1-real" &&
        cmake --build build/gpu-prebuilt --parallel "$jobs" --target gpu-bench test_memory test_registry
}

# build OPTIONS...: configures and builds; on the stand-in that has a way of its own.
build() {
    local generator=()
    ! command -v ninja > /dev/null || generator=(-G Ninja)
    if has_gpu; then
        cmake -S . -B "$build" "${generator[@]}" -DCMAKE_BUILD_TYPE=Release \
            -DCMAKE_CUDA_ARCHITECTURES="${CUDAARCHS:-native}" -DWARPREEL_CUDA=ON "$@" &&
            cmake --build "$build" --parallel "$jobs"
    else
        "$standin/run" . "$build" --cmake-arg=-DCMAKE_BUILD_TYPE=Release --cmake-arg=-DWARPREEL_CUDA=ON \
            "${@/#/--cmake-arg=}" --jobs="$jobs" -- true
    fi
}

# What was built elsewhere is run without ctest, which knows its tests by their place.
run_tests() {
    local -r log=$logs/tests.log
    local selection=(-L cuda) status=0 name
    : > "$log"
    export WARPREEL_TEST_DEVICE=cuda WARPREEL_SOURCE=$root
    if [ -n "$prebuilt" ]; then
        # A part of the registry's extremes, where time is short.
        [ "$seconds" = 0 ] || export WARPREEL_TEST_STRIDE=${WARPREEL_TEST_STRIDE:-8}
        for name in memory registry; do
            within 10 "$build/tests/test_$name" >> "$log" 2>&1 || status=$?
        done
    else
        [ -z "$bare" ] || selection=(-E '^registry$') # cuda-registry is the same and more
        (cd "$build" && within 20 ctest "${selection[@]}" --no-tests=error --output-on-failure) > "$log" 2>&1 || status=$?
    fi
    judge "tests" $status
    grep -E 'tests passed|Checks:' "$log"
    [ $status = 0 ] || tail -n 40 "$log" >&2
}

# Small pictures, since the tools are slow.
run_sanitizers() {
    local sanitizer tool status
    sanitizer=$(command -v compute-sanitizer || ls /usr/local/cuda/bin/compute-sanitizer 2> /dev/null)
    for tool in memcheck racecheck initcheck; do
        if [ -z "$sanitizer" ] || ! has_gpu; then
            check "compute-sanitizer $tool" "not run"
            continue
        fi
        status=0
        within 6 env -C samples "$sanitizer" --tool $tool --error-exitcode 9 "$bench" --sizes 70x38 --batch 3 --batches 2 \
            --copy 65536 > "$logs/$tool.log" 2>&1 || status=$?
        judge "compute-sanitizer $tool" $status
    done
}

run_bench() {
    local status=0
    [ "$seconds" = 0 ] || how+=(--seconds $((seconds * 60 / 100)))
    within 62 env -C samples "$bench" "${how[@]}" "${notes[@]}" --json "$folder/results.json" \
        --markdown "$folder/results.md" || status=$?
    printf '\n## Checks\n\n' >> "$folder/results.md"
    judge "measurements and equal bits" $status
}

if [ "${1:-}" = --build ]; then
    prebuild "${2:?which architecture?}" && echo "built in build/gpu-prebuilt"
    exit
fi
prebuilt=''
! has_gpu || [ ! -x build/gpu-prebuilt/tests/gpu-bench ] || prebuilt=yes
if [ -z "$prebuilt" ]; then
    [ -n "$(find_nvcc)" ] || die "nvcc is needed to build for a GPU"
    command -v cmake > /dev/null || die "CMake is needed"
    CUDACXX=$(find_nvcc)
    export CUDACXX
fi
bare=''
! is_bare || bare=yes
build=$root/build/gpu
how=(--first 1.1)
if ! has_gpu; then
    [ -x "$standin/run" ] || die "there is neither a GPU nor the stand-in for one ($standin)"
    build=$root/build/gpu-standin
    how=(--sizes '70x38,96x54' --batch 4 --batches 3 --copy 4000000)
fi
if [ -n "$prebuilt" ]; then
    build=$root/build/gpu-prebuilt
else
    [ -z "$bare" ] || build=$build-bare
    mkdir -p "$build"
    echo "building in $build${bare:+, without what needs FFmpeg, jansson and Check}"
    if ! build ${bare:+-DWARPREEL_BARE=ON} > "$build/build.log" 2>&1; then
        tail -n 60 "$build/build.log" >&2
        die "it does not build (the log is $build/build.log)"
    fi
fi
has_gpu || export LD_LIBRARY_PATH="$build/standin${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
bench=$build/tests/gpu-bench # runs in samples/, where examples find their files

name=$("$bench" --name) || die "CUDA finds no device"
echo "on $name"
if [ $# -gt 0 ]; then
    folder=$1
elif has_gpu; then
    folder=tests/results/$(sed 's/,.*//; s/[^A-Za-z0-9]\+/-/g' <<< "$name")
else
    folder=$build/results
fi
logs=$folder/logs
mkdir -p "$logs" && folder=$(realpath "$folder") || die "cannot write into $folder"
note "commit" "$(git describe --always --dirty 2> /dev/null || echo unknown)"
note "compiler" "$("${CUDACXX:-nvcc}" --version 2> /dev/null | sed -n 's/.*release /nvcc /p')${prebuilt:+, built elsewhere}"
note "driver" "$(sed -n 's/.*Kernel Module *\([^ ]* *[0-9.]*\).*/\1/p' /proc/driver/nvidia/version 2> /dev/null | grep . || echo unknown)"
run_bench
run_tests
run_sanitizers
echo "the tables are in $folder"
[ $failures = 0 ]
