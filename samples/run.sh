#!/bin/bash
# SPDX-License-Identifier: MIT
# From a bare Debian 12 to results: installs what is missing, builds, runs the main job on the sample clips.
set -eu
export LC_ALL=C

cd "$(dirname "$0")/.."
# shellcheck source=samples/install.sh
. samples/install.sh

# shellcheck disable=SC2086 # a list of words
install_missing $packages
say_without_nvcc
echo "building into build/"
build_preset release build
clips=build/samples
samples/make.sh "$clips"
mkdir -p out

# show NAME CLIP CHAIN OPTIONS...: runs the chain and takes a still from before and after.
show() {
    local -r name=$1 clip=$2 chain=$3
    shift 3
    local -r suffix=${clip##*.}
    echo
    echo "warpreel --filter '$chain' $clip --output out/$name.$suffix $*"
    build/warpreel --filter "$chain" "$clips/$clip" --output "out/$name.$suffix" --overwrite \
        --report "out/$name.json" "$@"
    still "$clips/$clip" "out/$name-before.png"
    still "out/$name.$suffix" "out/$name-after.png"
}

# The tenth picture as the file has it, not turned upright.
still() {
    ffmpeg -nostdin -v error -y -noautorotate -i "$1" -map 0:V:0 -vf "select=eq(n\,9)" -frames:v 1 \
        -update 1 "$2"
}

show sharp counter-120.mp4 "unsharp=5:5:1.2,eq=contrast=1.1:saturation=1.3"
show small-turned rotated.mp4 "scale=iw/2:-2,hflip"
show deep deep-10bit.mkv "eq=gamma=1.4,crop=128:80" --codec ffv1
show everything-kept vfr-av.mkv "negate,scale=320:-2:flags=lanczos"
show odd odd-161x121.mkv "hflip,negate" --codec ffv1

echo
echo "The results are in $PWD/out: each clip, its report (.json), and a still from before and after (.png)."
