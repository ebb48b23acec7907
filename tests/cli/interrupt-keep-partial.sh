# SPDX-License-Identifier: MIT
# The same, but the file is finished with the frames so far.
mkfifo pipe
ffmpeg -nostdin -v quiet -re -f lavfi -i testsrc=size=64x64:rate=100 -pix_fmt yuv420p \
    -f yuv4mpegpipe -y pipe &
film=$!
warpreel -d cpu --threads 1 -b 4 --codec ffv1 --keep-partial --progress json pipe -o out.mkv 2>lines.txt &
run=$!
until grep -qs '"frames":[1-9]' lines.txt; do sleep 0.1; done
kill -INT $run
told=$(sed -n 's/.*"frames":\([0-9]*\).*/\1/p' lines.txt | tail -n 1)
wait $run
echo $?
kill $film 2>/dev/null
wait $film
grep -c '"error"' lines.txt
frames=$(ffprobe -v error -count_packets -select_streams v -show_entries stream=nb_read_packets \
    -of csv=p=0 out.mkv)
[ "${frames%,}" -ge "$told" ] && echo frames
rm pipe lines.txt
ls
