#include "ccassandra.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

static int fail(char *reason, size_t size, const char *what, const char *why) {
    snprintf(reason, size, "%s%s%s", what, why ? ": " : "", why ? why : "");
    return -1;
}

int ccassandra_load(const char *paths, ccassandra_api *api, char *reason, size_t reason_size) {
    void *library = NULL;
    while (*paths) {
        char path[4096];
        size_t length = strcspn(paths, ":");
        if (length >= sizeof path) return fail(reason, reason_size, "path", "too long");
        memcpy(path, paths, length);
        path[length] = 0;
        paths += length + (paths[length] == ':');
        // Global: a library may need symbols of the one before. Lazy: it may name functions that nobody has or calls.
        library = dlopen(path, RTLD_LAZY | RTLD_GLOBAL);
        if (!library) return fail(reason, reason_size, dlerror(), NULL);
    }
    if (!library) return fail(reason, reason_size, "path", "empty");
#define LOOK_UP(result, name, arguments)                                                                               \
    *(void **)&api->name = dlsym(library, "cass_" #name);                                                              \
    if (!api->name) return fail(reason, reason_size, "no function cass_" #name, NULL);
    CCASSANDRA_FUNCTIONS(LOOK_UP)
#undef LOOK_UP
#define LOOK_UP(result, name, arguments) *(void **)&api->name = dlsym(library, "cass_" #name);
    CCASSANDRA_OPTIONAL_FUNCTIONS(LOOK_UP)
#undef LOOK_UP
    return 0;
}
