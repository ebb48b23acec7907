# SPDX-License-Identifier: MIT
# needs: odd-161x121.mkv
# An output that exists is refused until it may be replaced; the input never is.
echo precious >out.mkv
warpreel -q -d cpu --codec ffv1 "$SAMPLES/odd-161x121.mkv" -o out.mkv
echo $?
cat out.mkv
warpreel -q -d cpu --codec ffv1 "$SAMPLES/odd-161x121.mkv" -o out.mkv --overwrite
echo $?
grep -q precious out.mkv
echo $?
cp out.mkv copy.mkv
warpreel -q -d cpu --codec ffv1 out.mkv -o ./out.mkv -y
echo $?
cmp out.mkv copy.mkv
ls
