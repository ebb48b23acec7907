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
