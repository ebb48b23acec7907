# SPDX-License-Identifier: MIT
warpreel --help=negat
echo $?
warpreel --help=zzzzzzzz
echo $?
