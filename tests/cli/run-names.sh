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

# Nor a file that the chain reads.
printf '%s\n' 'LUT_3D_SIZE 2' '0 0 0' '1 0 0' '0 1 0' '1 1 0' '0 0 1' '1 0 1' '0 1 1' '1 1 1' | tee grade.cube > same.cube
mkdir folder
reel in.mkv -y -o out.mkv -f "hflip,lut3d=file='./grade.cube'" --report grade.cube
reel in.mkv -y -o out.mkv -f hflip,lut3d=grade.cube:interp=nearest --trace folder/../grade.cube
reel . -y -o folder -f hflip,lut3d=grade.cube --report grade.cube
cmp grade.cube same.cube
