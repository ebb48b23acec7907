#!/bin/bash
# SPDX-License-Identifier: MIT
# samples/filter becomes a working filter by copying its two files and adding one line, and another one by the steps of
# "A filter in ten minutes" in .github/CONTRIBUTING.md, as they are written there: tests/skeleton.sh BUILD.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/lib.sh"

copy=$work/warpreel
mkdir "$copy"
(cd "$root" && cp -r CMakeLists.txt cli kernels lib man samples "$copy/") || exit
cp "$root"/samples/filter/posterize.[ch] "$copy/kernels/filters/"

# step N: the code in a step of the page.
step() {
    sed -n '/^## A filter in ten minutes/,/^## /p' "$root/.github/CONTRIBUTING.md" |
        awk -v step="$1. " '
            /^[0-9]+\. / { is_wanted = index($0, step) == 1 }
            is_wanted && /^       / { print substr($0, 8) }
            is_wanted && /^$/ { print }'
}

# put_in FILE: takes definitions, with empty lines between them, each in place of what has its name in FILE.
put_in() {
    awk '
        function name_of(line) { sub(/^ */, "", line); sub(/ *[{=(].*/, "", line); return line }
        FNR == NR && !NF { name = "" }
        FNR == NR && NF && name == "" { name = name_of($0) }
        FNR == NR { if (NF) new[name] = new[name] $0 "\n"; next }
        !is_old && name_of($0) in new { printf "%s", new[name_of($0)]; put++; is_old = !/;$/; next }
        is_old { is_old = !/^}/; next }
        { print }
        END { exit !put }' - "$1" > "$work/new" && mv "$work/new" "$1"
}

filters=$copy/kernels/filters
(cd "$copy" && bash -c "$(step 1)")
step 2 | put_in "$filters/darken.h"
step 3 | put_in "$filters/darken.c"
sed -i -e 's/^    .help = .*/    .help = "Make all components darker.",/' -e 's/darken=6/darken=0.3/' "$filters/darken.c"
printf 'FILTER(%s)\n' darken posterize >> "$filters/filters.def"
verdict "the page says which line to add" "$(grep -q 'Add `FILTER(darken)`' "$root/.github/CONTRIBUTING.md" || echo no)"

# Under a sanitizer kernels compile fast, and no others are needed.
cmake -S "$copy" -B "$copy/build/cpu" -G Ninja -DWARPREEL_CUDA=OFF -DBUILD_TESTING=OFF \
    "-DWARPREEL_FILTERS=darken;posterize" -DWARPREEL_SANITIZE=address > "$work/log" 2>&1 &&
    cmake --build "$copy/build/cpu" --target warpreel >> "$work/log" 2>&1
verdict "builds" "$([ -x "$copy/build/cpu/warpreel" ] || grep -m 3 error "$work/log" || tail -n 3 "$work/log")"

warpreel=$copy/build/cpu/warpreel
help=$("$warpreel" --help=posterize)
verdict "is in the help" "$(grep -q 'levels' <<< "$help" || echo "no levels: $help")"

verdict "no other filter is built but those that the program adds itself" \
    "$("$warpreel" --list-filters | sed '/^FFmpeg/,$d' | awk '$1 == "sobel" || $1 == "median"')"

# The page looks at the filter in its own words, of which none fails.
said=$work/said
verdict "the page's commands run" "$( (cd "$copy" && bash -e -c "$(step 4)") > "$said" 2>&1 || tail -n 3 "$said")"
verdict "the page's filter is in the help" "$(grep -q 'how much darker' "$said" || tail -n 3 "$said")"
verdict "the page's filter writes a file" "$([ "$(frames "$copy/out.mp4")" = 120 ] || tail -n 3 "$said")"

# keep is 179 of 256 parts.
reel --filter darken=0.3 --frames 1 --format rawvideo -o "$work/darker" "$(samples)/gray.mkv"
reel --frames 1 --format rawvideo -o "$work/before" "$(samples)/gray.mkv"
wrong=$(paste <(od -An -v -tu1 -w1 "$work/darker") <(od -An -v -tu1 -w1 "$work/before") |
    awk '$1 != int($2 * 179 / 256) { print $2 " became " $1; exit } END { if (!NR) print "no picture" }')
verdict "darkens" "$wrong"

# Two levels leave a quarter and three quarters of the range, in luma as in chroma.
reel --filter posterize=2 --frames 1 --format rawvideo -o "$work/raw" "$(samples)/deep-10bit.mkv"
values=$(od -An -v -tu2 -w2 "$work/raw" | sort -un | tr -d ' ' | tr '\n' ' ')
verdict "posterizes 10 bits" "$([ "$values" = "256 768 " ] || echo "values are $values: $(said_last)")"
finish
