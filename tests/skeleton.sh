#!/bin/bash
# SPDX-License-Identifier: MIT
# samples/filter becomes a working filter by copying its two files and adding one line: tests/skeleton.sh BUILD.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/lib.sh"

copy=$work/warpreel
mkdir "$copy"
(cd "$root" && cp -r CMakeLists.txt cli kernels lib man samples "$copy/") || exit
cp "$root"/samples/filter/posterize.[ch] "$copy/kernels/filters/"
echo 'FILTER(posterize)' >> "$copy/kernels/filters/filters.def"

# Under a sanitizer kernels compile fast, and no others are needed.
cmake -S "$copy" -B "$copy/build" -G Ninja -DWARPREEL_CUDA=OFF -DBUILD_TESTING=OFF \
    -DWARPREEL_FILTERS=posterize -DWARPREEL_SANITIZE=address > "$work/log" 2>&1 &&
    cmake --build "$copy/build" --target warpreel >> "$work/log" 2>&1
verdict "builds" "$([ -x "$copy/build/warpreel" ] || tail -n 3 "$work/log")"

warpreel=$copy/build/warpreel
help=$("$warpreel" --help=posterize)
verdict "is in the help" "$(grep -q 'levels' <<< "$help" || echo "no levels: $help")"

verdict "no other filter is built but those that the program adds itself" \
    "$("$warpreel" --list-filters | sed '/^FFmpeg/,$d' | awk '$1 == "sobel" || $1 == "median"')"

# Two levels leave a quarter and three quarters of the range, in luma as in chroma.
reel --filter posterize=2 --frames 1 --format rawvideo -o "$work/raw" "$(samples)/deep-10bit.mkv"
values=$(od -An -v -tu2 -w2 "$work/raw" | sort -un | tr -d ' ' | tr '\n' ' ')
verdict "posterizes 10 bits" "$([ "$values" = "256 768 " ] || echo "values are $values: $(said_last)")"
finish
