// What Glibc's Swift module leaves out.
#ifndef CLINUX_H
#define CLINUX_H
#include <malloc.h>
#include <spawn.h>
#include <sys/inotify.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/statvfs.h>

/// Columns of the terminal behind `descriptor`, or 0 if it is none.
int clinux_terminal_columns(int descriptor);

/// Lets the empty file `target` share the blocks of `source`: 0, or -1 where the file system cannot.
int clinux_clone_file(int target, int source);

/// From now on SIGINT and SIGTERM end nothing: each arrives as a byte with its number at the descriptor that is answered,
/// or -1 with errno. A mask would not do: the main thread of an asynchronous program parks with all signals let in.
int clinux_catch_stop_signals(void);

/// A pipe that no program inherits: 0, or -1 with errno.
int clinux_pipe(int ends[2]);

/// The program to be spawned inherits no descriptor from `first` on: 0, or an error number.
int clinux_spawn_without(posix_spawn_file_actions_t *actions, int first);
#endif
