#include <openssl/ssl.h>
#include <openssl/x509v3.h>

// Macros, which Swift does not import.
static inline int tlsx_set_server_name(SSL *session, const char *name) { return (int)SSL_set_tlsext_host_name(session, name); }
static inline int tlsx_set_least_version(SSL_CTX *context) { return (int)SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION); }
