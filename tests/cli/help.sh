# SPDX-License-Identifier: MIT
warpreel --help
