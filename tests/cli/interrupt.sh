# SPDX-License-Identifier: MIT
# In the middle of an endless film, the first signal ends the run and nothing stays behind.
mkfifo pipe
ffmpeg -nostdin -v quiet -re -f lavfi -i testsrc=size=64x64:rate=100 -pix_fmt yuv420p \
    -f yuv4mpegpipe -y pipe &
film=$!
warpreel -d cpu --threads 1 -b 4 --codec ffv1 --progress json pipe -o out.mkv 2>lines.txt &
run=$!
until grep -qs '"frames":' lines.txt; do sleep 0.1; done
kill -INT $run
wait $run
echo $?
kill $film 2>/dev/null
wait $film
grep -c '"error"' lines.txt
rm pipe lines.txt
ls
