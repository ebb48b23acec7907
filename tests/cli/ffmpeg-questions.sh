# SPDX-License-Identifier: MIT
# Lines of ffmpeg that only ask are answered, or say who knows.
[ "$(warpreel -version)" = "$(warpreel --version)" ] && echo same version
[ "$(warpreel -hide_banner -filters)" = "$(warpreel --list-filters)" ] && echo same filters
warpreel -codecs
echo $?
warpreel -hide_banner -pix_fmts
echo $?
