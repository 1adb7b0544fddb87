#include <microhttpd.h>
#include <poll.h>
#include <stddef.h>
#include <stdint.h>

// Variadic calls do not reach Swift.

/// What a daemon is started with; times in seconds, 0 for no limit, NULL for no TLS.
struct mhdx_options {
    int listen_descriptor;
    unsigned int threads;
    unsigned int connections;
    unsigned int connections_per_address;
    unsigned int idle_seconds;
    size_t connection_memory;
    const char *certificate;
    const char *key;
    void *context;
};

/// The functions that a daemon calls; all get `context` first.
struct mhdx_callbacks {
    MHD_AccessHandlerCallback handle;
    MHD_RequestCompletedCallback completed;
    MHD_NotifyConnectionCallback connection;
    void *(*target)(void *context, const char *target, struct MHD_Connection *connection);
    size_t (*unescape)(void *context, struct MHD_Connection *connection, char *text);
};

/// Starts a pool of threads that wait by poll; with epoll it stalls at 128 connections a thread.
static inline struct MHD_Daemon *mhdx_start(const struct mhdx_options *options, const struct mhdx_callbacks *callbacks) {
    unsigned int flags = MHD_USE_POLL_INTERNAL_THREAD | MHD_USE_TURBO | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ITC;
    struct MHD_OptionItem items[16];
    int count = 0;
#define MHDX_ADD(name, number, address) items[count++] = (struct MHD_OptionItem){name, (intptr_t)(number), (void *)(address)}
    MHDX_ADD(MHD_OPTION_LISTEN_SOCKET, options->listen_descriptor, NULL);
    // A pool of one is refused.
    if (options->threads > 1) MHDX_ADD(MHD_OPTION_THREAD_POOL_SIZE, options->threads, NULL);
    MHDX_ADD(MHD_OPTION_CONNECTION_LIMIT, options->connections, NULL);
    MHDX_ADD(MHD_OPTION_PER_IP_CONNECTION_LIMIT, options->connections_per_address, NULL);
    MHDX_ADD(MHD_OPTION_CONNECTION_TIMEOUT, options->idle_seconds, NULL);
    MHDX_ADD(MHD_OPTION_CONNECTION_MEMORY_LIMIT, options->connection_memory, NULL);
    MHDX_ADD(MHD_OPTION_NOTIFY_COMPLETED, callbacks->completed, options->context);
    MHDX_ADD(MHD_OPTION_NOTIFY_CONNECTION, callbacks->connection, options->context);
    MHDX_ADD(MHD_OPTION_URI_LOG_CALLBACK, callbacks->target, options->context);
    MHDX_ADD(MHD_OPTION_UNESCAPE_CALLBACK, callbacks->unescape, options->context);
    if (options->certificate != NULL) {
        flags |= MHD_USE_TLS;
        MHDX_ADD(MHD_OPTION_HTTPS_MEM_CERT, 0, options->certificate);
        MHDX_ADD(MHD_OPTION_HTTPS_MEM_KEY, 0, options->key);
        MHDX_ADD(MHD_OPTION_HTTPS_PRIORITIES, 0, "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2");
    }
    MHDX_ADD(MHD_OPTION_END, 0, NULL);
#undef MHDX_ADD
    return MHD_start_daemon(flags, 0, NULL, NULL, callbacks->handle, options->context, MHD_OPTION_ARRAY, items, MHD_OPTION_END);
}

/// The descriptor of a connection, or -1.
static inline int mhdx_descriptor(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *information = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    return information == NULL ? -1 : information->connect_fd;
}

/// The address of the other end, or NULL.
static inline const struct sockaddr *mhdx_address(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *information = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    return information == NULL ? NULL : information->client_addr;
}

/// The context of a connection, as `connection` set it.
static inline void *mhdx_context(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *information = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return information == NULL ? NULL : information->socket_context;
}

/// Whether the other end of `descriptor` is gone or sends no more.
#ifndef POLLRDHUP
#define POLLRDHUP 0x2000
#endif
static inline short mhdx_gone_events(void) { return POLLRDHUP | POLLHUP | POLLERR | POLLNVAL; }

// Macros with casts.
static const uint64_t mhdx_size_unknown = MHD_SIZE_UNKNOWN;
static const ssize_t mhdx_end_of_stream = MHD_CONTENT_READER_END_OF_STREAM;
static const ssize_t mhdx_end_with_error = MHD_CONTENT_READER_END_WITH_ERROR;
