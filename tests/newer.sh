#!/bin/bash
# SPDX-License-Identifier: MIT
# Builds and tests against the FFmpeg of newer Debian releases: tests/newer.sh [RELEASE...], by default trixie and sid.
# Their packages are unpacked into build/newer-RELEASE; nothing is installed. Use of what FFmpeg's headers call
# deprecated is an error, as all warnings are. Skips where apt knows no mirror of Debian or cannot reach it.
set -u
export LC_ALL=C

cd "$(dirname "$0")/.." || exit
releases=("$@")
[ $# -gt 0 ] || releases=(trixie sid)
# All that reads or writes files. Not those that compare with FFmpeg's filters, which are 5.1's (newer ones take gray's
# colours for another range); and not line-options, lines, pairs and expect, which compare whole lines with the ffmpeg that is
# installed: since 6.1 its -r alone makes frames equally far apart, and -vsync is gone.
tests='^(changes|chain|chunk|color|damaged|frame|media|cli|estimate|fail|flipped|frames|golden|host|input|keeps|live|many|pictures|recipes|rotate|segments|sound|start|streams|trace)$'

# The mirror that apt takes this Debian's packages from.
find_mirror() {
    # shellcheck disable=SC2016 # apt's own words
    apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Label: Debian' 'Component: main' |
        head -n 1
}

# apt, with an idea of its own of what there is and what is installed: nothing.
own_apt() {
    local -r command=$1
    shift
    "$command" -qq -o Dir::State="$root/state" -o Dir::State::status="$root/status" -o Dir::Cache="$root/cache" \
        -o Dir::Etc="$root/etc" -o Dir::Etc::trustedparts=/etc/apt/trusted.gpg.d \
        -o APT::Update::Post-Invoke-Success::= -o Acquire::Languages=none "$@"
}

# Downloads and unpacks ffmpeg with all it needs, and the headers (libavfilter's need all others).
unpack() {
    local package
    [ ! -e "$root/whole" ] || return 0
    rm -rf "$root"
    mkdir -p "$root"/{state/lists/partial,cache/archives/partial,etc/sources.list.d,etc/preferences.d}
    : > "$root/status"
    echo "deb $mirror $release main" > "$root/etc/sources.list"
    { own_apt apt-get update &&
        own_apt apt-get -y --no-install-recommends --download-only install ffmpeg libavfilter-dev; } || return 77
    for package in "$root"/cache/archives/*.deb; do
        dpkg -x "$package" "$root" || return
    done
    sed -i "s|=/usr|=$root/usr|" "$root"/usr/lib/*/pkgconfig/*.pc
    rm -rf "$root"/{state,cache}
    : > "$root/whole"
}

# Programs that run with the unpacked libraries, the C library among them. What is loaded while warpreel runs
# (libavdevice) looks for its own libraries nowhere else.
wrap() {
    local program
    mkdir -p "$root/bin"
    for program in "$root"/usr/bin/{ffmpeg,ffprobe} "$folder/warpreel"; do
        printf '#!/bin/sh\nexec %s --library-path %s %s "$@"\n' "$loader" "$paths" "$program" \
            > "$root/bin/${program##*/}"
        chmod +x "$root/bin/${program##*/}"
    done
}

# So does warpreel, but without the help of the environment: the shell, and all else that tests run, is this
# system's.
build() {
    local -r log=$folder/build.log
    PKG_CONFIG_PATH=$libraries/pkgconfig cmake --preset cpu -B "$folder" -DCMAKE_SKIP_BUILD_RPATH=ON -DCMAKE_EXE_LINKER_FLAGS="\
-Wl,--dynamic-linker=$loader -Wl,--disable-new-dtags,-rpath,$paths -Wl,--allow-shlib-undefined" > "$log" 2>&1 &&
        cmake --build "$folder" >> "$log" 2>&1 && return
    tail -n 60 "$log" >&2
    return 1
}

# test_release RELEASE: everything for one.
test_release() {
    local -r release=$1 folder=$PWD/build/newer-$1
    local -r root=$folder/root
    local libraries loader paths
    unpack || return
    libraries=$(dirname "$(find "$root/usr/lib" -name libavcodec.so | head -n 1)")
    loader=$(find "$root/usr/lib" -name 'ld-linux*.so.*' | head -n 1)
    paths=$libraries:$libraries/blas:$libraries/lapack:$libraries/pulseaudio
    wrap
    echo "$release: FFmpeg $("$root/bin/ffmpeg" -version | sed -n '1s/ffmpeg version \([^ ]*\).*/\1/p')"
    # The clips are made by this system's own FFmpeg: how a newer one encodes must not matter.
    build && samples/make.sh "$folder/samples" &&
        WARPREEL=$root/bin/warpreel PATH=$root/bin:$PATH \
            ctest --test-dir "$folder" -j "$(nproc)" --output-on-failure -R "$tests" || return
    local -r media=${WARPREEL_MEDIA:-../shared/media}
    [ ! -e "$media/INDEX.tsv" ] ||
        WARPREEL=$root/bin/warpreel PATH=$root/bin:$PATH tests/media.sh "$folder" "$media"
}

mirror=$(find_mirror)
if [ -z "$mirror" ]; then
    echo "skipped: apt knows no mirror of Debian"
    exit 77
fi
outcome=0
for release in "${releases[@]}"; do
    status=0
    test_release "$release" || status=$?
    [ $status != 77 ] || echo "skipped: the packages of $release cannot be had"
    [ $status = 0 ] || outcome=$status
done
exit $outcome
