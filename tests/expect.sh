#!/bin/bash
# SPDX-License-Identifier: MIT
# Runs that compare with what is expected: what is found, what is said of it, and what is written: tests/expect.sh BUILD.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/lib.sh"
cd "$work" || exit

make() { ffmpeg -nostdin -v error -y "$@"; }
make -f lavfi -i testsrc2=s=96x64:r=25 -f lavfi -i sine -frames:v 12 -t 0.48 -c:v ffv1 a.mkv
make -i a.mkv -vf hflip -an -c:v ffv1 flipped.mkv
# One sample of frame 7 differs by three.
make -i flipped.mkv -f rawvideo raw
place=$((7 * 96 * 64 * 3 / 2 + 20 * 96 + 10))
sample=$(od -An -tu1 -j $place -N 1 raw)
printf '%b' "\\x$(printf %x $((sample > 200 ? sample - 3 : sample + 3)))" | dd of=raw bs=1 seek=$place conv=notrunc status=none
make -f rawvideo -s 96x64 -r 25 -i raw -c:v ffv1 one.mkv

# ---- what ffmpeg wrote, of several layouts and kinds
for format in yuv420p rgb24 gray10le yuv422p10le yuyv422 nv12; do
    make -i a.mkv -an -pix_fmt $format -c:v rawvideo -f nut raw.nut
    make -i raw.nut -f framehash "$format.framehash"
    make -i raw.nut -f framemd5 "$format.framemd5"
    make -i raw.nut -f framehash -hash murmur3 "$format.murmur.txt"
    for kind in framehash framemd5 murmur.txt; do
        outcome "ffmpeg's $kind of $format" 0 "12 frames are as in $format" -- raw.nut --expect "$format.$kind"
    done
    outcome "another $format" 5 "12 of 12 frames differ, the first is frame 0" -- -f negate raw.nut --expect "$format.framehash"
done
make -i a.mkv -vf hflip -f framehash sound.framehash
outcome "hashes with sound in between" 0 -- -f hflip a.mkv --expect sound.framehash
outcome "nothing is written" 0 -- -f hflip a.mkv --expect flipped.mkv
same "nothing at all" "$(ls -A | grep -cE 'comparison|null|part$')" 0
outcome "a line for ffmpeg" 0 "12 frames are as in" -- -i a.mkv -vf hflip --expect flipped.mkv
outcome "an output is kept if asked for" 5 "kept.mkv: 12 frames" "1 of 12 frames differs, the first is frame 7 at 0.28[03] s" -- \
    -f hflip a.mkv --expect one.mkv -o kept.mkv
same "as a whole" "$(frames kept.mkv)" 12

# ---- one sample
outcome "where and how much" 5 "difference is 3 of 255, in plane Y at \(10,20\) of frame 7, frame 7 is the worst" -- \
    -f hflip a.mkv --expect one.mkv --report one.json --expect-pictures pictures
make -i flipped.mkv -i one.mkv -lavfi "[0][1]psnr=f=psnr.log;[0][1]ssim=f=ssim.log" -f null -
number() { sed -nE "s/^n:8 .*$2:([0-9.]+) .*/\1/p" "$1"; }
same "PSNR and SSIM as FFmpeg's filters measure them" \
    "$(jq '.expect.worst | (.psnr.Y * 100 | round / 100), (.ssim.Y * 1000000 | round / 1000000)' one.json | xargs)" \
    "$(number psnr.log psnr_y) $(number ssim.log Y)"
same "the report" "$(jq -c '[.outcome, .exit_code, .expect.differing, .expect.first, .expect.largest.x]' one.json)" \
    '["differs",5,1,7,10]'
same "a picture of three" "$(ffprobe -v error -show_entries stream=codec_name,width,height,pix_fmt -of csv=p=0 pictures/a.mkv.png)" \
    "png,288,64,rgb24"
same "whose third has the sample in white" \
    "$(make -i pictures/a.mkv.png -vf format=rgb24,format=gray -f rawvideo - | od -An -v -tu1 -w288 | awk 'NR == 21 {print $203, $204, $202}')" \
    "255 0 0"
outcome "within three values" 0 -- -f hflip a.mkv --expect one.mkv --tolerance 3
outcome "not within two" 5 "1 of 12" -- -f hflip a.mkv --expect one.mkv --tolerance 2
outcome "above 70 dB" 0 -- -f hflip a.mkv --expect one.mkv --tolerance 70dB
outcome "not above 80 dB" 5 "1 of 12" -- -f hflip a.mkv --expect one.mkv --tolerance 80dB

# ---- other numbers, sizes, layouts and times
make -i flipped.mkv -frames:v 5 -c copy short.mkv
make -i flipped.mkv -vf scale=48:32 -c:v ffv1 small.mkv
make -i flipped.mkv -vf scale=48:32 -f framehash small.framehash
make -i flipped.mkv -pix_fmt yuv444p -c:v ffv1 444.mkv
make -i flipped.mkv -vf 'setpts=PTS+gte(N\,7)*0.02/TB' -fps_mode passthrough -c:v ffv1 late.mkv
head -c 3000 flipped.mkv > cut.mkv
outcome "too many frames" 5 "7 frames too many: 12 instead of 5" -- -f hflip a.mkv --expect short.mkv
outcome "missing frames" 5 "7 frames missing: 5 instead of 12" -- -f hflip a.mkv --frames 5 --expect flipped.mkv
outcome "another size" 5 "96x64 yuv420p instead of 48x32 yuv420p" -- -f hflip a.mkv --expect small.mkv
outcome "another size of hashes" 5 "96x64 instead of 48x32" -- -f hflip a.mkv --expect small.framehash
outcome "another layout" 5 "96x64 yuv420p instead of 96x64 yuv444p" -- -f hflip a.mkv --expect 444.mkv
outcome "other times" 5 "frames are at another time, the first is frame 7 at 0.280 s, not 0.3" -- -f hflip a.mkv --expect late.mkv

# ---- what cannot be compared with
make -i flipped.mkv -f framecrc crc.txt
make -i flipped.mkv -f md5 md5.txt
make -f lavfi -i sine -t 0.1 -f framehash audio.framehash
grep '^#' yuv420p.framehash > empty.framehash
(grep '^#' yuv420p.framehash; echo "0, what") > broken.framehash
sed s/SHA256/FOO/ yuv420p.framehash > foo.framehash
outcome "no file" 1 "cannot read none" -- a.mkv --expect none
outcome "no regular file" 1 "is no file that can be compared with" -- a.mkv --expect /dev/null
outcome "other checksums" 1 "has no hash of each frame" -- a.mkv --expect crc.txt
outcome "a hash of all" 1 "has no hash of each frame" -- a.mkv --expect md5.txt
outcome "hashes of sound alone" 1 "lists no frames of a video" -- a.mkv --expect audio.framehash
outcome "no frames" 1 "lists no frames of a video" -- a.mkv --expect empty.framehash
outcome "a broken line" 1 "line [0-9]+: this is no frame's hash" -- a.mkv --expect broken.framehash
outcome "an unknown hash" 1 "of a kind that FFmpeg does not know: FOO" -- a.mkv --expect foo.framehash
outcome "a damaged video" 1 "cut.mkv is damaged" -- a.mkv --expect cut.mkv
outcome "a text" 1 "cannot read" -- a.mkv --expect "$root/README.md"
outcome "a tolerance of hashes" 2 "a tolerance needs a video" -- a.mkv --expect yuv420p.framehash --tolerance 2
outcome "no tolerance" 2 "neither a PSNR" -- a.mkv --expect flipped.mkv --tolerance much
outcome "a tolerance of nothing" 2 "--tolerance needs --expect" -- a.mkv -o x.mkv --tolerance 2
outcome "pictures of nothing" 2 "--expect-pictures needs --expect" -- a.mkv -o x.mkv --expect-pictures x
outcome "an update with an output" 2 "exclude each other" -- a.mkv -o x.mkv --expect-update
cp flipped.mkv before.mkv
for what in report junit progress-to trace; do
    outcome "$what instead of what is expected" 2 "would replace the expected file" -- a.mkv --expect flipped.mkv --$what flipped.mkv
done
same "which is there" "$(cmp before.mkv flipped.mkv && echo yes)" yes
outcome "resuming without an output" 2 "--resume needs an output folder" -- "$work" --expect "$work" --resume

# ---- writing what is expected
outcome "writes beside the input" 0 -- -f hflip a.mkv --expect-update
outcome "and compares with it" 0 "are as in a.mkv.framehash" -- -f hflip a.mkv --expect a.mkv.framehash
outcome "and with its folder" 0 "are as in ./a.mkv.framehash" -- -f hflip a.mkv --expect .
cp a.mkv.framehash before
outcome "writes it anew" 0 -- -f hflip a.mkv --expect a.mkv.framehash --expect-update
same "the same again" "$(cmp before a.mkv.framehash && echo yes)" yes
same "as ffmpeg would" "$(grep -v '^#' a.mkv.framehash | sed 's/.*, //')" "$(make -i a.mkv -vf hflip -an -f framehash - | sed -n 's/^0.*, //p')"
outcome "writes a video" 0 "ffv1" -- -f hflip a.mkv --expect new.mkv --expect-update
outcome "and compares with that" 0 -- -f hflip a.mkv --expect new.mkv
mkdir beside
ln a.mkv beside/a.mkv
for with in vflip hflip; do
    outcome "writes beside all inputs, $with" 0 "1 file: 1 done" -- -f $with beside --expect-update
done
outcome "and compares with what is beside them" 0 "^warpreel: 1 file: 1 done, .* 0 skipped" -- -f hflip beside --expect beside
mv beside/a.mkv beside/b.mkv
cp beside/a.mkv.framehash beside/b.mkv.framehash
outcome "what is beside no input counts as one that differs" 5 "differs .*a.mkv.framehash: no input is compared" \
    "1 done, 1 not as expected, .* 0 skipped" -- -f hflip beside --expect beside

# ---- sixty clips
mkdir -p clips/deep videos/deep
for n in $(seq 60); do
    folder=$([ "$n" -gt 30 ] && echo deep/)
    ln a.mkv "clips/$folder$n.mkv"
    ln flipped.mkv "videos/$folder$n.mkv"
done
outcome "sixty are written" 0 "60 files: 60 done" -- -f hflip clips --recursive --expect hashes --expect-update
for with in hashes videos; do
    outcome "sixty are as expected, $with" 0 "60 files: 60 done" -- -f hflip clips --recursive --expect $with --junit all.xml
done
same "all passed" "$(grep -o 'tests="[0-9]*" failures="[0-9]*" errors="[0-9]*"' all.xml)" 'tests="60" failures="0" errors="0"'
make -i one.mkv -vf hflip -c:v ffv1 other.mkv
ln -f other.mkv clips/deep/44.mkv
for with in hashes videos; do
    outcome "one sample of one frame of one of sixty, $with" 5 "59 done, 1 not as expected" "1 of 60 files is not as expected" \
        "differs .*44.mkv is not as $with/deep/44.mkv.*: 1 of 12 frames differs, the first is frame 7 at 0.28[03] s" -- \
        -f hflip clips --recursive --expect $with --junit one.xml --report many.json --expect-pictures "pictures.$with"
    same "no other is named, $with" "$(grep -c '^warpreel: differs ' "$said")" 1
    same "JUnit names it, $with" "$(tr -d '\n' < one.xml | grep -oE 'failures="1" errors="0"|name="clips/deep/44.mkv" time="[0-9.]*">  *<failure' | sed 's/ time.*//' | xargs)" \
        "failures=1 errors=0 name=clips/deep/44.mkv"
    same "so does the summary, $with" "$(jq -c '[.exit_code, .states.differs, (.jobs[] | select(.state == "differs") | .input)]' many.json)" \
        '[5,1,"clips/deep/44.mkv"]'
    same "one picture, $with" "$(find "pictures.$with" -type f)" "pictures.$with/deep/44.mkv.png"
done
outcome "a picture that cannot be written" 5 "1 of 12 frames differs, .*; cannot write the picture" -- -f hflip \
    clips/deep/44.mkv --expect hashes/deep/44.mkv.framehash --expect-pictures /proc/self
outcome "a clip that is mended" 0 -- -f hflip a.mkv --expect flipped.mkv --expect-pictures shown
cp "pictures.hashes/deep/44.mkv.png" shown/a.mkv.png
outcome "keeps no picture" 0 -- -f hflip a.mkv --expect flipped.mkv --expect-pictures shown
same "of an earlier run" "$(ls shown)" ""
cp -rl clips gone
rm gone/deep/44.mkv
cp -r hashes hashes.60
python3 -c 'import sys, xml.dom.minidom; xml.dom.minidom.parse("one.xml")' 2> /dev/null
verdict "JUnit's file is XML" "$([ $? = 0 ] || echo "it is not")"
rm hashes/deep/50.mkv.framehash
outcome "nothing to compare one with" 1 "failed .*50.mkv: \"hashes\" has nothing to compare deep/50.mkv with" "58 done, 1 not" -- \
    -f hflip clips --recursive --expect hashes --junit one.xml
same "is an error" "$(grep -o 'failures="1" errors="1"' one.xml)" 'failures="1" errors="1"'
outcome "a clip that is gone" 5 "differs .*hashes.60/deep/44.mkv.framehash: no input is compared with it" "of 60 files" -- \
    -f hflip gone --recursive --expect hashes.60 --junit one.xml
same "is a failure" "$(grep -o 'failures="1" errors="0"' one.xml)" 'failures="1" errors="0"'
outcome "a clip that was left out is none" 0 "59 done" -- -f hflip clips --recursive --exclude 44.mkv --expect hashes.60
ln -f a.mkv clips/deep/44.mkv
outcome "many with a file" 2 "takes a folder" -- -f hflip clips --expect flipped.mkv
finish
