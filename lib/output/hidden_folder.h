// SPDX-License-Identifier: MIT
// Hidden folders for files that are not whole yet, one for each output that is being written.
//
// The process that made one holds a lock on it, which ends with the process, however that ends. So
// what a crash left behind can be told from the folder of a run that is still at work.
#pragma once

// Makes a folder beside `final` and locks it. Returns its path, to be freed with av_free, or NULL
// and errno. *lock is closed when the folder is removed; -1 where the file system has no locks.
char *wr_hidden_folder_make(const char *final, int *lock);

// Removes the folder with all that is in it. From any thread.
void wr_hidden_folder_remove(const char *folder);

// Removes the folders beside `final` whose processes have ended.
void wr_hidden_folders_sweep(const char *final);
