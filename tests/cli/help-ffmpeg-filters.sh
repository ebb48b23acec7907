# SPDX-License-Identifier: MIT
# FFmpeg's own filters are listed, those of sound behind those of pictures, and have pages like warpreel's own,
# with type, default and range of every parameter. One in seven of them is looked at.
warpreel --list-filters | grep -o '^[a-z0-9_]*' > listed
ffmpeg -hide_banner -filters | sed -n 's/^ ... \([a-z0-9_]*\) *\([VN]*->[VN]*\|[AN]*->[AN]*\) .*/\1/p' > all
# Filters that work in a device's memory stand for the plain ones and are not listed.
grep -vxFf listed all | grep -vE '_(cuda|npp|opencl|qsv|vaapi|vulkan|videotoolbox|vt)$|^hw(download|map|upload)$'
awk 'NR % 7 == 0' listed | while read -r filter; do
    warpreel --help=$filter > page
    head -n 1 page | grep -q "^$filter: " || echo "no page for $filter"
    awk -v filter=$filter 'length > 80 { print filter ": " $0 }' page
done
warpreel --help=overlay | sed -n '1p;/eof_action/,/force/p'
warpreel --help=fps | grep -A 1 -e start_time -e 'It is'
warpreel --help=setpts | grep -A 1 '  expr:'
warpreel --help=volume | sed -n 3,4p
warpreel --help=overlya
