# SPDX-License-Identifier: MIT
# Only the shape: the numbers change.
warpreel --version | sed -E 's/[0-9]+\.[0-9].*/N/'
