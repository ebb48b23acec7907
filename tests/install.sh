#!/bin/bash
# SPDX-License-Identifier: MIT
# Installs what was built and uses it from there as others would: the program, both libraries, the manual, completion
# in shells. Then takes the project into another one. tests/install.sh BUILD
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/lib.sh"

prefix=$build/install
rm -rf "$prefix"
DESTDIR='' cmake --install "$build" --prefix "$prefix" > "$work/log" 2>&1 || { tail -n 3 "$work/log"; exit 1; }
clip=$(samples)/upright.mp4
pc=$(find "$prefix" -name warpreel.pc)
PKG_CONFIG_PATH=$(dirname "$pc")
export PKG_CONFIG_PATH
libdir=$(pkg-config --variable=libdir warpreel)
library=$libdir/libwarpreel.so

# ---- the program and its manual

reason_of() { "$@" > "$work/log" 2>&1 || tail -n 1 "$work/log"; }

warpreel=$prefix/bin/warpreel
reel -f hflip "$clip" -o "$work/program.mkv"
verdict "the program runs" "$([ "$(frames "$work/program.mkv")" = 24 ] || said_last)"
version=$("$warpreel" --version | head -n 1)
verdict "warpreel.pc has the version" "$([ "$version" = "warpreel $(pkg-config --modversion warpreel)" ] || echo "$version")"
if [ -n "$(command -v man)" ]; then
    verdict "the manual is found" "$(reason_of man -M "$prefix/share/man" -w warpreel)"
else
    skip "the manual is found" "no man"
fi

# ---- the library

marked=$(grep -c '^WARPREEL_API' "$prefix/include/warpreel.h")
exported=$(nm -D --defined-only "$library" | awk '{print $NF}')
verdict "exports the header's functions" \
    "$([ "$(grep -c . <<< "$exported")" = "$marked" ] || echo "$marked in the header, exported are $exported")"
strangers=$(grep -v '^wr_' <<< "$exported")
verdict "exports nothing else" "$strangers"

needs_library() { readelf -d "$1" | grep -q 'NEEDED.*libwarpreel'; }

# embeds NAME shared|static COMPILER...: compiles the sample and runs it.
embeds() {
    local -r name="$1, $2" kind=$2 out=$work/embed.mkv
    shift 2
    local options=() libs
    [ "$kind" = shared ] || options=(--static)
    libs=$(pkg-config "${options[@]}" --libs warpreel)
    [ "$kind" = shared ] || libs=${libs/-lwarpreel/-l:libwarpreel.a}
    rm -f "$work/embed" "$out"
    # shellcheck disable=SC2046,SC2086 # lists of words
    "$@" -Wall -Wextra -pedantic -Werror $(pkg-config --cflags warpreel) "$root/samples/embed.c" \
        -x none $libs -o "$work/embed" > "$work/log" 2>&1 ||
        { fail "$name" "$(grep -m 1 -E 'error|undefined|cannot' "$work/log")"; return; }
    LD_LIBRARY_PATH=$libdir "$work/embed" "$clip" "$out" > "$work/log" 2>&1
    verdict "$name" "$(
        [ "$(frames "$out")" = 24 ] || tail -n 1 "$work/log"
        if [ "$kind" = shared ]; then
            needs_library "$work/embed" || echo "is not bound to the shared library"
        else
            ! needs_library "$work/embed" || echo "is bound to the shared library"
        fi
    )"
}

for kind in shared static; do
    embeds "embeds in C99" $kind cc -std=c99
    embeds "embeds in C17" $kind cc -std=c17
    embeds "embeds in C++17" $kind c++ -std=c++17 -x c++
done

# ---- completion

share=$prefix/share
bash_file=$share/bash-completion/completions/warpreel
verdict "bash reads its file" "$(bash -n "$bash_file" 2>&1)"
for shell in "zsh $share/zsh/site-functions/_warpreel" "fish $share/fish/vendor_completions.d/warpreel.fish"; do
    if [ -n "$(command -v "${shell%% *}")" ]; then
        verdict "${shell%% *} reads its file" "$("${shell%% *}" -n "${shell#* }" 2>&1)"
    else
        verdict "${shell%% *} has its file" "$([ -s "${shell#* }" ] || echo "no ${shell#* }")"
        skip "${shell%% *} reads its file" "no ${shell%% *}"
    fi
done

# A program that shows what it is given, and two files to name.
mkdir "$work/bin" "$work/files"
printf '#!/bin/sh\nprintf "<%%s>" "$@"\necho\n' > "$work/bin/warpreel"
chmod +x "$work/bin/warpreel"
touch "$work/files/clip one.mkv" "$work/files/other.mp4"

# completes KEYS ARGUMENTS: an interactive bash, given these keys behind the program's name, runs it with ARGUMENTS.
completes() {
    local given
    given=$(cd "$work/files" && printf '%b\n exit\n' "warpreel $1" |
        PATH=$work/bin:$PATH TERM=dumb INPUTRC=/dev/null timeout "$limit" \
            script -qec "bash --noprofile --rcfile '$bash_file' -i" /dev/null 2>&1 | tr -d '\r' | grep '^<' | tail -n 1)
    verdict "bash completes ${1//\\t/ TAB}" "$([ "$given" = "$2" ] || echo "to $given")"
}

if [ -n "$(command -v script)" ]; then
    completes '--filt\tunsh\t' '<--filter><unsharp>'
    completes '--filter=unsharp=5:5,vfl\t' '<--filter=unsharp=5:5,vflip>'
    completes '-f "unsharp=5:5,vfl\t' '<-f><unsharp=5:5,vflip>'
    completes '--dev\tcu\t' '<--device><cuda>'
    completes '--progress=js\t' '<--progress=json>'
    completes '-h sob\t' '<-h><sobel>'
    completes 'oth\t -o cl\t' '<other.mp4><-o><clip one.mkv>'
    completes '--report=oth\t --overw\t' '<--report=other.mp4><--overwrite>'
    completes '--codec prores_k\t' '<--codec><prores_ks>'
    completes '-f hflip,drawgri\t' '<-f><hflip,drawgrid>'
    completes '-i oth\t -hide_ban\t -c:v prores_k\t -c:a pcm_s16l\t' '<-i><other.mp4><-hide_banner><-c:v><prores_ks><-c:a><pcm_s16le>'
    completes '-i oth\t -vf hflip,drawgri\t' '<-i><other.mp4><-vf><hflip,drawgrid>'
    completes '-i oth\t -pix_fmt yuv420p10l\t -f matr\t' '<-i><other.mp4><-pix_fmt><yuv420p10le><-f><matroska>'
else
    skip "bash completes" "no script(1)"
fi

# The same lines in the other shells.
fish_file=$share/fish/vendor_completions.d/warpreel.fish
with_fish() { fish --no-config -c "source '$fish_file'; complete -C '$1'" | head -n 1 | cut -f 1; }
with_zsh() { zsh -f "$tests/zsh_completes.zsh" "$share/zsh/site-functions" "$1" | sed 's/.*<\(.*\)>/\1/'; }
while read -r expected line; do
    for shell in fish zsh; do
        [ -n "$(command -v $shell)" ] || continue
        offered=$(with_$shell "$line")
        [ "$offered" != "${line##* }" ] || offered=nothing
        verdict "$shell completes $line" "$([ "$offered" = "$expected" ] || echo "with $offered")"
    done
done << 'END'
unsharp=5:5,vflip warpreel -f unsharp=5:5,vfl
prores_ks warpreel --codec prores_k
hflip,drawgrid warpreel -f hflip,drawgri
pcm_s16le warpreel -i in.mp4 -c:a pcm_s16l
hflip,drawgrid warpreel -i in.mp4 -vf hflip,drawgri
yuv420p10le warpreel -i in.mp4 -pix_fmt yuv420p10l
matroska warpreel -i in.mp4 -f matr
-hide_banner warpreel -i in.mp4 -hide_ban
END

# ---- inside another project, without what only the program and the tests need

mkdir "$work/outer" "$work/pkgconfig"
for folder in $(env -u PKG_CONFIG_PATH pkg-config --variable=pc_path pkg-config | tr : ' '); do
    cp -n "$folder"/*.pc "$work/pkgconfig/" 2> /dev/null
done
rm -f "$work"/pkgconfig/{check,jansson}.pc
cat > "$work/outer/CMakeLists.txt" << EOF
cmake_minimum_required(VERSION 3.25)
project(outer LANGUAGES C)
include(CTest)
add_subdirectory($root warpreel)
add_executable(outer $root/samples/embed.c)
target_link_libraries(outer warpreel::warpreel)
EOF
env -u PKG_CONFIG_PATH PKG_CONFIG_LIBDIR="$work/pkgconfig" \
    cmake -S "$work/outer" -B "$work/outer/build" -G Ninja -DWARPREEL_CUDA=OFF > "$work/log" 2>&1
verdict "is taken into another project" "$([ -e "$work/outer/build/build.ninja" ] || grep -m 1 -A 4 Error "$work/log")"
verdict "brings it no tests" "$(ctest --test-dir "$work/outer/build" -N | grep -q '^Total Tests: 0' || echo "has tests")"
verdict "compiles its program" \
    "$(reason_of cmake --build "$work/outer/build" --target CMakeFiles/outer.dir"$root"/samples/embed.c.o)"
verdict "installs nothing with it" "$(find "$work/outer/build/warpreel" -name cmake_install.cmake \
    -exec grep -l warpreel.h {} +)"
finish
