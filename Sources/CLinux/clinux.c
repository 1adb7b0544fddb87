// Before anything else: some of what is called is in no standard.
#define _GNU_SOURCE
#include "clinux.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>
#include <linux/fs.h>

int clinux_terminal_columns(int descriptor) {
    struct winsize size;
    return ioctl(descriptor, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

int clinux_clone_file(int target, int source) {
    return ioctl(target, FICLONE, source);
}

static int stop_writer = -1;

static void note_stop(int number) {
    int before = errno;
    unsigned char byte = (unsigned char)number;
    // A full pipe holds signals enough; there is nothing else that a handler could do.
    if (write(stop_writer, &byte, 1) < 0) {
    }
    errno = before;
}

int clinux_catch_stop_signals(void) {
    int ends[2];
    if (pipe(ends) != 0) return -1;
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    fcntl(ends[1], F_SETFL, O_NONBLOCK);
    stop_writer = ends[1];
    struct sigaction action = {0};
    action.sa_handler = note_stop;
    action.sa_flags = SA_RESTART;
    if (sigaction(SIGINT, &action, 0) != 0 || sigaction(SIGTERM, &action, 0) != 0) return -1;
    return ends[0];
}

int clinux_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC); }

int clinux_spawn_without(posix_spawn_file_actions_t *actions, int first) {
    return posix_spawn_file_actions_addclosefrom_np(actions, first);
}
