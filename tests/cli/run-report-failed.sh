# SPDX-License-Identifier: MIT
# needs: odd-161x121.mkv
# A run that fails before it begins is reported too, with what was known by then.
line() { grep -E "^ *\"$1\":" report.json | head -n 1; }
warpreel -d cpu none.mkv -o out.mkv --report report.json
echo $?
line outcome; line exit_code; line reason; line path; line width; line chain
cp "$SAMPLES/odd-161x121.mkv" in.mkv
warpreel -d cpu -f negat in.mkv -o out.mkv --report report.json
echo $?
line outcome; line exit_code; line reason; line path; line width; line chain
warpreel -d cpu -f negate in.mkv -c nosuch -o out.mkv --report report.json
echo $?
line outcome; line exit_code; line reason; line path; line width; line chain
ls -A
