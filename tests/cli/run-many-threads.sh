# SPDX-License-Identifier: MIT
# needs: counter-120.mp4
export ASAN_OPTIONS=detect_leaks=0 # libx265 forgets memory of its own
# Encoders of which some would not open for so many threads.
for codec in libx264 libx265 libvpx-vp9 libaom-av1 libsvtav1 mpeg4 ffv1; do
    for threads in 17 512; do
        warpreel "$SAMPLES/counter-120.mp4" --frames 2 -j $threads --codec $codec -q -o $codec-$threads.mkv
        echo "$codec with -j $threads: $?"
    done
done
