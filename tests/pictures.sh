#!/bin/bash
# SPDX-License-Identifier: MIT
# Pictures and animations are made of any video, and videos of pictures, without naming a pixel format:
# tests/pictures.sh BUILD.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/lib.sh"

make() { ffmpeg -nostdin -v error -y "$@"; }
colors="gradients=size=1280x90:rate=25:seed=7:nb_colors=6:duration=1"
make -f lavfi -i "$colors" -frames:v 3 -pix_fmt gbrp -c:v ffv1 "$work/rgb.mkv"
to_bt709=scale=out_color_matrix=bt709:sws_flags=accurate_rnd+full_chroma_int
for pix_fmt in yuv420p yuv420p10 yuv422p yuv444p; do
    make -i "$work/rgb.mkv" -vf "$to_bt709:out_range=tv,format=$pix_fmt" -colorspace bt709 -color_range tv -c:v ffv1 \
        "$work/$pix_fmt.mkv"
done
make -i "$work/rgb.mkv" -vf "$to_bt709:out_range=pc,format=yuv420p" -colorspace bt709 -color_range pc -c:v ffv1 \
    "$work/full.mkv"
make -i "$work/rgb.mkv" -vf format=gray -c:v ffv1 "$work/gray.mkv"
make -i "$work/rgb.mkv" -vf "format=gbrap,colorchannelmixer=aa=0.5" -c:v ffv1 "$work/alpha.mkv"

# of FILE ENTRY: what ffprobe says of the video.
of() { ffprobe -v error -select_streams v:0 -show_entries "stream=$2" -of csv=p=0 "$1"; }

# How far two pictures are from each other when both are shown, in whole dB.
distance() {
    local -r show="sws_flags=accurate_rnd+full_chroma_int:out_range=pc,format=rgb24,trim=end_frame=1"
    ffmpeg -nostdin -v info -i "$1" -i "$2" -lavfi "[0]scale=$show[a];[1]scale=$show[b];[a][b]psnr" -f null - 2>&1 |
        sed -n 's/.*average:\([0-9inf]*\).*/\1/p' | sed s/inf/999/
}

# picture "CLIP SUFFIX PIX_FMT DB": one frame becomes a picture of that format, which looks like the frame.
picture() {
    local -r clip=$1 suffix=$2 pix_fmt=$3 least=$4
    local -r out=$work/$clip-picture.$suffix
    local reason='' have
    reel --frames 1 -o "$out" "$work/$clip.mkv" || reason=$(said_last)
    [ -n "$reason" ] || have=$(of "$out" pix_fmt)
    [ -n "$reason" ] || [ "$have" = "$pix_fmt" ] || reason="it is $have"
    [ -n "$reason" ] || have=$(distance "$work/$clip.mkv" "$out")
    [ -n "$reason" ] || [ "$have" -ge "$least" ] || reason="it is $have dB from the frame"
    verdict "$clip to $suffix" "$reason"
}

# Frames that are not equally far apart: files of pictures have no times that could be rounded.
make -f lavfi -i testsrc2=size=64x48:rate=25:duration=0.2 -vf "setpts=PTS+floor(N/2)*0.013/TB" -vsync vfr -c:v ffv1 \
    "$work/uneven.mkv"
reel --strict --frames 1 --start 0.05 -o "$work/uneven.png" "$work/uneven.mkv"
verdict "a picture loses no time" "$([ -e "$work/uneven.png" ] && ! grep -q ticks "$said" || cat "$said")"

picture_line() {
    # shellcheck disable=SC2086 # words of the table
    picture $1
}

each picture_line << END
yuv420p png rgb24 40
yuv420p jpg yuvj420p 38
yuv420p webp yuv420p 38
yuv420p bmp bgr24 40
yuv420p tiff rgb24 40
yuv420p exr gbrpf32le 40
yuv420p ppm rgb24 40
yuv420p gif bgra 30
yuv420p apng rgb24 40
yuv420p10 png rgb48be 40
yuv420p10 jpg yuvj420p 38
yuv420p10 webp yuv420p 38
yuv420p10 exr gbrpf32le 40
yuv420p10 gif bgra 30
yuv422p jpg yuvj422p 38
yuv444p jpg yuvj444p 38
full png rgb24 40
full jpg yuvj420p 38
full webp yuv420p 38
gray png gray 60
gray jpg yuvj444p 38
gray gif bgra 60
rgb png rgb24 99
rgb tiff rgb24 99
rgb jpg yuvj444p 38
rgb exr gbrpf32le 45
alpha png rgba 99
alpha webp yuva420p 30
END

# One that is not on the way is said.
reel --frames 1 -o "$work/alpha.jpg" "$work/alpha.mkv"
grep -q "cannot hold alpha, which is left out" "$said" || reason="it says $(said_last)"
verdict "alpha is missed in a JPEG" "${reason:-}"

# refused NAME WORDS OPTIONS...: ends with 1 and a sentence that has these words, and leaves nothing.
refused() {
    local -r name=$1 words=$2
    local reason='' code=0
    shift 2
    (mkdir "$work/refused" && cd "$work/refused" && reel "$@") || code=$?
    [ $code = 1 ] || reason="exit $code"
    grep -qF -- "$words" "$said" || reason="it says $(said_last)"
    [ -z "$(ls -A "$work/refused")" ] || reason="something is left"
    rm -rf "$work/refused"
    verdict "$name" "$reason"
}

refused "one picture of many frames" "add --frames 1, or name the output a%04d.png" "$work/rgb.mkv" -o a.png
refused "one picture of chosen frames" "a.png holds one picture" -f "select=gte(n\,1)" "$work/rgb.mkv" -o a.png
refused "numbers of pictures that are not there" "there is no picture with such a number" "$work/no%d.png" -o a.mkv
refused "a pattern that nothing matches" "no picture matches" "$work/no*.png" -o a.mkv

# ---- animations

hex() { od -An -v -tx1 "$1" | tr -d ' \n'; }

# How often an animation plays, 0 is forever, and how long its last frame is shown, in milliseconds.
plays() {
    local number
    case $1 in
    *.gif)
        number=$(hex "$1" | sed -n 's/.*4e45545343415045322e300301\(..\)\(..\).*/\2\1/p')
        [ -n "$number" ] || { echo 1; return; }
        [ "$number" = 0000 ] && echo 0 || echo $((0x$number + 1))
        ;;
    *.apng) echo $((0x$(hex "$1" | sed -n 's/.*6163544c.\{8\}\(.\{8\}\).*/\1/p'))) ;;
    *.webp) echo $((0x$(hex "$1" | sed -n 's/.*414e494d06000000.\{8\}\(..\)\(..\).*/\2\1/p'))) ;;
    esac
}

last_delay() {
    case $1 in
    *.webp) echo $((0x$(hex "$1" | sed -n 's/.*414e4d46.\{32\}\(..\)\(..\)\(..\).*/\3\2\1/p'))) ;;
    *) ffprobe -v error -show_entries packet=duration_time -of csv=p=0 "$1" | tail -n 1 | awk '{print int($1 * 1000 + 0.5)}' ;;
    esac
}

animation() { # FROM TO PLAYS DELAY
    local reason=''
    reel -f vflip "$1" -y -o "$2" || reason=$(said_last)
    [ -n "$reason" ] || [ "$(plays "$2")" = "$3" ] || reason="it plays $(plays "$2") times"
    [ -n "$reason" ] || [ "$(last_delay "$2")" = "$4" ] || reason="its last frame lasts $(last_delay "$2") ms"
    verdict "$(basename "$1") to $(basename "$2")" "$reason"
}

palette="split[a][b];[a]palettegen[p];[b][p]paletteuse"
for loop in -1 0 3; do
    make -f lavfi -i testsrc=size=64x48:rate=10:duration=0.5 -vf "$palette" -loop $loop -final_delay 150 \
        "$work/loop$loop.gif"
    want=$([ $loop = -1 ] && echo 1 || { [ $loop = 0 ] && echo 0 || echo 4; })
    for suffix in gif apng webp; do
        animation "$work/loop$loop.gif" "$work/of$loop.$suffix" "$want" 1500
    done
    animation "$work/of$loop.apng" "$work/again$loop.gif" "$want" 1500
done

for own in "loop3.gif gif 7 final_delay=33 330" "of3.apng apng 5 final_delay=1/3 333"; do
    read -r from suffix number delay want <<< "$own"
    option=$([ "$suffix" = gif ] && echo loop=$((number - 1)) || echo "plays=$number")
    reel -f vflip "$work/$from" --muxer-option "$option" --muxer-option "$delay" -y -o "$work/own.$suffix"
    verdict "what the user says of a $suffix wins over its source" \
        "$([ "$(plays "$work/own.$suffix") $(last_delay "$work/own.$suffix")" = "$number $want" ] || said_last)"
done

make -f lavfi -i testsrc=size=64x48:rate=10 -frames:v 5 -pix_fmt yuv420p -c:v ffv1 "$work/counter.mkv"
reel "$work/counter.mkv" -o "$work/asked.gif"
verdict "nothing is said of the palette that a GIF gets by itself" "$(grep palettegen "$said")"
reel -f "$palette" "$work/counter.mkv" -o "$work/written.gif"
verdict "what palettegen finds is said where the chain has it" "$(grep -q "^warpreel: palettegen: " "$said" || said_last)"
verdict "a GIF without and with a chain that makes its palette" "$(cmp "$work/asked.gif" "$work/written.gif" 2>&1)"
reel "$work/loop0.gif" -o "$work/same.gif"
make -i "$work/loop0.gif" -vf "$palette" "$work/again.gif" # newer versions choose colours that differ a little
hashes "$work/again.gif" > "$work/want"
hashes "$work/same.gif" > "$work/have"
verdict "a GIF that is not changed" "$(first_difference "$work/have" "$work/want")"

# ---- sequences

mkdir "$work/numbers"
make -f lavfi -i testsrc=size=64x48:rate=25 -frames:v 5 -start_number 1001 "$work/numbers/f_%04d.png"

sequence() { # NAME FRAMES WORDS INPUT: so many frames, and a sentence with these words
    local reason=''
    reel --codec ffv1 -y -o "$work/sequence.mkv" "$4" || reason=$(said_last)
    [ -n "$reason" ] || [ "$(frames "$work/sequence.mkv")" = "$2" ] || reason="$(frames "$work/sequence.mkv") frames"
    [ -n "$reason" ] || grep -qF -- "$3" "$said" || reason="it says $(said_last)"
    verdict "$1" "$reason"
}

sequence "pictures from number 1001" 5 "5 frames" "$work/numbers/f_%04d.png"
sequence "pictures that match a pattern" 3 "3 frames" "$work/numbers/f_100[1-3].png"
rm "$work/numbers/f_1004.png"
sequence "pictures with one missing" 3 "there is no picture 1004, so the 1 picture behind it is not read" \
    "$work/numbers/f_%04d.png"

# video "OUTPUT PIX_FMT WORDS": RGB pictures become what players take, and it is said.
video() {
    local reason=''
    # shellcheck disable=SC2086 # options
    reel "$work/numbers/f_%04d.png" -y -o "$work/$1" $4 || reason=$(said_last)
    [ -n "$reason" ] || [ "$(of "$work/$1" pix_fmt)" = "$2" ] || reason="it is $(of "$work/$1" pix_fmt)"
    [ -n "$reason" ] || [ "$(grep -cF -- "$3" "$said")" = 1 ] || reason="it says $(said_last)"
    verdict "RGB pictures to $1 $4" "$reason"
}

video h264.mp4 yuv420p "the pictures are RGB; libx264 gets 4:2:0" ""
video vp9.webm yuv420p "the pictures are RGB; libvpx-vp9 gets 4:2:0" ""
video mpeg4.avi yuv420p "the pictures are converted for mpeg4 to yuv420p" "--codec mpeg4"
video rgb.mp4 gbrp "3 frames" "--pix-fmt rgb24"
video ffv1.mkv bgr0 "3 frames" "--codec ffv1"

finish
