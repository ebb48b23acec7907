#!/bin/bash
# SPDX-License-Identifier: MIT
# Pictures that their file marks as turned are turned as ffmpeg turns them, and what mirrors and turns do to field order
# and chroma location is told: tests/rotate.sh BUILD.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/lib.sh"

clips=$(samples)

# md5s FILE OPTIONS...: a hash of every frame as ffmpeg decodes it, turned if it is marked.
md5s() {
    local -r file=$1
    shift
    ffmpeg -nostdin -v error -i "$file" "$@" -map 0:v:0 -fps_mode passthrough -f framemd5 - | sed -n 's/^[0-9].*, *//p'
}

mark() { ffprobe -v error -select_streams v:0 -show_entries stream_side_data=rotation -of csv=p=0 "$1" | tr -d '\n,'; }

# ---- display matrices

# matrix NAME A B C D: the H.264 clip with these four numbers of the matrix, each 1, 0 or -1; MP4 keeps them in tkhd.
matrix() {
    python3 - "$clips/upright.mp4" "$work/$1.mp4" "${@:2}" << 'END'
import struct, sys
data = bytearray(open(sys.argv[1], "rb").read())
a, b, c, d = (int(float(n) * 65536) for n in sys.argv[3:7])
at = data.index(b"tkhd") + 4 + 40
struct.pack_into(">9i", data, at, a, b, 0, c, d, 0, 0, 0, 1 << 30)
open(sys.argv[2], "wb").write(data)
END
}

# compare "CLIP CHAIN"
compare() {
    local -r clip=$work/${1%% *}.mp4 chain=${1#* } out=$work/out.$BASHPID.mkv
    local reason=''
    md5s "$clip" -vf "$chain" > "$out.want"
    reel --filter "$chain" --codec ffv1 -y -o "$out" "$clip" || reason=$(said_last)
    [ -n "$reason" ] || md5s "$out" > "$out.have"
    [ -n "$reason" ] || reason=$(first_difference "$out.have" "$out.want")
    verdict "$1" "$reason"
}

while read -r name numbers; do
    # shellcheck disable=SC2086 # four numbers
    matrix "$name" $numbers
    echo "$name crop=60:40:8:4"
done > "$work/cases" << 'END'
as-it-is 1 0 0 1
quarter 0 1 -1 0
half -1 0 0 -1
three-quarters 0 -1 1 0
mirrored -1 0 0 1
upside-down 1 0 0 -1
turned-and-mirrored 0 1 1 0
turned-back-and-mirrored 0 -1 -1 0
END
each compare < "$work/cases"

# A quarter and what to do with the mark: CLIP OPTIONS... -> size and mark of the output.
expect() {
    local -r name=$1 want=$2 out=$3
    shift 3
    local have=''
    reel "$@" -y -o "$out" "$work/quarter.mp4" &&
        have="$(ffprobe -v error -select_streams v:0 -show_entries stream=width,height -of csv=p=0 "$out" | head -n 1 | sed 's/,$//') $(mark "$out")"
    verdict "$name" "$([ "$have" = "$want" ] || echo "$have instead of $want; $(said_last)")"
}
expect "filtered: turned, no mark" "108,192 " "$work/a.mp4" --filter negate
expect "no filters: pixels and mark stay" "192,108 -90" "$work/b.mp4"
expect "a copy is no filter" "192,108 -90" "$work/c.mp4" --filter null
expect "--no-autorotate: as stored, with the mark" "192,108 -90" "$work/d.mp4" --filter negate --no-autorotate
expect "a picture cannot carry the mark" "108,192 " "$work/e.bmp" --frames 1 --pix-fmt bgr24
verdict "this is said" "$(grep -q 'e.bmp cannot carry the rotation, so the picture itself is turned' "$said" || said_last)"
# autorotate VALUE: size of the output.
autorotate() {
    "$warpreel" -nostdin -v error -autorotate "$1" -i "$work/quarter.mp4" -vf hflip -y "$work/switched.mp4" > "$said" 2>&1
    ffprobe -v error -select_streams v:0 -show_entries stream=width,height -of csv=p=0 "$work/switched.mp4" | head -n 1
}
verdict "-autorotate 0 leaves pictures as stored, 1 turns them" \
    "$([ "$(autorotate 0) $(autorotate 1)" = "192,108 108,192" ] || said_last)"
verdict "another value is refused" "$(autorotate 2 > /dev/null; grep -q 'takes 0 or 1, not "2"' "$said" || said_last)"
reel --filter hflip --codec ffv1 -y -o "$work/f.mkv" "$work/quarter.mp4"
verdict "what is filtered needs no word" "$(grep -q rotat "$said" && said_last)"

# ---- EXIF

ffmpeg -nostdin -v error -f lavfi -i testsrc2=size=64x48 -frames:v 1 -pix_fmt yuvj444p "$work/plain.jpg"
photo() {
    python3 - "$work/plain.jpg" "$work/photo.jpg" "$1" << 'END'
import struct, sys
data = open(sys.argv[1], "rb").read()
tiff = b"MM\0*\0\0\0\x08" + struct.pack(">HHHIHHI", 1, 0x112, 3, 1, int(sys.argv[3]), 0, 0)
body = b"Exif\0\0" + tiff
open(sys.argv[2], "wb").write(data[:2] + b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body + data[2:])
END
}
for orientation in 1 2 3 4 5 6 7 8; do
    photo $orientation
    md5s "$work/photo.jpg" -vf negate > "$work/want"
    reel --filter negate --codec ffv1 -y -o "$work/have.mkv" "$work/photo.jpg"
    md5s "$work/have.mkv" > "$work/have"
    verdict "EXIF orientation $orientation" "$(first_difference "$work/have" "$work/want")"
done

# WebP's EXIF turns as JPEG's does.
ffmpeg -nostdin -v error -f lavfi -i testsrc2=size=64x48 -frames:v 1 -c:v libwebp -lossless 1 -pix_fmt bgra "$work/plain.webp"
photo() {
    python3 - "$work/plain.webp" "$work/photo.webp" "$1" << 'END'
import struct, sys
def chunk(name, body): return name + struct.pack("<I", len(body)) + body
pixels = open(sys.argv[1], "rb").read()[12:]
exif = b"MM\0*\0\0\0\x08" + struct.pack(">HHHIHHI", 1, 0x112, 3, 1, int(sys.argv[3]), 0, 0)
body = b"WEBP" + chunk(b"VP8X", bytes([8, 0, 0, 0, 63, 0, 0, 47, 0, 0])) + pixels + chunk(b"EXIF", exif)
open(sys.argv[2], "wb").write(b"RIFF" + struct.pack("<I", len(body)) + body)
END
}
orientation=0
for turn in null hflip hflip,vflip vflip transpose=0 transpose=1 transpose=3 transpose=2; do
    photo $((++orientation))
    md5s "$work/plain.webp" -vf "$turn,negate,format=rgb24" > "$work/want"
    reel --filter negate --codec ffv1 -y -o "$work/have.mkv" "$work/photo.webp"
    md5s "$work/have.mkv" -pix_fmt rgb24 > "$work/have"
    verdict "EXIF orientation $orientation of WebP" "$(first_difference "$work/have" "$work/want")"
done

# PNG and TIFF, which FFmpeg's decoders of that age leave unturned.
ffmpeg -nostdin -v error -f lavfi -i testsrc2=size=64x48 -frames:v 1 -pix_fmt rgb24 "$work/plain.png"
ffmpeg -nostdin -v error -i "$work/plain.png" "$work/plain.tiff"
photo() {
    python3 - "$work/plain" "$work/photo" "$1" << 'END'
import struct, sys, zlib
plain, photo, number = sys.argv[1], sys.argv[2], int(sys.argv[3])
def chunk(name, body): return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
exif = b"MM\0*\0\0\0\x08" + struct.pack(">HHHIHHI", 1, 0x112, 3, 1, number, 0, 0)
data = open(plain + ".png", "rb").read()
at = data.index(b"IDAT" if number % 2 else b"IEND") - 4
open(photo + ".png", "wb").write(data[:at] + chunk(b"eXIf", exif) + data[at:])
data = open(plain + ".tiff", "rb").read()
at, = struct.unpack_from("<I", data, 4)
count, = struct.unpack_from("<H", data, at)
entries = [data[at + 2 + 12 * n:at + 14 + 12 * n] for n in range(count)] + [struct.pack("<HHIHH", 0x112, 3, 1, number, 0)]
entries.sort(key=lambda entry: struct.unpack_from("<H", entry)[0])
open(photo + ".tiff", "wb").write(data[:4] + struct.pack("<I", len(data)) + data[8:] +
    struct.pack("<H", len(entries)) + b"".join(entries) + bytes(4))
END
}
orientation=0
for turn in null hflip hflip,vflip vflip transpose=0 transpose=1 transpose=3 transpose=2; do
    photo $((++orientation))
    md5s "$work/plain.png" -vf "$turn,negate" > "$work/want"
    for kind in png tiff; do
        reel --filter negate --codec ffv1 -y -o "$work/have.mkv" "$work/photo.$kind"
        md5s "$work/have.mkv" -pix_fmt rgb24 > "$work/have"
        verdict "EXIF orientation $orientation of $kind" "$(first_difference "$work/have" "$work/want")"
    done
done

# ---- fields

# fields CLIP CHAIN: "FIRST WORDS", FIRST being t, b or p; WORDS whether bwdif is named.
fields() {
    reel --filter "$2" --codec ffv1 --frames 3 -y -o "$work/fields.mkv" "$1" || return
    ffprobe -v error -select_streams v:0 -read_intervals %+#1 -show_entries frame=interlaced_frame,top_field_first \
        -of csv=p=0 "$work/fields.mkv" | sed 's/^0.*/p/; s/^1,1.*/t/; s/^1,0.*/b/' | head -n 1 | tr '\n' ' '
    if grep -q bwdif "$said"; then echo said; else echo silent; fi
}
ffmpeg -nostdin -v error -i "$clips/interlaced.mp4" -vf setfield=tff -frames:v 3 -c:v ffv1 -pix_fmt yuv422p "$work/422.mkv"
while read -r chain want; do
    have=$(fields "$work/422.mkv" "$chain")
    verdict "fields after $chain" "$([ "$have" = "$want" ] || echo "$have instead of $want")"
done << 'END'
negate t silent
hflip t silent
vflip b said
vflip,vflip t silent
crop=iw:ih-1:0:1 b said
crop=iw:ih-2:0:2 t silent
pad=iw:ih+2:0:1 b said
rotate=PI b said
rotate=0.1 t said
transpose t said
transpose,transpose t silent
transpose=clock,transpose=clock b said
transpose=clock,transpose=cclock t silent
transpose=clock,hflip,transpose=cclock b said
transpose,gblur,transpose t said
transpose,scale=iw:ih/2,transpose t said
transpose,negate,transpose=cclock_flip t silent
scale=iw/2:ih t silent
scale=iw:ih/2 t said
gblur t said
boxblur=2 t said
unsharp t said
format=yuv420p t silent
fps=25,vflip b said
scale=iw:ih/2:flags=spline t said
bwdif,vflip p silent
yadif,scale=iw:ih/2 p silent
END

# ---- chroma

# A slope over the plane in luma and chroma alike: how far chroma lies from where it belongs can be read from samples.
cat > "$work/slope.py" << 'END'
import array, sys
left, top = map(float, sys.argv[1:3])
out = array.array("H")
def at(x, y): return round(65535 * (0.1 + 0.5 * x / 128 + 0.3 * y / 64))
out.extend(at(x + 0.5, y + 0.5) for y in range(64) for x in range(128))
for plane in 1, 2:
    out.extend(at(2 * x + left, 2 * y + top) for y in range(32) for x in range(64))
sys.stdout.buffer.write(out.tobytes())
END
cat > "$work/off.py" << 'END'
import array, sys
w, h = map(int, sys.argv[1:3])
a = array.array("H", sys.stdin.buffer.read())
off = [abs(a[w * h + y * w + x] - a[y * w + x]) for y in range(h // 4, 3 * h // 4) for x in range(w // 4, 3 * w // 4)]
print("%.2f" % (max(off) / 65535 * 256))
END
# slope LOCATION LEFT TOP
slope() {
    python3 "$work/slope.py" "$2" "$3" | ffmpeg -nostdin -v error -y -f rawvideo -s 128x64 -pix_fmt yuv420p16le -i - \
        -c:v ffv1 -chroma_sample_location "$1" "$work/$1.mkv"
}
slope left 0.5 1
slope topleft 0.5 0.5
slope center 1 1
while read -r location chain want; do
    reason='' size=''
    codec=ffv1 # Matroska has no word for "bottom", H.264 has
    [[ $want != bottom* ]] || codec="libx264 --pix-fmt yuv420p10"
    # shellcheck disable=SC2086 # several words
    reel --filter "$chain" --codec $codec -y -o "$work/moved.mkv" "$work/$location.mkv" || reason=$(said_last)
    have=$(ffprobe -v error -show_entries stream=chroma_location -of csv=p=0 "$work/moved.mkv" | head -n 1)
    [ "$have" = "$want" ] || reason=${reason:-the output says $have instead of $want}
    reel --filter "$chain,format=yuv444p16" --codec ffv1 -y -o "$work/444.mkv" "$work/$location.mkv"
    size=$(ffprobe -v error -show_entries stream=width,height -of csv=p=0 "$work/444.mkv" | head -n 1 | tr , ' ')
    # shellcheck disable=SC2086 # two numbers
    off=$(ffmpeg -nostdin -v error -i "$work/444.mkv" -f rawvideo - | python3 "$work/off.py" $size)
    awk -v off="$off" 'BEGIN { exit !(off < 0.15) }' || reason=${reason:-chroma is off by $off pixels}
    verdict "chroma $location, $chain" "$reason"
done << 'END'
left hflip left
left vflip left
topleft vflip bottomleft
topleft hflip,vflip topleft
topleft hflip,hflip topleft
topleft hflip topleft
center hflip center
left transpose top
left transpose=clock top
left transpose=cclock bottom
topleft transpose=clock_flip topleft
left rotate=PI left
left crop=80:40:13:7:exact=1 left
topleft crop=80:40:12:7:exact=1 topleft
left hflip,scale=96:48 left
left crop=127:64:0:0:exact=1,hflip left
left hflip,eq=contrast=1.0 left
END
finish
