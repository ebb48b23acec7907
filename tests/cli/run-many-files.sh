# SPDX-License-Identifier: MIT
# needs: counter-120.mp4
# Muxers that make their own files: all of them or none, and none is replaced without leave.
reel() {
    warpreel -q -d cpu --encoder-option g=25 "$SAMPLES/counter-120.mp4" "$@"
    echo $?
}
frames() {
    ffprobe -v error -select_streams v -count_frames -show_entries stream=nb_read_frames -of default=nw=1 "$1" |
        uniq
}
reel -o out.m3u8
reel -o out.mpd
reel --format segment -o part%02d.mkv
reel --frames 3 --codec png --pix-fmt rgb24 -o picture%d.png
frames out.m3u8
frames out.mpd
ls -A
# The playlist is gone, but not what it named; and one picture of a sequence is enough.
rm out.m3u8 out0.ts picture1.png picture2.png part00.mkv
reel -o out.m3u8
reel --codec png --pix-fmt rgb24 -o picture%d.png
reel --format segment -o part%02d.mkv
reel -y -o out.m3u8
frames out.m3u8
ls -A
