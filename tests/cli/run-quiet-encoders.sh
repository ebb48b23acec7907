# SPDX-License-Identifier: MIT
# needs: counter-120.mp4
# Encoders whose libraries write to standard error by themselves are kept from it, whatever is asked of them.
export ASAN_OPTIONS=detect_leaks=0 # libx265 forgets memory of its own
while read -r options; do
    # shellcheck disable=SC2086 # a list of words
    warpreel -q -d cpu --frames 3 "$SAMPLES/counter-120.mp4" -y -o out.mkv $options
    echo "$?: $options"
done <<'END'
--codec libx264 --encoder-option tune=film
--codec libx265 --preset ultrafast --encoder-option x265-params=bframes=0
--codec libsvtav1 --preset 12
END
