// libcurl, loaded when the first request is made: linking it would load thirty libraries at every
// start of a program that may never speak HTTP. The functions with variable arguments, which Swift
// cannot call, get one form for each type of argument.
#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>
#include <dlfcn.h>
#include <stddef.h>

struct apus_curl {
  void *global_init;
  void *easy_init;
  void *easy_setopt;
  void *easy_getinfo;
  void *easy_cleanup;
  void *easy_reset;
  void *easy_strerror;
  void *slist_append;
  void *slist_free_all;
  void *multi_init;
  void *multi_setopt;
  void *multi_add_handle;
  void *multi_remove_handle;
  void *multi_perform;
  void *multi_info_read;
  void *multi_poll;
  void *multi_wakeup;
  void *multi_cleanup;
};

// Loads the library; false if it, or a function of it, is not there. It is never unloaded.
static inline _Bool apus_curl_load(struct apus_curl *curl) {
  void *library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
  if (!library) return 0;
#define APUS_CURL_FIND(name) \
  if (!(curl->name = dlsym(library, "curl_" #name))) return 0
  APUS_CURL_FIND(global_init);
  APUS_CURL_FIND(easy_init);
  APUS_CURL_FIND(easy_setopt);
  APUS_CURL_FIND(easy_getinfo);
  APUS_CURL_FIND(easy_cleanup);
  APUS_CURL_FIND(easy_reset);
  APUS_CURL_FIND(easy_strerror);
  APUS_CURL_FIND(slist_append);
  APUS_CURL_FIND(slist_free_all);
  APUS_CURL_FIND(multi_init);
  APUS_CURL_FIND(multi_setopt);
  APUS_CURL_FIND(multi_add_handle);
  APUS_CURL_FIND(multi_remove_handle);
  APUS_CURL_FIND(multi_perform);
  APUS_CURL_FIND(multi_info_read);
  APUS_CURL_FIND(multi_poll);
  APUS_CURL_FIND(multi_wakeup);
  APUS_CURL_FIND(multi_cleanup);
#undef APUS_CURL_FIND
  return 1;
}

#define APUS_CURL_CALL(name) ((__typeof__(curl_##name) *)curl->name)

static inline CURLcode apus_curl_global_init(const struct apus_curl *curl) {
  return APUS_CURL_CALL(global_init)(CURL_GLOBAL_ALL);
}

static inline void *apus_curl_easy_init(const struct apus_curl *curl) {
  return APUS_CURL_CALL(easy_init)();
}

static inline void apus_curl_easy_reset(const struct apus_curl *curl, void *easy) {
  APUS_CURL_CALL(easy_reset)(easy);
}

static inline void apus_curl_easy_cleanup(const struct apus_curl *curl, void *easy) {
  APUS_CURL_CALL(easy_cleanup)(easy);
}

static inline const char *apus_curl_easy_strerror(const struct apus_curl *curl, CURLcode code) {
  return APUS_CURL_CALL(easy_strerror)(code);
}

static inline CURLcode apus_curl_set_long(
    const struct apus_curl *curl, void *easy, CURLoption option, long value) {
  return APUS_CURL_CALL(easy_setopt)(easy, option, value);
}

static inline CURLcode apus_curl_set_size(
    const struct apus_curl *curl, void *easy, CURLoption option, curl_off_t value) {
  return APUS_CURL_CALL(easy_setopt)(easy, option, value);
}

static inline CURLcode apus_curl_set_text(
    const struct apus_curl *curl, void *easy, CURLoption option, const char *value) {
  return APUS_CURL_CALL(easy_setopt)(easy, option, value);
}

static inline CURLcode apus_curl_set_pointer(
    const struct apus_curl *curl, void *easy, CURLoption option, const void *value) {
  return APUS_CURL_CALL(easy_setopt)(easy, option, value);
}

typedef size_t (*apus_curl_receiver)(char *bytes, size_t size, size_t count, void *context);

static inline CURLcode apus_curl_set_receiver(
    const struct apus_curl *curl, void *easy, CURLoption option, apus_curl_receiver receiver) {
  return APUS_CURL_CALL(easy_setopt)(easy, option, receiver);
}

typedef int (*apus_curl_announcer)(
    void *context, char *address, char *local, int port, int local_port);

static inline CURLcode apus_curl_set_announcer(
    const struct apus_curl *curl, void *easy, CURLoption option, apus_curl_announcer announcer) {
  return APUS_CURL_CALL(easy_setopt)(easy, option, announcer);
}

static inline curl_off_t apus_curl_sent_byte_count(const struct apus_curl *curl, void *easy) {
  curl_off_t count = 0;
  APUS_CURL_CALL(easy_getinfo)(easy, CURLINFO_SIZE_UPLOAD_T, &count);
  return count;
}

static inline struct curl_slist *apus_curl_list_append(
    const struct apus_curl *curl, struct curl_slist *list, const char *text) {
  return APUS_CURL_CALL(slist_append)(list, text);
}

static inline void apus_curl_list_free(const struct apus_curl *curl, struct curl_slist *list) {
  APUS_CURL_CALL(slist_free_all)(list);
}

static inline void *apus_curl_multi_init(const struct apus_curl *curl) {
  return APUS_CURL_CALL(multi_init)();
}

static inline CURLMcode apus_curl_multi_set_long(
    const struct apus_curl *curl, void *multi, CURLMoption option, long value) {
  return APUS_CURL_CALL(multi_setopt)(multi, option, value);
}

static inline CURLMcode apus_curl_multi_add(
    const struct apus_curl *curl, void *multi, void *easy) {
  return APUS_CURL_CALL(multi_add_handle)(multi, easy);
}

static inline CURLMcode apus_curl_multi_remove(
    const struct apus_curl *curl, void *multi, void *easy) {
  return APUS_CURL_CALL(multi_remove_handle)(multi, easy);
}

static inline CURLMcode apus_curl_multi_perform(
    const struct apus_curl *curl, void *multi, int *running) {
  return APUS_CURL_CALL(multi_perform)(multi, running);
}

// Gives the next transfer that has ended, and how; NULL if there is none.
static inline void *apus_curl_multi_next_done(
    const struct apus_curl *curl, void *multi, CURLcode *result) {
  int left;
  CURLMsg *message;
  while ((message = APUS_CURL_CALL(multi_info_read)(multi, &left))) {
    if (message->msg != CURLMSG_DONE) continue;
    *result = message->data.result;
    return message->easy_handle;
  }
  return NULL;
}

static inline CURLMcode apus_curl_multi_poll(
    const struct apus_curl *curl, void *multi, int milliseconds) {
  return APUS_CURL_CALL(multi_poll)(multi, NULL, 0, milliseconds, NULL);
}

static inline CURLMcode apus_curl_multi_wakeup(const struct apus_curl *curl, void *multi) {
  return APUS_CURL_CALL(multi_wakeup)(multi);
}

static inline CURLMcode apus_curl_multi_cleanup(const struct apus_curl *curl, void *multi) {
  return APUS_CURL_CALL(multi_cleanup)(multi);
}

#undef APUS_CURL_CALL
