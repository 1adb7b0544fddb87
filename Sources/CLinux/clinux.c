#include "clinux.h"
#include <linux/fs.h>

int clinux_terminal_columns(int descriptor) {
    struct winsize size;
    return ioctl(descriptor, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

int clinux_clone_file(int target, int source) {
    return ioctl(target, FICLONE, source);
}
