# SPDX-License-Identifier: MIT
# needs: odd-161x121.mkv
# What a line of ffmpeg's asks for and cannot be had is refused by its own name, before anything is written.
cp "$SAMPLES/odd-161x121.mkv" in.mkv
reel() {
    warpreel "$@"
    echo "$?: $*"
}
reel -i - -vf hflip out.mkv two.mkv
reel -i in.mkv -c copy out.mkv -nosuch 1 two.mkv
reel -i in.mkv -vn out.mkv
reel -i in.mkv -vf hflip out.mp3
reel -i in.mkv -vf hflip -c copy out.mkv
reel -i in.mkv -c copy out.webm
reel -i in.mkv -c copy -disposition:v lovely out.mkv
reel -i in.mkv -c:v ffv1 -bsf:v nosuch out.mkv
reel -i in.mkv -pass 3 out.mkv
reel -i in.mkv -fs lots out.mkv
reel -i in.mkv -map_metadata 0:s:0 out.mkv
reel -i in.mkv -map_chapters 2 out.mkv
reel -i in.mkv -nosuch 1 out.mkv
reel -i in.mkv -vfframes 1 out.mkv
reel -i in.mkv -presett slow out.mkv
reel -i in.mkv -crff 20 out.mkv
reel -i in.mkv -bufzise:v 1M out.mkv
reel -probsize 1M -i in.mkv out.mkv
reel -i in.mkv -movflags +frag_keyframe+faststrt out.mp4
reel -i in.mkv -vf crop=160:120 -flags +lowdelay out.mp4
reel in.mkv --muxer-option movflagss=faststart -o out.mp4
reel in.mkv -f crop=160:120 --encoder-option presett=slow -o out.mp4
reel -i in.mkv -vframes x out.mkv
reel -i in.mkv -metadata title out.mkv
reel -i in.mkv -ss 2 -to 1 out.mkv
reel -i in.mkv -t never out.mkv
reel -ss 3 -to 2 -i in.mkv out.mkv
reel -i in.mkv -r fast out.mkv
reel -i in.mkv -s large out.mkv
reel -i in.mkv -aspect wide out.mkv
reel -i in.mkv -vsync sometimes out.mkv
reel -i in.mkv -map 0:a out.mkv
reel -i in.mkv -map 1:a out.mkv
reel -i in.mkv -map video out.mkv
reel in.mkv -f crop=160:120 -c libx264 --encoder-option row-mt=1 -o out.mkv
reel in.mkv -c ffv1 --muxer-option movflags=+faststart -o out.mkv
reel -i in.mkv -vf crop=160:120 -b:v lots out.mkv
reel -i in.mkv -hwaccel cuda out.mkv
reel -vf hflip -i in.mkv out.mkv
reel -stream_loop 2 -to 1 -i in.mkv out.mkv
reel -stream_loop -1 -i in.mkv out.mkv
reel -stream_loop x -i in.mkv out.mkv
reel -itsoffset -2 -i in.mkv out.mkv
reel -i in.mkv -itsoffset soon -i in.mkv -vf hflip out.mkv
reel -i in.mkv -itsoffset -2 -i in.mkv -filter_complex '[0:v][1:v]hstack' out.mkv
reel in.mkv --input-setting 0/repeat=2 --to 1 -o out.mkv
reel -filter_complex 'testsrc,split=9[a][b][c][d][e][f][g][h][i]' -map '[v]' out.mkv
reel -nosuch 2 -i in.mkv out.mkv
reel -i --start.mkv -c copy out.mkv
reel -i in.mkv -c:a copy -c:v ffv1 -filter:a volume=2 out.mkv
reel -i in.mkv -i in.mkv -an -i in.mkv out.mkv
reel -i in.mkv -stream_loop -1 -i in.mkv out.mkv
reel -f nosuch -i in.mkv out.mkv
reel -i in.mkv -c:v
reel -i in.mkv
reel -i in.mkv -y -n -crf
reel -i in.mkv -filter_complex hflip out.mkv -q
ls
