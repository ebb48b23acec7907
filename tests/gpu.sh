#!/bin/bash
# SPDX-License-Identifier: MIT
# Tests and measures on a GPU: tests/gpu.sh [FOLDER]. Nothing is installed or downloaded.
#
# The machine may be bare: nvcc, CMake and a C compiler are enough to build kernels, executors and their
# tests; where FFmpeg, its libraries, jansson, Check and jq are there too, everything is built and tested.
# Runs every CUDA test, NVIDIA's compute-sanitizer where it is there, and gpu-bench, which compares with
# the CPU bit for bit and measures. results.json, results.md and the logs go into FOLDER, which is
# tests/results/GPU unless given.
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
failures=0
notes=()

die() { echo "gpu.sh: $*" >&2; exit 2; }

# note WHAT VERDICT: goes into the table.
note() { notes+=(--note "$1: $2") && echo "$1: $2"; }

judge() {
    if [ "$2" = 0 ]; then
        note "$1" passed
    else
        note "$1" "FAILED ($2)" && failures=$((failures + 1))
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

run_tests() {
    local -r log=$logs/tests.log
    local selection=(-L cuda) status=0
    [ -z "$bare" ] || selection=(-E '^registry$') # cuda-registry is the same and more
    (cd "$build" && ctest "${selection[@]}" --no-tests=error --output-on-failure) > "$log" 2>&1 || status=$?
    judge "tests" $status
    grep 'tests passed' "$log"
    [ $status = 0 ] || tail -n 40 "$log" >&2
}

# Small pictures, since the tools are slow.
run_sanitizers() {
    local sanitizer tool status
    sanitizer=$(command -v compute-sanitizer || ls /usr/local/cuda/bin/compute-sanitizer 2> /dev/null)
    for tool in memcheck racecheck initcheck; do
        if [ -z "$sanitizer" ] || ! has_gpu; then
            note "compute-sanitizer $tool" "not run"
            continue
        fi
        status=0
        env -C samples "$sanitizer" --tool $tool --error-exitcode 9 "$bench" --sizes 70x38 --batch 3 --batches 2 \
            --copy 65536 > "$logs/$tool.log" 2>&1 || status=$?
        judge "compute-sanitizer $tool" $status
    done
}

run_bench() {
    local status=0
    env -C samples "$bench" "${how[@]}" "${notes[@]}" --json "$folder/results.json" --markdown "$folder/results.md" || status=$?
    [ $status = 0 ] || failures=$((failures + 1))
}

[ -n "$(find_nvcc)" ] || die "nvcc is needed to build for a GPU"
command -v cmake > /dev/null || die "CMake is needed"
CUDACXX=$(find_nvcc)
export CUDACXX
bare=''
! is_bare || bare=yes
build=$root/build/gpu
how=(--first 1.1)
if ! has_gpu; then
    [ -x "$standin/run" ] || die "there is neither a GPU nor the stand-in for one ($standin)"
    build=$root/build/gpu-standin
    how=(--sizes '70x38,96x54' --batch 4 --batches 3 --copy 4000000)
fi
[ -z "$bare" ] || build=$build-bare
mkdir -p "$build"
echo "building in $build${bare:+, without what needs FFmpeg, jansson and Check}"
if ! build ${bare:+-DWARPREEL_BARE=ON} > "$build/build.log" 2>&1; then
    tail -n 60 "$build/build.log" >&2
    die "it does not build (the log is $build/build.log)"
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
note "compiler" "$("$CUDACXX" --version | sed -n 's/.*release /nvcc /p')"
note "driver" "$(sed -n 's/.*Kernel Module *\([^ ]* *[0-9.]*\).*/\1/p' /proc/driver/nvidia/version 2> /dev/null | grep . || echo unknown)"
run_tests
run_sanitizers
run_bench
echo "the tables are in $folder"
[ $failures = 0 ]
