# SPDX-License-Identifier: MIT
# needs: counter-120.mp4
# A quote that is left open ends with the chain: it does not swallow what --pix-fmt asks for.
frames() {
    warpreel -d cpu -q --frames 2 "$SAMPLES/counter-120.mp4" -o - --format framehash --codec ffv1 "$@" |
        grep -v '^#'
}
frames -f "hflip" --pix-fmt yuv444p16 > expected
frames -f "hflip@a'" --pix-fmt yuv444p16 | cmp - expected && echo "the same frames"
warpreel -d cpu -q --frames 2 -f "hflip@a'" --pix-fmt yuv444p16 "$SAMPLES/counter-120.mp4" -o out.mkv --codec ffv1
echo "exit $?"
ls -A

# Nor does one in a chain for sound swallow what the encoder needs.
ffmpeg -nostdin -v error -f lavfi -i testsrc2=size=64x48:rate=25 -f lavfi -i sine -t 1 -c:v mpeg4 -c:a pcm_s16le sound.mov
sound() { warpreel -v error -i sound.mov "$@" -vn -ar 22050 -f framemd5 - | grep '^0,'; }
sound -af anull -c:a pcm_s32le -ac 2 > expected
wc -l < expected
sound -af "anull@b'" -c:a pcm_s32le -ac 2 | cmp - expected && echo "the same sound"
sound -filter_complex "[0:a]anull@b'" -c:a pcm_s32le -ac 2 | cmp - expected && echo "the same sound of a graph"
