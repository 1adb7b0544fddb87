// The functions of the Cassandra C/C++ driver that we use, found in a library that is opened at run time: Debian does not
// carry the driver, and the program must start without it. Names and types are those of the driver's public header.
#ifndef CCASSANDRA_H
#define CCASSANDRA_H

#include <stddef.h>
#include <stdint.h>

// Only the members of the table are marked: they are never null, so that Swift calls them without asking.
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wnullability-completeness"

typedef struct CassCluster_ CassCluster;
typedef struct CassSession_ CassSession;
typedef struct CassFuture_ CassFuture;
typedef struct CassPrepared_ CassPrepared;
typedef struct CassStatement_ CassStatement;
typedef struct CassCollection_ CassCollection;
typedef struct CassResult_ CassResult;
typedef struct CassIterator_ CassIterator;
typedef struct CassRow_ CassRow;
typedef struct CassValue_ CassValue;
typedef struct CassSsl_ CassSsl;
typedef struct CassErrorResult_ CassErrorResult;

typedef struct CassLogMessage_ {
    uint64_t time_ms;
    int severity;
    const char *file;
    int line;
    const char *function;
    char message[1024];
} CassLogMessage;

typedef void (*CassFutureCallback)(CassFuture *future, void *data);
typedef void (*CassLogCallback)(const CassLogMessage *message, void *data);

// One line a function: its type is declared and its address looked up from here.
#define CCASSANDRA_FUNCTIONS(X)                                                                                        \
    X(void, log_set_callback, (CassLogCallback callback, void *data))                                                  \
    X(void, log_set_level, (int level))                                                                                \
    X(const char *, error_desc, (int error))                                                                           \
    X(CassCluster *, cluster_new, (void))                                                                              \
    X(void, cluster_free, (CassCluster *))                                                                             \
    X(int, cluster_set_contact_points_n, (CassCluster *, const char *, size_t))                                        \
    X(int, cluster_set_port, (CassCluster *, int))                                                                     \
    X(void, cluster_set_credentials_n, (CassCluster *, const char *, size_t, const char *, size_t))                    \
    X(int, cluster_set_load_balance_dc_aware_n, (CassCluster *, const char *, size_t, unsigned, int))                  \
    X(void, cluster_set_token_aware_routing, (CassCluster *, int))                                                     \
    X(void, cluster_set_connect_timeout, (CassCluster *, unsigned))                                                    \
    X(void, cluster_set_request_timeout, (CassCluster *, unsigned))                                                    \
    X(void, cluster_set_connection_heartbeat_interval, (CassCluster *, unsigned))                                      \
    X(void, cluster_set_connection_idle_timeout, (CassCluster *, unsigned))                                            \
    X(int, cluster_set_num_threads_io, (CassCluster *, unsigned))                                                      \
    X(int, cluster_set_core_connections_per_host, (CassCluster *, unsigned))                                           \
    X(int, cluster_set_consistency, (CassCluster *, int))                                                              \
    X(void, cluster_set_ssl, (CassCluster *, CassSsl *))                                                               \
    X(CassSsl *, ssl_new, (void))                                                                                      \
    X(void, ssl_free, (CassSsl *))                                                                                     \
    X(int, ssl_add_trusted_cert_n, (CassSsl *, const char *, size_t))                                                  \
    X(void, ssl_set_verify_flags, (CassSsl *, int))                                                                    \
    X(int, ssl_set_cert_n, (CassSsl *, const char *, size_t))                                                          \
    X(int, ssl_set_private_key_n, (CassSsl *, const char *, size_t, const char *, size_t))                             \
    X(CassSession *, session_new, (void))                                                                              \
    X(void, session_free, (CassSession *))                                                                             \
    X(CassFuture *, session_connect, (CassSession *, const CassCluster *))                                             \
    X(CassFuture *, session_close, (CassSession *))                                                                    \
    X(CassFuture *, session_prepare_n, (CassSession *, const char *, size_t))                                          \
    X(CassFuture *, session_execute, (CassSession *, const CassStatement *))                                           \
    X(int, future_set_callback, (CassFuture *, CassFutureCallback, void *))                                            \
    X(int, future_error_code, (CassFuture *))                                                                          \
    X(void, future_error_message, (CassFuture *, const char **, size_t *))                                             \
    X(const CassResult *, future_get_result, (CassFuture *))                                                           \
    X(const CassPrepared *, future_get_prepared, (CassFuture *))                                                       \
    X(void, future_free, (CassFuture *))                                                                               \
    X(CassStatement *, prepared_bind, (const CassPrepared *))                                                          \
    X(void, prepared_free, (const CassPrepared *))                                                                     \
    X(void, statement_free, (CassStatement *))                                                                         \
    X(int, statement_set_is_idempotent, (CassStatement *, int))                                                        \
    X(int, statement_set_paging_size, (CassStatement *, int))                                                          \
    X(int, statement_set_paging_state, (CassStatement *, const CassResult *))                                          \
    X(int, statement_set_request_timeout, (CassStatement *, uint64_t))                                                 \
    X(int, statement_bind_string_n, (CassStatement *, size_t, const char *, size_t))                                   \
    X(int, statement_bind_int64, (CassStatement *, size_t, int64_t))                                                   \
    X(int, statement_bind_collection, (CassStatement *, size_t, const CassCollection *))                               \
    X(CassCollection *, collection_new, (int type, size_t count))                                                      \
    X(int, collection_append_string_n, (CassCollection *, const char *, size_t))                                       \
    X(void, collection_free, (CassCollection *))                                                                       \
    X(void, result_free, (const CassResult *))                                                                         \
    X(size_t, result_row_count, (const CassResult *))                                                                  \
    X(int, result_has_more_pages, (const CassResult *))                                                                \
    X(CassIterator *, iterator_from_result, (const CassResult *))                                                      \
    X(int, iterator_next, (CassIterator *))                                                                            \
    X(const CassRow *, iterator_get_row, (const CassIterator *))                                                       \
    X(void, iterator_free, (CassIterator *))                                                                           \
    X(const CassValue *, row_get_column, (const CassRow *, size_t))                                                    \
    X(int, value_is_null, (const CassValue *))                                                                         \
    X(int, value_get_bytes, (const CassValue *, const uint8_t **, size_t *))                                           \
    X(size_t, value_item_count, (const CassValue *))

// Functions that some versions of the driver lack; NULL there.
#define CCASSANDRA_OPTIONAL_FUNCTIONS(X) X(void, cluster_set_constant_reconnect, (CassCluster *, uint64_t))

typedef struct {
#define CCASSANDRA_MEMBER(result, name, arguments) result(*_Nonnull name) arguments;
    CCASSANDRA_FUNCTIONS(CCASSANDRA_MEMBER)
#undef CCASSANDRA_MEMBER
#define CCASSANDRA_MEMBER(result, name, arguments) result(*_Nullable name) arguments;
    CCASSANDRA_OPTIONAL_FUNCTIONS(CCASSANDRA_MEMBER)
#undef CCASSANDRA_MEMBER
} ccassandra_api;

// Opens the libraries in `paths`, which are separated by colons, one after the other, and looks the functions up in the
// last. Answers 0, or -1 with a reason, which is cut to `reason_size` bytes and ends with a NUL. Libraries stay open.
int ccassandra_load(const char *paths, ccassandra_api *api, char *reason, size_t reason_size);

#pragma clang diagnostic pop
#endif
