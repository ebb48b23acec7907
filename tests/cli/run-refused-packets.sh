# SPDX-License-Identifier: MIT
# needs: counter-120.mp4
# Sound that jumps two hours ahead: AVI refuses it from there on, which is said and counted. NUT, unlike Matroska, does not
# say that an encoder put something before the sound, which AVI would leave out, too.
ffmpeg -nostdin -v error -i "$SAMPLES/counter-120.mp4" -c:v copy -c:a libmp3lame \
    -bsf:a "setts=ts='PTS+if(gt(N,100),7200/TB,0)'" in.nut
packets() {
    ffprobe -v error -select_streams a -count_packets -show_entries stream=nb_read_packets -of csv=p=0 $1
}
warpreel -d cpu --codec mpeg4 in.nut -o out.avi --report report.json 2>said.txt
echo $?
grep -i refused said.txt | sed "s/ $(($(packets in.nut) - $(packets out.avi))) packets/ all those packets/"
grep '"refused"' report.json | sed "s/ $(($(packets in.nut) - $(packets out.avi)))$/ all those/"
