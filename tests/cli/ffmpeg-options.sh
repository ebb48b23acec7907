# SPDX-License-Identifier: MIT
# An option of ffmpeg's in a line of warpreel's own is not taken for several short ones.
reel() {
    warpreel "$@"
    echo "$?: $*"
}
reel -vf hflip in.mp4 -o out.mp4
reel -hwaccel cuda in.mp4 -o out.mp4
reel -crf 20 in.mp4 -o out.mp4
reel -c:v libx264 in.mp4 -o out.mp4
reel -b:a 128k in.mp4 -o out.mp4
reel -ss 10 in.mp4 -o out.mp4
reel -an in.mp4 -o out.mp4
reel -yv -fhflip -j2 missing.mp4 -o out.mp4
