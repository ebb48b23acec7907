#!/bin/bash
# SPDX-License-Identifier: MIT
# The recipes of the README run as they are printed there: tests/recipes.sh BUILD.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/lib.sh"

clips=$(samples)
mkdir -p "$work/footage/day1" "$work/bin" "$work/samples"
ln -s "$warpreel" "$work/bin/warpreel"
cp "$clips/vfr-av.mkv" "$work/film.mkv"
cp "$root/samples/sharper.onnx" "$work/samples"
cp "$clips/vfr-av.mkv" "$work/clip.mkv"
cp "$clips/counter-120.mp4" "$work/talk.mp4"
cp "$clips/counter-120.mp4" "$work/footage"
cp "$clips/upright.mp4" "$work/footage/day1"
cp "$clips/counter-120.mp4" "$work/clip.mp4"
cp "$clips/vfr-av.mkv" "$work/camera1.pipe"
cp "$clips/vfr-av.mkv" "$work/camera2.pipe"
mkdir "$work/clips"
cp "$clips/vfr-av.mkv" "$work/clips"
ffmpeg -nostdin -v error -f lavfi -i sine=duration=30 "$work/music.mp3"
# As another tool makes it, and as cameras write it: 10 bits, 4:2:0.
ffmpeg -nostdin -v error -f lavfi -i testsrc2=size=320x180:rate=25:duration=1,format=yuv420p10 -c:v libx264 \
    -preset veryfast "$work/A001.mov"

# recipes: the indented blocks of the section, each ended by a line with a dot.
recipes() {
    awk '/^## / { in_section = $0 == "## Recipes" }
         !in_section { next }
         /^    / { print substr($0, 5); open = 1; next }
         open { print "."; open = 0 }' "$root/README.md"
}

# The hashes that a recipe compares with are those of the run before.
cd "$work" || exit
PATH=$work/bin:$PATH
export PATH
warpreel --quiet -f "hflip,negate" clip.mkv --format framehash -o expected.framehash
ffmpeg -nostdin -v error -i clip.mkv -vf unsharp -fps_mode passthrough -enc_time_base "$(fine_time_base demux)" -c:v ffv1 -an reference.mkv

block='' number=0
while IFS= read -r line; do
    if [ "$line" != . ]; then
        block+=$line$'\n'
        continue
    fi
    number=$((number + 1))
    rm -f small.mkv
    bash -e -o pipefail -c "$block" > log 2>&1 < /dev/null
    status=$?
    name="recipe $number: ${block%%$'\n'*}"
    block=''
    if grep -q -e "built without CUDA" -e "no CUDA device" log; then
        skip "$name" "there is no CUDA here"
    else
        verdict "$name" "$([ $status = 0 ] || echo "exit status $status: $(tail -n 1 log)")"
    fi
done < <(recipes)
for file in sharp.mkv talk.webm A001-graded.mov out/counter-120-16x9.mp4 out/day1/upright-16x9.mp4 out.json \
    film-sharper.mkv still.png frame0001.jpg clip.gif slides.mp4 small.mkv long.mkv out.mp4 junit.xml plan.svg trace.json; do
    verdict "$file" "$([ -s "$file" ] || echo "was not made")"
done
finish
