// SPDX-License-Identifier: MIT
// What completion in shells takes from the tables of options and filters.
#pragma once

#include <stdio.h>

// Write the generated part of warpreel.bash, _warpreel (zsh) and warpreel.fish.
void put_bash(FILE *page);
void put_zsh(FILE *page);
void put_fish(FILE *page);
