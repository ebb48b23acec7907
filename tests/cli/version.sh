# SPDX-License-Identifier: MIT
# Only the shape: numbers change, and what is in the build.
warpreel --version | sed -E 's/[0-9]+\.[0-9].*/N/; s/^(CUDA|CPU level) .*/\1/'
WARPREEL_CPU=baseline warpreel --version | grep -o '^CPU level baseline, of baseline'
