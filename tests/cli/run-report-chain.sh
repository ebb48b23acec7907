# SPDX-License-Identifier: MIT
# needs: counter-120.mp4
# The chain as it was run, conversions included, however long.
ffmpeg -nostdin -v quiet -i "$SAMPLES/counter-120.mp4" -frames:v 2 -c:v rawvideo -pix_fmt nv12 in.nut
reel() {
    warpreel -q -d cpu in.nut -o out.mkv -y --report report.json "$@"
    grep '"chain"' report.json
}
reel
reel --codec ffv1 -f hflip
reel --pix-fmt yuv444p -f hflip
reel --pix-fmt yuv420p
reel -f "$(printf 'eq=contrast=1.1,%.0s' $(seq 500))negate" | sed 's/contrast=1.1/contrast=1.1\n/g' | grep -c 'contrast=1.1$'
