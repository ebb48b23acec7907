# SPDX-License-Identifier: MIT
# needs: odd-161x121.mkv
# No file that is written may replace another or come between its bytes, however it is spelled.
cp "$SAMPLES/odd-161x121.mkv" in.mkv
reel() {
    warpreel -q -d cpu --codec ffv1 "$@"
    echo $?
}
for option in --report --trace --memory-plot; do
    reel file:in.mkv -o out.mkv $option in.mkv
    reel in.mkv -o file:out.mkv $option ./out.mkv
    reel in.mkv -o out.mkv $option ''
done
cmp "$SAMPLES/odd-161x121.mkv" in.mkv
reel in.mkv -o out.mkv --report same --memory-plot same
reel in.mkv -o out.mkv --report same --trace same
reel in.mkv -o out.mkv --trace same --memory-plot ../folder/same
reel in.mkv -o '' --format nut
ls -A

for option in --report --trace --memory-plot; do
    reel in.mkv -o - --format framemd5 $option -
done
reel in.mkv -o out.mkv --memory-plot - --report -
reel in.mkv -o out.mkv --report - --trace -
reel in.mkv -o out.mkv --memory-plot - --trace -
ls -A
reel in.mkv -o out.mkv --memory-plot - | grep -c '</svg>'
reel in.mkv -y -o out.mkv --trace - | grep -c 'traceEvents'
reel in.mkv -y -o - --format framemd5 --report report --trace trace --memory-plot plot | grep -c '^0,'
ls -A
