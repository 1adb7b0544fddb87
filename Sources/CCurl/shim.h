// The checks of argument types need macros that only work on constants.
#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>

// curl_easy_setopt and curl_easy_getinfo take what the option asks for; Swift imports no such functions.
static inline CURLcode curlx_set_number(CURL *handle, CURLoption option, long value) {
    return curl_easy_setopt(handle, option, value);
}
static inline CURLcode curlx_set_size(CURL *handle, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(handle, option, value);
}
static inline CURLcode curlx_set_text(CURL *handle, CURLoption option, const char *value) {
    return curl_easy_setopt(handle, option, value);
}
static inline CURLcode curlx_set_pointer(CURL *handle, CURLoption option, void *value) {
    return curl_easy_setopt(handle, option, value);
}
typedef size_t (*curlx_transfer)(char *bytes, size_t size, size_t count, void *context);
static inline CURLcode curlx_set_transfer(CURL *handle, CURLoption option, curlx_transfer value) {
    return curl_easy_setopt(handle, option, value);
}
typedef int (*curlx_seek)(void *context, curl_off_t offset, int origin);
static inline CURLcode curlx_set_seek(CURL *handle, curlx_seek value) {
    return curl_easy_setopt(handle, CURLOPT_SEEKFUNCTION, value);
}
typedef int (*curlx_progress)(void *context, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d);
static inline CURLcode curlx_set_progress(CURL *handle, curlx_progress value) {
    return curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, value);
}
static inline long curlx_status(CURL *handle) {
    long status = 0;
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
    return status;
}
static inline CURLcode curlx_start(void) { return curl_global_init(CURL_GLOBAL_ALL); }
static inline size_t curlx_read_abort(void) { return CURL_READFUNC_ABORT; }
