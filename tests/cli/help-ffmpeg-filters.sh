# SPDX-License-Identifier: MIT
# FFmpeg's own filters are listed, those of sound behind those of pictures, and have pages like warpreel's own,
# with type, default and range of every parameter. One in seven of them is looked at.
warpreel --list-filters | grep -o '^[a-z0-9_]*' > listed
ffmpeg -hide_banner -filters | sed -n 's/^ ... \([a-z0-9_]*\) *\([VN]*->[VN]*\|[AN]*->[AN]*\) .*/\1/p' > all
grep -vxFf listed all | grep -vE '^hw|_(cuda|npp|opencl|qsv|vaapi|vulkan)$' # they stand for others
awk 'NR % 7 == 0' listed | while read -r filter; do
    warpreel --help=$filter > page
    head -n 1 page | grep -q "^$filter: " || echo "no page for $filter"
    awk -v filter=$filter 'length > 80 { print filter ": " $0 }' page
done
warpreel --help=overlay | sed -n '1p;/eof_action/,/format:/p'
warpreel --help=fps | grep -A 1 -e start_time -e 'It is'
warpreel --help=setpts | tail -n 2
warpreel --help=volume | sed -n 3,4p
warpreel --help=overlya
